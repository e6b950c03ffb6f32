// A packed charm where nothing is installed: Debian's smallest systems, without Node.js, Python or a network, hooks as
// root in namespaces of their own.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { comparable, liveThrough, prepareMachine } from '../building/guestbook-life.ts'
import { packWith, ROOT } from '../building/pack-with.ts'
import { PackedUnit } from '../building/packed-unit.ts'
import { figure, inFull, isFull } from '../effort.ts'
import { makeDir } from '../test-unit.ts'
import { copyRoot } from './roots.ts'
import { cloneToolkit, editFile } from './toolkits.ts'

const GUESTBOOK = path.join(ROOT, 'examples/guestbook')
const LAUNCHER = path.join(ROOT, 'shell/charms.reactive')
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-test-'))
const archive = path.join(scratch, 'one.charm')
const nextArchive = path.join(scratch, 'two.charm')
const TIME = { timeout: 900_000 }

beforeAll(() => {
  if (!isFull) return
  packWith(ROOT, GUESTBOOK, archive)
  const start = performance.now()
  packWith(ROOT, GUESTBOOK, archive)
  figure('time to pack again, ms', Math.round(performance.now() - start))
  const next = cloneToolkit(path.join(scratch, 'next'), {
    edit: (dir) => {
      editFile(path.join(dir, 'package.json'), '"version": "', '"version": "9.')
      const none = 'UPGRADES: readonly Upgrade[] = []'
      const one = none.replace(/\[\]$/, "[(values) => void values.set('flag:of-the-next-schema', null)]")
      editFile(path.join(dir, 'src/unit/state-upgrades.ts'), none, one)
    },
  })
  packWith(next, GUESTBOOK, nextArchive)
}, 900_000)

afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }))

