// The words of a kit function: options as in bats-assert (`-p`, `-e`, `-` for standard input, `--` ends
// them), and the rest. Kit functions say in their row of the table which options they take.

import { UsageError } from '../../errors.ts'
import { readPair } from '../../system/key-values.ts'
import { suggestion } from '../../system/nearest.ts'

/** What follows an option: nothing, a word, or a word each time that it is given. */
export type OptionKind = 'alone' | 'word' | 'words'

export interface Options {
  [name: string]: true | string | string[] | undefined
}

export interface Words {
  words: string[]
  options: Options
}

const SHORT: Record<string, string> = { '-p': '--partial', '-e': '--regexp', '-g': '--glob', '-': '--stdin' }

export interface Shape {
  /** Options end at the first word: it is a command, and its words follow. */
  leading?: boolean
  /** The option that may also be the last one behind them. */
  trailing?: string
}

/** Take a line apart. The bash side has put the text of standard input behind the last word. */
export function parseWords(
  line: readonly string[],
  kinds: Readonly<Record<string, OptionKind>>,
  { leading = false, trailing }: Shape = {},
): Words {
  const options: Options = {}
  const words: string[] = []
  const rest = [...line]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') return { words: [...words, ...rest], options }
    if (!isOption(word, kinds)) words.push(word)
    else take(word, rest, kinds, options)
    if (!leading || words.length === 0) continue
    if (trailing !== undefined && rest.at(-2) === `--${trailing}`)
      take(`--${trailing}`, rest.splice(-2).slice(1), kinds, options)
    checkCommand(word, rest, kinds)
    return { words: [...words, ...rest], options }
  }
  return { words, options }
}

/** An option behind the command is a mistake, since it would be a word of the call. */
function checkCommand(
  command: string,
  args: readonly string[],
  kinds: Readonly<Record<string, OptionKind>>,
): void {
  const option = args.find((word) => Object.hasOwn(kinds, /^--([^=]+)/.exec(word)?.[1] ?? ''))
  if (option === undefined) return
  throw new UsageError(
    `${option} comes after the command: put it before ${command}; if it belongs to the call, put -- before ${command}`,
  )
}

/** `-5` and `-` where there is no standard input to read are words. */
function isOption(word: string, kinds: Readonly<Record<string, OptionKind>>): boolean {
  if (word === '-') return Object.hasOwn(kinds, 'stdin')
  return /^-(-|[a-z]$)/.test(word)
}

function take(
  given: string,
  rest: string[],
  kinds: Readonly<Record<string, OptionKind>>,
  options: Options,
): void {
  const [, long = '', inline] = /^--([^=]*)(?:=(.*))?$/s.exec(SHORT[given] ?? given) ?? []
  const kind = Object.hasOwn(kinds, long) ? kinds[long] : undefined
  if (kind === undefined) {
    const known = Object.keys(kinds).map((name) => `--${name}`)
    throw new UsageError(`unknown option: ${given}${suggestion(given, known)}`)
  }
  if (kind === 'alone') {
    if (inline !== undefined) throw new UsageError(`the option takes no value: --${long}`)
    options[long] = true
    return
  }
  const value = inline ?? rest.shift()
  if (value === undefined) throw new UsageError(`the option needs a value: --${long}`)
  if (kind === 'word') options[long] = value
  else options[long] = [...many(options, long), value]
}

/** The value of an option that takes one. */
export function one(options: Options, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

/** The values of an option that may be given again. */
export function many(options: Options, name: string): string[] {
  const value = options[name]
  return Array.isArray(value) ? value : []
}

/** A whole number of an option; undefined when it is not given. */
export function count(options: Options, name: string): number | undefined {
  const text = one(options, name)
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name} takes a number: ${text}`)
  return Number(text)
}

/** `KEY=VALUE` words as a record. */
export function pairsOf(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => readPair(word)))
}

/** Words as a shell would take them. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quote).join(' ')
}

/** One word as a shell would take it. */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  if (!/[\u0000-\u001f\u007f]/.test(word)) return `'${word.replaceAll("'", "'\\''")}'`
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replace(/[\u0000-\u001f\u007f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return `$'${escaped}'`
}
