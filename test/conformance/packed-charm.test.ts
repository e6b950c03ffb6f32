// A charm with the real runtime, packed, deployed and run on this machine, without Node.js on PATH and without
// anything of the checkout. test/conformance/bare-root.test.ts does the same where there is nothing else at all.

import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fakeRuntime } from '../building/fake-runtime.ts'
import { comparable, liveThrough, prepareMachine } from '../building/guestbook-life.ts'
import { packWith, ROOT } from '../building/pack-with.ts'
import { PackedUnit } from '../building/packed-unit.ts'
import { isFull, oneIn, sampled } from '../effort.ts'
import { makeDir, run, SHELL } from '../test-unit.ts'

const some = oneIn(3)
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
  packWith(ROOT, GUESTBOOK, smallArchive, '--node', node)
  if (isFull) {
    packWith(ROOT, GUESTBOOK, archive)
    unpacked.deploy(archive)
    return
  }
  // The same files without an archive, in which the runtime takes its time.
  unpacked.copy(GUESTBOOK)
  execFileSync(LAUNCHER, ['hooks', 'install', '--carry', '--charm-dir', unpacked.charmDir])
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
  it.runIf(isFull)(
    'lives as it does with the toolkit of a checkout',
    async () => {
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
    },
    120_000,
  )

  it('writes its code cache in the first hook, and uses it in the second', async () => {
    const unit = deployed()
    expect((await unit.hook('install')).status).toBe(0)
    const first = caches(unit)
    expect(first).toHaveLength(1)
    expect((await unit.hook('update-status')).status).toBe(0)
    expect(caches(unit)).toEqual(first)
  }, 60_000)

  some(
    'asks Juju while its runtime starts, although hooks/* are there',
    async () => {
      const unit = deployed()
      await unit.hook('install')
      unit.takeCalls()
      await unit.hook('update-status')
      // Side by side, before the engine could ask for anything else.
      const asked = ['config-get', 'is-leader', 'leader-get', 'relation-ids']
      const calls = unit.takeCalls().map((call) => call.split(' ')[0] ?? '')
      const others = calls.findIndex((tool) => !asked.includes(tool))
      expect([...new Set(calls.slice(0, others))].toSorted()).toEqual(asked)
    },
    60_000,
  )

  some(
    'works by hooks/NAME where Juju knows no dispatch',
    async () => {
      const unit = deployed()
      const { status, stderr } = await unit.exec('hooks/install')
      expect([status, stderr]).toEqual([0, ''])
      expect(unit.takeCalls().join('\n')).toContain('install_guestbook')
    },
    60_000,
  )

  some(
    'does not bring its toolkit into a simulated unit',
    async () => {
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
    },
    60_000,
  )
})

describe('a hook that cannot run says so in one line, and blocks the unit', () => {
  const cut = (file: string) => fs.truncateSync(file, Math.floor(fs.statSync(file).size / 2))

  const DAMAGES: [string, (unit: PackedUnit) => void, Record<string, string>, string][] = [
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
  ]
  it.each(sampled(DAMAGES, 2))(
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

  it.runIf(isFull)(
    'also where it was in order at first, and not where it is mended',
    async () => {
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
    },
    60_000,
  )

  some('but sets no status in an action', async () => {
    const unit = deployed(smallArchive)
    fs.chmodSync(runtimeOf(unit), 0o644)
    const { status, stderr } = await unit.action('backup')
    expect([status, stderr.split('\n').length]).toEqual([3, 2])
    expect(unit.takeCalls()).toEqual([''])
  })

  some('a charm that lacks what development needs', async () => {
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