inFull.each(['bookworm', 'trixie'])('on a bare %s', (suite) => {
  /** A unit on a fresh system; undefined where there is none. */
  function newUnit(name = 'guestbook/0', root = copyRoot(suite)): PackedUnit | undefined {
    if (root === undefined) return undefined
    const unit = new PackedUnit(root, { bareRoot: root, name })
    prepareMachine(unit)
    return unit
  }
  const missing = 'a root cannot be made here: it takes root, debootstrap and a mirror'
  const carried = (unit: PackedUnit, name: string) => path.join(unit.charmDir, '.reactive', name)

  it('a packed charm lives as it does with the toolkit of a checkout', TIME, async (context) => {
    const unit = newUnit()
    if (unit === undefined) return context.skip(missing)
    for (const name of ['node', 'python3'])
      expect([name, (await unit.ssh('/bin/sh', '-c', `command -v ${name}`)).status]).toEqual([name, 127])
    figure(`time to unpack, ms, ${suite}`, Math.round(unit.deploy(archive)))
    const packed = await liveThrough(unit, ['bash', '.reactive/shell/charms.reactive'])
    const other = new PackedUnit(makeDir())
    other.copy(GUESTBOOK)
    execFileSync(LAUNCHER, ['hooks', 'install', '--charm-dir', other.charmDir])
    const ofCheckout = await liveThrough(other, [LAUNCHER])
    expect(comparable(packed)).toEqual(comparable(ofCheckout))
    expect(packed.events.filter(({ status, stderr }) => status !== 0 || stderr !== '')).toEqual([])
    const [first = 0, ...later] = packed.milliseconds
    figure(`first hook, ms, ${suite}`, Math.round(first))
    figure(
      `later hooks, median, ms, ${suite}`,
      Math.round(later.toSorted((a, b) => a - b)[later.length >> 1] ?? 0),
    )
  })

  it('operators call the toolkit by its path, in juju exec and after juju ssh', TIME, async (context) => {
    const unit = newUnit()
    if (unit === undefined) return context.skip(missing)
    unit.deploy(archive)
    expect(await unit.hook('install')).toMatchObject({ status: 0, stderr: '' })
    const flags = 'guestbook.installed\n'
    const path = `${unit.place}/.reactive/shell/charms.reactive`
    for (const words of [[path], ['charms.reactive'], ['charm-env', 'charms.reactive']]) {
      expect(await unit.ssh(...words, 'get_flags')).toMatchObject({ status: 0, stdout: flags, stderr: '' })
      expect(await unit.exec(...words, 'get_flags')).toMatchObject({ status: 0, stdout: flags, stderr: '' })
    }
    expect(await unit.ssh('charms.reactive', 'set_flag', 'by-hand', '--unit', 'guestbook/0')).toMatchObject({
      status: 0,
    })
    expect((await unit.exec('charms.reactive', 'get_flags')).stdout).toBe(`by-hand\n${flags}`)
    expect((await unit.ssh('charm-env', 'sh', '-c', 'echo "$JUJU_UNIT_NAME"')).stdout).toBe('guestbook/0\n')
  })

  it('a charm dir that cannot be written does without code caches', TIME, async (context) => {
    const unit = newUnit()
    if (unit === undefined) return context.skip(missing)
    unit.deploy(archive)
    const mount = `mount --bind "$1${unit.place}" "$1${unit.place}" && mount -o remount,bind,ro "$1${unit.place}"`
    unit.enter += ` && ${mount}`
    const state = { CHARMS_REACTIVE_STATE: '/var/lib/state.db' }
    for (const name of ['install', 'update-status'])
      expect(await unit.hook(name, state)).toMatchObject({ status: 0, stderr: '' })
    expect(fs.readdirSync(carried(unit, 'dist')).filter((name) => name.endsWith('.cache'))).toEqual([])
  })

  it('a hook without /proc says so, and blocks the unit', TIME, async (context) => {
    const unit = newUnit()
    if (unit === undefined) return context.skip(missing)
    unit.deploy(archive)
    unit.enter = 'true'
    const line = 'the channel needs /proc: it is not mounted'
    expect(await unit.hook('install')).toMatchObject({ status: 3, stderr: `charms.reactive: ${line}\n` })
    expect(unit.takeCalls()).toEqual([`status-set 'blocked' '${line}'`])
  })

  it(
    'charms of layer:basic on the machine keep their charm-env, and other files are left alone',
    TIME,
    async (context) => {
      const unit = newUnit()
      if (unit === undefined) return context.skip(missing)
      unit.deploy(archive)
      const file = path.join(unit.root, 'usr/local/sbin/charm-env')
      const ofBasic =
        '#!/bin/bash\nfind_charm_dirs() { :; }\ntry_activate_venv() { :; }\necho "basic: ${0##*/} $*"\n'
      fs.writeFileSync(file, '#!/bin/sh\necho foreign\n', { mode: 0o755 })
      await unit.hook('install')
      expect(fs.readFileSync(file, 'utf8')).toContain('foreign')
      fs.writeFileSync(file, ofBasic)
      fs.rmSync(carried(unit, 'checked'))
      await unit.hook('update-status')
      expect((await unit.exec('charm-env', 'charms.reactive', 'get_flags')).stdout).toBe(
        'guestbook.installed\n',
      )
      const other = path.join(path.dirname(path.dirname(unit.charmDir)), 'unit-other-0/charm')
      fs.mkdirSync(other, { recursive: true })
      fs.writeFileSync(path.join(other, 'metadata.yaml'), 'name: other\n')
      expect((await unit.ssh('charm-env', '--charm', 'other', 'x')).stdout).toBe(
        'basic: charm-env --charm other x\n',
      )
    },
  )

  it(
    'an upgrade goes on with the state, also behind a failed hook, and there is no way back',
    TIME,
    async (context) => {
      const unit = newUnit()
      if (unit === undefined) return context.skip(missing)
      unit.deploy(archive)
      for (const name of ['install', 'start']) expect(await unit.hook(name)).toMatchObject({ status: 0 })
      const command = ['charms.reactive']
      const version = (await unit.exec(...command, 'version')).stdout
      fs.writeFileSync(path.join(unit.charmDir, 'of-the-unit'), 'x')

      unit.deploy(nextArchive)
      unit.command('apt-get', '#!/bin/sh\nexit 7\n')
      const failed = await unit.hook('upgrade-charm')
      expect(failed.status).not.toBe(0)
      unit.command('apt-get', '#!/bin/sh\n')
      expect(await unit.hook('upgrade-charm')).toMatchObject({ status: 0, stderr: '' })
      expect((await unit.exec(...command, 'version')).stdout).toBe(`9.${version}`)
      expect((await unit.exec(...command, 'get_flags')).stdout).toBe(
        'guestbook.installed\nof-the-next-schema\n',
      )
      expect(fs.existsSync(path.join(unit.charmDir, 'of-the-unit'))).toBe(true)
      // Of the old toolkit nothing is left.
      execFileSync('sha256sum', ['--check', '--quiet', '--strict', 'checksums'], { cwd: carried(unit, '') })
      expect(fs.readdirSync(carried(unit, 'dist')).filter((name) => name.startsWith('hook.'))).toHaveLength(1)

      unit.deploy(archive)
      unit.takeCalls()
      expect(await unit.hook('upgrade-charm')).toMatchObject({ status: 3, stderr: '' })
      const errors = unit.takeCalls().filter((call) => /^juju-log .*ERROR/.test(call))
      expect(errors).toEqual([
        expect.stringMatching(/the unit state has schema 2, newer than this toolkit'\\''s 1: /),
      ])
      unit.deploy(nextArchive)
      expect(await unit.hook('upgrade-charm')).toMatchObject({ status: 0, stderr: '' })
    },
  )
})
