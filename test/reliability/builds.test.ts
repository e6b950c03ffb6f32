// Builds that are killed, that meet each other, and that find the disk full: the target is the old charm or the new
// one, whole, and the next build leaves nothing of the others behind.

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { makeLayers } from '../building/layers-on-disk.ts'
import { effort, figure } from '../effort.ts'
import { atEnd, SHELL } from '../test-unit.ts'

const LAUNCHER = path.join(SHELL, 'charms.reactive')
const FILES = 300

/** A top layer with many files, which all have the number of the build in them. */
function makeTop(): { dir: string; write(build: number): void } {
  const dir = makeLayers({ top: { 'metadata.yaml': 'name: app\n' } })
  const write = (build: number) => {
    fs.mkdirSync(path.join(dir, 'top/lib'), { recursive: true })
    for (let index = 0; index < FILES; index++)
      fs.writeFileSync(path.join(dir, `top/lib/${index}`), `${build}\n`)
  }
  return { dir, write }
}

const start = (dir: string, env: Record<string, string> = {}) =>
  spawn(LAUNCHER, ['build', 'top', '-o', 'charm'], {
    cwd: dir,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: 'ignore',
    detached: true,
  })

const endOf = (child: ReturnType<typeof start>) =>
  new Promise<number | null>((resolve) => child.on('exit', (status) => resolve(status)))

/** The numbers in the files of the built charm: one, where it is whole. */
function numbersIn(dir: string): Set<string> {
  const names = fs.readdirSync(path.join(dir, 'charm/lib'))
  expect(names).toHaveLength(FILES)
  expect(fs.existsSync(path.join(dir, 'charm/dispatch'))).toBe(true)
  return new Set(names.map((name) => fs.readFileSync(path.join(dir, 'charm/lib', name), 'utf8').trim()))
}

const LIMIT = { timeout: effort({ sample: 120_000, full: 1_800_000 }) }

it('a build that is killed leaves the old charm or the new one, and nothing that stays', LIMIT, async () => {
  const { dir, write } = makeTop()
  write(0)
  const begin = performance.now()
  expect(await endOf(start(dir))).toBe(0)
  const duration = performance.now() - begin
  const kills = effort({ sample: 2, full: 60 })
  let wasNew = 0
  for (let build = 1; build <= kills; build++) {
    write(build)
    const child = start(dir)
    const ended = endOf(child)
    await setTimeout((build / kills) * duration * 1.3)
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL')
    } catch {
      // It was faster.
    }
    await ended
    if (!fs.existsSync(path.join(dir, 'charm'))) continue
    const [number, ...others] = numbersIn(dir)
    expect(others).toEqual([])
    if (number === String(build)) wasNew++
  }
  figure('killed builds, and how many of them had written the charm', `${kills}, ${wasNew}`)
  expect(await endOf(start(dir))).toBe(0)
  expect([...numbersIn(dir)]).toEqual([String(kills)])
  expect(fs.readdirSync(dir).sort()).toEqual(['charm', 'top'])
})

it('builds at once, in other languages and time zones, all succeed and make one charm', async () => {
  const { dir, write } = makeTop()
  write(1)
  const children = [{}, { LANG: 'tr_TR.UTF-8', TZ: 'Asia/Kathmandu' }, { LC_ALL: 'C' }].map((env) =>
    start(dir, env),
  )
  expect(await Promise.all(children.map(endOf))).toEqual([0, 0, 0])
  expect([...numbersIn(dir)]).toEqual(['1'])
  expect(fs.readdirSync(dir).sort()).toEqual(['charm', 'top'])
})

it.skipIf(process.getuid?.() !== 0)('a full disk leaves the old charm, and is said in one line', () => {
  const { dir, write } = makeTop()
  write(1)
  const disk = path.join(dir, 'disk')
  fs.mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', disk])
  atEnd(() => void spawnSync('umount', [disk]))
  const build = () =>
    spawnSync(LAUNCHER, ['build', 'top', '-o', path.join(disk, 'charm')], {
      cwd: dir,
      env: { PATH: process.env.PATH ?? '' },
      encoding: 'utf8',
    })
  expect(build()).toMatchObject({ status: 0 })
  write(2)
  fs.writeFileSync(path.join(dir, 'top/large'), Buffer.alloc(3 << 20))
  const { status, stderr } = build()
  expect(status).toBe(3)
  expect(stderr).toMatch(/^charms\.reactive: build: the charm cannot be written: ENOSPC.*\n$/)
  expect(fs.readdirSync(disk)).toEqual(['charm'])
  expect(fs.readFileSync(path.join(disk, 'charm/lib/0'), 'utf8')).toBe('1\n')
})

const AS_NOBODY = ['--reuid', '65534', '--regid', '65534', '--clear-groups']
const isReachable = () =>
  process.getuid?.() === 0 && spawnSync('setpriv', [...AS_NOBODY, LAUNCHER, 'version']).status === 0

it.skipIf(!isReachable())('a file that the user may not read is said in one line', () => {
  const dir = makeLayers({
    top: { 'metadata.yaml': 'name: app\n', 'layer.yaml': 'includes: [../a]\n' },
    a: { secret: 'x' },
  })
  fs.chmodSync(dir, 0o755)
  fs.chmodSync(path.join(dir, 'a/secret'), 0o600)
  const words = [...AS_NOBODY, LAUNCHER, 'build', 'top', '-o', path.join(dir, 'charm')]
  const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent' }
  expect(spawnSync('setpriv', words, { cwd: dir, env, encoding: 'utf8' })).toMatchObject({
    status: 3,
    stderr: `charms.reactive: build: ../a: the file cannot be read: secret: EACCES: permission denied, open '${dir}/a/secret'\n`,
  })
})
