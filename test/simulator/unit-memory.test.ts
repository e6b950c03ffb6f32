import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ask, bash, startUnit, traces } from '../end-to-end/charm.ts'

const APP = bash(`
@when_not app.installed
function install() { set_flag app.installed; charms.reactive kv set port 8080; }
@when app.installed
@when_not app.ready
@only_once
function once() { set_flag app.ready; }
@when broken
function breaks() { false || exit 7; }`)

describe('the unit state of a simulated unit', () => {
  it('is written before the first event and read back after each', async () => {
    const unit = await startUnit(
      { 'reactive/app.sh': APP },
      { state: { flags: ['app.installed', 'with space'], kv: { count: 3, list: ['x', null] } } },
    )
    const result = await unit.run({ name: 'install' })
    expect(result.handlers.map(({ handler }) => handler)).toEqual(['reactive/app.sh:once'])
    expect(unit.state.flags).toEqual(['app.installed', 'app.ready', 'with space'])
    expect(unit.state.kv).toEqual({ count: 3, list: ['x', null] })
    expect(Object.keys(unit.state.memory)).toContain('invoked:reactive/app.sh:once')
    expect(await ask(unit, 'kv', 'get', 'count')).toBe('3\n')
  })

  it('may be changed between events', async () => {
    const unit = await startUnit({ 'reactive/app.sh': APP })
    await unit.run({ name: 'install' })
    expect(unit.state.kv).toEqual({ port: 8080 })
    unit.state.flags = unit.state.flags.filter((flag) => flag !== 'app.installed')
    unit.state.kv = { other: true }
    const { handlers } = await unit.run({ name: 'update-status' })
    expect(handlers.map(({ handler }) => handler)).toEqual(['reactive/app.sh:install'])
    expect(unit.state.kv).toEqual({ other: true, port: 8080 })
  })

  it('is that of commands, too', async () => {
    const unit = await startUnit({ 'reactive/app.sh': APP }, { state: { flags: ['a'] } })
    expect(await ask(unit, 'get_flags')).toBe('a\n')
    await ask(unit, 'set_flag', 'b')
    expect(unit.state.flags).toEqual(['a', 'b'])
  })

  it('goes on in another unit, with all that the toolkit remembers', async () => {
    const first = await startUnit({ 'reactive/app.sh': APP })
    await first.run({ name: 'install' })
    const { flags: set, kv, memory } = first.state
    const flagsLeft = set.filter((flag) => flag !== 'app.ready')
    const second = await startUnit({ 'reactive/app.sh': APP }, { state: { flags: flagsLeft, kv, memory } })
    // once() is marked as invoked, and stays so.
    expect((await second.run({ name: 'update-status' })).handlers).toEqual([])
  })

  it('tells why handlers ran, and what they changed, of a failed hook as well', async () => {
    const unit = await startUnit({ 'reactive/app.sh': APP }, { state: { flags: ['broken'] } })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 7, trace: { event: 'install', status: 7 } })
    expect(result.handlers).toMatchObject([
      {
        handler: 'reactive/app.sh:install',
        phase: 'other',
        iteration: 0,
        reasons: [expect.stringContaining('app.installed')],
        changes: [{ flag: 'app.installed', set: true }],
      },
      { handler: 'reactive/app.sh:breaks', error: expect.stringContaining('7') },
    ])
    expect(unit.state.flags).toEqual(['broken'])
    expect(result.trace).toEqual((await traces(unit))[0])
  })

  it('that is damaged is left to the charm', async () => {
    const unit = await startUnit({ dispatch: '#!/bin/bash\necho nonsense >.reactive-state.db\n' })
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, handlers: [] })
    expect(fs.readFileSync(path.join(unit.charmDir, '.reactive-state.db'), 'utf8')).toBe('nonsense\n')
  })
})
