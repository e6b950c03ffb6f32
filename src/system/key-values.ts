// `KEY=VALUE` words: of commands, events, options, hook tools. The first `=` divides, a key is never empty.

import { UsageError } from '../errors.ts'

/** The two sides; undefined where the word is none. */
export function splitPair(word: string): [key: string, value: string] | undefined {
  const at = word.indexOf('=')
  return at < 1 ? undefined : [word.slice(0, at), word.slice(at + 1)]
}

/** The two sides; for any other word a UsageError that begins with the rule. */
export function readPair(word: string, rule = 'expected KEY=VALUE'): [key: string, value: string] {
  const pair = splitPair(word)
  if (pair === undefined) throw new UsageError(`${rule}: ${word}`)
  return pair
}
