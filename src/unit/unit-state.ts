// The unit state: flags, key/value data, hashes and marks of one unit, in one SQLite file (database.ts).
// Read once when opened, changed in memory, written by `commit` as one transaction that touches only the
// keys that changed. What another process wrote meanwhile to other keys is kept.

import fs from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { messageOf, ReactiveError, UsageError } from '../errors.ts'
import { Database, type KeptRow, type RecordName, type TraceRow } from './database.ts'
import { KEY } from './keys.ts'
import { accessHint } from './sqlite/errors.ts'
import { isEmptied, isUnitState } from './state-file.ts'
import { readPresent, schemaAfter, UPGRADES, type Upgrade } from './state-upgrades.ts'

export interface OpenOptions {
  /** Absolute path of the SQLite file. It is made by the first commit, mode 0600. */
  path: string
  /** The unit that asks, `app/0`; empty where it is not known. */
  unit: string
  /** How long to wait for a lock, in milliseconds. */
  busyTimeout: number
  /** Take the write lock before reading, so that read and commit are one step for all processes. */
  exclusive?: boolean
  /** The steps to the present schema, where a test has its own. */
  upgrades?: readonly Upgrade[]
}

export type { KeptRow }

const NO_JSON = new Set(['bigint', 'function', 'symbol'])

export class UnitState {
  readonly path: string
  /** What became of an earlier state: put out of the way, or emptied. */
  readonly notice: string | undefined
  #options: OpenOptions
  #database: Database | undefined
  #saved = new Map<string, unknown>()
  #values = new Map<string, unknown>()
  #changed = new Set<string>()
  /** Whether the write lock is held since the state was read. */
  #locked = false
  #seed: { mark: string; values: ReadonlyMap<string, unknown> } | undefined

  private constructor(options: OpenOptions, notice: string | undefined) {
    this.#options = options
    this.path = options.path
    this.notice = notice
  }

  /** Open and read the state. A file that is no unit state is an error and is left as it is. */
  static async open(options: OpenOptions): Promise<UnitState> {
    const state = await UnitState.#read(options, undefined)
    const owner = state.#saved.get(KEY.unit)
    if (typeof owner !== 'string' || options.unit === '' || owner === options.unit) return state
    // A state that was packed into a charm by mistake: keep it under another name.
    await state.close()
    const aside = `${options.path}.of-${owner.replaceAll('/', '-')}`
    fs.renameSync(options.path, aside)
    const message = `the unit state belongs to ${owner}, not to ${options.unit}: set aside as ${aside}`
    return UnitState.#read(options, message)
  }

