// The state of the Python original, translated to keys of ours; `unit-state.ts` imports it. There are two files:
// charmhelpers' key/value data, a SQLite database with the table `kv(key, data)` of JSON texts, in which the
// original keeps all its own data under `reactive.`; and the configuration of the last hook, a JSON object.
// Both are only read. Rows of relations: python-relations.ts.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { codeOf, messageOf, ReactiveError, shorten } from '../errors.ts'
import type { Context } from '../juju/context.ts'
import { readStart } from '../system/regular-files.ts'
import { flagNameFault } from './flags.ts'
import { KEY } from './keys.ts'
import { dropEndedConversations, putRelationRow } from './python-relations.ts'
import { Connection, type ConnectionOptions } from './sqlite/connection.ts'

export interface PythonState {
  values: Map<string, unknown>
  /** How much of what was found. */
  counts: Record<Kind, number>
  /** What was left out or changed. */
  warnings: string[]
}

type Kind = 'flags' | 'file hashes' | 'data hashes' | 'marks' | 'key/value data' | 'relations' | 'options'

interface Row {
  key: string
  value: unknown
}

interface Rule {
  pattern: RegExp
  /** None for what only mattered within a hook of the original. */
  kind?: Kind
  /** Our keys for a row: from its key behind the pattern, and from the whole of it. */
  keys(rest: string, charmDir: string): string[]
}

const dropped = (): string[] => []

/** What becomes of a row that is not about relations: the first that fits its key. */
const RULES: readonly Rule[] = [
  { pattern: /^reactive\.states\./, kind: 'flags', keys: (flag) => [KEY.flag + flag] },
  {
    pattern: /^reactive\.files_changed\./,
    kind: 'file hashes',
    // The original has one memory for all; here each handler starts from it.
    keys: (file) => [KEY.file + file, KEY.fileBase + file],
  },
  { pattern: /^reactive\.data_changed\./, kind: 'data hashes', keys: (id) => [KEY.data + id] },
  {
    pattern: /^reactive\.invoked\./,
    kind: 'marks',
    keys: (id, charmDir) => [id, ...handlerIds(id, charmDir)].map((name) => KEY.invoked + name),
  },
  { pattern: /^reactive\.dispatch\./, keys: dropped },
  { pattern: /^reactive\.state_watch$/, keys: dropped },
  { pattern: /^reactive\.flag(_set|_clear)?_triggers\./, keys: dropped },
  { pattern: /^/, kind: 'key/value data', keys: (key) => [KEY.kv + key] },
]

/** Read what the original left behind; a file that is not what it shall be is an error. */
export async function readPythonState(
  { charmDir, busyTimeout }: Context,
  files: { state: string | undefined; config: string | undefined },
): Promise<PythonState> {
  const found: PythonState = { values: new Map(), counts: noCounts(), warnings: [] }
  const rows = files.state === undefined ? [] : await readRows(files.state, busyTimeout, found.warnings)
  for (const row of rows) translate(row, found, charmDir)
  dropEnded(found)
  const config = files.config === undefined ? undefined : readConfig(files.config)
  if (config !== undefined) {
    found.values.set(KEY.lastConfig, config)
    found.counts.options = Object.keys(config).length
  }
  return found
}

function noCounts(): Record<Kind, number> {
  return {
    flags: 0,
    'file hashes': 0,
    'data hashes': 0,
    marks: 0,
    'key/value data': 0,
    relations: 0,
    options: 0,
  }
}

/** Flags that followed a relation which is gone. */
function dropEnded({ values, counts, warnings }: PythonState): void {
  for (const flag of dropEndedConversations(values)) {
    counts.flags -= 1
    warnings.push(`a flag of the Python original is left out, its conversations have ended: ${shorten(flag)}`)
  }
}

function translate({ key, value }: Row, { values, counts, warnings }: PythonState, charmDir: string): void {
  const isRelation = putRelationRow(values, key, value)
  if (isRelation) counts.relations += 1
  if (isRelation !== undefined) return
  const rule = RULES.find(({ pattern }) => pattern.test(key))
  if (rule?.kind === undefined) return
  const rest = key.replace(rule.pattern, '')
  const fault = rule.kind === 'flags' ? flagNameFault(rest) : undefined
  if (fault !== undefined) {
    warnings.push(`a flag of the Python original is left out, ${fault}: ${shorten(JSON.stringify(rest))}`)
    return
  }
  // `was_invoked` answered with the value.
  if (rule.kind === 'marks' && !value) return
  counts[rule.kind] += 1
  for (const ours of rule.keys(rest, charmDir)) values.set(ours, value)
}

/** Our identity of a handler that the original calls PATH:LINE:NAME; none for an id of the charm's own. */
function handlerIds(id: string, charmDir: string): string[] {
  const [, file, name] = /^(.+?):\d+:(.+)$/s.exec(id) ?? []
  if (file === undefined || name === undefined) return []
  return [`${withinCharm(file, charmDir)}:${name}`]
}

