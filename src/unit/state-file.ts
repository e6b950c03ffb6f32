// Whether a file is a unit state: its header, and where that says nothing, its tables. Asked before anything opens it.

import fs from 'node:fs'
import { codeOf, messageOf, ReactiveError } from '../errors.ts'
import { checkEnds, readStart } from '../system/regular-files.ts'
import { APPLICATION_ID } from './database.ts'
import { Connection } from './sqlite/connection.ts'
import { accessHint, describe } from './sqlite/errors.ts'

/** An empty file that is older was not just made. */
const MAKING_MS = 60_000

/**
 * Whether the file was a unit state and is empty: the disk was full, or somebody has truncated it. One that
 * another process is just making is empty too, until its first commit.
 */
export function isEmptied(path: string): boolean {
  const stat = fs.statSync(path, { throwIfNoEntry: false })
  if (stat?.size !== 0 || fs.existsSync(`${path}-journal`)) return false
  return stat.mtimeMs > stat.birthtimeMs || Date.now() - stat.mtimeMs > MAKING_MS
}

/**
 * Whether there is a unit state to open. The adapter makes its table in whatever database it opens, so a
 * foreign file is recognized before.
 */
export async function isUnitState(path: string, busyTimeout: number): Promise<boolean> {
  const header = readHeader(path)
  if (header === undefined || header.length === 0) return false
  const isDatabase = header.length === 100 && header.toString('latin1', 0, 16) === 'SQLite format 3\0'
  if (isDatabase && header.readUInt32BE(68) === APPLICATION_ID) return true
  // What a process wrote that died in its commit is taken back by SQLite, before anything can be said of it.
  const mayBeOurs = isDatabase || fs.existsSync(`${path}-journal`)
  if (mayBeOurs && (await isOursOrEmpty(path, busyTimeout))) return true
  throw new ReactiveError(`the file is not a unit state: ${path}`)
}

function readHeader(path: string): Buffer | undefined {
  try {
    checkEnds(path)
    return readStart(path, 100)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    const rule = `the unit state cannot be opened${accessHint(path)}`
    throw new ReactiveError(`${rule}: ${path}: ${messageOf(error)}`, { cause: error })
  }
}

/**
 * Look again, under SQLite's locks: another process may just have made the first commit. One that was
 * killed before it leaves the adapter's table without a row.
 */
async function isOursOrEmpty(path: string, busyTimeout: number, readOnly = true): Promise<boolean> {
  let connection: Connection | undefined
  try {
    connection = new Connection(path, { readOnly, busyTimeout })
    const tables = await connection.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    if (tables.some(({ name }) => name !== 'keyv')) return false
    if (tables.length === 0 || (await connection.all('SELECT 1 FROM keyv LIMIT 1')).length === 0) return true
    return (await connection.all('PRAGMA application_id'))[0]?.application_id === APPLICATION_ID
  } catch (error) {
    // A first commit that was killed has left its journal: only who may write can roll it back.
    if (readOnly && codeOf(error) === 'SQLITE_READONLY') return isOursOrEmpty(path, busyTimeout, false)
    throw describe(error, path)
  } finally {
    connection?.close()
  }
}
