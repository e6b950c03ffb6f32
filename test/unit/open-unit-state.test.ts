import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readContext } from '../../src/juju/context.ts'
import { logThrough } from '../../src/juju/log.ts'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { openUnitState, type Purpose } from '../../src/unit/open-unit-state.ts'
import type { UnitState } from '../../src/unit/unit-state.ts'
import { ask, bash, logged, ran, startUnit, temporaryDir, writeFiles } from '../end-to-end/charm.ts'
import { fingerprint, pythonDatabase } from '../python-database.ts'

const ROWS = { 'reactive.states.old': null, 'reactive.states.older': null, mine: 'python' }
const STATE = '.reactive-state.db'

/** A charm dir with a state of the original. */
function charmDirWith(rows: Record<string, unknown> = ROWS): string {
  const dir = temporaryDir()
  pythonDatabase(path.join(dir, '.unit-state.db'), rows)
  return dir
}

async function open(
  charmDir: string,
  purpose: Purpose,
  given: Record<string, string> = {},
): Promise<{ state: UnitState; logged: string[] }> {
  const messages: string[] = []
  const log = logThrough(async (level, message) => void messages.push(`${level} ${message}`))
  const env = { CHARM_DIR: charmDir, JUJU_UNIT_NAME: 'app/0', ...given }
  const state = await openUnitState(readContext(env, charmDir), log, purpose)
  await log.flush()
  return { state, logged: messages.map((message) => message.replaceAll(charmDir, 'CHARM')) }
}

/** The keys of the state as another process finds them now, without those of the file about itself. */
async function keys(charmDir: string): Promise<string[]> {
  fs.renameSync(path.join(charmDir, '.unit-state.db'), path.join(charmDir, 'hidden'))
  const { state } = await open(charmDir, 'read')
  fs.renameSync(path.join(charmDir, 'hidden'), path.join(charmDir, '.unit-state.db'))
  const found = [...state.entries('')].map(([key]) => key)
  await state.close()
  return found.filter((key) => !/^meta:(schema|unit)$/.test(key)).sort()
}

const IMPORTED = ['flag:old', 'flag:older', 'kv:mine', 'meta:imported']

