// What a bash file says on stderr while it registers: held back until it has sourced the library, since an error
// before that may say it all in one line.

import { writeAll } from '../../system/write-all.ts'

const KEPT_CHARACTERS = 8192

export class HeldOutput {
  /** The end of all that came. */
  text = ''
  #held: Buffer[] | undefined = []

  receive(chunk: Buffer): void {
    if (this.#held === undefined) writeAll(2, chunk)
    else this.#held.push(chunk)
    this.text = `${this.text}${chunk}`.slice(-KEPT_CHARACTERS)
  }

  /** Print what was held back, and what comes from now on. */
  print(): void {
    for (const chunk of this.#held ?? []) writeAll(2, chunk)
    this.#held = undefined
  }
}
