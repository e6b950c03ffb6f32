// Command lines of hook tools, as Juju's gnuflag reads them: flags may stand between arguments, `--` ends
// them, `-` and the empty string are arguments.

import { splitPair } from '../../system/key-values.ts'
import { ToolError, ToolUsageError } from './tool-errors.ts'

export interface Flag {
  /** Without dashes. */
  names: readonly string[]
  /** Where its value is kept; the first name if not said. */
  key?: string
  /** First Juju version that has it. */
  since?: string
  /** A switch takes no value unless it is `--name=VALUE`. */
  kind: 'switch' | 'text'
  /** Refuses a value with a reason; gives what is kept. */
  read?: (value: string) => string
}

export interface CommandLine {
  /** `true` for a switch that is on. */
  flags: Record<string, string | undefined>
  args: string[]
}

/** Juju of 2.5 and later says `option` where earlier ones and its libraries say `flag`. */
const FLAG = 'flag'
const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False'])

/** Read a command line; undefined when help is asked for. */
export function parseArguments(flags: readonly Flag[], words: readonly string[]): CommandLine | undefined {
  const line: CommandLine = { flags: {}, args: [] }
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      line.args.push(...rest)
      return line
    }
    if (word === '-' || !word.startsWith('-')) line.args.push(word)
    else if (!takeFlags(flags, word, rest, line)) return undefined
  }
  return line
}

/** Take `--name`, `--name=VALUE`, `-n`, `-nVALUE` or several letters; false when it is for help. */
function takeFlags(flags: readonly Flag[], word: string, rest: string[], line: CommandLine): boolean {
  if (word.startsWith('--')) {
    const [, name = '', value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? []
    if (name === '') throw new ToolUsageError(`empty ${FLAG} in argument ${JSON.stringify(word)}`)
    return takeFlag(flags, name, value, rest, line)
  }
  for (let letters = word.slice(1); letters !== ''; ) {
    const [letter = ''] = letters
    const following = letters.slice(letter.length)
    const isSwitch = flags.find(({ names }) => names.includes(letter))?.kind === 'switch'
    // The `=` of `-r=db:1` is part of the value; Juju looks for the number after the last colon only.
    if (!takeFlag(flags, letter, isSwitch || following === '' ? undefined : following, rest, line))
      return false
    letters = isSwitch ? following : ''
  }
  return true
}

function takeFlag(
  flags: readonly Flag[],
  name: string,
  given: string | undefined,
  rest: string[],
  line: CommandLine,
): boolean {
  const shown = name.length > 1 ? `--${name}` : `-${name}`
  const flag = flags.find(({ names }) => names.includes(name))
  if (flag === undefined && (name === 'help' || name === 'h')) return false
  if (flag === undefined) throw new ToolUsageError(`${FLAG} provided but not defined: ${shown}`)
  const value = flag.kind === 'switch' ? (given ?? 'true') : (given ?? rest.shift())
  if (value === undefined) throw new ToolUsageError(`${FLAG} needs an argument: ${shown}`)
  try {
    line.flags[flag.key ?? flag.names[0] ?? name] = readValue(flag, value)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const Failure = error instanceof ToolError ? ToolError : ToolUsageError
    throw new Failure(`invalid value ${JSON.stringify(value)} for ${FLAG} ${shown}: ${reason}`)
  }
  return true
}

function readValue(flag: Flag, value: string): string | undefined {
  if (flag.kind === 'text') return flag.read === undefined ? value : flag.read(value)
  if (TRUE.has(value)) return 'true'
  if (FALSE.has(value)) return undefined
  throw new Error(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`)
}

/** Refuse what is left over. */
export function checkEmpty(args: readonly string[]): void {
  if (args.length === 0) return
  throw new ToolUsageError(`unrecognized args: [${args.map((arg) => JSON.stringify(arg)).join(' ')}]`)
}

/** Read `key=value` arguments. A key may be given once only. */
export function parseKeyValues(args: readonly string[], emptyValues = true): Record<string, string> {
  const values = new Map<string, string>()
  for (const arg of args) {
    const [key, value = ''] = splitPair(arg) ?? []
    if (key === undefined || (value === '' && !emptyValues)) {
      throw new ToolUsageError(`expected "key=value", got ${JSON.stringify(arg)}`)
    }
    if (values.has(key)) throw new ToolUsageError(`key ${JSON.stringify(key)} specified more than once`)
    values.set(key, value)
  }
  return Object.fromEntries(values)
}
