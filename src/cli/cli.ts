// From words to a command to a result: parsing by the command table, output formats, one line per error.
// The channel and the command line both come through here.

import path from 'node:path'
import parser from 'yargs-parser'
import { refusal, UsageError } from '../errors.ts'
import type { Target } from '../juju/units.ts'
import type { Reply } from '../system/channel.ts'
import { suggestion } from '../system/nearest.ts'
import { wordCount } from '../system/word-count.ts'
import type { Session } from '../unit/session.ts'
import { VERSION } from '../version.ts'
import {
  type Command,
  type FilesCommand,
  type Option,
  type Options,
  type Outcome,
  one,
  type Place,
} from './commands/command.ts'
import { COMMANDS, findCommand } from './commands.ts'
import { FORMATS, type Format, format } from './output.ts'

export interface Call {
  name: string
  command: Command
  words: string[]
  options: Options
  shellVariables: string[]
  format: Format | undefined
  target: Target
}

/** Short names of the formats; every command has them. */
const SHORT_FORMATS: Record<string, Format> = { r: 'raw', j: 'json', y: 'yaml', c: 'csv', t: 'tab' }

/** Take a command line apart. Throws a UsageError that names the word that is wrong. */
export function parse(line: readonly string[]): Call {
  const { shellVariables, rest } = takeShellVariables(line)
  const parsed = split(rest)
  const [name, ...words] = parsed.words
  if (name === undefined) throw new UsageError('no command: see charms.reactive --help')
  const command = findCommand(name)
  const call = { name, command, words, shellVariables }
  const { format, given } = takeFormat(command, parsed.options)
  const { target, own } = takeTarget(command, given)
  const options = checkOptions(command, own)
  checkWords(call)
  return { ...call, options, format: chooseFormat(format), target }
}

/** The format that all commands have, and the other options; a command may have formats of its own. */
function takeFormat({ options }: Command, { format, ...given }: Record<string, unknown>) {
  const isOwn = options !== undefined && Object.hasOwn(options, 'format')
  return isOwn && format !== undefined ? { given: { ...given, format } } : { format, given }
}

/** The unit that options name, and the command's own options. */
function takeTarget(command: Command, given: Record<string, unknown>) {
  if ('namesCharm' in command) return { target: {}, own: given }
  const { unit, charm_dir, ...own } = given
  return { target: chooseTarget(unit, charm_dir), own }
}

/** The words that are data, as many as the word behind the option says, and the line without them. */
function takeShellVariables(line: readonly string[]): { shellVariables: string[]; rest: readonly string[] } {
  const [name = '', option, count = ''] = line
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command?.takesShellVariables || option !== '--shell-variables' || !/^\d+$/.test(count))
    return { shellVariables: [], rest: line }
  const end = 3 + Number(count)
  return { shellVariables: line.slice(3, end), rest: [name, ...line.slice(end)] }
}

/** Take a line apart that holds nothing but the options that name a unit. */
export function parseTarget(line: readonly string[]): Target {
  const { words, options } = split(line)
  const { unit, charm_dir, ...others } = options
  if (words[0] !== undefined) throw new UsageError(`too many words: ${words[0]}`)
  checkOptions({}, others)
  return chooseTarget(unit, charm_dir)
}

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

interface Split {
  words: string[]
  options: Record<string, unknown>
}

/** Words and options. A line without options needs no parser. */
function split(line: readonly string[]): Split {
  if (!line.some((word) => word.startsWith('-') && word !== '-')) return { words: [...line], options: {} }
  // The parser keeps the words under this name.
  const end = line.includes('--') ? line.indexOf('--') : line.length
  if (line.slice(0, end).some((word) => /^--_(=|$)/.test(word))) throw new UsageError('unknown option: --_')
  const command = likelyCommand(line)?.options ?? {}
  const valued = [
    'format',
    'unit',
    'charm_dir',
    ...Object.keys(command).filter((name) => command[name]?.value !== undefined),
  ]
  const flags = [
    ...Object.keys(command).filter((name) => command[name]?.value === undefined),
    ...Object.keys(SHORT_FORMATS),
    ...FORMATS,
  ]
  const { argv, error } = parser.detailed([...line], {
    string: valued,
    boolean: flags,
    // Said outright, or a flag would swallow a word that is `true`, and `='x'` lose its quotes.
    narg: Object.fromEntries([...valued.map((name) => [name, 1]), ...flags.map((name) => [name, 0])]),
    alias: Object.fromEntries(
      ['charm_dir', ...Object.keys(command)].map((name) => [name, otherNames(name, command[name])]),
    ),
    configuration: {
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
      'strip-aliased': true,
    },
  })
  if (error !== null) throw optionFault(error)
  const { _: words, '--': rest = [], ...options } = argv
  return { words: [...words, ...rest].map(String), options: nameFormat(options) }
}

