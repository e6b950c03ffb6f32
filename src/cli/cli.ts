// From a call to an answer: the command's result in the format that was asked for, or one line for an error. The channel
// and the command line both come through here.

import path from 'node:path'
import { refusal, UsageError } from '../errors.ts'
import type { Target } from '../juju/units.ts'
import type { Reply } from '../system/channel.ts'
import type { Session } from '../unit/session.ts'
import { VERSION } from '../version.ts'
import type { FilesCommand, Outcome, Place } from './commands/command.ts'
import { type Format, format } from './output.ts'
import { type Call, parse, takeShellVariables } from './parse.ts'

/** Words about the toolkit itself. */
const ABOUT: Record<string, (words: readonly string[]) => string | Promise<string>> = {
  help: async ([command]) => (await import('./help.ts')).help(command),
  version: () => `${VERSION}\n`,
  completion: async (words) => (await import('./completion.ts')).completion(words),
}

/** The answer to a line that asks for help, the version or completion; undefined for any other. */
export function answerAbout(line: readonly string[]): Promise<Reply> | undefined {
  const { rest } = takeShellVariables(line)
  const [name = '--help', ...words] = rest
  const end = rest.indexOf('--')
  const wantsHelp = rest.length === 0 || rest.slice(0, end === -1 ? rest.length : end).includes('--help')
  if (wantsHelp) return tell('help', name.startsWith('-') ? [] : [name])
  if (name === '--version') return tell('version', [])
  return Object.hasOwn(ABOUT, name) ? tell(name, words) : undefined
}

async function tell(name: string, words: readonly string[]): Promise<Reply> {
  try {
    return { status: 0, stdout: (await ABOUT[name]?.(words)) ?? '' }
  } catch (error) {
    return refusal([name], error)
  }
}

/** Answer a line of a session as the command line would: status, and what it prints. */
export function answerLine(session: Session, line: readonly string[]): Reply | Promise<Reply> {
  const about = answerAbout(line)
  if (about !== undefined) return about
  try {
    return answerCommand(session, parse(line))
  } catch (error) {
    return refusal(line, error)
  }
}

/** Answer a command that is about files alone. */
export async function answerOnFiles(call: Call, command: FilesCommand, place: Place): Promise<Reply> {
  try {
    return await toReply(call, await command.runOnFiles(place, call.words, call.options))
  } catch (error) {
    return refusal([call.name], error)
  }
}

/** Answer a command of a session. */
export function answerCommand(session: Session, call: Call): Reply | Promise<Reply> {
  const refuse = (error: unknown) => refusal([call.name], error)
  try {
    checkTarget(session, call.target)
    if (!('run' in call.command)) throw new UsageError('it works on files, so a hook cannot call it')
    const outcome = call.command.run(session, call.words, call.options, call.shellVariables)
    const reply =
      outcome instanceof Promise ? outcome.then((late) => toReply(call, late)) : toReply(call, outcome)
    return reply instanceof Promise ? reply.catch(refuse) : reply
  } catch (error) {
    return refuse(error)
  }
}

function toReply({ format: name }: Call, { answer = true, value, stream }: Outcome): Reply | Promise<Reply> {
  const status = answer ? 0 : 1
  if (stream !== undefined) return printStream(stream, name)
  if (value === undefined) return { status }
  const text = format(value, name)
  return typeof text === 'string' ? { status, stdout: text } : text.then((stdout) => ({ status, stdout }))
}

async function printStream(values: AsyncIterable<unknown>, name: Format | undefined): Promise<Reply> {
  for await (const value of values) {
    const text = await format(value, name)
    const isRead = await new Promise((resolve) => process.stdout.write(text, (error) => resolve(!error)))
    if (!isRead) break
  }
  return { status: 0 }
}

/** In a dispatch there is one unit. */
function checkTarget({ context, inDispatch }: Session, { unit, charmDir }: Target): void {
  if (!inDispatch) return
  const rule = 'in a hook, commands act on its own unit'
  if (unit !== undefined && unit !== context.unitName) throw new UsageError(`${rule}: --unit ${unit}`)
  if (charmDir !== undefined && path.resolve(context.charmDir, charmDir) !== context.charmDir)
    throw new UsageError(`${rule}: --charm-dir ${charmDir}`)
}
