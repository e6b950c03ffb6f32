// The tests of this folder compare with others' programs and bare systems: too much for every run of the tests.
// `npm run conformance [-- FILE]` runs them in full, and prints the figures of docs/packing.md.

import { describe } from 'vitest'

export const isFull = process.env.CONFORMANCE === 'full'

/** Tests for `npm run conformance` alone; elsewhere they are named as skipped. */
export const inFull = describe.skipIf(!isFull)

/** Print a figure of a full run. */
export function figure(subject: string, value: string | number): void {
  console.log(`figure: ${subject}: ${value}`)
}
