// shell/machine/charm-env, which `hooks install` puts on a machine, with units that only show how they are called.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeDir, run, SHELL } from '../test-unit.ts'
import { PackedUnit } from './packed-unit.ts'

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
