// Loops: a dispatch that comes back to the same flags and the same matching handlers again and again.

import type { Handler } from '../handlers/handlers.ts'
import { getFlags } from '../unit/flags.ts'
import type { Session } from '../unit/session.ts'

/** The same flags and the same matching handlers, seen this often, are a loop. */
const LOOP_SIGHTINGS = 10

/** Notices when a dispatch goes in circles. */
export class LoopDetector {
  #sightings = new Map<string, number>()
  #flags: string[][] = []
  #handlers = new Set<string>()

  isLoop(session: Session, matching: readonly Handler[]): boolean {
    const flags = getFlags(session)
    const key = JSON.stringify([flags, matching.map(({ id }) => id)])
    const count = (this.#sightings.get(key) ?? 0) + 1
    this.#sightings.set(key, count)
    if (count >= LOOP_SIGHTINGS - 1) {
      this.#flags.push(flags)
      for (const { id } of matching) this.#handlers.add(id)
    }
    return count >= LOOP_SIGHTINGS
  }

  /** The handlers of the loop, and the flags that are set in one round of it and not in another. */
  describe(): string {
    const all = new Set(this.#flags.flat())
    const alternating = [...all].filter((flag) => !this.#flags.every((flags) => flags.includes(flag)))
    const flags = alternating.length > 0 ? alternating.join(', ') : 'none'
    return `handlers run in a loop: ${[...this.#handlers].join(', ')}; flags that alternate: ${flags}`
  }
}
