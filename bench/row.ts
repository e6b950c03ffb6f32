// What a subject is made of: rows, which are data. A row names a piece of work and what it is compared with;
// measure.ts runs them in turn, report.ts prints them.

/** One measurement, in the unit of the row. */
export type Measure = () => number | Promise<number>

/** Something that can be measured again and again. */
export interface Work {
  readonly name: string
  /** Make what the measurements need, once. */
  readonly prepare: () => Measure | Promise<Measure>
}

/** A piece of work that the row's own is compared with, pair by pair. */
export interface Comparison {
  readonly base: Work
  /** What the ratio is: how many times the base the work takes, or how many times faster than the base it is. */
  readonly ratio: 'times' | 'times faster'
  /** At most so many `times`, at least so many `times faster`. */
  readonly goal?: number
  /** What it was when it was last recorded. `--check` is generous by this where it misses the goal. */
  readonly recorded?: number
  /** At most so many rounds, where the base is slow. */
  readonly rounds?: number
  /** Whether the base is the Python original. */
  readonly original?: boolean
}

export type Unit = 'ms' | 'MiB' | 'forks' | 'rounds'

export interface Row {
  readonly name: string
  readonly unit: Unit
  readonly work: Work
  readonly against: readonly Comparison[]
  readonly rounds: { readonly full: number; readonly short: number }
  /** For what is counted: at most so many, in `--check` as well. */
  readonly limit?: number
  /** Left out of a short run. */
  readonly long?: boolean
  /** Whether the row is a floor of the machine. */
  readonly floor?: boolean
}

export function work(name: string, prepare: Work['prepare']): Work {
  return { name, prepare }
}
