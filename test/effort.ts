// How much a test does that has more than a sample: a seeded sample in every run of the tests, all of it with
// `npm run reliability [-- FILE]` or `npm run conformance [-- FILE]`, whose figures stand in docs/. These two run the
// files of the folder of their name, so that every test with a full set is in one of them (layout.test.ts checks it).
// EFFORT_SEED=7 takes another sample.

import { describe, it } from 'vitest'
import { Random } from './random.ts'

export const isFull = process.env.EFFORT === 'full'

export const seed = Number(process.env.EFFORT_SEED ?? 1)

/** The number for this run. */
export function effort(count: { sample: number; full: number }): number {
  return isFull ? count.full : count.sample
}

/** The same choices in each run with the same seed; `stream` keeps those of one test apart from another's. */
export function random(stream = 0): Random {
  return new Random(seed * 1_000_003 + stream)
}

/** So many rows of a table, in their order, or all of them. */
export function sampled<T>(rows: readonly T[], sample: number): T[] {
  return isFull ? [...rows] : random(rows.length).sample(rows, sample)
}

/** `it` for tests of which every run takes one in so many, and the next seed the next one. */
export function oneIn(count: number): ReturnType<typeof it.runIf> {
  let index = seed
  return ((...test: Parameters<typeof it>) => it.runIf(isFull || index++ % count === 0)(...test)) as typeof it
}

/** Tests of a full run alone; elsewhere they are named as skipped. */
export const inFull = describe.skipIf(!isFull)

/** Print a figure of a full run, as docs/ gives it. */
export function figure(subject: string, value: string | number): void {
  if (isFull) console.log(`figure: ${subject}: ${value}`)
}