/** The path relative to the charm dir, which may have been another one when the path was written. */
function withinCharm(file: string, charmDir: string): string {
  if (file.startsWith(`${charmDir}/`)) return file.slice(charmDir.length + 1)
  return JUJU_CHARM_DIR.exec(file)?.[1] ?? HANDLER_DIR.exec(file)?.[1] ?? file
}

const JUJU_CHARM_DIR = /\/agents\/unit-[^/]+\/charm\/(.+)$/s
/** From the last directory of handlers on; `hooks/reactive` and `hooks/relations` are one. */
const HANDLER_DIR =
  /^(?:.*\/)?(hooks\/(?:reactive|relations)\/.+|hooks\/(?!reactive\/|relations\/).+|(?<!(?:^|\/)hooks\/)reactive\/.+)$/s

async function readRows(file: string, busyTimeout: number, warnings: string[]): Promise<Row[]> {
  if (!fs.statSync(file).isFile()) throw foreign(file, 'it is not a regular file')
  const rows = await select(file, busyTimeout)
  return rows.map(({ key, data }) => {
    if (typeof key !== 'string') throw foreign(file, `a key is not text: ${key}`)
    const name = shorten(key)
    if (typeof data !== 'string') throw foreign(file, `the data of a key is not text: ${name}`)
    try {
      const { value, exact } = parsePython(data)
      if (!exact) warnings.push(`NaN and infinity of the Python original became null: ${name}`)
      return { key, value }
    } catch (error) {
      throw foreign(file, `the data of a key is not JSON: ${name}`, error)
    }
  })
}

/** JSON as Python writes it: it has numbers that JSON has not. */
function parsePython(text: string): { value: unknown; exact: boolean } {
  try {
    return { value: JSON.parse(text), exact: true }
  } catch (error) {
    const known = text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (token) =>
      token.startsWith('"') ? token : 'null',
    )
    if (known === text) throw error
    return { value: JSON.parse(known), exact: false }
  }
}

interface RawRow {
  key: unknown
  data: unknown
}

/**
 * All rows. SQLite writes beside a database that it reads when a killed process left a transaction behind, and
 * when the database has a write-ahead log: then a copy is read.
 */
async function select(file: string, busyTimeout: number): Promise<RawRow[]> {
  try {
    return await (hasWriteAheadLog(file) ? selectFromCopy(file) : selectInPlace(file, busyTimeout))
  } catch (error) {
    if (codeOf(error) !== 'SQLITE_BUSY') throw foreign(file, messageOf(error), error)
    const message = `the state of the Python original is locked by another process: ${file}`
    throw new ReactiveError(message, { cause: error })
  }
}

async function selectInPlace(file: string, busyTimeout: number): Promise<RawRow[]> {
  try {
    return await query(file, { readOnly: true, busyTimeout })
  } catch (error) {
    if (!NEEDS_ROLLBACK.has(codeOf(error)) || !fs.existsSync(`${file}-journal`)) throw error
    return selectFromCopy(file)
  }
}

const NEEDS_ROLLBACK = new Set(['SQLITE_READONLY', 'SQLITE_CANTOPEN'])

/** The read version in the header of SQLite's format. */
function hasWriteAheadLog(file: string): boolean {
  return readStart(file, 20)[19] === 2
}

async function selectFromCopy(file: string): Promise<RawRow[]> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-'))
  const copy = path.join(dir, 'state')
  try {
    for (const part of ['', '-journal', '-wal']) {
      if (fs.existsSync(file + part)) fs.copyFileSync(file + part, copy + part)
    }
    return await query(copy)
  } finally {
    fs.rmSync(dir, { recursive: true, force: true })
  }
}

async function query(file: string, options?: ConnectionOptions): Promise<RawRow[]> {
  // An empty file is what the original leaves when it is killed at its very start.
  if (fs.statSync(file).size === 0) return []
  const connection = new Connection(file, options)
  try {
    return await connection.all<RawRow>('SELECT key, data FROM kv')
  } finally {
    connection.close()
  }
}

/** The configuration of the last hook; none in an empty file, as the original has it. */
function readConfig(file: string): Record<string, unknown> | undefined {
  if (!fs.statSync(file).isFile()) throw foreign(file, 'it is not a regular file')
  let config: unknown
  try {
    const text = fs.readFileSync(file, 'utf8')
    if (text === '') return undefined
    config = parsePython(text).value
  } catch (error) {
    throw foreign(file, messageOf(error), error)
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw foreign(file, 'it is not a JSON object')
  }
  return { ...config }
}

function foreign(file: string, reason: string, cause?: unknown): ReactiveError {
  return new ReactiveError(`the file is not a state of the Python original: ${file}: ${reason}`, { cause })
}
