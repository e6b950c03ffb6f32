import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { oneIn, sampled } from '../effort.ts'
import {
  ask,
  askForFlags,
  bash,
  type CharmFiles,
  logged,
  remarks,
  startUnit,
  upgrade,
} from '../end-to-end/charm.ts'
import { SHELL } from '../test-unit.ts'

const some = oneIn(2)

const HANDLER = { 'reactive/app.sh': bash('@hook install\nfunction sets() { set_flag new; }') }

const stateFile = (unit: SimulatedUnit) => path.join(unit.charmDir, '.reactive-state.db')

/** The hook fails with status 3 and one line, which has this at its end, and runs nothing. */
async function expectFailure(unit: SimulatedUnit, message: string, env = {}): Promise<void> {
  const result = await unit.run({ name: 'install', env })
  expect(logged(result)).toEqual([`ERROR ${message}`])
  expect(result).toMatchObject({ exitStatus: 3, stdout: '', stderr: '' })
}

/** A command outside of a hook fails with status 3 and the one line. */
async function expectRefusal(unit: SimulatedUnit, message: string, env = {}): Promise<void> {
  const result = await unit.command(['charms.reactive', 'set_flag', 'x'], env)
  expect(result.stderr).toBe(`charms.reactive: set_flag: ${message}\n`)
  expect(result).toMatchObject({ exitStatus: 3, stdout: '' })
}

/** A unit with the flag `old` in its state. */
async function startWithState(files: CharmFiles = {}): Promise<SimulatedUnit> {
  const unit = await startUnit({ ...HANDLER, ...files })
  await unit.run({ name: 'start' })
  await ask(unit, 'set_flag', 'old')
  return unit
}

describe('a charm dir', () => {
  some('that is missing is wrong usage', async () => {
    const unit = await startUnit(HANDLER)
    for (const words of [
      ['main', 'install'],
      ['set_flag', 'x'],
    ]) {
      const result = await unit.command(['charms.reactive', ...words], { CHARM_DIR: '/nowhere/charm' })
      expect(result).toMatchObject({
        exitStatus: 2,
        stdout: '',
        stderr: `charms.reactive: ${words[0]}: the charm dir is not a directory: /nowhere/charm\n`,
      })
    }
    const nowhere = { CHARM_DIR: '', JUJU_CHARM_DIR: '' }
    const none = await unit.command(['sh', '-c', 'cd / && charms.reactive set_flag x'], nowhere)
    expect(none).toMatchObject({
      exitStatus: 2,
      stderr:
        'charms.reactive: set_flag: no charm here: name the unit with --unit APP/N or --charm-dir DIR, or set CHARM_DIR: /\n',
    })
    expect((await unit.command(['charms.reactive', 'set_flag', 'x'], nowhere)).exitStatus).toBe(0)
    expect(await askForFlags(unit)).toEqual(['x'])
  })
})

describe('a YAML file of the charm', () => {
  it.each(sampled(['metadata.yaml', 'config.yaml', 'layer.yaml'], 1))(
    'that is malformed or unreadable fails the hook with line and column: %s',
    async (name) => {
      const unit = await startWithState({ 'config.yaml': 'options: {}\n', 'layer.yaml': 'includes: []\n' })
      const before = fs.readFileSync(path.join(unit.charmDir, name))
      const file = path.join(unit.charmDir, name)
      upgrade(unit, { [name]: 'name: app\nother: [1,\n  "open\n' })
      await expectFailure(unit, `${file}:3:3: a quote is not closed: "open`)
      upgrade(unit, { [name]: '- a\n- list\n' })
      await expectFailure(unit, `${file}:1:1: the file must be a map: ["a","list"]`)
      fs.rmSync(file)
      fs.mkdirSync(file)
      const result = await unit.run({ name: 'install' })
      expect(result.exitStatus).toBe(3)
      expect(remarks(result)).toHaveLength(1)
      expect(remarks(result)[0]).toContain(file)
      expect(result.stderr).toBe('')
      fs.rmdirSync(file)
      fs.writeFileSync(file, before)
      expect(await askForFlags(unit)).toEqual(['old'])
      expect((await unit.run({ name: 'install' })).exitStatus).toBe(0)
      expect(await askForFlags(unit)).toEqual(['new', 'old'])
    },
  )

  it.each(
    sampled(
      [
        ['metadata.yaml', 'summary: x\n', '1:1: is missing: name'],
        ['metadata.yaml', 'name: app\nrequires:\n  db: 3\n', '3:7: requires.db must name an interface: 3'],
        [
          'config.yaml',
          'options:\n  a: {type: strin}\n',
          '2:13: options.a.type must be one of string, int, float, boolean, secret: "strin"',
        ],
        ['layer.yaml', 'options: [x]\n', '1:10: options must be a map: ["x"]'],
      ],
      2,
    ),
  )('%s that says %j is refused with the place', async (name, text, message) => {
    const unit = await startUnit(HANDLER)
    upgrade(unit, { [name]: text })
    await expectFailure(unit, `${path.join(unit.charmDir, name)}:${message}`)
    expect(await askForFlags(unit)).toEqual([])
  })

  some('may be absent, but for metadata.yaml', async () => {
    const unit = await startUnit(HANDLER)
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(0)
    const file = path.join(unit.charmDir, 'metadata.yaml')
    fs.rmSync(file)
    await expectFailure(unit, `the charm has no metadata.yaml: ${file}`)
  })
})

