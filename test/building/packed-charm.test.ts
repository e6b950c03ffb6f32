// A charm with the real runtime, packed, deployed and run on this machine, without Node.js on PATH and without
// anything of the checkout. test/conformance/bare-root.test.ts does the same where there is nothing else at all.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDir, run, SHELL } from '../test-unit.ts'
import { fakeRuntime } from './fake-runtime.ts'
import { comparable, liveThrough, prepareMachine } from './guestbook-life.ts'
import { packWith, ROOT } from './pack-with.ts'
import { PackedUnit } from './packed-unit.ts'

const GUESTBOOK = path.join(ROOT, 'examples/guestbook')
const LAUNCHER = path.join(SHELL, 'charms.reactive')
const CARRIED = ['bash', '.reactive/shell/charms.reactive']

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'charms.reactive-test-'))
const archive = path.join(scratch, 'guestbook.charm')
/** Nothing runs in it: units have its files, and replace those that they change. */
const unpacked = new PackedUnit(path.join(scratch, 'unpacked'))
/** The same with a small runtime, for hooks that do not get so far. */
const smallArchive = path.join(scratch, 'small.charm')

beforeAll(() => {
  const node = path.join(scratch, 'node')
  fs.writeFileSync(node, fakeRuntime(), { mode: 0o755 })
  packWith(ROOT, GUESTBOOK, archive)
  packWith(ROOT, GUESTBOOK, smallArchive, '--node', node)
  unpacked.deploy(archive)
}, 300_000)

afterAll(() => fs.rmSync(scratch, { recursive: true }))

function deployed(which = archive): PackedUnit {
  const unit = new PackedUnit(makeDir())
  if (which === archive) unit.link(unpacked.charmDir)
  else unit.deploy(which)
  prepareMachine(unit)
  return unit
}

const carriedFile = (unit: PackedUnit, name: string) => path.join(unit.charmDir, '.reactive', name)
const runtimeOf = (unit: PackedUnit) =>
  carriedFile(
    unit,
    `bin/${execFileSync('bash', ['-c', 'echo "$HOSTTYPE"'], { encoding: 'utf8' }).trim()}/node`,
  )
const BASH_VERSION = execFileSync('bash', ['-c', 'echo "$BASH_VERSION"'], { encoding: 'utf8' }).trim()
const caches = (unit: PackedUnit) =>
  fs
    .readdirSync(carriedFile(unit, 'dist'))
    .filter((name) => name.endsWith('.cache'))
    .map((name) => `${name} ${fs.statSync(carriedFile(unit, `dist/${name}`)).mtimeMs}`)

describe('a packed charm', () => {
  it('lives as it does with the toolkit of a checkout', async () => {
    const packed = await liveThrough(deployed(), CARRIED)
    const unit = new PackedUnit(makeDir())
    unit.copy(GUESTBOOK)
    await run(LAUNCHER, ['hooks', 'install', '--charm-dir', unit.charmDir])
    const ofCheckout = await liveThrough(unit, [LAUNCHER])
    expect(comparable(packed)).toEqual(comparable(ofCheckout))
    expect(packed.events.map(({ event, status, stderr }) => [event, status, stderr])).toEqual(
      packed.events.map(({ event }) => [event, 0, '']),
    )
    expect(packed.files['/etc/guestbook.conf']).toContain('10.0.0.7')
    expect(packed.handlers.length).toBeGreaterThan(10)
  }, 120_000)

  it('writes its code cache in the first hook, and uses it in the second', async () => {
    const unit = deployed()
    expect((await unit.hook('install')).status).toBe(0)
    const first = caches(unit)
    expect(first).toHaveLength(1)
    expect((await unit.hook('update-status')).status).toBe(0)
    expect(caches(unit)).toEqual(first)
  }, 60_000)

  it('asks Juju while its runtime starts, although hooks/* are there', async () => {
    const unit = deployed()
    await unit.hook('install')
    unit.takeCalls()
    await unit.hook('update-status')
    // Side by side, before the engine could ask about relations.
    expect(
      unit
        .takeCalls()
        .slice(0, 3)
        .map((call) => call.split(' ')[0])
        .toSorted(),
    ).toEqual(['config-get', 'is-leader', 'leader-get'])
  }, 60_000)

  it('works by hooks/NAME where Juju knows no dispatch', async () => {
    const unit = deployed()
    const { status, stderr } = await unit.exec('hooks/install')
    expect([status, stderr]).toEqual([0, ''])
    expect(unit.takeCalls().join('\n')).toContain('install_guestbook')
  }, 60_000)

  it('does not bring its toolkit into a simulated unit', async () => {
    const charm = makeDir()
    fs.cpSync(GUESTBOOK, charm, { recursive: true })
    fs.mkdirSync(path.join(charm, '.reactive/shell'), { recursive: true })
    fs.writeFileSync(path.join(charm, '.reactive/shell/charms.reactive'), 'echo foreign; exit 9\n')
    await run(LAUNCHER, ['hooks', 'install', '--charm-dir', charm])
    const { stdout } = await run(LAUNCHER, [
      'simulate',
      charm,
      '--command',
      'apt-get',
      '--command',
      'guestbook',
      'install',
    ])
    expect(stdout).toContain('ran reactive/guestbook.sh:install_guestbook')
    expect(stdout).not.toContain('foreign')
  }, 60_000)
})

