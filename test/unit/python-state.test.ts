import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { messageOf, ReactiveError } from '../../src/errors.ts'
import { readContext } from '../../src/juju/context.ts'
import { type PythonState, readPythonState } from '../../src/unit/python-state.ts'
import { fingerprint, pythonDatabase } from '../python-database.ts'

let charmDir = ''
let file = ''

beforeEach(() => {
  charmDir = fs.mkdtempSync(path.join(os.tmpdir(), 'python-state-'))
  file = path.join(charmDir, '.unit-state.db')
})

afterEach(() => {
  fs.rmSync(charmDir, { recursive: true, force: true })
})

function read(state: string | undefined = file, config?: string): Promise<PythonState> {
  const env = { CHARM_DIR: charmDir, CHARMS_REACTIVE_BUSY_TIMEOUT: '50' }
  return readPythonState(readContext(env, charmDir), { state, config })
}

async function valuesOf(rows: Record<string, unknown>, more = ''): Promise<Record<string, unknown>> {
  return Object.fromEntries((await read(pythonDatabase(file, rows, more))).values)
}

/** The message of the ReactiveError, with the charm dir as `CHARM`. */
async function failure(reading: Promise<unknown>): Promise<string> {
  const error: unknown = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ReactiveError)
  return messageOf(error).replaceAll(charmDir, 'CHARM')
}

const FOREIGN = 'the file is not a state of the Python original: CHARM/.unit-state.db'