/** Names of an option besides its own. */
function otherNames(name: string, option: Option | undefined): string[] {
  return [
    ...(name.includes('_') ? [name.replaceAll('_', '-')] : []),
    ...(option?.short ? [option.short] : []),
  ]
}

/** What the parser says about the number of values of an option, in our words. */
function optionFault({ message }: Error): UsageError {
  const [, name = message] = /: ([^:]*)$/.exec(message) ?? []
  const rule = message.startsWith('Not enough') ? 'the option needs a value' : 'the option takes no value'
  return new UsageError(`${rule}: ${name.length === 1 ? '-' : '--'}${name}`)
}

/** `-j` and `--json` are `--format json`. */
function nameFormat(given: Record<string, unknown>): Record<string, unknown> {
  const options: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    const short = FORMATS.find((long) => long === (SHORT_FORMATS[name] ?? name))
    if (short === undefined) options[name] = value
    else if (value === true) options.format = short
  }
  return options
}

/** The command that the line seems to name; parsing tells for sure. */
function likelyCommand(line: readonly string[]): Command | undefined {
  const name = line.find((word) => Object.hasOwn(COMMANDS, word))
  return name === undefined ? undefined : COMMANDS[name]
}

function checkWords({ name, command, words }: { name: string; command: Command; words: string[] }): void {
  const { least, most } = wordCount(command.words)
  if (words.length < least) throw new UsageError(`too few words, ${name} takes: ${command.words}`)
  if (words.length > most) throw new UsageError(`too many words: ${words[most]}`)
}

function checkOptions(command: Pick<Command, 'options'>, given: Record<string, unknown>): Options {
  const options: Options = {}
  for (const [name, value] of Object.entries(given)) {
    const option = Object.hasOwn(command.options ?? {}, name) ? command.options?.[name] : undefined
    const dashes = name.length === 1 ? '-' : '--'
    if (option === undefined) {
      const known = Object.keys(command.options ?? {}).map((other) => `--${other}`)
      throw new UsageError(`unknown option: ${dashes}${name}${suggestion(`--${name}`, known)}`)
    }
    if (option.value === undefined) {
      options[name] = value === true ? true : undefined
      continue
    }
    const values = [value].flat().map(String)
    if (values.includes('')) throw new UsageError(`the option needs a value: --${name}`)
    if (values.length > 1 && !option.repeatable) throw new UsageError(`the option is given twice: --${name}`)
    options[name] = values
  }
  return options
}

/** Options of every command: the unit that it is about. */
const TARGET = {
  options: {
    unit: { summary: 'the unit', value: 'APP/N' },
    charm_dir: { summary: 'its charm dir', value: 'DIR' },
  },
}

function chooseTarget(unit: unknown, charm_dir: unknown): Target {
  const given = { ...(unit !== undefined && { unit }), ...(charm_dir !== undefined && { charm_dir }) }
  const options = checkOptions(TARGET, given)
  const [name, dir] = [one(options, 'unit'), one(options, 'charm_dir')]
  return { ...(name !== undefined && { unit: name }), ...(dir !== undefined && { charmDir: dir }) }
}

/** In a dispatch there is one unit. */
function checkTarget({ context, inDispatch }: Session, { unit, charmDir }: Target): void {
  if (!inDispatch) return
  const rule = 'in a hook, commands act on its own unit'
  if (unit !== undefined && unit !== context.unitName) throw new UsageError(`${rule}: --unit ${unit}`)
  if (charmDir !== undefined && path.resolve(context.charmDir, charmDir) !== context.charmDir)
    throw new UsageError(`${rule}: --charm-dir ${charmDir}`)
}

function chooseFormat(given: unknown): Format | undefined {
  // Juju's name for what a hook tool prints by itself.
  if (given === undefined || given === 'smart') return undefined
  const known = FORMATS.find((name) => name === given)
  if (known === undefined) throw new UsageError(`unknown format: ${given}`)
  return known
}