describe('a hook that cannot run says so in one line, and blocks the unit', () => {
  const cut = (file: string) => fs.truncateSync(file, Math.floor(fs.statSync(file).size / 2))

  it.each<[string, (unit: PackedUnit) => void, Record<string, string>, string]>([
    [
      'another architecture',
      () => {},
      { HOSTTYPE: 'riscv64' },
      'the charm has no runtime for this architecture, riscv64: CARRIED/bin',
    ],
    [
      // As an older bash sees it.
      'a bash that is too old',
      (unit) => {
        const launcher = carriedFile(unit, 'shell/charms.reactive')
        fs.writeFileSync(launcher, fs.readFileSync(launcher, 'utf8').replace('>= 501', '>= 9901'))
      },
      {},
      'bash is older than 5.1: VERSION',
    ],
    [
      'a runtime without its execute bit',
      (unit) => fs.chmodSync(runtimeOf(unit), 0o644),
      {},
      'the runtime is not executable: NODE',
    ],
    ['half a runtime', (unit) => cut(runtimeOf(unit)), {}, 'a file of the toolkit is damaged: NODE'],
    [
      'half an engine',
      (unit) => cut(carriedFile(unit, 'dist/engine.cjs')),
      {},
      'a file of the toolkit is damaged: CARRIED/dist/engine.cjs',
    ],
    [
      'a library that is gone',
      (unit) => fs.rmSync(carriedFile(unit, 'shell/channel.sh')),
      {},
      'a file of the toolkit is damaged: CARRIED/shell/channel.sh',
    ],
    [
      'a helper without its execute bit',
      (unit) => fs.chmodSync(carriedFile(unit, 'shell/set_flag'), 0o644),
      {},
      'a file of the toolkit is not executable: CARRIED/shell/set_flag',
    ],
    [
      'checksums that are gone wrong',
      (unit) => fs.writeFileSync(carriedFile(unit, 'checksums'), 'x\n'),
      {},
      'a file of the toolkit is damaged: CARRIED/checksums',
    ],
    [
      'an engine that is gone',
      (unit) => fs.rmSync(carriedFile(unit, 'dist'), { recursive: true }),
      {},
      'the toolkit is not there: CARRIED/shell',
    ],
  ])(
    '%s',
    async (_, damage, env, message) => {
      const unit = deployed(smallArchive)
      damage(unit)
      const { status, stderr } = await unit.hook('install', env)
      const text = message
        .replace('NODE', runtimeOf(unit))
        .replace('CARRIED', carriedFile(unit, ''))
        .replace('VERSION', BASH_VERSION)
      const line = text.replaceAll('.reactive//', '.reactive/')
      expect([status, stderr]).toEqual([3, `charms.reactive: ${line}\n`])
      expect(unit.takeCalls()).toEqual([`status-set 'blocked' '${line}'`])
    },
    60_000,
  )

  it('also where it was in order at first, and not where it is mended', async () => {
    const unit = deployed()
    expect((await unit.hook('install')).status).toBe(0)
    const file = carriedFile(unit, 'dist/nunjucks.cjs')
    const text = fs.readFileSync(file)
    fs.rmSync(file)
    fs.writeFileSync(file, '')
    expect((await unit.hook('update-status')).stderr).toBe(
      `charms.reactive: a file of the toolkit is damaged: ${file}\n`,
    )
    fs.writeFileSync(file, text)
    expect(await unit.hook('update-status')).toMatchObject({ status: 0, stderr: '' })
  }, 60_000)

  it('but sets no status in an action', async () => {
    const unit = deployed(smallArchive)
    fs.chmodSync(runtimeOf(unit), 0o644)
    const { status, stderr } = await unit.action('backup')
    expect([status, stderr.split('\n').length]).toEqual([3, 2])
    expect(unit.takeCalls()).toEqual([''])
  })

  it('a charm that lacks what development needs', async () => {
    const { status, stderr } = await deployed().exec(...CARRIED, 'pack', '.')
    expect([status, stderr]).toEqual([
      3,
      expect.stringMatching(/^charms\.reactive: pack: a charm does not carry what development needs: .*\n$/),
    ])
  })
})

