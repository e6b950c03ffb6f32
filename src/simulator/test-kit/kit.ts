// The test kit of one test: a simulated unit, what the test has prepared for it, and what the last
// `run_event`, `run_events` or `run_action` did. The functions of the kit (kit-functions.ts) work on this record.

import type { DispatchRecord } from '../../dispatch/trace.ts'
import { UsageError } from '../../errors.ts'
import type { EventResult } from '../events.ts'
import { type GivenEvent, runUntilFailure } from '../given-events.ts'
import { eventLabel, handlersRun } from '../report.ts'
import type { SimulatedUnit } from '../unit.ts'
import { explainEvents, explainFlags, explainHandlers, knownHandlers } from './decisions.ts'
import { type Fault, withFaults } from './faults.ts'
import { type Snapshot, takeSnapshot } from './snapshot.ts'
import { type Call, Stubs } from './stubs.ts'

/** How the engine's line about a skipped file begins (src/dispatch/dispatch.ts). */
const NOT_A_HANDLER_FILE = 'not a handler file: '

/** What the test let happen last: one event or several. */
export interface Act {
  events: readonly GivenEvent[]
  results: readonly EventResult[]
  before: Snapshot
  after: Snapshot
  /** The engine's records of these events; none of one that was killed. */
  dispatches: readonly DispatchRecord[]
  /** Calls of stubbed or refused commands. */
  calls: readonly Call[]
}

export class TestKit {
  readonly unit: SimulatedUnit
  readonly stubs: Stubs
  /** All handlers that the engine has tested so far. */
  readonly known = new Set<string>()
  /** Hook tools that the charm has called and its Juju does not have, and of which no assertion took notice. */
  readonly lackingTools = new Set<string>()
  #act: Act | undefined
  #faults: Fault[] = []

  constructor(unit: SimulatedUnit) {
    this.unit = unit
    this.stubs = new Stubs(unit)
  }

  /** What happened last. Throws a UsageError when nothing did. */
  get act(): Act {
    if (this.#act === undefined) throw new UsageError('nothing has run yet: call run_event first')
    return this.#act
  }

  /** Whether anything has happened yet. */
  get hasActed(): boolean {
    return this.#act !== undefined
  }

  /** What the next act shall meet. */
  addFault(fault: Fault): void {
    if (fault.kind === 'crash' && this.#faults.some(({ kind }) => kind === 'crash')) {
      throw new UsageError('a unit dies only once: let it run before it is killed again')
    }
    this.#faults.push(fault)
  }

  /** Let events happen one after the other, until one fails, as Juju would. */
  async run(events: readonly GivenEvent[]): Promise<Act> {
    const faults = this.#faults
    this.#faults = []
    const before = takeSnapshot(this.unit)
    const given = events.map((event) => withFaults(event, faults))
    const results = await runUntilFailure(this.unit, given)
    for (const tool of results.flatMap((result) => result.lackingTools)) this.lackingTools.add(tool)
    const dispatches = results.flatMap(({ trace }) => trace ?? [])
    for (const handler of knownHandlers(dispatches)) this.known.add(handler)
    const calls = this.stubs.note(results.flatMap(({ commands }) => commands))
    const happened = events.slice(0, results.length)
    this.#act = { events: happened, results, before, after: takeSnapshot(this.unit), dispatches, calls }
    const idle = faults.find(({ isMet }) => !results.some(isMet))
    if (idle !== undefined) throw new UsageError(`${idle.complaint} in ${labels(results)}\n${this.explain()}`)
    return this.#act
  }

  /** Handlers that ran in the last act, in order. */
  get handlers(): string[] {
    return this.act.results.flatMap(handlersRun)
  }

  /** All that the last act's handlers did, for the end of a failure. */
  explain(): string {
    return this.#withSkipped(explainEvents(this.act.dispatches))
  }

  /** Why the handlers ran, or did not. */
  explainHandlers(names: readonly string[]): string {
    return this.#withSkipped(explainHandlers(this.unit, this.act, names))
  }

  /** Who changed the flags; nothing before the first event. */
  explainFlags(flags: readonly string[]): string {
    if (!this.hasActed) return ''
    return this.#withSkipped(explainFlags(this.act.dispatches, [...new Set(flags)]))
  }

  /** Files that the engine did not take for handler files may hold the handlers that somebody misses. */
  #withSkipped(text: string): string {
    const messages = this.act.results.flatMap(({ log }) => log.map(({ message }) => message))
    return [text, ...new Set(messages.filter((message) => message.startsWith(NOT_A_HANDLER_FILE)))].join('\n')
  }
}

/** How the events are called. */
export function labels(results: readonly EventResult[]): string {
  return results.map(eventLabel).join(', ')
}
