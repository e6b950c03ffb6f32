// The move of a unit from the Python original: nothing is lost, nothing runs again, and what the original wrote
// stays as it is. How the recorded unit was made: migration/record.py.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { readContext } from '../../src/juju/context.ts'
import { logThrough } from '../../src/juju/log.ts'
import { openUnitState, type Purpose } from '../../src/unit/open-unit-state.ts'
import { effort, figure, isFull, random, sampled } from '../effort.ts'
import {
  ask,
  bash,
  errors,
  flags,
  lines,
  logged,
  remarks,
  startUnit,
  temporaryDir,
} from '../end-to-end/charm.ts'
import { fingerprint, pythonDatabase } from '../python-database.ts'
import { atEnd, bareEnv, runCli, SHELL } from '../test-unit.ts'
import { randomRows } from './migration/python-rows.ts'
import { FIXTURE, type Moment, movedUnit, recorded, runNext } from './migration/recorded.ts'

vi.setConfig({ testTimeout: effort({ sample: 300_000, full: 900_000 }) })

const STATE = '.reactive-state.db'
const IMPORTED = /^INFO imported the state of the Python original: /

/** What runs here and not there, and why (docs/migration.md). */
const MORE: Readonly<Record<string, string[]>> = {
  // The original takes note of the change while it asks in the hooks phase, where the flag does not count yet.
  'the other file has changed': ['files_changed'],
  // A unit that leaves takes its data with it; the original does not notice.
  'a proxy leaves': ['web_changed', 'web_others_changed', 'web_port_changed'],
}

/** The files of the original in a charm dir. */
function originals(charmDir: string): Record<string, string> {
  const all = Object.entries(fingerprint(charmDir))
  return Object.fromEntries(all.filter(([name]) => /^\.(unit-state|juju-persistent)|\.done$/.test(name)))
}

describe('a unit that ran with the Python original', () => {
  const isSame = ([, title]: readonly [Moment, string, string[]]) => /nothing|without|same/.test(title)
  const cases = Object.entries(recorded.next).flatMap(([moment, next]) =>
    Object.entries(next).map(([title, handlers]) => [moment as Moment, title, handlers] as const),
  )
  // Of what has not changed, and of the changes; a full run tries all.
  const [same, changes] = [cases.filter(isSame), cases.filter((one) => !isSame(one))]
  const first = random().below(changes.length)
  const some = [...changes, ...changes].slice(first, first + effort({ sample: 1, full: changes.length }))
  it.each([...sampled(same, 1), ...some])(
    '(%s) runs what the original would have run when %s',
    async (moment, title, handlers) => {
      const unit = await movedUnit(moment)
      const before = originals(unit.charmDir)
      const result = await runNext(unit, title)
      expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
      expect(lines(unit, 'ran').sort()).toEqual([...handlers, ...(MORE[title] ?? [])].sort())
      expect(remarks(result).filter((line) => IMPORTED.test(line))).toHaveLength(1)
      expect(originals(unit.charmDir)).toEqual(before)
    },
  )

  it('keeps its flags, data and conversations, and is imported once', async () => {
    const unit = await movedUnit('settled')
    await runNext(unit, 'nothing has changed')
    const again = await runNext(unit, 'nothing has changed')
    expect(remarks(again)).toEqual([])
    expect(JSON.parse(await ask(unit, 'kv', 'range', ''))).toEqual({
      'leadership.settings.token': 't1',
      own: { deep: [1, 1.5, 'ü', null, true], empty: {} },
      'own.null': null,
      'own.text': 'line\n"quoted"',
      'reactive.unknown': 'the charm took a name that is not its own',
    })
    const same = ['is_data_changed', 'own data', '{"a": null, "b": [1, 2.0, "ü"]}']
    expect((await unit.command(['charms.reactive', ...same])).exitStatus).toBe(1)
    expect((await unit.command(['charms.reactive', 'was_invoked', 'own id'])).exitStatus).toBe(0)
    const states = JSON.parse(await ask(unit, 'get_states'))
    expect(states['db.available']).toEqual({
      relation: 'db',
      conversations: ['reactive.conversations.db.global'],
    })
    expect(states['queue.connected'].conversations.sort()).toEqual([
      'reactive.conversations.queue:3.rabbit',
      'reactive.conversations.queue:4.other',
    ])
    const kept = await valuesOf(unit.charmDir)
    expect(kept.get('departed:web')).toMatchObject([{ relation: 'web:5', unit_name: 'proxy/1' }])
    expect(kept.get('conversation:cache:2 memcached/0')).toEqual({
      units: ['memcached/0'],
      local: { name: 'memcached/0', tries: 1 },
    })
  })
})

