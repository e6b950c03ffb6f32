import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { KeyvSqlite } from '@keyv/sqlite'
import Keyv from 'keyv'
import { describe, expect, it } from 'vitest'
import { SCHEMA } from '../../src/unit/state-upgrades.ts'
import type { UnitState } from '../../src/unit/unit-state.ts'
import { atEnd, bareEnv, makeCharm, makeDir, openState, runCli, SHELL } from '../test-unit.ts'

function statePath(): string {
  return path.join(makeDir(), 'state.db')
}

/** A plain connection to the file. */
function connect(file: string): (sql: string) => Record<string, unknown>[] {
  const database = new DatabaseSync(file)
  atEnd(() => database.close())
  return (sql) => database.prepare(sql).all()
}

/** Hold a lock in another process: SQLite's locks mean nothing within one. */
async function lockElsewhere(file: string, sql: string): Promise<() => Promise<void>> {
  const program = `
    const database = new (require('node:sqlite').DatabaseSync)(process.argv[1])
    database.exec(process.argv[2])
    console.log('locked')
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['-e', program, file, sql])
  const release = async () => {
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL'))
      await once(child, 'exit')
  }
  atEnd(release)
  const [said] = await once(child.stdout, 'data')
  expect(String(said)).toBe('locked\n')
  return release
}

async function stateWith(file: string, values: Record<string, unknown>, unit = ''): Promise<UnitState> {
  const state = await openState({ path: file, unit })
  for (const [key, value] of Object.entries(values)) state.set(key, value)
  await state.commit()
  return state
}

/** The message of the error that opening gives. */
async function refusalOf(file: string, options = {}): Promise<string> {
  return openState({ path: file, busyTimeout: 50, ...options }).then(
    () => 'opened',
    (error: Error) => `${error.name} ${error.message}`,
  )
}

const VALUES: [string, unknown][] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['zero', 0],
  ['a float', -1.5e-7],
  ['a large number', 2 ** 53],
  ['the empty string', ''],
  ['a text', 'ü\n"\t\\😀'],
  ['a text with a colon in front', ':base64:AAAA'],
  ['a list', [1, [2, [null]], 'x', {}]],
  ['a map', { a: { b: [] }, 'k é': ':x' }],
  ['a map with __proto__', JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}')],
  ['a map with toJSON', { toJSON: 'a word like any other' }],
  ['a long text', 'x'.repeat(1_000_000)],
]

const KEYS = ['%', '_', 'a%b_c', `'"`, 'a:b', ':', 'ü→😀', '__proto__', 'constructor', ' ', 'x'.repeat(5000)]

describe('the unit state keeps', () => {
  it.each(VALUES)('%s', async (_, value) => {
    const file = statePath()
    await stateWith(file, { key: value })
    const again = await openState({ path: file })
    expect(again.get('key')).toStrictEqual(value)
    expect(again.has('key')).toBe(true)
  })

  it.each(KEYS)('the key %s', async (key) => {
    const file = statePath()
    const state = await openState({ path: file })
    state.set(`kv:${key}`, 'value')
    state.set('kw:other', 'other')
    await state.commit()
    const again = await openState({ path: file })
    expect([...again.entries('kv:')]).toEqual([[key, 'value']])
    again.delete(`kv:${key}`)
    await again.commit()
    const last = await openState({ path: file })
    expect(last.has(`kv:${key}`)).toBe(false)
    expect(last.get('kw:other')).toBe('other')
  })

  it('values as they were set, whatever the caller does with them later', async () => {
    const file = statePath()
    const list = [1]
    const state = await stateWith(file, { list })
    list.push(2)
    expect(state.get('list')).toEqual([1])
    const read = state.get('list') as number[]
    read.push(3)
    expect(state.get('list')).toEqual([1])
    state.set('list', read)
    await state.commit()
    expect((await openState({ path: file })).get('list')).toEqual([1, 3])
  })
})

/** A process that dies in its first commit, when SQLite has written some of it into the file. */
const KILLED = `
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute('CREATE TABLE keyv (key VARCHAR(255) PRIMARY KEY, value TEXT)')
connection.execute('PRAGMA cache_size = 1')
connection.execute('BEGIN IMMEDIATE')
for n in range(100):
    connection.execute('INSERT INTO keyv VALUES (?, ?)', ('reactive:%d' % n, 'x' * 500))
os.kill(os.getpid(), 9)`

it('the unit state opens as new after a first commit that was killed', async () => {
  const file = statePath()
  spawnSync('python3', ['-c', KILLED, file])
  expect(fs.statSync(`${file}-journal`).size).toBeGreaterThan(512)
  const state = await openState({ path: file })
  expect(state.isUnused).toBe(true)
  state.set('a', 1)
  await state.commit()
  expect([...(await openState({ path: file })).entries('')]).toContainEqual(['a', 1])
  expect(fs.existsSync(`${file}-journal`)).toBe(false)
})

describe('the unit state writes', () => {
  it('no file as long as nothing is changed', async () => {
    const file = statePath()
    const state = await openState({ path: file })
    expect(await state.traces()).toEqual([])
    await state.commit()
    expect(fs.existsSync(file)).toBe(false)
  })

  it('nothing before the commit', async () => {
    const file = statePath()
    await stateWith(file, { a: 1 })
    const before = fs.readFileSync(file)
    const state = await openState({ path: file })
    state.set('a', 2)
    state.delete('b')
    expect(state.get('a')).toBe(2)
    await state.close()
    expect(fs.readFileSync(file).equals(before)).toBe(true)
    expect((await openState({ path: file })).get('a')).toBe(1)
  })

  it('only the keys that changed', async () => {
    const file = statePath()
    await stateWith(file, { same: { deep: [1] }, gone: 1, there: 1, back: 1, twice: 1 })
    const sql = connect(file)
    sql('CREATE TABLE touched (key)')
    for (const event of ['INSERT', 'UPDATE'])
      sql(`CREATE TRIGGER on_${event} AFTER ${event} ON keyv BEGIN INSERT INTO touched VALUES (new.key); END`)
    sql('CREATE TRIGGER on_DELETE AFTER DELETE ON keyv BEGIN INSERT INTO touched VALUES (old.key); END')
    const state = await openState({ path: file })
    state.set('same', { deep: [1] })
    state.delete('gone')
    state.delete('never')
    state.set('there', 2)
    state.delete('back')
    state.set('back', 1)
    state.set('twice', 2)
    state.set('twice', 3)
    state.set('new', null)
    state.set('passing', 1)
    state.delete('passing')
    await state.commit()
    const touched = sql('SELECT key FROM touched ORDER BY key').map(({ key }) => key)
    expect(touched).toEqual(['reactive:gone', 'reactive:new', 'reactive:there', 'reactive:twice'])
  })

  it('nothing over what another process wrote to other keys meanwhile', async () => {
    const file = statePath()
    await stateWith(file, { mine: 1, theirs: 1, gone: 1 })
    const state = await openState({ path: file })
    await stateWith(file, { theirs: 2, added: true })
    state.set('mine', 2)
    state.delete('gone')
    await state.commit()
    const again = await openState({ path: file })
    const names = ['mine', 'theirs', 'gone', 'added']
    expect(names.map((name) => again.get(name))).toEqual([2, 2, undefined, true])
  })

  it('nothing that was discarded', async () => {
    const file = statePath()
    const state = await stateWith(file, { a: 1 })
    state.set('a', 2)
    state.set('b', 2)
    state.delete('a')
    state.discard()
    expect([state.get('a'), state.has('b')]).toEqual([1, false])
    await state.commit()
    state.set('c', 3)
    await state.commit()
    const again = await openState({ path: file })
    expect(['a', 'b', 'c'].map((key) => again.get(key))).toEqual([1, undefined, 3])
  })

  it('all of a commit or nothing of it', async () => {
    const file = statePath()
    await stateWith(file, { a: 1 })
    const sql = connect(file)
    sql(
      `CREATE TRIGGER refuse BEFORE INSERT ON keyv WHEN new.key = 'reactive:bad' BEGIN SELECT RAISE(ABORT, 'no'); END`,
    )
    const state = await openState({ path: file })
    state.set('a', 2)
    state.set('bad', 1)
    state.set('z', 1)
    await expect(state.commit()).rejects.toThrow('no')
    const again = await openState({ path: file })
    expect([again.get('a'), again.has('bad'), again.has('z')]).toEqual([1, false, false])
    // The connection is usable afterwards.
    state.delete('bad')
    await state.commit()
    expect((await openState({ path: file })).get('a')).toBe(2)
  })

  it('several times, as checkpoints do', async () => {
    const file = statePath()
    const state = await openState({ path: file, exclusive: true })
    await state.commit()
    await state.commit()
    state.set('a', 1)
    await state.commit()
    state.set('a', 2)
    await state.commit()
    await state.close()
    expect((await openState({ path: file })).get('a')).toBe(2)
  })

  it('with mode 0600, whatever the umask', async () => {
    const charm = makeCharm()
    const script = 'umask 000; exec "$0" set_flag a'
    const ended = spawnSync('bash', ['-c', script, path.join(SHELL, 'charms.reactive')], {
      env: bareEnv(charm),
      encoding: 'utf8',
    })
    expect(ended).toMatchObject({ status: 0, stderr: '' })
    expect(fs.statSync(path.join(charm, '.reactive-state.db')).mode & 0o777).toBe(0o600)
    expect(fs.readdirSync(charm).sort()).toEqual(['.reactive-state.db', 'metadata.yaml'])
  })
})

describe('processes on one unit state', () => {
  it('wait for each other: of four that ask what is new, one hears yes', async () => {
    const charm = makeCharm()
    const words = (index: number) =>
      index < 4 ? ['data_changed', 'id', 'x'] : ['kv', 'set', `k${index}`, '1']
    const results = await Promise.all(Array.from({ length: 6 }, (_, index) => runCli(charm, words(index))))
    expect(results.map(({ stderr }) => stderr).join('')).toBe('')
    expect(results.slice(0, 4).filter(({ status }) => status === 0)).toHaveLength(1)
    expect(results.slice(0, 4).filter(({ status }) => status === 1)).toHaveLength(3)
    const state = await openState({ path: path.join(charm, '.reactive-state.db') })
    expect([...state.entries('kv:')]).toHaveLength(2)
  })

  it('read what was there before, as long as another has not committed', async () => {
    const file = statePath()
    await stateWith(file, { a: 1 })
    const release = await lockElsewhere(file, 'BEGIN IMMEDIATE; DELETE FROM keyv')
    expect((await openState({ path: file })).get('a')).toBe(1)
    expect(await refusalOf(file, { exclusive: true })).toContain('locked by another process')
    await release()
    expect((await openState({ path: file, exclusive: true })).get('a')).toBe(1)
  })

  it('give up on a lock after the time that is set', async () => {
    const file = statePath()
    await stateWith(file, { a: 1 })
    const release = await lockElsewhere(file, 'BEGIN EXCLUSIVE')
    for (const exclusive of [true, false]) {
      expect(await refusalOf(file, { exclusive })).toMatch(
        `ReactiveError the unit state is locked by another process: ${file}: SQLITE_BUSY`,
      )
    }
    const env = { CHARMS_REACTIVE_STATE: file, CHARMS_REACTIVE_BUSY_TIMEOUT: '50' }
    const { status, stderr } = await runCli(makeCharm(), ['set_flag', 'x'], { env })
    expect(stderr).toMatch(/^charms\.reactive: set_flag: the unit state is locked by another process: .*\n$/)
    expect(status).toBe(3)
    await release()
    expect((await openState({ path: file })).get('a')).toBe(1)
  })
})

describe('a unit state of 0 bytes', () => {
  const notice = (file: string) =>
    `the unit state is empty, after a full disk or an edit, so the unit starts anew: ${file}`

  it.each([true, false])(
    'that was truncated is named, and starts anew (exclusive: %s)',
    async (exclusive) => {
      const file = statePath()
      await stateWith(file, { a: 1 })
      fs.truncateSync(file)
      const state = await openState({ path: file, exclusive })
      expect([state.notice, state.has('a')]).toEqual([notice(file), false])
      state.set('b', 1)
      await state.commit()
      await state.close()
      const again = await openState({ path: file })
      expect([again.notice, again.get('b')]).toEqual([undefined, 1])
    },
  )

  it('that is old is named, whoever made it', async () => {
    const file = statePath()
    fs.writeFileSync(file, '')
    fs.utimesSync(file, new Date(2020, 1), new Date(2020, 1))
    expect((await openState({ path: file })).notice).toBe(notice(file))
  })

  it('that another process is just making is none', async () => {
    const file = statePath()
    fs.writeFileSync(file, '')
    expect((await openState({ path: file })).notice).toBeUndefined()
    expect((await openState({ path: `${file}.none` })).notice).toBeUndefined()
  })
})

describe('a unit state of another unit', () => {
  it('is set aside, with everything in it', async () => {
    const file = statePath()
    await stateWith(file, { a: 1 }, 'app/0')
    const state = await openState({ path: file, unit: 'app/1', exclusive: true })
    const aside = `${file}.of-app-0`
    expect(state.notice).toBe(`the unit state belongs to app/0, not to app/1: set aside as ${aside}`)
    expect(state.has('a')).toBe(false)
    state.set('b', 1)
    await state.commit()
    await state.close()
    expect((await openState({ path: aside, unit: 'app/0' })).get('a')).toBe(1)
    const again = await openState({ path: file, unit: 'app/1' })
    expect([again.notice, again.get('b')]).toEqual([undefined, 1])
  })

  it('is read where nobody says which unit this is', async () => {
    const file = statePath()
    await stateWith(file, { a: 1 }, 'app/0')
    const state = await openState({ path: file })
    expect([state.notice, state.get('a')]).toEqual([undefined, 1])
  })

  it('becomes the one of the first unit that writes to it under its name', async () => {
    const file = statePath()
    await stateWith(file, { a: 1 })
    await stateWith(file, { b: 1 }, 'app/0')
    const state = await openState({ path: file, unit: 'app/1' })
    expect(state.notice).toContain('belongs to app/0')
  })
})

describe('a file that is no unit state is refused and left as it is:', () => {
  const cases: [string, (file: string) => void | Promise<void>, string][] = [
    ['text', (file) => fs.writeFileSync(file, 'just a text\n'.repeat(20)), 'the file is not a unit state'],
    ['one byte', (file) => fs.writeFileSync(file, 'x'), 'the file is not a unit state'],
    [
      'a header and garbage',
      (file) => fs.writeFileSync(file, `SQLite format 3\0${'x'.repeat(5000)}`),
      'the file is not a unit state',
    ],
    [
      'a database of something else',
      (file) => void connect(file)('CREATE TABLE contacts (name)'),
      'the file is not a unit state',
    ],
    [
      "somebody else's keyv",
      async (file) => void (await new Keyv({ store: new KeyvSqlite(`sqlite://${file}`) }).set('a', 1)),
      'the file is not a unit state',
    ],
    [
      'a truncated state',
      async (file) => {
        await (await stateWith(file, { a: 'x'.repeat(50_000), b: 'y'.repeat(50_000) })).close()
        fs.truncateSync(file, 9000)
      },
      'the unit state is damaged',
    ],
    [
      'a state with garbage in the middle',
      async (file) => {
        await (await stateWith(file, { a: 'x'.repeat(50_000), b: 'y'.repeat(50_000) })).close()
        const descriptor = fs.openSync(file, 'r+')
        fs.writeSync(descriptor, Buffer.alloc(8192, 0xee), 0, 8192, 4096)
        fs.closeSync(descriptor)
      },
      'the unit state is damaged',
    ],
    [
      'a state with a value that is no JSON',
      async (file) => {
        await (await stateWith(file, { a: 1 })).close()
        connect(file)("UPDATE keyv SET value = '{' WHERE key = 'reactive:a'")
      },
      'the unit state is damaged',
    ],
    [
      'a state of a newer toolkit',
      async (file) => {
        await (await stateWith(file, { a: 1 })).close()
        connect(file)(`UPDATE keyv SET value = '{"value":99}' WHERE key = 'reactive:meta:schema'`)
      },
      `the unit state has schema 99, newer than this toolkit's ${SCHEMA}`,
    ],
  ]

  it.each(cases)('%s', async (_, make, message) => {
    const file = statePath()
    await make(file)
    const before = fs.readFileSync(file)
    for (const exclusive of [false, true]) {
      const refusal = await refusalOf(file, { exclusive })
      expect(refusal).toContain(`ReactiveError ${message}: ${file}`)
    }
    expect(fs.readFileSync(file).equals(before)).toBe(true)
    expect(fs.readdirSync(path.dirname(file))).toEqual(['state.db'])
  })

  it('a directory', async () => {
    const dir = makeDir()
    expect(await refusalOf(dir)).toContain(`ReactiveError the unit state cannot be opened: ${dir}: EISDIR`)
  })

  it('one in a directory that is not there', async () => {
    const file = path.join(makeDir(), 'none', 'state.db')
    expect(await refusalOf(file, { exclusive: true })).toContain(
      `ReactiveError the unit state cannot be written: ${file}: ENOENT`,
    )
  })

  it('by the command line in one line, with status 3', async () => {
    const charm = makeCharm({ '.reactive-state.db': 'just a text\n' })
    const file = path.join(charm, '.reactive-state.db')
    for (const words of [['get_flags'], ['set_flag', 'x']]) {
      expect(await runCli(charm, words)).toEqual({
        status: 3,
        stdout: '',
        stderr: `charms.reactive: ${words[0]}: the file is not a unit state: ${file}\n`,
      })
    }
    expect(fs.readFileSync(file, 'utf8')).toBe('just a text\n')
  })
})

describe('the file of the unit state', () => {
  it('may be empty, as a killed process leaves it', async () => {
    const file = statePath()
    fs.writeFileSync(file, '')
    expect((await openState({ path: file })).has('a')).toBe(false)
    await stateWith(file, { a: 1 })
    expect((await openState({ path: file })).get('a')).toBe(1)
  })

  it('may have the empty table of a process that was killed before its first commit', async () => {
    const file = statePath()
    connect(file)('CREATE TABLE keyv(key VARCHAR(255) PRIMARY KEY, value TEXT)')
    await stateWith(file, { a: 1 })
    expect((await openState({ path: file })).get('a')).toBe(1)
  })

  it('can be read and written by a plain keyv', async () => {
    const file = statePath()
    const state = await stateWith(file, { 'flag:a': null, 'kv:x': { y: [1, ':z'] } })
    await state.close()
    const keyv = new Keyv({ store: new KeyvSqlite(`sqlite://${file}`), namespace: 'reactive' })
    expect(await keyv.get('kv:x')).toEqual({ y: [1, ':z'] })
    expect(await keyv.get('meta:schema')).toBe(SCHEMA)
    await keyv.set('kv:from-outside', [':a'])
    await keyv.disconnect()
    expect((await openState({ path: file })).get('kv:from-outside')).toEqual([':a'])
  })
})

describe('the records beside the state', () => {
  it('are the last ones, oldest first', async () => {
    const file = statePath()
    for (let number = 1; number <= 25; number++) {
      const state = await openState({ path: file })
      await state.commit({ row: { number }, keep: 20 })
      await state.close()
    }
    const state = await openState({ path: file })
    const numbers = (await state.traces()).map(({ number }) => number)
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index + 6))
  })

  it('are kept without the changes that were discarded', async () => {
    const file = statePath()
    const state = await stateWith(file, { a: 1 })
    state.set('a', 2)
    state.discard()
    await state.commit({ row: { failed: true }, keep: 20 })
    const again = await openState({ path: file })
    expect([again.get('a'), await again.traces()]).toEqual([1, [{ failed: true }]])
  })

  it('do not show among the values', async () => {
    const file = statePath()
    const state = await openState({ path: file })
    await state.commit({ row: { a: 1 }, keep: 20 })
    const again = await openState({ path: file })
    expect([...again.entries('')].map(([key]) => key)).toEqual(['meta:schema'])
  })
})