describe('the rows of the original', () => {
  const departed = { relation: 'db:1', unit_name: 'pg/0', data: { host: 'a' } }
  it.each<[string, unknown, Record<string, unknown>]>([
    ['reactive.states.app.ready', null, { 'flag:app.ready': null }],
    ['reactive.states.a flag with spaces', 'old', { 'flag:a flag with spaces': 'old' }],
    ['reactive.files_changed./etc/a.conf', 'd4', { 'file:/etc/a.conf': 'd4', 'file-base:/etc/a.conf': 'd4' }],
    ['reactive.files_changed.gone', null, { 'file:gone': null, 'file-base:gone': null }],
    ['reactive.data_changed.my.id', 'c0ffee', { 'data:my.id': 'c0ffee' }],
    ['reactive.data_changed.endpoint.own', 'c0ffee', { 'data:endpoint.own': 'c0ffee' }],
    ['reactive.data_changed.endpoint.db.db:1.pg/0.a.b', 'd1', { 'received:db:1 pg/0': { 'a.b': 'd1' } }],
    ['reactive.data_changed.endpoint.db.db:1.own', 'd1', { 'data:endpoint.db.db:1.own': 'd1' }],
    ['reactive.invoked.my-id', true, { 'invoked:my-id': true }],
    ['reactive.invoked.forgotten', false, {}],
    ['reactive.endpoints.departed.db', [departed, {}], { 'departed:db': [departed] }],
    ['reactive.endpoints.departed.db', [], {}],
    ['reactive.dispatch.phase', 'other', {}],
    ['reactive.dispatch.removed_state', false, {}],
    ['reactive.state_watch', { iteration: 1 }, {}],
    ['reactive.flag_triggers.a', {}, {}],
    ['reactive.flag_set_triggers.a', {}, {}],
    ['reactive.flag_clear_triggers.a', {}, {}],
    ['my.key', { deep: [1, 'é', null] }, { 'kv:my.key': { deep: [1, 'é', null] } }],
    ['reactive.own', 1, { 'kv:reactive.own': 1 }],
    ['__proto__', { x: 1 }, { 'kv:__proto__': { x: 1 } }],
    ["it's; DROP TABLE kv", '$(id)', { "kv:it's; DROP TABLE kv": '$(id)' }],
  ])('%s', async (key, value, ours) => {
    expect(await valuesOf({ [key]: value })).toEqual(ours)
  })

  const agents = '/var/lib/juju/agents/unit-x-0/charm'
  it.each([
    [`${agents}/reactive/app.sh:12:install`, 'reactive/app.sh:install'],
    [`${agents}/reactive/hooks/app.sh:12:install`, 'reactive/hooks/app.sh:install'],
    ['CHARM/reactive/a/reactive/app.sh:1:f', 'reactive/a/reactive/app.sh:f'],
    ['reactive/app.py:7:install', 'reactive/app.py:install'],
    ['./reactive/app.py:7:install', 'reactive/app.py:install'],
    ['/old/reactive/charm/reactive/sub/app.sh:7:x', 'reactive/sub/app.sh:x'],
    ['/old/charm/hooks/reactive/app.sh:7:x', 'hooks/reactive/app.sh:x'],
    ['hooks/relations/pgsql/requires.sh:7:x', 'hooks/relations/pgsql/requires.sh:x'],
    ['/old/charm/hooks/app.sh:7:ns::f', 'hooks/app.sh:ns::f'],
    ['elsewhere.sh:7:x', 'elsewhere.sh:x'],
  ])('the mark of the handler %s', async (given, ours) => {
    const id = given.replace('CHARM', charmDir)
    expect(await valuesOf({ [`reactive.invoked.${id}`]: true })).toEqual({
      [`invoked:${id}`]: true,
      [`invoked:${ours}`]: true,
    })
  })

  it('are counted by kind', async () => {
    pythonDatabase(file, {
      'reactive.states.a': null,
      'reactive.states.b': null,
      'reactive.files_changed.f': 'd4',
      'reactive.data_changed.d': 'c0',
      'reactive.invoked.reactive/app.sh:1:f': true,
      'reactive.dispatch.phase': 'other',
      'reactive.conversations.db.global': { namespace: 'db', scope: 'global', units: ['pg/0'] },
      'reactive.conversations.db:1.None': { namespace: 'db:1', scope: null, units: [null] },
      own: 1,
    })
    expect((await read()).counts).toEqual({
      flags: 2,
      'file hashes': 1,
      'data hashes': 1,
      marks: 1,
      'key/value data': 1,
      relations: 1,
      options: 0,
    })
  })

  it('are put together where they are about one databag', async () => {
    const seen = 'reactive.data_changed.endpoint.db.db:1.pg/0'
    expect(await valuesOf({ [`${seen}.host`]: 'd1', [`${seen}.port`]: 'd2' })).toEqual({
      'received:db:1 pg/0': { host: 'd1', port: 'd2' },
    })
  })

  it('leave out a flag whose name is not legal, with a warning', async () => {
    pythonDatabase(file, {
      'reactive.states.a\nb': null,
      'reactive.states.': null,
      'reactive.states.c': null,
    })
    const { values, counts, warnings } = await read()
    expect([...values.keys()]).toEqual(['flag:c'])
    expect(counts.flags).toBe(1)
    expect(warnings.sort()).toEqual([
      'a flag of the Python original is left out, a flag name has no control characters: "a\\nb"',
      'a flag of the Python original is left out, a flag needs a name: ""',
    ])
  })

  it('become null where they are numbers that JSON has not, with a warning', async () => {
    const more = `row('n', '[NaN, -Infinity, "NaN \\\\" Infinity", 1.5]')\nconnection.commit()`
    pythonDatabase(file, {}, more)
    const { values, warnings } = await read()
    expect(values.get('kv:n')).toEqual([null, null, 'NaN " Infinity', 1.5])
    expect(warnings).toEqual(['NaN and infinity of the Python original became null: n'])
  })
})