async function open(charmDir: string, purpose: Purpose) {
  const env = { CHARM_DIR: charmDir, JUJU_UNIT_NAME: 'app/0' }
  const log = logThrough(async () => undefined)
  return openUnitState(readContext(env, charmDir), log, purpose)
}

/** What our state holds, but for what the file says about itself; the original is out of sight. */
async function valuesOf(charmDir: string): Promise<Map<string, unknown>> {
  fs.renameSync(path.join(charmDir, '.unit-state.db'), path.join(charmDir, 'hidden'))
  const state = await open(charmDir, 'read')
  fs.renameSync(path.join(charmDir, 'hidden'), path.join(charmDir, '.unit-state.db'))
  const found = [...state.entries('')].filter(([key]) => !key.startsWith('meta:'))
  await state.close()
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const sorted = (values: Record<string, unknown>) =>
  new Map(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))

/** A charm dir with a random state of the original. */
function charmDirWith(stream: number, count: number) {
  const charmDir = temporaryDir()
  const { python, ours } = randomRows(random(stream), count)
  pythonDatabase(path.join(charmDir, '.unit-state.db'), python)
  fs.writeFileSync(path.join(charmDir, 'metadata.yaml'), 'name: app\n')
  return { charmDir, ours }
}

it('every value of random states of the original arrives', async () => {
  const count = effort({ sample: 4, full: 300 })
  let values = 0
  for (let n = 0; n < count; n += 1) {
    const { charmDir, ours } = charmDirWith(n, 1 + random(n).below(300))
    const before = originals(charmDir)
    const state = await open(charmDir, 'dispatch')
    await state.commit()
    await state.close()
    expect(await valuesOf(charmDir)).toStrictEqual(sorted(ours))
    expect(originals(charmDir)).toEqual({ ...before, '.unit-state.db': expect.any(String) })
    values += Object.keys(ours).length
  }
  figure('random states of the original that arrived whole', `${count}, with ${values} values`)
})

