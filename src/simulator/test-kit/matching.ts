// Whether an actual text is the expected one, in the ways of bats-assert: the same, a part of it, a regular
// expression; and shell patterns for the words of commands.

import { UsageError } from '../../errors.ts'
import { either, type Finding } from './assertion.ts'
import type { Pairs } from './failure.ts'
import type { OptionKind, Options } from './words.ts'

export type How = 'equal' | 'partial' | 'regexp' | 'glob'

/** Options of every function that compares a text. */
export const TEXT_OPTIONS: Record<string, OptionKind> = {
  partial: 'alone',
  regexp: 'alone',
  stdin: 'alone',
}

/** What the options say. */
export function howToMatch(options: Options): How {
  const given = (['partial', 'regexp', 'glob'] as const).filter((name) => options[name] === true)
  if (given.length > 1) throw new UsageError(`--${given[0]} and --${given[1]} are mutually exclusive`)
  return given[0] ?? 'equal'
}

export function isMatch(how: How, expected: string, actual: string): boolean {
  if (how === 'equal') return expected === actual
  if (how === 'partial') return actual.includes(expected)
  return (how === 'regexp' ? extendedRegexp(expected) : globRegexp(expected)).test(actual)
}

const LABELS = { equal: 'expected', partial: 'substring', regexp: 'regexp', glob: 'pattern' }
const VERBS = {
  equal: 'differs',
  partial: 'does not contain substring',
  regexp: 'does not match regular expression',
  glob: 'does not match pattern',
}
const CONTRARY = {
  equal: 'is equal, but it was expected to differ',
  partial: 'contains substring',
  regexp: 'matches regular expression',
  glob: 'matches pattern',
}

export interface Comparison {
  /** What is compared, for the title. */
  subject: string
  how: How
  expected: string
  actual: string
  /** Pairs before the two texts. */
  pairs?: Pairs
}

/** What an assertion on a text finds, and its refutation. */
export function compareText({ subject, how, expected, actual, pairs = {} }: Comparison): Finding {
  const both = { [LABELS[how]]: expected, actual }
  return either(
    isMatch(how, expected, actual),
    [`${subject} ${VERBS[how]}`, { ...pairs, ...both }],
    [`${subject} ${CONTRARY[how]}`, { ...pairs, ...(how === 'equal' ? { value: actual } : both) }],
  )
}

const CLASSES: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  word: '\\w',
}

/** An extended regular expression as bash has them; `^` and `$` are the ends of the whole text. */
function extendedRegexp(text: string): RegExp {
  const translated = text.replace(/\[:(\w+):\]/g, (all, name: string) => CLASSES[name] ?? all)
  try {
    return new RegExp(translated, 's')
  } catch {
    throw new UsageError(`invalid regular expression: ${text}`)
  }
}

/** A shell pattern: `*`, `?` and `[…]`. */
function globRegexp(pattern: string): RegExp {
  const parts = pattern.match(/\\.|\[!?\]?[^\]]*\]|[\s\S]/g) ?? []
  const source = parts.map((part) => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    if (part.length > 2 && part.startsWith('[')) return part.replace(/^\[!/, '[^')
    return part.replace(/^\\(?=.)/s, '').replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  })
  return new RegExp(`^${source.join('')}$`, 's')
}