describe('two charms on one machine', () => {
  it('are each run by their own toolkit, whoever asks', async () => {
    const dir = makeDir()
    const [one, two] = ['one/0', 'two/0'].map((name) => new PackedUnit(dir, { name }))
    if (one === undefined || two === undefined) throw new Error('unreachable')
    one.link(unpacked.charmDir)
    two.link(unpacked.charmDir)
    const engine = carriedFile(two, 'dist/engine.cjs')
    const text = fs.readFileSync(engine, 'utf8')
    const { version } = JSON.parse(fs.readFileSync(path.join(SHELL, '../package.json'), 'utf8'))
    fs.rmSync(engine)
    fs.writeFileSync(engine, text.replaceAll(`"${version}"`, '"9.9.9"'))
    const agents = { CHARMS_REACTIVE_AGENTS: path.dirname(path.dirname(one.charmDir)) }
    const ask = async (...words: string[]) =>
      (await one.exec('env', ...Object.entries(agents).map((pair) => pair.join('=')), ...words)).stdout
    expect(await ask(...CARRIED, 'version')).toBe(`${version}\n`)
    const charmEnv = ['bash', '.reactive/shell/charm-env']
    expect(await ask(...charmEnv, 'charms.reactive', 'version')).toBe(`${version}\n`)
    expect(await ask(...charmEnv, '--charm', 'guestbook', 'charms.reactive', 'version')).toBe(`${version}\n`)
    expect(await ask(...charmEnv, '--unit', 'two/0', 'charms.reactive', 'version')).toBe('9.9.9\n')
    await ask(...CARRIED, 'set_flag', 'of-two', '--unit', 'two/0')
    expect(await ask(...CARRIED, 'get_flags', '--unit', 'two/0')).toBe('of-two\n')
    expect(await ask(...CARRIED, 'get_flags')).toBe('')
  }, 60_000)
})

