// What a row of the kit's table is: one function of the bash library.

import type { TestKit } from './kit.ts'
import type { OptionKind, Options } from './words.ts'

export interface KitFunction {
  /** The words that it takes, for the line that refuses others. */
  words: string
  /** Least and most words. */
  count: readonly [number, number]
  options?: Readonly<Record<string, OptionKind>>
  /** Whether options end at the first word, since an argument vector follows. */
  leading?: boolean
  /** Throws an AssertionFailure, or a ReactiveError for a request without sense. A text is for stdout. */
  run(kit: TestKit, words: string[], options: Options): string | undefined | Promise<string | undefined>
}

export const ANY = Number.POSITIVE_INFINITY

/** A function that only throws or not. */
export function check(
  work: (...args: Parameters<KitFunction['run']>) => void | Promise<void>,
): KitFunction['run'] {
  return async (...args) => {
    await work(...args)
    return undefined
  }
}
