// Which code of a charm can come to run. A library of a layer has functions for many charms; what they refer to is not
// wrong in a charm that calls none of them.

import { type Call, snakeCase } from '../sources/source.ts'
import type { Subject } from './finding.ts'

/** Functions below `lib/` that no code calls which can come to run itself, by `FILE NAME`. */
export class Called {
  readonly #uncalled = new Set<string>()

  constructor({ model }: Subject) {
    const libraries = model.sources.filter(({ path }) => path.startsWith('lib/'))
    for (const { path, functions } of libraries)
      for (const { name } of functions) this.#uncalled.add(keyOf(path, name))
    let before = -1
    while (before !== this.#uncalled.size) {
      before = this.#uncalled.size
      const names = new Set(
        model.sources.flatMap(({ path, calls }) =>
          calls
            .filter((call) => this.canRun(path, call))
            .flatMap(({ name, words }) => [name, ...words.map(({ text }) => snakeCase(text))]),
        ),
      )
      for (const key of this.#uncalled)
        if (names.has(snakeCase(key.slice(key.indexOf(' ') + 1)))) this.#uncalled.delete(key)
    }
  }

  /** Whether the call can come to run: it stands outside of such a function. */
  canRun(file: string, { inside }: Call): boolean {
    return inside === undefined || !this.#uncalled.has(keyOf(file, inside))
  }
}

const keyOf = (file: string, name: string) => `${file} ${name}`