  static async #read(options: OpenOptions, notice: string | undefined): Promise<UnitState> {
    const exists = await isUnitState(options.path, options.busyTimeout)
    const state = new UnitState(options, notice ?? (exists ? undefined : emptyNotice(options.path)))
    if (!exists && !options.exclusive) return state
    try {
      state.#saved = await readPresent(await state.#write(), options)
      state.#locked = options.exclusive === true
    } catch (error) {
      await state.close()
      throw error
    }
    state.#values = new Map(state.#saved)
    return state
  }

  has(key: string): boolean {
    return this.#values.has(key)
  }

  /** A copy of the value: what a caller does with it changes nothing here. */
  get(key: string): unknown {
    return copy(this.#values.get(key))
  }

  /** Set a JSON value. A key is text, or SQLite would give back another. */
  set(key: string, value: unknown): void {
    if (!key.isWellFormed()) throw new UsageError(`a key must be text: ${JSON.stringify(key)}`)
    if (NO_JSON.has(typeof value)) throw new UsageError(`not a JSON value: ${typeof value}`)
    this.#values.set(key, copy(value))
    this.#changed.add(key)
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#changed.add(key)
  }

  /** Pairs of name and value of the keys `PREFIX NAME`, in no particular order. */
  *entries(prefix: string): Generator<[name: string, value: unknown]> {
    for (const [key, value] of this.#values)
      if (key.startsWith(prefix)) yield [key.slice(prefix.length), copy(value)]
  }

  /** Whether nothing was ever committed but what the file says about itself. */
  get isUnused(): boolean {
    for (const key of this.#saved.keys()) if (!key.startsWith(KEY.meta)) return false
    return true
  }

  /**
   * Let an unused state start with values from elsewhere, in memory. The first commit writes them along, and
   * the mark with them; where the mark is there by then, another process was faster: what it and others
   * have written since stays, and only the changes are added.
   */
  seed(mark: string, values: ReadonlyMap<string, unknown>): void {
    this.#seed = { mark, values }
    this.#values = new Map([...values, ...this.#values])
  }

  /** Write what changed since the last commit, with a record to keep beside it, or nothing at all. */
  async commit(kept?: KeptRow): Promise<void> {
    const changes = this.#changes()
    const isIdle = changes.length === 0 && kept === undefined && this.#seed === undefined
    if (isIdle) return this.#unlock()
    const database = await this.#write()
    if (!this.#locked) await database.begin()
    this.#locked = false
    let rows: [string, unknown][] = []
    try {
      rows = [...(await this.#seedRows(database)), ...changes, ...this.#meta()]
      await database.apply(rows)
      if (kept !== undefined) await database.record(kept)
      await database.end('COMMIT')
    } catch (error) {
      await database.end('ROLLBACK').catch(() => undefined)
      if (!(await this.#areWritten(rows))) throw error
    }
    for (const [key, value] of this.#meta()) this.set(key, value)
    this.#keep()
  }

  /** What there is now is what is saved. */
  #keep(): void {
    if (this.#seed !== undefined) this.#saved = new Map(this.#values)
    for (const key of this.#changed) {
      if (this.#values.has(key)) this.#saved.set(key, this.#values.get(key))
      else this.#saved.delete(key)
    }
    this.#seed = undefined
    this.#changed.clear()
  }

  /** SQLite reports an error also where all is written and only its lock could not be given back: look again. */
  async #areWritten(rows: [string, unknown][]): Promise<boolean> {
    if (rows.length === 0) return false
    // A lock that this connection still holds would keep the next one out.
    await this.close().catch(() => undefined)
    try {
      const values = await (await this.#write()).read()
      return [...new Map(rows)].every(([key, value]) => isDeepStrictEqual(values.get(key), value))
    } catch {
      return false
    }
  }

  /** Forget what changed since the last commit, and a seed that it did not write. */
  discard(): void {
    this.#seed = undefined
    this.#values = new Map(this.#saved)
    this.#changed.clear()
  }

  /** The records of dispatches that `commit` has kept, oldest first. */
  async traces(): Promise<TraceRow[]> {
    return (await this.records('trace')).map(([, row]) => row)
  }

  /** Rows that `commit` has kept, by their numbers, oldest first. */
  async records(name: RecordName): Promise<[number: number, row: TraceRow][]> {
    if (!fs.existsSync(this.path)) return []
    return (await this.#write()).rows(name)
  }

  async close(): Promise<void> {
    const database = this.#database
    this.#database = undefined
    await database?.close()
  }

  #changes(): [string, unknown][] {
    const before = this.#seed === undefined ? this.#saved : new Map([...this.#seed.values, ...this.#saved])
    const changed = [...this.#changed].filter((key) => {
      if (before.has(key) !== this.#values.has(key)) return true
      return !isDeepStrictEqual(before.get(key), this.#values.get(key))
    })
    return changed.map((key) => [key, this.#values.get(key)])
  }

  /** Called within the transaction: only there it is certain that nobody else has written the seed. */
  async #seedRows(database: Database): Promise<[string, unknown][]> {
    if (this.#seed === undefined || (await database.has(this.#seed.mark))) return []
    return [...this.#seed.values]
  }

  /** What a new file says about itself. */
  #meta(): [string, unknown][] {
    const { unit } = this.#options
    const rows: [string, unknown][] = [
      [KEY.schema, schemaAfter(this.#options.upgrades ?? UPGRADES)],
      ...(unit ? [[KEY.unit, unit] satisfies [string, string]] : []),
    ]
    return rows.filter(([key]) => !this.#saved.has(key))
  }

  async #unlock(): Promise<void> {
    if (this.#locked) await this.#database?.end('ROLLBACK')
    this.#locked = false
  }

  /** The connection; the file exists from here on, readable for its owner only. */
  async #write(): Promise<Database> {
    if (this.#database !== undefined) return this.#database
    try {
      if (!fs.existsSync(this.path)) fs.closeSync(fs.openSync(this.path, 'a', 0o600))
    } catch (error) {
      const rule = `the unit state cannot be written${accessHint(this.path)}`
      throw new ReactiveError(`${rule}: ${this.path}: ${messageOf(error)}`, { cause: error })
    }
    this.#database = new Database(this.path, this.#options.busyTimeout)
    return this.#database
  }
}

/** JSON values are few and small: a copy through their text is what the file will give back. */
function copy(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value
}

function emptyNotice(path: string): string | undefined {
  if (!isEmptied(path)) return undefined
  return `the unit state is empty, after a full disk or an edit, so the unit starts anew: ${path}`
}
