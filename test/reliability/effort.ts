// How much the tests of this folder do: a seeded sample in every run of the tests, all of it with
// `npm run reliability [-- FILE]`, whose figures stand in docs/reliability.md. RELIABILITY_SEED=7 takes another sample.

import { Random } from '../random.ts'

export const isFull = process.env.RELIABILITY === 'full'

export const seed = Number(process.env.RELIABILITY_SEED ?? 1)

/** The number for this run. */
export function effort(count: { sample: number; full: number }): number {
  return isFull ? count.full : count.sample
}

/** The same choices in each run with the same seed; `stream` keeps those of one test apart from another's. */
export function random(stream = 0): Random {
  return new Random(seed * 1_000_003 + stream)
}

/** Print a figure of a full run, as docs/reliability.md gives it. */
export function figure(subject: string, value: string | number): void {
  if (isFull) console.log(`figure: ${subject}: ${value}`)
}
