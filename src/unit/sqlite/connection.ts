// A connection to a SQLite file through Node's own `node:sqlite`: errors with SQLite's names, and locks that are
// waited for without holding up the process. For keyv's adapter (`sqlite3.ts`), and for what has to be asked before
// or without it.

import { DatabaseSync } from 'node:sqlite'
import { clock } from '../../system/clock.ts'

/** A value of a row or a parameter. */
export type Value = string | number | bigint | null | Uint8Array

export interface ConnectionOptions {
  /** Refuse to write; the file has to exist. */
  readOnly?: boolean
  /** How long to wait for a lock, in milliseconds. */
  busyTimeout?: number
}

/** An error of SQLite: its `code` is the name of the primary result code, `SQLITE_BUSY`. */
class SqliteError extends Error {
  override name = 'SqliteError'
  readonly code: string

  constructor(code: string, cause: Error) {
    super(`${code}: ${cause.message}`, { cause })
    this.code = code
  }
}

/** The longest pause between two attempts to get a lock, in milliseconds. */
const LONGEST_PAUSE = 50

export class Connection {
  busyTimeout: number
  #database: DatabaseSync
  /** The error with which SQLite has ended a transaction by itself. */
  #end: unknown

  /** Open the file, which is made where it is missing. */
  constructor(file: string, { readOnly = false, busyTimeout = 0 }: ConnectionOptions = {}) {
    this.busyTimeout = busyTimeout
    this.#database = named(() => new DatabaseSync(file, { readOnly }))
  }

  /**
   * Run one statement; gives all its rows. What follows in a transaction that SQLite has rolled back by itself, as it
   * does when the disk fails, would be written at once and alone: it fails until somebody says ROLLBACK.
   */
  async all<Row = Record<string, unknown>>(sql: string, ...parameters: Value[]): Promise<Row[]> {
    if (this.#end !== undefined) return this.#isOver(sql)
    const deadline = clock() + this.busyTimeout
    const inTransaction = this.#database.isTransaction
    for (let pause = 1; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        return named(() => this.#database.prepare(sql).all(...parameters) as Row[])
      } catch (error) {
        if (inTransaction && !this.#database.isTransaction) this.#end = error
        if (this.#end !== undefined || !isBusy(error) || clock() >= deadline) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  /** Nothing is left to roll back, and nothing else may be done. */
  #isOver(sql: string): never[] {
    if (sql !== 'ROLLBACK') throw this.#end
    this.#end = undefined
    return []
  }

  close(): void {
    named(() => this.#database.close())
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof SqliteError && error.code === 'SQLITE_BUSY'
}

/** SQLite's primary result codes, by their numbers from 1 on. */
const CODES = (
  'ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL ' +
  'CANTOPEN PROTOCOL EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB'
).split(' ')

/** Do it; what SQLite refuses gets the name of its primary code, of which the low byte is the number. */
function named<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { errcode } = error as { errcode?: unknown }
    if (!(error instanceof Error) || typeof errcode !== 'number') throw error
    throw new SqliteError(`SQLITE_${CODES[(errcode & 255) - 1] ?? errcode}`, error)
  }
}