describe('the first use of a charm dir with a state of the Python original', () => {
  it.each<Purpose>(['dispatch', 'write'])(
    'imports it with the first commit of a %s, and says so',
    async (purpose) => {
      const charmDir = charmDirWith()
      const before = fingerprint(charmDir)
      const { state, logged: said } = await open(charmDir, purpose)
      expect(said).toEqual([
        'INFO imported the state of the Python original: flags 2, file hashes 0, data hashes 0, marks 0, ' +
          'key/value data 1, relations 0, options 0: CHARM/.unit-state.db',
      ])
      expect(state.has('flag:old')).toBe(true)
      await state.commit()
      await state.close()
      expect(await keys(charmDir)).toEqual(IMPORTED)
      expect(fingerprint(charmDir)).toMatchObject(before)
    },
  )

  it('shows it to a command that only reads, in silence and without a file', async () => {
    const charmDir = charmDirWith()
    const before = fingerprint(charmDir)
    const { state, logged: said } = await open(charmDir, 'read')
    expect(state.get('kv:mine')).toBe('python')
    await state.close()
    expect(said).toEqual([])
    expect(fingerprint(charmDir)).toEqual(before)
  })

  it('remembers what was imported, and imports it once', async () => {
    const charmDir = charmDirWith({})
    const first = await open(charmDir, 'write')
    await first.state.commit()
    await first.state.close()
    pythonDatabase(path.join(charmDir, '.unit-state.db'), ROWS)
    const { state, logged: said } = await open(charmDir, 'write')
    expect(said).toEqual([])
    expect(state.has('flag:old')).toBe(false)
    expect(state.get('meta:imported')).toMatchObject({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      from: [path.join(charmDir, '.unit-state.db')],
      counts: { flags: 0 },
    })
    await state.close()
  })

  it('starts again when nothing was committed, also with the record of a failed hook', async () => {
    const charmDir = charmDirWith()
    const killed = await open(charmDir, 'dispatch')
    await killed.state.close()
    const failed = await open(charmDir, 'dispatch')
    failed.state.set('flag:new', null)
    failed.state.discard()
    await failed.state.commit({ row: { event: 'install' }, keep: 20 })
    await failed.state.close()
    expect(await keys(charmDir)).toEqual([])
    const { state, logged: said } = await open(charmDir, 'dispatch')
    expect(said).toHaveLength(1)
    await state.commit()
    await state.close()
    expect(await keys(charmDir)).toEqual(IMPORTED)
  })

  it('writes only changes when a command has imported during the dispatch', async () => {
    const charmDir = charmDirWith()
    const dispatch = await open(charmDir, 'dispatch')
    const command = await open(charmDir, 'write')
    command.state.delete('flag:old')
    command.state.set('kv:mine', 'command')
    await command.state.commit()
    await command.state.close()
    dispatch.state.delete('flag:older')
    dispatch.state.set('flag:new', null)
    await dispatch.state.commit()
    await dispatch.state.close()
    expect(await keys(charmDir)).toEqual(['flag:new', 'kv:mine', 'meta:imported'])
    const { state } = await open(charmDir, 'read')
    expect(state.get('kv:mine')).toBe('command')
    await state.close()
  })

  it('leaves a unit alone that has a state of its own', async () => {
    const charmDir = temporaryDir()
    const own = await open(charmDir, 'write')
    own.state.set('flag:own', null)
    await own.state.commit()
    await own.state.close()
    pythonDatabase(path.join(charmDir, '.unit-state.db'), ROWS)
    expect(await keys(charmDir)).toEqual(['flag:own'])
    const { state, logged: said } = await open(charmDir, 'dispatch')
    expect(said).toEqual([])
    expect(state.has('flag:old')).toBe(false)
    await state.close()
  })

  it('takes nothing that came packed with the state of another unit', async () => {
    const charmDir = charmDirWith()
    const other = await open(charmDir, 'write', { JUJU_UNIT_NAME: 'app/7' })
    await other.state.commit()
    await other.state.close()
    for (let use = 0; use < 2; use++) {
      const { state } = await open(charmDir, 'dispatch')
      expect(state.has('flag:old')).toBe(false)
      await state.close()
    }
  })

  it('finds it where UNIT_STATE_DB points', async () => {
    const [charmDir, elsewhere] = [charmDirWith(), charmDirWith({ elsewhere: true })]
    const file = path.join(elsewhere, '.unit-state.db')
    for (const given of [file, path.relative(charmDir, file)]) {
      const { state } = await open(charmDir, 'read', { UNIT_STATE_DB: given })
      expect([...state.entries('')].map(([key]) => key)).toEqual(['kv:elsewhere', 'meta:imported'])
      await state.close()
    }
    const { state } = await open(charmDir, 'read', { UNIT_STATE_DB: ':memory:' })
    expect([...state.entries('')]).toEqual([])
    await state.close()
  })

  it('imports nothing at all of a file that is no such state', async () => {
    const charmDir = temporaryDir()
    fs.writeFileSync(path.join(charmDir, '.unit-state.db'), 'some text '.repeat(100))
    fs.writeFileSync(path.join(charmDir, '.juju-persistent-config'), '{}')
    for (const purpose of ['read', 'write', 'dispatch'] as const) {
      await expect(open(charmDir, purpose)).rejects.toThrow(
        `the file is not a state of the Python original: ${charmDir}/.unit-state.db: `,
      )
    }
    fs.rmSync(path.join(charmDir, '.unit-state.db'))
    const { state } = await open(charmDir, 'read')
    expect([...state.entries('')].map(([key]) => key)).toEqual(['config:last', 'meta:imported'])
    await state.close()
  })
})

const CHARM = {
  'config.yaml': 'options:\n  port: {type: int, default: 80}\n  title: {type: string}\n',
  'reactive/app.sh': bash(`
@only_once
@hook update-status
function install() { echo install >>ran; }

@when_file_changed /etc/app.conf
function restart() { echo restart >>ran; }

@when config.changed
function configure() { echo configure >>ran; [[ ! -e fail ]] || exit 7; }

@when app.installed
function serve() { echo serve >>ran; }

@when_not app.installed
function prepare() { echo prepare >>ran; }
`),
}

