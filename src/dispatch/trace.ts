// The record of a dispatch: what was tested with which answers, what ran when, what changed which flag, how
// long it took. The last ones are kept in the unit state; `charms.reactive trace` prints them, and the
// tools for charm authors build on them.

import { messageOf } from '../errors.ts'
import type { Answer, Verdict } from '../handlers/handlers.ts'
import { type Round, roundsOf, type ToolCall } from '../juju/rounds.ts'
import { clock } from '../system/clock.ts'
import { toRecord } from '../unit/records.ts'
import type { Phase } from '../unit/session.ts'

export interface DispatchRecord {
  /** Hook, or action after `action:`. */
  event: string
  unit: string
  /** The trace of Juju that the hook belongs to, where there is one. */
  traceId?: string
  /** ISO 8601, UTC. */
  started: string
  milliseconds: number
  /** The exit status of the hook, and why it failed. */
  status: number
  error?: string
  /** What the toolkit asked Juju, handlers aside, and how often it waited. */
  hookTools?: Round[]
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
  tested: { handler: string; matches: boolean; answers: TestedAnswer[] }[]
  ran: RunRecord[]
  /** Handlers that would match at the end of a phase which tests each once: their flags changed in it. */
  late?: { handler: string; flags: readonly string[] }[]
}

export interface TestedAnswer extends Answer {
  /** The handlers that set or cleared, earlier in the dispatch, the flags that are the reason. */
  by?: Record<string, string>
}

export interface RunRecord {
  handler: string
  /** When it began, in milliseconds since the dispatch started. */
  at: number
  milliseconds: number
  changes: FlagChange[]
  /** Calls of hook tools that the toolkit made for it. What it called itself is known to a simulated unit only. */
  hookTools?: Round[]
  /** Why it failed, and the last lines that it printed. */
  error?: string
  output?: string
}

export interface FlagChange {
  flag: string
  set: boolean
  /** What the trigger waited for that made the change, `+FLAG` or `-FLAG`. */
  trigger?: string
}

export interface TracerOptions {
  notesTests?: boolean
  /** Juju's. */
  traceId?: string
  /** A list that grows with each call of a hook tool. */
  calls?: ToolCall[]
}

/** Collects the record while the dispatch goes on. */
export class Tracer {
  readonly record: DispatchRecord
  #start = clock()
  #run: RunRecord | undefined
  /** The handler that last changed a flag. */
  #changedBy = new Map<string, string>()

  /** Whether handlers that are tested are noted; without a record they need not be. */
  readonly #notesTests: boolean
  /** The calls of hook tools so far, but for those that belong to handlers. */
  readonly #calls: ToolCall[]

  constructor(
    event: string,
    unit: string,
    { notesTests = true, traceId = '', calls = [] }: TracerOptions = {},
  ) {
    this.#notesTests = notesTests
    this.#calls = calls
    const started = new Date().toISOString()
    this.record = {
      event,
      unit,
      ...(traceId !== '' && { traceId }),
      started,
      milliseconds: 0,
      status: 0,
      changes: [],
      iterations: [],
      changesAtEnd: [],
    }
  }

  /** The handler that runs now. */
  get running(): string | undefined {
    return this.#run?.handler
  }

  iteration(phase: Phase, iteration: number): void {
    this.record.iterations.push({ phase, iteration, tested: [], ran: [] })
  }

  tested(handler: string, { matches, answers }: Verdict): void {
    if (!this.#notesTests) return
    const told = matches ? answers : answers.map((answer) => this.#withAuthors(answer))
    this.record.iterations.at(-1)?.tested.push({ handler, matches, answers: told })
  }

  late(handler: string, flags: readonly string[]): void {
    const iteration = this.record.iterations.at(-1)
    if (iteration !== undefined) iteration.late = [...(iteration.late ?? []), { handler, flags }]
  }

  #withAuthors(answer: Answer): TestedAnswer {
    const flags = [...(answer.unset ?? []), ...(answer.set ?? [])]
    const authors = flags.flatMap((flag) => {
      const author = this.#changedBy.get(flag)
      return author === undefined ? [] : [[flag, author] as const]
    })
    return authors.length === 0 ? answer : { ...answer, by: toRecord(authors) }
  }

  flagChanged(flag: string, set: boolean, trigger?: string): void {
    const { changes, changesAtEnd, iterations } = this.record
    const outside = iterations.length === 0 ? changes : changesAtEnd
    const change = trigger === undefined ? { flag, set } : { flag, set, trigger }
    ;(this.#run?.changes ?? outside).push(change)
    if (this.#run !== undefined) this.#changedBy.set(flag, this.#run.handler)
    else this.#changedBy.delete(flag)
  }

  /** Note a run around the work; `printed` is asked where it fails. */
  async runs(handler: string, work: () => Promise<void>, printed: () => string = () => ''): Promise<void> {
    const start = clock()
    const run: RunRecord = { handler, at: rounded(start - this.#start), milliseconds: 0, changes: [] }
    const { length: before } = this.#calls
    this.#run = run
    this.record.iterations.at(-1)?.ran.push(run)
    try {
      await work()
    } catch (error) {
      run.error = messageOf(error)
      const output = printed()
      if (output !== '') run.output = output
      throw error
    } finally {
      run.milliseconds = rounded(clock() - start)
      noteRounds(run, this.#calls.splice(before))
      this.#run = undefined
    }
  }

  /** The whole record. `conceal` takes out of texts what must not stand in it. */
  end(status: number, error?: string, conceal: (text: string) => string = (text) => text): DispatchRecord {
    this.record.milliseconds = rounded(clock() - this.#start)
    this.record.status = status
    noteRounds(this.record, this.#calls)
    if (error === undefined) return this.record
    this.record.error = conceal(error)
    for (const run of this.record.iterations.flatMap(({ ran }) => ran)) {
      if (run.error !== undefined) run.error = conceal(run.error)
      if (run.output !== undefined) run.output = conceal(run.output)
    }
    return this.record
  }
}

function noteRounds(record: { hookTools?: Round[] }, calls: readonly ToolCall[]): void {
  if (calls.length > 0) record.hookTools = roundsOf(calls)
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}
