// In which order the units of a model get on: the choice among the hooks that could run now.

import type { SimulatedEvent } from '../events.ts'

/** A hook that waits for its turn. */
export interface PendingHook {
  unit: string
  event: SimulatedEvent
}

/** The index of the hook to run. The unit that has waited longest comes first in the list. */
export type Order = (pending: readonly PendingHook[]) => number

/** One after the other, each unit one hook. */
export const inTurn: Order = () => 0

/** An order that looks random, and is the same for the same seed. */
export function seededOrder(seed: number): Order {
  let state = seed >>> 0
  return (pending) => {
    // Mulberry32: small, and its numbers are even enough for a few choices.
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % pending.length
  }
}

/** `web/0 certs-relation-joined certs:3 ca/0`: a hook on one line. */
export function titleOf({ unit, event }: PendingHook): string {
  const words = [unit, event.name, event.relation, event.remoteUnit]
  return words.filter((word) => word).join(' ')
}
