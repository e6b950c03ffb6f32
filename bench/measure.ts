// Measures rows: the work and everything that it is compared with in turn, A B A B, so that whatever else the
// machine does falls on both. Ratios are taken pair by pair.

import { setImmediate } from 'node:timers/promises'
import type { Comparison, Measure, Row, Work } from './row.ts'

export interface Spread {
  median: number
  /** First and third quartile. */
  low: number
  high: number
  samples: number[]
}

export interface Compared {
  base: string
  ratio: Comparison['ratio']
  original: boolean
  value: Spread
  ratios: Spread
  goal: number | undefined
  /** The bound of `--check`: twice as bad as the goal, or as what was recorded where that misses the goal. */
  margin: number | undefined
}

export interface Result {
  name: string
  unit: Row['unit']
  work: string
  floor: boolean
  rounds: number
  value: Spread
  compared: Compared[]
  limit: number | undefined
}

export async function measureRow(row: Row, isShort: boolean): Promise<Result> {
  const rounds = isShort ? row.rounds.short : row.rounds.full
  const own = await Samples.of(row.work)
  const bases: { comparison: Comparison; samples: Samples }[] = []
  for (const comparison of row.against) {
    bases.push({ comparison, samples: await Samples.of(comparison.base) })
  }
  // The first round warms caches, and counts only where there is no other.
  for (let round = rounds === 1 ? 1 : 0; round <= rounds; round++) {
    await own.take(round)
    for (const { comparison, samples } of bases) {
      if (round <= (comparison.rounds ?? rounds)) await samples.take(round)
    }
  }
  const { name, unit, limit, floor = false } = row
  const compared = bases.map(({ comparison, samples }) => compare(comparison, own.values, samples.values))
  return { name, unit, work: row.work.name, floor, rounds, value: spread(own.values), compared, limit }
}

class Samples {
  readonly values: number[] = []
  #measure: Measure

  private constructor(measure: Measure) {
    this.#measure = measure
  }

  static async of(work: Work): Promise<Samples> {
    return new Samples(await work.prepare())
  }

  async take(round: number): Promise<void> {
    // Most measurements wait for a process without letting anything else happen, such as a signal.
    await setImmediate()
    const value = await this.#measure()
    if (round > 0) this.values.push(value)
  }
}

function compare(comparison: Comparison, values: readonly number[], bases: readonly number[]): Compared {
  const { base, ratio, original = false, goal } = comparison
  const ratios = bases.map((other, round) => {
    const value = values[round] ?? Number.NaN
    return ratio === 'times' ? value / other : other / value
  })
  const margin = marginOf(comparison)
  return { base: base.name, ratio, original, value: spread(bases), ratios: spread(ratios), goal, margin }
}

function marginOf({ ratio, goal, recorded }: Comparison): number | undefined {
  const bounds = [goal, recorded].filter((bound) => bound !== undefined)
  if (bounds.length === 0) return undefined
  return ratio === 'times' ? Math.max(...bounds) * 2 : Math.min(...bounds) / 2
}

export function spread(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b)
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    samples: [...samples],
  }
}

function quantile(sorted: readonly number[], part: number): number {
  const place = (sorted.length - 1) * part
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

/** Whether a ratio is on the good side of a bound. */
export function holds({ ratio, ratios }: Compared, bound: number): boolean {
  return ratio === 'times' ? ratios.median <= bound : ratios.median >= bound
}