describe('/usr/local/sbin/charm-env', () => {
  const shim = path.join(SHELL, 'machine/charm-env')

  function machine() {
    const dir = makeDir()
    const units = ['one/0', 'two/0', 'sub/0'].map((name) => new PackedUnit(dir, { name }))
    for (const unit of units) {
      const name = path.basename(path.dirname(unit.charmDir)).split('-')[1]
      fs.mkdirSync(path.join(unit.charmDir, '.reactive/shell'), { recursive: true })
      fs.writeFileSync(
        path.join(unit.charmDir, 'metadata.yaml'),
        `name: ${name} # x\n${name === 'sub' ? 'subordinate: true\n' : ''}`,
      )
      for (const command of ['charm-env', 'charms.reactive'])
        fs.writeFileSync(
          path.join(unit.charmDir, `.reactive/shell/${command}`),
          `echo "${name} ${command} $CHARM_DIR: $*"\n`,
        )
    }
    const sbin = path.join(dir, 'sbin')
    fs.mkdirSync(sbin)
    fs.copyFileSync(shim, path.join(sbin, 'charm-env'))
    fs.symlinkSync('charm-env', path.join(sbin, 'charms.reactive'))
    const agents = path.join(dir, 'var/lib/juju/agents')
    const call = async (command: string, words: string[], env: Record<string, string> = {}, cwd = '/') => {
      const ended = await run(path.join(sbin, command), words, {
        cwd,
        env: { PATH: `${sbin}:/usr/bin:/bin`, CHARMS_REACTIVE_AGENTS: agents, ...env },
      })
      return (ended.stdout + ended.stderr).replaceAll(agents, 'AGENTS')
    }
    return { dir, agents, call }
  }

  const ONE = 'AGENTS/unit-one-0/charm'
  const TWO = 'AGENTS/unit-two-0/charm'

  it('runs the command of the unit that is meant', async () => {
    const { agents, call } = machine()
    const inTwo = {
      JUJU_CHARM_DIR: path.join(agents, 'unit-two-0/charm'),
      CHARM_DIR: path.join(agents, 'unit-two-0/charm'),
    }
    expect(await call('charm-env', ['env', '-x'], inTwo)).toBe(`two charm-env ${TWO}: env -x\n`)
    expect(await call('charms.reactive', ['get_flags'], inTwo)).toBe(
      `two charms.reactive ${TWO}: get_flags\n`,
    )
    expect(await call('charm-env', ['--unit', 'one/0', 'env'], inTwo)).toBe(
      `one charm-env ${ONE}: --charm-dir=${ONE} env\n`,
    )
    expect(await call('charms.reactive', ['get_flags', '--unit=one/0'], inTwo)).toBe(
      `one charms.reactive ${ONE}: get_flags\n`,
    )
    expect(await call('charm-env', ['--charm', 'one', 'env'])).toBe(
      `one charm-env ${ONE}: --charm-dir=${ONE} env\n`,
    )
    expect(await call('charm-env', ['--charm=one', 'env'], inTwo)).toBe(`two charm-env ${TWO}: env\n`)
    expect(await call('charms.reactive', ['get_flags'], {}, path.join(agents, 'unit-one-0/charm'))).toBe(
      `one charms.reactive ${ONE}: get_flags\n`,
    )
  })

  it('finds the only principal unit, and asks where there are several', async () => {
    const { agents, call } = machine()
    expect(await call('charms.reactive', ['get_flags'])).toBe(
      `charms.reactive: there are several units, name one with --unit APP/N: ${ONE} ${TWO}\n`,
    )
    fs.rmSync(path.join(agents, 'unit-two-0'), { recursive: true })
    expect(await call('charms.reactive', ['get_flags'])).toBe(`one charms.reactive ${ONE}: get_flags\n`)
    expect(await call('charm-env', ['--charm', 'three', 'env'])).toBe(
      'charm-env: there is no such unit below AGENTS, name one with --unit APP/N\n',
    )
  })

  it('leaves a charm without a toolkit to another command of the name, and says where there is none', async () => {
    const { agents, call, dir } = machine()
    const charm = path.join(agents, 'unit-one-0/charm')
    fs.rmSync(path.join(charm, '.reactive'), { recursive: true })
    expect(await call('charms.reactive', ['version'], { CHARM_DIR: charm })).toBe(
      `charms.reactive: the charm carries no toolkit: ${ONE}\n`,
    )
    fs.mkdirSync(path.join(dir, 'bin'))
    fs.writeFileSync(path.join(dir, 'bin/charms.reactive'), '#!/bin/sh\necho another "$@"\n', { mode: 0o755 })
    const PATH = `${dir}/sbin:${dir}/bin:/usr/bin:/bin`
    expect(await call('charms.reactive', ['version'], { CHARM_DIR: charm, PATH })).toBe('another version\n')
  })

  it('is newer than any that charms of layer:basic bring along', async () => {
    expect(await machine().call('charm-env', ['--version'])).toBe('1000.1\n')
  })
})