describe('conversations of the original', () => {
  const key = (place: string) => `reactive.conversations.${place}`
  const flag = (...places: string[]) => ({ relation: 'db', conversations: places.map(key) })

  it.each<[string, string, object, string, object]>([
    [
      'of an endpoint',
      'db.global',
      { namespace: 'db', scope: 'global', units: ['pg/10', 'pg/2', null] },
      'db global',
      { units: ['pg/2', 'pg/10'] },
    ],
    [
      'of an application',
      'db:1.pg',
      { namespace: 'db:1', scope: 'pg', units: ['pg/0'] },
      'db:1 pg',
      { units: ['pg/0'] },
    ],
    [
      'of a unit',
      'db:1.pg/0',
      { namespace: 'db:1', scope: 'pg/0', units: ['pg/0'] },
      'db:1 pg/0',
      { units: ['pg/0'] },
    ],
    [
      'of a scope of its own',
      'db.my.own scope',
      { namespace: 'db', scope: 'my.own scope', units: ['pg/0'] },
      'db my.own scope',
      { units: ['pg/0'] },
    ],
    [
      'of an endpoint, kept by an old version',
      'db.global',
      { relation_name: 'db', scope: 'global', units: ['pg/0'] },
      'db global',
      { units: ['pg/0'] },
    ],
    [
      'of an application on all relations, kept by an old version',
      'db.pg',
      { relation_name: 'db', scope: 'pg', units: ['pg/0'] },
      'db pg',
      { units: ['pg/0'], undivided: true },
    ],
  ])('%s', async (_, place, value, ours, record) => {
    const rows = {
      [key(place)]: value,
      [`${key(place)}.local-data.a.b`]: [1],
      [`${key(place)}.local-data.__proto__`]: 'x',
      'reactive.states.db.ready': flag(place),
    }
    const local = JSON.parse('{"a.b": [1], "__proto__": "x"}')
    const values = await valuesOf(rows)
    expect(JSON.parse(JSON.stringify(values))).toEqual({
      'flag:db.ready': flag(place),
      [`conversation:${ours}`]: { ...record, local },
    })
  })

  it('that have ended leave the values of flags, and their flags are left out, with a warning', async () => {
    pythonDatabase(file, {
      [key('db:1.pg/0')]: { namespace: 'db:1', scope: 'pg/0', units: ['pg/0'] },
      [key('db:1.None')]: { namespace: 'db:1', scope: null, units: [null] },
      [key('db.global')]: { namespace: 'db', scope: 'global', units: [null] },
      [`${key('db:1.pg/1')}.local-data.a`]: 1,
      'reactive.states.db.ready': flag('db:1.pg/0', 'db:1.pg/1'),
      'reactive.states.db.old': flag('db:1.None', 'db.global', 'db:1.pg/1'),
      'reactive.states.db.plain': null,
    })
    const { values, counts, warnings } = await read()
    expect(Object.fromEntries(values)).toEqual({
      'conversation:db:1 pg/0': { units: ['pg/0'], local: {} },
      'flag:db.ready': flag('db:1.pg/0'),
      'flag:db.plain': null,
    })
    expect(counts).toMatchObject({ flags: 2, relations: 2 })
    expect(warnings).toEqual([
      'a flag of the Python original is left out, its conversations have ended: db.old',
    ])
  })
})

describe('a file that is no state of the original', () => {
  const sqlite = (sql: string) => () =>
    execFileSync('python3', [
      '-c',
      'import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nc.executescript(sys.argv[2])',
      file,
      sql,
    ])
  it.each<[string, () => unknown, string]>([
    [
      'is a text',
      () => fs.writeFileSync(file, 'key: value\n'.repeat(20)),
      'SQLITE_NOTADB: file is not a database',
    ],
    ['is a short text', () => fs.writeFileSync(file, 'x'), 'SQLITE_ERROR: no such table: kv'],
    ['has no table', sqlite('create table other (x)'), 'SQLITE_ERROR: no such table: kv'],
    ['has other columns', sqlite('create table kv (x)'), 'SQLITE_ERROR: no such column: key'],
    [
      'has garbage in a row',
      () => pythonDatabase(file, { a: 1 }, `row('my.key', '{bad')\nconnection.commit()`),
      'the data of a key is not JSON: my.key',
    ],
    [
      'has a blob in a row',
      () => pythonDatabase(file, {}, `row('my.key', b'1')\nconnection.commit()`),
      'the data of a key is not text: my.key',
    ],
    [
      'has a row without data',
      () => pythonDatabase(file, {}, `row('my.key', None)\nconnection.commit()`),
      'the data of a key is not text: my.key',
    ],
    [
      'has a row without key',
      () => pythonDatabase(file, {}, `row(None, '1')\nconnection.commit()`),
      'a key is not text: null',
    ],
    ['is a directory', () => fs.mkdirSync(file), 'it is not a regular file'],
    ['is a FIFO', () => execFileSync('mkfifo', [file]), 'it is not a regular file'],
  ])('%s', async (_, make, reason) => {
    make()
    const message = await failure(read())
    expect(message).toBe(`${FOREIGN}: ${reason}`)
  })

  it('is cut short', async () => {
    pythonDatabase(
      file,
      Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`key ${n}`, 'x'.repeat(50)])),
    )
    fs.truncateSync(file, 8192)
    expect(await failure(read())).toBe(`${FOREIGN}: SQLITE_CORRUPT: database disk image is malformed`)
  })
})