/** A unit as the original leaves it: a hook there would have run nothing but `serve`. */
async function movedUnit(): Promise<SimulatedUnit> {
  const unit = await startUnit(CHARM)
  writeFiles(unit.root, { 'etc/app.conf': 'port = 80\n' })
  writeFiles(unit.charmDir, { '.juju-persistent-config': '{"port": 80, "title": null}' })
  pythonDatabase(path.join(unit.charmDir, '.unit-state.db'), {
    'reactive.states.app.installed': null,
    'reactive.files_changed./etc/app.conf': createHash('md5').update('port = 80\n').digest('hex'),
    'reactive.data_changed.servers': createHash('md5').update('{"a": [1, "\\u00e9"]}').digest('hex'),
    'reactive.invoked./var/lib/juju/agents/unit-old-0/charm/reactive/app.sh:99:install': true,
    'reactive.dispatch.phase': 'other',
    key: { deep: ['value'] },
  })
  return unit
}

describe('a unit that moves here from the Python original', () => {
  it('runs in its next hook only what the original would have run', async () => {
    const unit = await movedUnit()
    const result = await unit.run({ name: 'update-status' })
    expect(result.exitStatus).toBe(0)
    expect(ran(result)).toEqual(['reactive/app.sh:serve'])
    expect(logged(result)[0]).toMatch(
      /^INFO imported the state of the Python original: flags 1, file hashes 1, /,
    )
    expect(await ask(unit, 'kv', 'get', 'key')).toBe('{"deep":["value"]}\n')
    const again = await unit.run({ name: 'update-status' })
    expect(logged(again)).toEqual(['INFO Invoking reactive handler: reactive/app.sh:serve'])
  })

  it('sees real changes since', async () => {
    const unit = await movedUnit()
    writeFiles(unit.root, { 'etc/app.conf': 'port = 81\n' })
    unit.setConfig({ title: 'new' })
    await ask(unit, 'clear_flag', 'app.installed')
    const result = await unit.run({ name: 'config-changed' })
    expect(ran(result).sort()).toEqual([
      'reactive/app.sh:configure',
      'reactive/app.sh:prepare',
      'reactive/app.sh:restart',
    ])
    expect(ran(await unit.run({ name: 'update-status' }))).toEqual(['reactive/app.sh:prepare'])
  })

  it('imports again after a first hook that failed', async () => {
    const unit = await movedUnit()
    unit.setConfig({ port: 81 })
    fs.writeFileSync(path.join(unit.charmDir, 'fail'), '')
    expect((await unit.run({ name: 'config-changed' })).exitStatus).toBe(7)
    fs.rmSync(path.join(unit.charmDir, 'fail'))
    const result = await unit.run({ name: 'config-changed' })
    expect(logged(result)[0]).toMatch(/^INFO imported the state of the Python original: /)
    expect(ran(result).sort()).toEqual(['reactive/app.sh:configure', 'reactive/app.sh:serve'])
  })

  it('shows commands outside of a hook what was imported; one that writes keeps it', async () => {
    const unit = await movedUnit()
    const before = fingerprint(unit.charmDir)
    expect(await ask(unit, 'get_flags')).toBe('app.installed\n')
    expect(
      (await unit.command(['charms.reactive', 'is_data_changed', 'servers', '{"a": [1, "é"]}'])).exitStatus,
    ).toBe(1)
    expect(fingerprint(unit.charmDir)).toEqual(before)
    await ask(unit, 'set_flag', 'by-hand')
    expect(fs.existsSync(path.join(unit.charmDir, STATE))).toBe(true)
    expect(fingerprint(unit.charmDir)).toMatchObject(before)
    expect(await ask(unit, 'get_flags')).toBe('app.installed\nby-hand\n')
    expect(ran(await unit.run({ name: 'update-status' }))).toEqual(['reactive/app.sh:serve'])
  })

  it('fails with one line where the state is not readable', async () => {
    const unit = await startUnit(CHARM)
    fs.writeFileSync(path.join(unit.charmDir, '.unit-state.db'), 'no database '.repeat(100))
    const { exitStatus, stderr } = await unit.command(['charms.reactive', 'get_flags'])
    expect(exitStatus).toBe(3)
    expect(stderr.replace(unit.charmDir, 'CHARM')).toBe(
      'charms.reactive: get_flags: the file is not a state of the Python original: CHARM/.unit-state.db: ' +
        'SQLITE_NOTADB: file is not a database\n',
    )
    expect((await unit.run({ name: 'install' })).exitStatus).toBe(3)
  })
})
