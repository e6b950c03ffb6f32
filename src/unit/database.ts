// The SQLite file of the unit state: one connection through keyv, whether a file is one, and SQLite's errors in
// the words of the subject. Called by `store.ts`, which says what is in it.

import KeyvSqlite from '@keyv/sqlite'
import Keyv from 'keyv'
import { describe } from './sqlite/errors.ts'

/** A row of a record that outlives a failed hook. */
export type TraceRow = Record<string, unknown>

/** What is recorded beside the values: dispatches, and changes that were made outside of them. */
export type RecordName = 'trace' | 'outside'

/** A row to record, how many of its kind are kept, and how many bytes all of them may take. */
export interface KeptRow {
  row: TraceRow
  keep: number
  as?: RecordName
}

/** Many handlers make large rows: then fewer are kept. */
const MOST_BYTES = 1_000_000

/** How many rows are written at a time. */
const AT_ONCE = 64

/** Marks the file as ours in the header of SQLite's format ("crx1"). */
export const APPLICATION_ID = 0x63727831

/** One connection: keyv for keys and values, the adapter's `query` for the transaction around them. */
export class Database {
  #path: string
  #adapter: KeyvSqlite
  #values: Keyv
  #records: Readonly<Record<RecordName, Keyv>>

  constructor(path: string, busyTimeout: number) {
    this.#path = path
    this.#adapter = new KeyvSqlite({ uri: `sqlite://${path}`, busyTimeout })
    // Errors reach the caller of each call; an event without a listener would end the process.
    this.#adapter.on('error', () => undefined)
    const open = (namespace: string) =>
      new Keyv({ store: this.#adapter, namespace, serialize, throwOnErrors: true, emitErrors: false })
    this.#values = open('reactive')
    this.#records = { trace: open('trace'), outside: open('outside') }
  }

  read(): Promise<Map<string, unknown>> {
    return this.#run(() => this.#collect(this.#values))
  }

  has(key: string): Promise<boolean> {
    return this.#run(() => this.#values.has(key))
  }

  begin(): Promise<void> {
    return this.#run(async () => {
      // A commit is the end of its journal: without EXTRA its name may be back when the power has failed.
      await this.#adapter.query('PRAGMA synchronous = EXTRA')
      await this.#adapter.query('BEGIN IMMEDIATE')
    })
  }

  end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    return this.#run(() => this.#adapter.query(how))
  }

  apply(changes: [string, unknown][]): Promise<void> {
    return this.#run(async () => {
      // Each key is there once: they need not wait for each other, but for memory's sake.
      const rows = [...new Map(changes)]
      for (let first = 0; first < rows.length; first += AT_ONCE) {
        const writes = rows.slice(first, first + AT_ONCE)
        await allOf(writes.map(([key, value]) => this.#write(key, value)))
      }
      await this.#adapter.query(`PRAGMA application_id = ${APPLICATION_ID}`)
    })
  }

  #write(key: string, value: unknown): Promise<boolean> {
    return value === undefined ? this.#values.delete(key) : this.#values.set(key, value)
  }

  record({ row, keep, as = 'trace' }: KeptRow): Promise<void> {
    const rows = this.#records[as]
    return this.#run(async () => {
      const last = Number((await rows.get('last')) ?? 0) + 1
      await allOf([rows.set('last', last), rows.set(String(last), row)])
      const old = (await this.#sizes(as)).filter(({ before }, age) => age >= keep || before > MOST_BYTES)
      await allOf(old.map(({ number }) => rows.delete(String(number))))
    })
  }

  /** The rows of a record from the newest on, each with the bytes that it and all newer ones take; never of the newest. */
  async #sizes(name: RecordName): Promise<{ number: number; before: number }[]> {
    const rows: { number: number; size: number }[] = await this.#adapter.query(
      `SELECT CAST(substr(key, ?) AS INTEGER) AS number, octet_length(value) AS size FROM keyv
       WHERE key >= ? AND key < ? AND key != ?`,
      name.length + 2,
      `${name}:`,
      `${name};`,
      `${name}:last`,
    )
    let before = 0
    return rows
      .sort((one, other) => other.number - one.number)
      .map(({ number, size }, age) => {
        if (age > 0) before += size
        return { number, before }
      })
  }

  /** The rows of a record by their numbers, oldest first. */
  rows(name: RecordName): Promise<[number: number, row: TraceRow][]> {
    return this.#run(async () => {
      const rows = await this.#collect(this.#records[name])
      rows.delete('last')
      return [...rows]
        .map(([key, row]): [number, TraceRow] => [Number(key), row as TraceRow])
        .sort(([one], [other]) => one - other)
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

/** Wait for the end of all, also where one fails: nothing may be under way when the transaction ends. */
async function allOf(writes: Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(writes)
  await Promise.all(writes)
}

/** Keyv's own format. Its own writer takes any `toJSON` for a function, also the key of a map. */
function serialize(data: unknown): string {
  return JSON.stringify(data, (_, value) =>
    typeof value === 'string' && value.startsWith(':') ? `:${value}` : value,
  )
}
