// Random sequences of what can happen to a unit's relations (joins, changes, departures, breaks, leaders,
// failing hooks, upgrades, a removed unit), on a simulated unit with a charm of five endpoints, against a plain
// model of the facts (relations-model/). After every hook flags, units, data, published data, the handlers that
// ran and the calls of hook tools are to be those of the model.
//
// A sample is one short sequence, all of it 5,000 hooks in sequences of 60. With HOOKS=500 there are fewer, with
// FIRST=1000 seeds count from there; with SEED=7 only that one is run, with STEPS=200 in longer sequences.
// A disagreement prints its seed and the operations that lead to it, shortened for SHRINK seconds (60).

import { expect, it } from 'vitest'
import { isFull, sampled } from '../effort.ts'
import { generate } from './relations-model/generate.ts'
import { describe } from './relations-model/operations.ts'
import { type Replayed, replay } from './relations-model/replay.ts'
import { shrink } from './relations-model/shrink.ts'

const { FIRST, HOOKS = isFull ? 5000 : undefined, SEED, SHRINK, STEPS } = process.env
const SHRINK_MS = Number(SHRINK ?? 60) * 1000

/** Few hooks that between them have nearly everything. */
const SAMPLE = [118, 531, 1164]
const steps = Number(STEPS ?? (HOOKS || SEED ? 60 : 12))
const seeds = seedsToRun()

function seedsToRun(): number[] {
  if (SEED !== undefined) return [Number(SEED)]
  if (HOOKS === undefined) return sampled(SAMPLE, 1)
  return Array.from({ length: Math.ceil(Number(HOOKS) / steps) }, (_, index) => Number(FIRST ?? 1) + index)
}

it.concurrent.each(seeds)(
  'a unit agrees with the model after every hook: seed %i',
  { timeout: steps * 5000 + 2 * SHRINK_MS },
  async (seed) => {
    const sequence = generate(seed, steps)
    const replayed = await replay(sequence)
    if (replayed.disagreement === undefined) {
      expect(replayed.hooks).toBe(steps)
      return
    }
    expect.fail(report(seed, replayed, await shrink(sequence, replayed, SHRINK_MS)))
  },
)

function report(seed: number, first: Replayed, short: Replayed): string {
  const last = 40
  return [
    `seed ${seed}, hook ${first.hooks}: the unit is not as the model says`,
    ...(first.disagreement ?? []),
    `again: SEED=${seed} STEPS=${first.hooks} npx vitest run test/reliability/relations-model.test.ts`,
    `what leads to it, as far as it could be shortened (${short.played.length} operations):`,
    ...(short.played.length > last ? ['…'] : []),
    ...short.played.slice(-last).map(describe),
    ...(short.disagreement ?? []),
  ].join('\n')
}
