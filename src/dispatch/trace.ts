// The record of a dispatch: what was tested with which answers, what ran, what changed which flag, how
// long it took. The last 20 are kept in the unit state; `charms.reactive trace` prints them, and the
// tools for charm authors build on them.

import { messageOf } from '../errors.ts'
import type { Verdict } from '../handlers/handlers.ts'
import type { Phase } from '../unit/session.ts'

/** How many records are kept. */
export const KEPT_TRACES = 20

export interface DispatchRecord {
  /** Hook, or action after `action:`. */
  event: string
  unit: string
  /** ISO 8601, UTC. */
  started: string
  milliseconds: number
  /** The exit status of the hook, and why it failed. */
  status: number
  error?: string
  /** Flags changed before the first handler: automatic flags, and top-level code of handler files. */
  changes: FlagChange[]
  iterations: IterationRecord[]
  /** Flags changed after the last handler: those that live for one hook. */
  changesAtEnd: FlagChange[]
}

export interface IterationRecord {
  phase: Phase
  /** Counts from 0 within the phase. */
  iteration: number
  tested: { handler: string; matches: boolean; answers: Verdict['answers'] }[]
  ran: RunRecord[]
}

export interface RunRecord {
  handler: string
  milliseconds: number
  changes: FlagChange[]
  error?: string
}

export interface FlagChange {
  flag: string
  set: boolean
}

/** Collects the record while the dispatch goes on. */
export class Tracer {
  readonly record: DispatchRecord
  #start = clock()
  #run: RunRecord | undefined

  constructor(event: string, unit: string) {
    const started = new Date().toISOString()
    this.record = {
      event,
      unit,
      started,
      milliseconds: 0,
      status: 0,
      changes: [],
      iterations: [],
      changesAtEnd: [],
    }
  }

  iteration(phase: Phase, iteration: number): void {
    this.record.iterations.push({ phase, iteration, tested: [], ran: [] })
  }

  tested(handler: string, { matches, answers }: Verdict): void {
    this.record.iterations.at(-1)?.tested.push({ handler, matches, answers })
  }

  flagChanged(flag: string, set: boolean): void {
    const { changes, changesAtEnd, iterations } = this.record
    const outside = iterations.length === 0 ? changes : changesAtEnd
    ;(this.#run?.changes ?? outside).push({ flag, set })
  }

  /** Note a run around the work. */
  async runs(handler: string, work: () => Promise<void>): Promise<void> {
    const start = clock()
    const run: RunRecord = { handler, milliseconds: 0, changes: [] }
    this.#run = run
    this.record.iterations.at(-1)?.ran.push(run)
    try {
      await work()
    } catch (error) {
      run.error = messageOf(error)
      throw error
    } finally {
      run.milliseconds = rounded(clock() - start)
      this.#run = undefined
    }
  }

  end(status: number, error?: string): DispatchRecord {
    this.record.milliseconds = rounded(clock() - this.#start)
    this.record.status = status
    if (error !== undefined) this.record.error = error
    return this.record
  }
}

/** Records as text for people, oldest first. */
export function formatTraces(records: readonly DispatchRecord[]): string {
  return records.map(formatTrace).join('\n')
}

function formatTrace(record: DispatchRecord): string {
  const head = `${record.started} ${record.unit} ${record.event}: status ${record.status}, ${record.milliseconds} ms`
  const lines = [head, ...record.changes.map((change) => `  ${formatChange(change)}`)]
  if (record.error !== undefined) lines.push(`  failed: ${record.error}`)
  for (const { phase, iteration, tested, ran } of record.iterations) {
    lines.push(`  ${phase} ${iteration}`)
    for (const { handler, matches, answers } of tested) {
      const reasons = answers.map(({ condition, holds }) => `${condition} ${holds ? 'yes' : 'no'}`)
      lines.push(`    ${matches ? 'match' : 'no   '} ${handler}: ${reasons.join(', ')}`)
    }
    for (const run of ran) {
      lines.push(
        `    ran   ${run.handler}, ${run.milliseconds} ms${run.error === undefined ? '' : `: ${run.error}`}`,
      )
      lines.push(...run.changes.map((change) => `      ${formatChange(change)}`))
    }
  }
  lines.push(...record.changesAtEnd.map((change) => `  ${formatChange(change)}`))
  return `${lines.join('\n')}\n`
}

function formatChange({ flag, set }: FlagChange): string {
  return `${set ? 'set' : 'cleared'} ${flag}`
}

/** Milliseconds of a steady clock. `performance` would tell them too, and takes its time to load. */
function clock(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1_000_000
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}
