// The unit state: flags, key/value data, hashes and marks of one unit, in one SQLite file through keyv.
// Read once when opened, changed in memory, written by `commit` as one transaction that touches only the
// keys that changed. What another process wrote meanwhile to other keys is kept.

import fs from 'node:fs'
import { isDeepStrictEqual, promisify } from 'node:util'
import KeyvSqlite from '@keyv/sqlite'
import Keyv from 'keyv'
import sqlite3 from 'sqlite3'
import { messageOf, ReactiveError, UsageError } from './errors.ts'
import { checkEnds } from './regular-files.ts'

/** Version of the layout of keys and values. A newer one is refused, an older one migrated. */
export const SCHEMA = 1

export interface OpenOptions {
  /** Absolute path of the SQLite file. It is made by the first commit, mode 0600. */
  path: string
  /** The unit that asks, `app/0`; empty where it is not known. */
  unit: string
  /** How long to wait for a lock, in milliseconds. */
  busyTimeout: number
  /** Take the write lock before reading, so that read and commit are one step for all processes. */
  exclusive?: boolean
}

/** A row of the record that outlives a failed hook. */
export type TraceRow = Record<string, unknown>

/** Marks the file as ours in the header of SQLite's format ("crx1"). */
const APPLICATION_ID = 0x63727831

const NO_JSON = new Set(['bigint', 'function', 'symbol'])

const SCHEMA_KEY = 'meta:schema'
const UNIT_KEY = 'meta:unit'

export class UnitState {
  readonly path: string
  /** Why and where an earlier file was put out of the way, if one was. */
  readonly setAside: string | undefined
  #options: OpenOptions
  #database: Database | undefined
  #saved = new Map<string, unknown>()
  #values = new Map<string, unknown>()
  #changed = new Set<string>()
  /** Whether the write lock is held since the state was read. */
  #locked = false
  #seed: { mark: string; values: ReadonlyMap<string, unknown> } | undefined

  private constructor(options: OpenOptions, setAside: string | undefined) {
    this.#options = options
    this.path = options.path
    this.setAside = setAside
  }

  /** Open and read the state. A file that is no unit state is an error and is left as it is. */
  static async open(options: OpenOptions): Promise<UnitState> {
    const state = await UnitState.#read(options, undefined)
    const owner = state.#saved.get(UNIT_KEY)
    if (typeof owner !== 'string' || options.unit === '' || owner === options.unit) return state
    // A state that was packed into a charm by mistake: keep it under another name.
    await state.close()
    const aside = `${options.path}.of-${owner.replaceAll('/', '-')}`
    fs.renameSync(options.path, aside)
    const message = `the unit state belongs to ${owner}, not to ${options.unit}: set aside as ${aside}`
    return UnitState.#read(options, message)
  }