describe('the file of the original', () => {
  it('may be empty, or hold no rows', async () => {
    expect(await valuesOf({})).toEqual({})
    fs.writeFileSync(file, '')
    expect((await read()).values.size).toBe(0)
  })

  it('is an error when another process keeps it locked', async () => {
    pythonDatabase(file, { a: 1 })
    const database = new DatabaseSync(file)
    database.exec('BEGIN EXCLUSIVE')
    const message = await failure(read())
    database.close()
    expect(message).toBe(
      'the state of the Python original is locked by another process: CHARM/.unit-state.db',
    )
    expect((await read()).counts['key/value data']).toBe(1)
  })

  it.each([
    ['as it is', ''],
    [
      'after a kill in the middle of a transaction',
      `
connection.isolation_level = None
connection.execute('pragma cache_size = 1')
connection.execute('begin')
for n in range(2000): row('lost %d' % n, '"' + 'x' * 100 + '"')
killed()`,
    ],
    [
      'with a write-ahead log',
      `
connection.execute('pragma journal_mode = wal')
row('logged', '1')
connection.commit()
killed()`,
    ],
  ])('is read %s, and neither it nor anything beside it changes', async (how, more) => {
    pythonDatabase(file, { kept: 'yes' }, more)
    const names = fs.readdirSync(charmDir)
    expect(names.length > 1).toBe(more !== '')
    const before = fingerprint(charmDir)
    const logged = how.includes('log') ? { 'kv:logged': 1 } : {}
    expect(Object.fromEntries((await read()).values)).toEqual({ 'kv:kept': 'yes', ...logged })
    expect(fingerprint(charmDir)).toEqual(before)
  })

  it('is read from a directory that cannot be written', async () => {
    pythonDatabase(file, { kept: 'yes' })
    fs.chmodSync(file, 0o444)
    fs.chmodSync(charmDir, 0o555)
    expect(Object.fromEntries((await read()).values)).toEqual({ 'kv:kept': 'yes' })
    fs.chmodSync(charmDir, 0o755)
  })
})

describe('the configuration of the last hook', () => {
  async function config(text: string): Promise<PythonState> {
    const name = path.join(charmDir, '.juju-persistent-config')
    fs.writeFileSync(name, text)
    const { values, ...rest } = await readPythonState(readContext({ CHARM_DIR: charmDir }, charmDir), {
      state: undefined,
      config: name,
    })
    return { values, ...rest }
  }

  it('is what config.changed is compared with', async () => {
    const { values, counts } = await config('{"port": 80, "ratio": 1.0, "name": null}')
    expect([...values]).toEqual([['config:last', { port: 80, ratio: 1, name: null }]])
    expect(counts.options).toBe(3)
  })

  it('is none in an empty file', async () => {
    expect((await config('')).values.size).toBe(0)
  })

  it.each(['nonsense', '[1]', 'null', '1'])('is an error in a file with %s', async (text) => {
    expect(await failure(config(text))).toMatch(
      /^the file is not a state of the Python original: CHARM\/\.juju-persistent-config: /,
    )
  })
})
