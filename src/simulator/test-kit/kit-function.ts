// What a row of the kit's table is: one function of the bash library.

import type { TestKit } from './kit.ts'
import type { OptionKind, Options } from './words.ts'

export interface KitFunction {
  /** The words that it takes, as the line says that refuses others; how many there may be follows from them. */
  words: string
  options?: Readonly<Record<string, OptionKind>>
  /** Whether options end at the first word, since the words of a command follow. */
  leading?: boolean
  /** The option that may also stand behind them. */
  trailing?: string
  /** Throws an AssertionFailure, or a ReactiveError for a request without sense. A text is for stdout. */
  run(kit: TestKit, words: string[], options: Options): string | undefined | Promise<string | undefined>
}

/** A function that only throws or not. */
export function check(
  work: (...args: Parameters<KitFunction['run']>) => void | Promise<void>,
): KitFunction['run'] {
  return async (...args) => {
    await work(...args)
    return undefined
  }
}
