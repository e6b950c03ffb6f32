// From the words of a line to a call: words, options, the format and the unit, by the command table. A line that is
// wrong is a UsageError that names the word.

import parser from 'yargs-parser'
import { UsageError } from '../errors.ts'
import type { Target } from '../juju/units.ts'
import { suggestion } from '../system/nearest.ts'
import { wordCount } from '../system/word-count.ts'
import { type Command, type Option, type Options, one } from './commands/command.ts'
import { COMMANDS, findCommand } from './commands.ts'
import { FORMATS, type Format } from './output.ts'

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
export function takeShellVariables(line: readonly string[]): {
  shellVariables: string[]
  rest: readonly string[]
} {
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

function chooseFormat(given: unknown): Format | undefined {
  // Juju's name for what a hook tool prints by itself.
  if (given === undefined || given === 'smart') return undefined
  const known = FORMATS.find((name) => name === given)
  if (known === undefined) throw new UsageError(`unknown format: ${given}`)
  return known
}