describe('a machine without juju-log', () => {
  it('gets the log on stderr, a failure as one line', async () => {
    const unit = await startUnit({
      dispatch:
        '#!/bin/sh\nexport TOOLS=${PATH%%:*}\nPATH=$CHARM_DIR/override:${PATH#*:}\nexec charms.reactive main\n',
      'override/config-get': '#!/bin/sh\nexec $TOOLS/config-get "$@"\n',
      'override/is-leader': '#!/bin/sh\nexec $TOOLS/is-leader "$@"\n',
      'override/leader-get': '#!/bin/sh\nexec $TOOLS/leader-get "$@"\n',
      'reactive/app.sh': bash(`
@hook install
function fine() { set_flag new; }
@hook stop
function fails() { exit 4; }`),
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({
      exitStatus: 0,
      stderr: 'charms.reactive: INFO: Invoking reactive handler: reactive/app.sh:fine\n',
      stdout: '',
    })
    expect(await askForFlags(unit)).toEqual(['new'])
    const failed = await unit.run({ name: 'stop' })
    expect(failed.exitStatus).toBe(4)
    expect(failed.stderr.split('\n').filter((line) => line.includes('failed with status 4'))).toHaveLength(1)
  })
})

describe('a state file', () => {
  it('that another process has locked is an error after the time to wait', async () => {
    const unit = await startWithState()
    const before = fs.readFileSync(stateFile(unit))
    const database = new DatabaseSync(stateFile(unit))
    // From here on this process must not read the file itself: closing it would end its locks.
    database.exec('BEGIN EXCLUSIVE')
    const env = { CHARMS_REACTIVE_BUSY_TIMEOUT: '100' }
    const message = `the unit state is locked by another process: ${stateFile(unit)}: SQLITE_BUSY: database is locked`
    await expectFailure(unit, message, env)
    await expectRefusal(unit, message, env)
    const { stdout } = await unit.command(['base64', '-w0', stateFile(unit)])
    expect(stdout).toBe(before.toString('base64'))
    // A lock that goes in time is waited for.
    const waiting = unit.run({ name: 'install' })
    setTimeout(() => database.exec('ROLLBACK'), 300)
    expect(await waiting).toMatchObject({ exitStatus: 0, stderr: '' })
    database.close()
    expect(await askForFlags(unit)).toEqual(['new', 'old'])
  })

  some('that was locked in the middle of a hook fails it at the end, and keeps nothing of it', async () => {
    const unit = await startWithState({
      'reactive/app.sh': bash(`
@hook install
function sets() {
  set_flag new
  touch started
  while [[ ! -e go ]]; do sleep 0.02; done
}`),
    })
    const running = unit.run({ name: 'install', env: { CHARMS_REACTIVE_BUSY_TIMEOUT: '100' } })
    await expect.poll(() => fs.existsSync(path.join(unit.charmDir, 'started'))).toBe(true)
    const database = new DatabaseSync(stateFile(unit))
    database.exec('BEGIN IMMEDIATE')
    fs.writeFileSync(path.join(unit.charmDir, 'go'), '')
    const result = await running
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)).toEqual([
      expect.stringMatching(/^ERROR the unit state is locked by another process: /),
    ])
    database.close()
    expect(await askForFlags(unit)).toEqual(['old'])
  })

  it.each([
    [
      'no database',
      () => Buffer.from('this is a text, and rather a long one: '.repeat(10)),
      'the file is not a unit state: FILE',
    ],
    ['cut off', (state: Buffer) => state.subarray(0, 50), 'the file is not a unit state: FILE'],
    [
      'damaged',
      (state: Buffer) => damage(state),
      'the unit state is damaged: FILE: SQLITE_CORRUPT: database disk image is malformed',
    ],
  ])('that is %s is an error, and is left as it is', async (_, spoil, message) => {
    const unit = await startWithState()
    const spoiled = spoil(fs.readFileSync(stateFile(unit)))
    fs.writeFileSync(stateFile(unit), spoiled)
    const said = message.replace('FILE', stateFile(unit))
    await expectFailure(unit, said)
    await expectRefusal(unit, said)
    expect(fs.readFileSync(stateFile(unit)).equals(spoiled)).toBe(true)
  })

  some('that is the database of something else is an error, and is left as it is', async () => {
    const unit = await startUnit(HANDLER)
    const database = new DatabaseSync(stateFile(unit))
    database.exec('CREATE TABLE kv (key TEXT, data TEXT)')
    database.close()
    const before = fs.readFileSync(stateFile(unit))
    await expectFailure(unit, `the file is not a unit state: ${stateFile(unit)}`)
    await expectRefusal(unit, `the file is not a unit state: ${stateFile(unit)}`)
    expect(fs.readFileSync(stateFile(unit)).equals(before)).toBe(true)
  })

  it('from a newer version is refused, and is left as it is', async () => {
    const unit = await startWithState()
    const database = new DatabaseSync(stateFile(unit))
    const rows = database.prepare("SELECT key, value FROM keyv WHERE key LIKE '%meta:schema'").all()
    expect(rows).toHaveLength(1)
    const newer = String(rows[0]?.value).replace(/1/, '9')
    database.exec(`UPDATE keyv SET value = '${newer}' WHERE key LIKE '%meta:schema'`)
    database.close()
    const before = fs.readFileSync(stateFile(unit))
    const message = `the unit state has schema 9, newer than this toolkit's 1: ${stateFile(unit)}`
    await expectFailure(unit, message)
    await expectRefusal(unit, message)
    expect(fs.readFileSync(stateFile(unit)).equals(before)).toBe(true)
  })

  some('of another unit is set aside with a warning, and kept', async () => {
    const other = await startWithState()
    const unit = await startUnit(HANDLER, { state: { unit: 'mine/3' } })
    fs.copyFileSync(stateFile(other), stateFile(unit))
    const before = fs.readFileSync(stateFile(unit))
    const result = await unit.run({ name: 'install' })
    const aside = `${stateFile(unit)}.of-app-0`
    expect(result.exitStatus).toBe(0)
    expect(remarks(result)).toEqual([
      `WARNING the unit state belongs to app/0, not to mine/3: set aside as ${aside}`,
    ])
    expect(fs.readFileSync(aside).equals(before)).toBe(true)
    expect(await askForFlags(unit)).toEqual(['new'])
    expect(remarks(await unit.run({ name: 'start' }))).toEqual([])
  })

  some('that cannot be made, or is a directory, is an error', async () => {
    const unit = await startUnit({ ...HANDLER, file: '' })
    const below = path.join(unit.charmDir, 'file/state.db')
    const missing = path.join(unit.charmDir, 'missing/state.db')
    for (const [state, pattern] of [
      [below, /^the unit state cannot be (opened|written): .*file\/state\.db: .*ENOTDIR/],
      [missing, /^the unit state cannot be (opened|written): .*missing\/state\.db: .*ENOENT/],
      [unit.charmDir, /^the unit state cannot be (opened|written): .*EISDIR/],
      // Nobody can make a file there, not even root.
      [
        '/sys/state.db',
        /^the unit state cannot be (opened|written): \/sys\/state\.db: .*(EACCES|EPERM|EROFS)/,
      ],
    ] as const) {
      const env = { CHARMS_REACTIVE_STATE: state }
      const result = await unit.run({ name: 'install', env })
      expect(result.exitStatus).toBe(3)
      const errors = remarks(result)
      expect(errors).toHaveLength(1)
      expect(errors[0]?.replace('ERROR ', '')).toMatch(pattern)
      const refused = await unit.command(['charms.reactive', 'set_flag', 'x'], env)
      expect(refused.exitStatus).toBe(3)
      expect(refused.stderr).toMatch(/^charms\.reactive: set_flag: the unit state cannot be .*\n$/)
    }
    expect(await askForFlags(unit)).toEqual([])
  })

  some('beside which nothing can be written is an error, and is left as it is', async () => {
    const unit = await startWithState()
    const before = fs.readFileSync(stateFile(unit))
    // Root may write in every directory; a directory in the place of the journal is as good as a read-only disk.
    fs.mkdirSync(`${stateFile(unit)}-journal`)
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)).toEqual([
      expect.stringMatching(
        /^ERROR the unit state cannot be (opened|written|read or written): .*: SQLITE_(CANTOPEN|IOERR): /,
      ),
    ])
    expect(result.stderr).toBe('')
    const refused = await unit.command(['charms.reactive', 'set_flag', 'x'])
    expect(refused.exitStatus).toBe(3)
    expect(refused.stderr).toMatch(/^charms\.reactive: set_flag: the unit state cannot be .*\n$/)
    fs.rmdirSync(`${stateFile(unit)}-journal`)
    expect(fs.readFileSync(stateFile(unit)).equals(before)).toBe(true)
    expect(await askForFlags(unit)).toEqual(['old'])
  })

  some('is for its owner only, also in a directory of its own', async () => {
    const unit = await startUnit(HANDLER)
    const elsewhere = path.join(unit.dir, 'state.db')
    await unit.run({ name: 'install', env: { CHARMS_REACTIVE_STATE: elsewhere } })
    expect(fs.statSync(elsewhere).mode & 0o777).toBe(0o600)
    expect(fs.existsSync(stateFile(unit))).toBe(false)
    expect(fs.readdirSync(unit.charmDir).filter((name) => name.startsWith('.reactive'))).toEqual([])
  })

  some('is not made longer, nor left locked, by a hook that is killed', async () => {
    const unit = await startWithState({
      'reactive/app.sh': bash('@hook install\nfunction sleeps() { set_flag lost; sleep 30; }'),
    })
    const result = await unit.run({ name: 'install', timeoutMs: 1000 })
    expect(result).toMatchObject({ timedOut: true, exitStatus: 137 })
    expect(await askForFlags(unit)).toEqual(['old'])
    await ask(unit, 'set_flag', 'next')
    expect(await askForFlags(unit)).toEqual(['next', 'old'])
  })
})