  static async #read(options: OpenOptions, setAside: string | undefined): Promise<UnitState> {
    const state = new UnitState(options, setAside)
    const exists = await isUnitState(options)
    if (!exists && !options.exclusive) return state
    try {
      const database = await state.#write()
      if (options.exclusive) await database.begin()
      state.#locked = options.exclusive === true
      state.#saved = await database.read()
      checkSchema(state.#saved, options.path)
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
    if (!key.isWellFormed()) throw new UsageError(`a key is text: ${JSON.stringify(key)}`)
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
    for (const key of this.#saved.keys()) if (!key.startsWith('meta:')) return false
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

  /** Whether it started with values from elsewhere, and nothing was committed since. */
  get isSeeded(): boolean {
    return this.#seed !== undefined
  }

  /** Write what changed since the last commit, with a record to keep beside it, or nothing at all. */
  async commit(trace?: { row: TraceRow; keep: number }): Promise<void> {
    const changes = this.#changes()
    const isIdle = changes.length === 0 && trace === undefined && this.#seed === undefined
    if (isIdle) return this.#unlock()
    const database = await this.#write()
    if (!this.#locked) await database.begin()
    this.#locked = false
    try {
      await database.apply([...(await this.#seedRows(database)), ...changes, ...this.#meta()])
      if (trace !== undefined) await database.record(trace.row, trace.keep)
      await database.end('COMMIT')
    } catch (error) {
      await database.end('ROLLBACK').catch(() => undefined)
      throw error
    }
    for (const [key, value] of this.#meta()) this.#values.set(key, value)
    this.#saved = new Map(this.#values)
    this.#seed = undefined
    this.#changed.clear()
  }

  /** Forget what changed since the last commit, and a seed that it did not write. */
  discard(): void {
    this.#seed = undefined
    this.#values = new Map(this.#saved)
    this.#changed.clear()
  }

  /** The records kept by `commit`, oldest first. */
  async traces(): Promise<TraceRow[]> {
    if (!fs.existsSync(this.path)) return []
    return (await this.#write()).traces()
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
      [SCHEMA_KEY, SCHEMA],
      ...(unit ? [[UNIT_KEY, unit] satisfies [string, string]] : []),
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
      throw new ReactiveError(`the unit state cannot be written: ${this.path}: ${messageOf(error)}`, {
        cause: error,
      })
    }
    this.#database = new Database(this.path, this.#options.busyTimeout)
    return this.#database
  }
}

/** One connection: keyv for keys and values, the adapter's `query` for the transaction around them. */
class Database {
  #path: string
  #adapter: KeyvSqlite
  #values: Keyv
  #traces: Keyv

  constructor(path: string, busyTimeout: number) {
    this.#path = path
    this.#adapter = new KeyvSqlite({ uri: `sqlite://${path}`, busyTimeout })
    // Errors reach the caller of each call; an event without a listener would end the process.
    this.#adapter.on('error', () => undefined)
    const open = (namespace: string) =>
      new Keyv({ store: this.#adapter, namespace, serialize, throwOnErrors: true, emitErrors: false })
    this.#values = open('reactive')
    this.#traces = open('trace')
  }

  read(): Promise<Map<string, unknown>> {
    return this.#run(() => this.#collect(this.#values))
  }

  has(key: string): Promise<boolean> {
    return this.#run(() => this.#values.has(key))
  }

  begin(): Promise<void> {
    return this.#run(() => this.#adapter.query('BEGIN IMMEDIATE'))
  }

  end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    return this.#run(() => this.#adapter.query(how))
  }

  apply(changes: [string, unknown][]): Promise<void> {
    return this.#run(async () => {
      for (const [key, value] of changes) {
        if (value === undefined) await this.#values.delete(key)
        else await this.#values.set(key, value)
      }
      await this.#adapter.query(`PRAGMA application_id = ${APPLICATION_ID}`)
    })
  }

  record(row: TraceRow, keep: number): Promise<void> {
    return this.#run(async () => {
      const last = Number((await this.#traces.get('last')) ?? 0) + 1
      await this.#traces.set('last', last)
      await this.#traces.set(String(last), row)
      await this.#traces.delete(String(last - keep))
    })
  }

  traces(): Promise<TraceRow[]> {
    return this.#run(async () => {
      const rows = await this.#collect(this.#traces)
      rows.delete('last')
      return [...rows].sort(([a], [b]) => Number(a) - Number(b)).map(([, row]) => row as TraceRow)
    })
  }

  close(): Promise<void> {
    return this.#run(() => this.#adapter.close())
  }

  /** All values of one namespace, by one query: keyv's iterator reads page by page. */
  async #collect(keyv: Keyv): Promise<Map<string, unknown>> {
    const values = new Map<string, unknown>()
    const prefix = `${keyv.namespace}:`
    const rows: { key: string; value: string }[] = await this.#adapter.query(
      'SELECT key, value FROM keyv WHERE key >= ? AND key < ?',
      prefix,
      `${keyv.namespace};`, // the character behind the colon
    )
    for (const { key, value } of rows) {
      values.set(key.slice(prefix.length), (await keyv.deserializeData(value))?.value)
    }
    return values
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw describe(error, this.#path)
    }
  }
}

/** Keyv's own format. Its own writer takes any `toJSON` for a function, also the key of a map. */
function serialize(data: unknown): string {
  return JSON.stringify(data, (_, value) =>
    typeof value === 'string' && value.startsWith(':') ? `:${value}` : value,
  )
}

/** JSON values are few and small: a copy through their text is what the file will give back. */
function copy(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value
}

const RULES: Record<string, string> = {
  SQLITE_BUSY: 'the unit state is locked by another process',
  SQLITE_LOCKED: 'the unit state is locked by another process',
  SQLITE_CORRUPT: 'the unit state is damaged',
  SQLITE_NOTADB: 'the file is not a unit state',
  SQLITE_ERROR: 'the file is not a unit state',
  SQLITE_READONLY: 'the unit state cannot be written',
  SQLITE_CANTOPEN: 'the unit state cannot be opened',
  SQLITE_FULL: 'the unit state cannot be written, the disk is full',
  SQLITE_IOERR: 'the unit state cannot be read or written',
  SQLITE_PERM: 'the unit state cannot be opened',
}

/** An error of SQLite in the words of the subject, or the error itself. */
function describe(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const rule = error instanceof SyntaxError ? RULES.SQLITE_CORRUPT : RULES[code]
  if (rule === undefined) return error
  return new ReactiveError(`${rule}: ${path}: ${messageOf(error)}`, { cause: error })
}

function checkSchema(values: Map<string, unknown>, path: string): void {
  const schema = values.get(SCHEMA_KEY)
  if (schema === undefined && values.size === 0) return
  if (typeof schema !== 'number') throw new ReactiveError(`the file is not a unit state: ${path}`)
  if (schema > SCHEMA) {
    throw new ReactiveError(
      `the unit state has schema ${schema}, newer than this toolkit's ${SCHEMA}: ${path}`,
    )
  }
}

/**
 * Whether there is a unit state to open. The adapter makes its table in whatever database it opens, so a
 * foreign file is recognized before.
 */
async function isUnitState({ path, busyTimeout }: OpenOptions): Promise<boolean> {
  const header = readHeader(path)
  if (header === undefined || header.length === 0) return false
  const foreign = new ReactiveError(`the file is not a unit state: ${path}`)
  if (header.length < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') throw foreign
  if (header.readUInt32BE(68) === APPLICATION_ID) return true
  if (!(await isOursOrEmpty(path, busyTimeout))) throw foreign
  return true
}

function readHeader(path: string): Buffer | undefined {
  try {
    checkEnds(path)
    const file = fs.openSync(path, 'r')
    try {
      const header = Buffer.alloc(100)
      return header.subarray(0, fs.readSync(file, header))
    } finally {
      fs.closeSync(file)
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new ReactiveError(`the unit state cannot be opened: ${path}: ${messageOf(error)}`, { cause: error })
  }
}

/**
 * Look again, under SQLite's locks: another process may just have made the first commit. One that was
 * killed before it leaves the adapter's table without a row.
 */
async function isOursOrEmpty(path: string, busyTimeout: number): Promise<boolean> {
  const database = new sqlite3.Database(path, sqlite3.OPEN_READONLY)
  database.configure('busyTimeout', busyTimeout)
  try {
    const all = promisify<string, Record<string, unknown>[]>(database.all.bind(database))
    const tables = await all("SELECT name FROM sqlite_master WHERE type = 'table'")
    if (tables.some(({ name }) => name !== 'keyv')) return false
    if (tables.length === 0 || (await all('SELECT 1 FROM keyv LIMIT 1')).length === 0) return true
    return (await all('PRAGMA application_id'))[0]?.application_id === APPLICATION_ID
  } catch (error) {
    throw describe(error, path)
  } finally {
    database.close()
  }
}
