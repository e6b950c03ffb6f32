// The executable. The only file that prints an error and sets the exit status.

import fs from 'node:fs'
import { inspect } from 'node:util'
import type { Reply } from './channel.ts'
import { answerAbout, answerCommand, type Call, parse, refusal } from './cli.ts'
import { readContext } from './context.ts'
import { messageOf, oneLine, ReactiveError, UsageError } from './errors.ts'
import { openLog } from './log.ts'
import { openSession } from './session.ts'

/** Words that need no unit: each loads what it needs. */
const ENTRIES: Record<string, (words: string[]) => Reply | Promise<Reply>> = {
  main: runHook,
  simulate: async (words) => (await import('./simulator/command.ts')).simulateWords(words),
}

async function start(line: string[]): Promise<never> {
  const reply = await answer(line).catch((error: unknown) => refusal(line, error))
  // Written at once: stdout and stderr may be pipes, and what a handler left running must not keep us here.
  if (reply.stdout) writeAll(1, reply.stdout)
  if (reply.stderr) writeAll(2, reply.stderr)
  process.exit(reply.status)
}

async function answer(words: string[]): Promise<Reply> {
  checkEncoding(words)
  const about = answerAbout(words)
  if (about !== undefined) return about
  const [name = '', ...rest] = words
  const run = Object.hasOwn(ENTRIES, name) ? ENTRIES[name] : undefined
  return run === undefined ? runCommand(words) : run(rest)
}

/** A command outside of a dispatch: a transaction of its own. */
async function runCommand(words: string[]): Promise<Reply> {
  const call = parse(words)
  const context = readContext(process.env, process.cwd())
  const log = openLog(context.env)
  const { openUnitState } = await import('./unit-state.ts')
  const writes = mayWrite(call)
  const state = await openUnitState(context, log, writes ? 'write' : 'read')
  const session = openSession(context, state, log, false)
  if (words.some((word) => word.includes('{'))) {
    const { readEndpoints } = await import('./endpoints.ts')
    session.endpoints = readEndpoints(context.charmDir)
  }
  try {
    const reply = await answerCommand(session, call.command.stdin ? withInput(words) : words)
    if (writes && reply.status < 2) await state.commit()
    return reply
  } finally {
    await state.close()
    await log.flush()
  }
}

function mayWrite({ command: { writes }, words }: Call): boolean {
  return typeof writes === 'function' ? writes(words) : writes
}

function withInput(words: string[]): string[] {
  return words.at(-1) === '-' ? [...words.slice(0, -1), fs.readFileSync(0, 'utf8')] : words
}

/** A hook: `charms.reactive main [NAME]`. */
async function runHook([hook, ...rest]: string[]): Promise<Reply> {
  if (rest.length > 0) throw new UsageError(`too many words: ${rest[0]}`)
  const context = readContext(process.env, process.cwd(), hook)
  const log = openLog(context.env)
  try {
    const { dispatch } = await import('./dispatch.ts')
    await dispatch(context, log)
    return { status: 0 }
  } catch (error) {
    // Without Juju's log the line on stderr is the record.
    if (log.inJuju) log.error(oneLine(messageOf(error)))
    const stack = context.trace && error instanceof ReactiveError ? `${inspect(error)}\n` : ''
    const { status, stderr = '' } = refusal(['main'], error)
    return { status, stderr: stderr + stack }
  } finally {
    await log.flush()
  }
}

/** Node decodes arguments leniently; what were not characters would silently become others. */
function checkEncoding(words: readonly string[]): void {
  if (!words.some((word) => word.includes('\ufffd'))) return
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync('/proc/self/cmdline'))
  } catch {
    throw new UsageError(`arguments must be UTF-8: ${words.find((word) => word.includes('\ufffd'))}`)
  }
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += fs.writeSync(descriptor, bytes, offset)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : ''
      // A pipe that was set to non-blocking by somebody else is full; a reader that is gone wants nothing.
      if (code !== 'EAGAIN') return
    }
  }
}

void start(process.argv.slice(2))