/** A database whose pages behind the first are noise. */
function damage(state: Buffer): Buffer {
  const spoiled = Buffer.from(state)
  spoiled.fill(0xa5, 100)
  return spoiled
}

const asNobody = process.getuid?.() === 0 && !spawnSync('setpriv', ['--reuid=65534', 'true']).status

describe.skipIf(!asNobody)('a unit of another user', () => {
  it.each([
    ['get_flags', 'opened'],
    ['set_flag x', 'opened'],
  ])('is refused with the way out: %s', async (words, what) => {
    const unit = await startUnit({})
    const state = path.join(unit.charmDir, '.reactive-state.db')
    await unit.command(['set_flag', 'a'])
    const { stderr, status } = asAnother(unit.charmDir, words.split(' '))
    expect(stderr).toMatch(
      new RegExp(`the unit state cannot be ${what}, run this as root \\(sudo\\): ${state}: `),
    )
    expect(status).toBe(3)
    fs.rmSync(state)
    const none = asAnother(unit.charmDir, ['set_flag', 'x'])
    expect(none.stderr).toContain(
      `the unit state cannot be written, run this as root (sudo): ${state}: EACCES`,
    )
  })
})

function asAnother(charmDir: string, words: readonly string[]) {
  for (let dir = charmDir; dir.startsWith(os.tmpdir() + path.sep); dir = path.dirname(dir))
    fs.chmodSync(dir, 0o755)
  const command = [
    '--reuid=65534',
    '--clear-groups',
    process.execPath,
    path.join(SHELL, '../dist/main.cjs'),
    ...words,
  ]
  return spawnSync('setpriv', command, { encoding: 'utf8', env: { ...process.env, CHARM_DIR: charmDir } })
}
