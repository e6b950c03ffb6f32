// The order of hooks in a simulated model, by many seeds; two of them are in test/simulator/model/order.test.ts.

import { it } from 'vitest'
import { effort, inFull } from '../effort.ts'
import { expectRules, hooksInOrder } from '../simulator/random-order.ts'

const SEEDS = Array.from({ length: effort({ sample: 1, full: 40 }) }, (_, index) => index + 3)

inFull('the order of hooks in a model', () => {
  it.each(SEEDS)('keeps the rules of each relation: seed %i', async (seed) => {
    expectRules(await hooksInOrder(seed))
  })
})
