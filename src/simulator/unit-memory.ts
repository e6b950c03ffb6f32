// What the toolkit remembers of a simulated unit: the flags, the charm's own data and the rest of its unit
// state, as fields of the state that a test gives and reads. What a test has changed is written before an
// event; what the charm has changed is read after it, and the record of its dispatch with it.

import fs from 'node:fs'
import path from 'node:path'
import type { DispatchRecord } from '../dispatch/trace.ts'
import { ReactiveError } from '../errors.ts'
import { KEY } from '../unit/keys.ts'
import type { JujuState } from './juju-state.ts'

type Memory = Pick<JujuState, 'flags' | 'kv' | 'memory'>
type Entries = Map<string, unknown>

export class UnitMemory {
  readonly #path: string
  readonly #state: JujuState
  /** As they were read last, by key. */
  #known: Entries = new Map()
  #seen = ''

  constructor(charmDir: string, state: JujuState) {
    this.#path = path.join(charmDir, '.reactive-state.db')
    this.#state = state
  }

  /** Write what a test has changed since the last event. */
  async write(): Promise<void> {
    const wanted = entriesOf(this.#state)
    const changed = [...wanted].filter(([key, value]) => !isSame(this.#known, key, value))
    const gone = [...this.#known.keys()].filter((key) => !wanted.has(key))
    if (changed.length === 0 && gone.length === 0) return
    const state = await this.#open(true)
    try {
      // A flag has a value, which the list of flags does not say.
      for (const [key, value] of changed)
        if (!key.startsWith(KEY.flag) || !state.has(key)) state.set(key, value)
      for (const key of gone) state.delete(key)
      await state.commit()
    } finally {
      await state.close()
    }
    await this.read()
  }

  /** Read what the charm has changed, if it has. Gives the record of a dispatch that began since then. */
  async read(since?: Date): Promise<DispatchRecord | undefined> {
    const seen = fingerprint(this.#path)
    // Nothing is opened without need: closing a file ends the locks that this process may have on it.
    if (seen === '' || seen === this.#seen) return undefined
    this.#seen = seen
    const state = await this.#open(false).catch(unreadable)
    if (state === undefined) return undefined
    try {
      const entries = [...state.entries('')].filter(([key]) => !key.startsWith(KEY.meta))
      Object.assign(this.#state, memoryOf(entries))
      this.#known = entriesOf(this.#state)
      const last = (await state.traces()).at(-1) as DispatchRecord | undefined
      return since !== undefined && last !== undefined && new Date(last.started) >= since ? last : undefined
    } finally {
      await state.close()
    }
  }

  async #open(exclusive: boolean) {
    // SQLite takes its time to load, and not every charm under test has a unit state.
    const { UnitState } = await import('../unit/unit-state.ts')
    return UnitState.open({ path: this.#path, unit: this.#state.unit, busyTimeout: 5_000, exclusive })
  }
}

function entriesOf({ flags, kv, memory }: Memory): Entries {
  return new Map([
    ...flags.map((flag): [string, unknown] => [KEY.flag + flag, null]),
    ...Object.entries(kv).map(([key, value]): [string, unknown] => [KEY.kv + key, value]),
    ...Object.entries(memory),
  ])
}

function memoryOf(entries: readonly [string, unknown][]): Memory {
  const below = (prefix: string) =>
    entries
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]): [string, unknown] => [key.slice(prefix.length), value])
      .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
  const rest = below('').filter(([key]) => !key.startsWith(KEY.flag) && !key.startsWith(KEY.kv))
  return {
    flags: below(KEY.flag).map(([flag]) => flag),
    kv: Object.fromEntries(below(KEY.kv)),
    memory: Object.fromEntries(rest),
  }
}

function isSame(known: Entries, key: string, value: unknown): boolean {
  return known.has(key) && JSON.stringify(known.get(key)) === JSON.stringify(value)
}

/** What a charm or a test has left there instead of a unit state is the charm's to complain about. */
function unreadable(error: unknown): undefined {
  if (!(error instanceof ReactiveError)) throw error
}

/** Tells one version of a file from the next; empty when there is none. */
function fingerprint(file: string): string {
  const stat = fs.statSync(file, { throwIfNoEntry: false, bigint: true })
  return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeNs}`
}