/** A process of the toolkit, in a process group that can be killed. */
function start(charmDir: string, words: readonly string[], wrap: readonly string[] = []): ChildProcess {
  const [file = '', ...args] = [...wrap, path.join(SHELL, 'charms.reactive'), ...words]
  const child = spawn(file, args, { cwd: charmDir, env: bareEnv(charmDir), stdio: 'ignore', detached: true })
  atEnd(() => void (child.exitCode === null && child.signalCode === null && killGroup(child)))
  return child
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** After a kill: all of the original is there for the next command, which adds a flag, or that of the killed. */
async function expectWhole(charmDir: string, ours: Record<string, unknown>): Promise<'before' | 'after'> {
  const { status, stderr } = await runCli(charmDir, ['set_flag', 'the.next'])
  expect(status, stderr).toBe(0)
  const values = await valuesOf(charmDir)
  const isDone = values.delete('flag:the.killed')
  expect(values.delete('flag:the.next')).toBe(true)
  expect(values).toStrictEqual(sorted(ours))
  return isDone ? 'after' : 'before'
}

/** Let a fresh unit's first command be killed by `kill`, and count what was found afterwards. */
async function killedImports(
  count: number,
  kill: (charmDir: string, n: number) => Promise<void>,
): Promise<Record<'before' | 'after', number>> {
  const { charmDir, ours } = charmDirWith(0, effort({ sample: 120, full: 400 }))
  const before = originals(charmDir)
  const found = { before: 0, after: 0 }
  for (let n = 0; n < count; n += 1) {
    for (const name of fs.readdirSync(charmDir).filter((one) => one.startsWith(STATE)))
      fs.rmSync(path.join(charmDir, name))
    await kill(charmDir, n)
    found[await expectWhole(charmDir, ours)] += 1
    expect(Object.keys(originals(charmDir))).toEqual(Object.keys(before))
  }
  return found
}

describe('an import that is killed', () => {
  const moments = random(1)
  it('at any moment starts again, or is there', async () => {
    const began = Date.now()
    await once(start(charmDirWith(3, 120).charmDir, ['set_flag', 'the.killed']), 'exit')
    const longest = 1.2 * (Date.now() - began)
    const found = await killedImports(effort({ sample: 1, full: 100 }), async (charmDir) => {
      const child = start(charmDir, ['set_flag', 'the.killed'])
      const ended = once(child, 'exit')
      await sleep(moments.below(longest))
      killGroup(child)
      await ended
    })
    figure('imports killed at random moments', `${found.before} start again, ${found.after} were done`)
  })

  // In the middle of the commit, which random moments hardly meet.
  it('at any call that changes a file starts again, or is there', async () => {
    // More than there are in an import of this size: then it ends by itself.
    const calls = Object.entries({ pwrite64: effort({ sample: 25, full: 40 }), fsync: 9, unlink: 3 })
    const kills = calls.flatMap(([call, count]) =>
      Array.from({ length: count }, (_, n) => [call, n + 1] as const),
    )
    const some = isFull
      ? kills
      : Array.from({ length: 3 }, () => kills.splice(moments.below(kills.length), 1)[0])
    const found = await killedImports(some.length, async (charmDir, n) => {
      const [call, when] = some[n] ?? []
      const inject = `inject=${call}:signal=SIGKILL:when=${when}`
      const child = start(
        charmDir,
        ['set_flag', 'the.killed'],
        ['strace', '-f', '-qq', '-o', '/dev/null', '-e', inject],
      )
      await once(child, 'exit')
      killGroup(child)
    })
    expect(found.before).toBeGreaterThan(0)
    figure(
      'imports killed at a call that changes a file',
      `${found.before} start again, ${found.after} were done`,
    )
  })
})

it('the first commands of many processes import once, also while a dispatch runs', async () => {
  const { charmDir, ours } = charmDirWith(2, 200)
  const gone = Object.keys(ours).find((key) => key.startsWith('flag:')) ?? ''
  const count = effort({ sample: 4, full: 60 })
  const commands = Array.from({ length: count }, (_, n) => ['set_flag', `at.once.${n}`])
  // What one of them clears must not come back with the import of another.
  commands.splice(count / 2, 0, ['clear_flag', '--', gone.slice('flag:'.length)])
  const dispatch = await open(charmDir, 'dispatch')
  const results = await Promise.all(commands.map((words) => runCli(charmDir, words)))
  expect(results.filter(({ status }) => status !== 0)).toEqual([])
  expect(results.filter(({ stderr }) => stderr !== '')).toHaveLength(1)
  dispatch.set('flag:of.dispatch', null)
  await dispatch.commit()
  await dispatch.close()
  const { [gone]: _, ...kept } = ours
  const added = Array.from({ length: count }, (__, n) => [`flag:at.once.${n}`, null])
  expect(await valuesOf(charmDir)).toStrictEqual(
    sorted({ ...kept, ...Object.fromEntries(added), 'flag:of.dispatch': null }),
  )
  figure('first commands at once, one import', count + 1)
})

/** A process of Python that holds the state until the test ends. */
async function hold(file: string, sql: string): Promise<void> {
  const program = `
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2].split(';'): connection.execute(statement)
print('held', flush=True)
time.sleep(60)`
  const child = spawn('python3', ['-c', program, file, sql], { stdio: ['ignore', 'pipe', 'inherit'] })
  atEnd(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
}

describe('the files of the original are left as they are, and the hook', () => {
  const FLAG = { 'reactive.states.old': null }
  const FOREIGN = 'the file is not a state of the Python original: CHARM/'
  const LOCKED = 'the state of the Python original is locked by another process: CHARM/.unit-state.db'
  type Make = (file: string, config: string) => unknown

  const STATES: [string, Make, string | string[]][] = [
    ['goes on', (file) => pythonDatabase(file, FLAG), ['old']],
    ['goes on beside an empty file', (file) => fs.writeFileSync(file, ''), []],
    ['goes on when nobody may write', (file) => fs.chmodSync(pythonDatabase(file, FLAG), 0o400), ['old']],
    [
      'reads what was committed while another process is writing',
      (file) =>
        hold(
          pythonDatabase(file, FLAG),
          "BEGIN IMMEDIATE;INSERT INTO kv VALUES ('reactive.states.new', 'null')",
        ),
      ['old'],
    ],
    [
      'rolls back in a copy what a killed hook left in a journal',
      (file) =>
        pythonDatabase(
          file,
          FLAG,
          "connection.execute('pragma cache_size = 1')\nfor n in range(2000): row('reactive.states.%d' % n, 'null')\nkilled()",
        ),
      ['old'],
    ],
    [
      'fails while another process keeps it locked',
      (file) => hold(pythonDatabase(file, FLAG), 'BEGIN EXCLUSIVE;DELETE FROM kv'),
      LOCKED,
    ],
    [
      'fails when it is a text',
      (file) => fs.writeFileSync(file, 'text\n'.repeat(50)),
      `${FOREIGN}.unit-state.db: SQLITE_NOTADB: file is not a database`,
    ],
    [
      'fails when it is cut short',
      (file) => {
        pythonDatabase(
          file,
          Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`k${n}`, 'x'.repeat(99)])),
        )
        fs.truncateSync(file, 8192)
      },
      `${FOREIGN}.unit-state.db: SQLITE_CORRUPT: database disk image is malformed`,
    ],
    [
      'fails when a row holds broken JSON',
      (file) => pythonDatabase(file, FLAG, "row('own', '{bad')\nconnection.commit()"),
      `${FOREIGN}.unit-state.db: the data of a key is not JSON: own`,
    ],
    [
      'fails when a row holds nothing',
      (file) => pythonDatabase(file, FLAG, "row('own', None)\nconnection.commit()"),
      `${FOREIGN}.unit-state.db: the data of a key is not text: own`,
    ],
    [
      'fails when the configuration is broken',
      (file, config) => {
        pythonDatabase(file, FLAG)
        fs.writeFileSync(config, '{"port": 80')
      },
      `${FOREIGN}.juju-persistent-config: `,
    ],
  ]
  it.each(sampled(STATES, 2))('%s', async (_, make, outcome) => {
    const unit = await startUnit({
      'reactive/app.sh': bash('@when_not never\nfunction f() { echo f >>ran; }'),
    })
    await make(
      path.join(unit.charmDir, '.unit-state.db'),
      path.join(unit.charmDir, '.juju-persistent-config'),
    )
    const before = originals(unit.charmDir)
    const { charmDir } = unit
    const result = await unit.run({ name: 'update-status', env: { CHARMS_REACTIVE_BUSY_TIMEOUT: '200' } })
    expect(originals(charmDir)).toEqual(before)
    if (Array.isArray(outcome)) {
      expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
      expect(flags(unit)).toEqual(outcome)
      expect(logged(result).some((line) => IMPORTED.test(line))).toBe(true)
      return
    }
    expect(result.exitStatus).toBe(3)
    const said = logged(result).join('\n').replaceAll(charmDir, 'CHARM')
    expect(said).toContain(outcome)
    expect([errors(result).length, result.stderr]).toEqual([1, ''])
    expect([lines(unit, 'ran'), fs.existsSync(path.join(charmDir, STATE))]).toEqual([[], false])
  })

  it('as recorded, a journal of a killed hook is part of the recorded unit', () => {
    expect(fs.statSync(path.join(FIXTURE, 'killed/.unit-state.db-journal')).size).toBeGreaterThan(512)
  })
})
