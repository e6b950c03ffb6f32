import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it } from 'vitest'
import { Connection } from '../../../src/unit/sqlite/connection.ts'
import { atEnd, makeDir } from '../../test-unit.ts'

let file: string
let connection: Connection

function connect(busyTimeout = 0): Connection {
  const made = new Connection(file, { busyTimeout })
  atEnd(() => made.close())
  return made
}

const names = async () => (await connection.all('SELECT name FROM t ORDER BY name')).map(({ name }) => name)

beforeEach(async () => {
  file = path.join(makeDir(), 'file.db')
  connection = connect()
  await connection.all('CREATE TABLE t (name PRIMARY KEY)')
})

describe('a transaction that SQLite has rolled back by itself', () => {
  const fail = () => connection.all("INSERT OR ROLLBACK INTO t VALUES ('a')")

  it('lets nothing that follows become a transaction of its own', async () => {
    await connection.all('BEGIN')
    await connection.all("INSERT INTO t VALUES ('a')")
    await expect(fail()).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' })
    for (const sql of ["INSERT INTO t VALUES ('b')", 'PRAGMA user_version = 7', 'COMMIT'])
      await expect(connection.all(sql)).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' })
    await connection.all('ROLLBACK')
    expect(await names()).toEqual([])
    await connection.all("INSERT INTO t VALUES ('c')")
    expect(await names()).toEqual(['c'])
  })

  it('does so also where all its statements were given at once', async () => {
    await connection.all('BEGIN')
    await connection.all("INSERT INTO t VALUES ('a')")
    const rest = ['b', 'c'].map((name) => connection.all('INSERT INTO t VALUES (?)', name))
    const results = await Promise.allSettled([...rest, fail(), connection.all("INSERT INTO t VALUES ('d')")])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected'])
    await connection.all('ROLLBACK')
    expect(await names()).toEqual([])
  })
})

it('a statement that fails leaves its transaction as it is', async () => {
  await connection.all('BEGIN')
  await connection.all("INSERT INTO t VALUES ('a')")
  await expect(connection.all("INSERT INTO t VALUES ('a')")).rejects.toThrow(/^SQLITE_CONSTRAINT: UNIQUE/)
  await connection.all("INSERT INTO t VALUES ('b')")
  await connection.all('COMMIT')
  expect(await names()).toEqual(['a', 'b'])
})

describe('a lock', () => {
  it('is waited for while the process goes on', async () => {
    const other = new DatabaseSync(file)
    atEnd(() => other.close())
    other.exec('BEGIN EXCLUSIVE')
    setTimeout(() => other.exec('COMMIT'), 100)
    expect(await connect(10_000).all('BEGIN IMMEDIATE')).toEqual([])
  })

  it('that stays is an error after the time that is set', async () => {
    const other = new DatabaseSync(file)
    atEnd(() => other.close())
    other.exec('BEGIN EXCLUSIVE')
    for (const busyTimeout of [0, 60]) {
      const started = performance.now()
      await expect(connect(busyTimeout).all('SELECT 1 FROM t')).rejects.toMatchObject({
        code: 'SQLITE_BUSY',
        message: 'SQLITE_BUSY: database is locked',
      })
      expect(performance.now() - started).toBeGreaterThanOrEqual(busyTimeout)
    }
  })
})

it('an error has the name of the primary code, whatever the extended one is', () => {
  expect(() => new Connection(path.join(file, 'none'))).toThrow(/^SQLITE_CANTOPEN: unable to open/)
  expect(() => new Connection(path.dirname(file), { readOnly: true })).toThrow(/^SQLITE_(IOERR|CANTOPEN): /)
})
