import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readJujuState } from '../../src/simulator/read-state.ts'
import { simulateUnit } from '../../src/simulator/unit.ts'
import { makeCharm, runScript, STATE, startUnit } from './test-charm.ts'

const SCRIPT = '#!/bin/bash\n'

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[2] !== 'Z'
  } catch {
    return false
  }
}

describe('a simulated unit', () => {
  it('runs a copy of the charm, in the charm dir, with dispatch for hooks and actions', async () => {
    const dispatch = `${SCRIPT}echo "$# $PWD $JUJU_DISPATCH_PATH"; touch made`
    const charm = makeCharm({ dispatch, 'hooks/install': `${SCRIPT}exit 9` })
    const unit = await simulateUnit(charm)
    const install = await unit.run({ name: 'install' })
    const backup = await unit.run({ name: 'backup', action: { name: 'backup' } })
    expect(install.stdout).toBe(`0 ${unit.charmDir} hooks/install\n`)
    expect(backup.stdout).toBe(`0 ${unit.charmDir} actions/backup\n`)
    expect(unit.charmDir).toBe(path.join(unit.dir, 'agents', 'unit-app-0', 'charm'))
    expect(fs.existsSync(path.join(charm, 'made'))).toBe(false)
    expect(fs.statSync(unit.dir).mode & 0o777).toBe(0o700)
    await unit.close()
    expect(fs.existsSync(unit.dir)).toBe(false)
  })

  it('runs hooks and actions by their names when there is no dispatch', async () => {
    const unit = await startUnit({
      'hooks/install': `${SCRIPT}echo hook`,
      'actions/backup': `${SCRIPT}action-set to="$(action-get target)"`,
    })
    expect(await unit.run({ name: 'install' })).toMatchObject({ stdout: 'hook\n', skipped: false })
    expect(await unit.run({ name: 'start' })).toMatchObject({ exitStatus: 0, skipped: true, log: [] })
    const backup = await unit.run({ name: 'backup', action: { name: 'backup', params: { target: '/x' } } })
    expect(backup.action).toEqual({ results: { to: '/x' }, logs: [], failed: false, message: '' })
  })

  it('fails an action without a script, and refuses one that is not declared', async () => {
    const unit = await startUnit({ 'hooks/install': SCRIPT })
    const result = await unit.run({ name: 'backup', action: { name: 'backup' } })
    expect(result).toMatchObject({
      skipped: true,
      action: { failed: true, message: expect.stringContaining('app/0') },
    })
    await expect(unit.run({ name: 'x', action: { name: 'x' } })).rejects.toThrow(
      'the charm has no such action: x',
    )
  })

  it('writes the dispatch that building a charm would, only where nothing else is', async () => {
    const bare = await startUnit({ 'hooks/relations/x/y': '' })
    expect(fs.readFileSync(path.join(bare.charmDir, 'dispatch'), 'utf8')).toBe(
      '#!/bin/sh\nexec charms.reactive main\n',
    )
    const hooks = await startUnit({ 'hooks/start': SCRIPT })
    expect(fs.existsSync(path.join(hooks.charmDir, 'dispatch'))).toBe(false)
  })

  it('finds the toolkit behind the commands that a test gives', async () => {
    const toolkit = makeCharm({ 'actions/appctl': `${SCRIPT}echo toolkit` })
    const options = { toolkit: `${toolkit}/actions`, commands: { appctl: `${SCRIPT}echo "spy $*"` } }
    const spied = await startUnit(undefined, options)
    expect(await runScript(spied, 'appctl restart app')).toMatchObject({ stdout: 'spy restart app\n' })
    expect(await spied.command(['appctl', 'x'])).toMatchObject({ stdout: 'spy x\n', exitStatus: 0 })
    const plain = await startUnit(undefined, { toolkit: `${toolkit}/actions` })
    expect(await runScript(plain, 'appctl')).toMatchObject({ stdout: 'toolkit\n' })
  })

  it('keeps the log in order, with what is printed at the levels of Juju', async () => {
    const unit = await startUnit()
    const script =
      'echo out; sleep 0.05; juju-log -l ERROR said; sleep 0.05; echo err >&2; sleep 0.05; printf last'
    const { log, stdout, stderr } = await runScript(unit, script)
    expect(log).toEqual([
      { level: 'DEBUG', message: 'out', source: 'stdout' },
      { level: 'ERROR', message: 'said', source: 'juju-log' },
      { level: 'WARNING', message: 'err', source: 'stderr' },
      { level: 'DEBUG', message: 'last', source: 'stdout' },
    ])
    expect([stdout, stderr]).toEqual(['out\nlast', 'err\n'])
  })

  it.each([
    ['exit 0', 0, 'new'],
    ['exit 7', 7, 'old'],
    ['kill -9 $$', 137, 'old'],
  ])('after %s has exit status %i and %s relation data', async (end, exitStatus, mine) => {
    const unit = await startUnit(undefined, { state: STATE })
    const result = await runScript(
      unit,
      `relation-set -r db:1 mine=new; state-set key=new; open-port 80
      status-set blocked stuck; leader-set secret=y; application-version-set 2
      ${end}`,
    )
    const kept = mine === 'new'
    expect(result).toMatchObject({ exitStatus, statusHistory: [{ status: 'blocked', message: 'stuck' }] })
    expect(result.signal).toBe(exitStatus === 137 ? 'SIGKILL' : null)
    expect(unit.state.relations[0]?.localUnit.mine).toBe(mine)
    expect(unit.state.charmState.key).toBe(kept ? 'new' : 'value')
    expect(unit.state.ports).toHaveLength(kept ? 1 : 0)
    expect(unit.state).toMatchObject({
      status: { unit: { status: 'blocked' } },
      leaderSettings: { secret: 'y' },
    })
    expect(unit.state.version).toBe('2')
  })

  it('commits a failed action that exits 0, and keeps the results of one that does not', async () => {
    const unit = await startUnit(undefined, { state: STATE })
    const event = { name: 'backup', action: { name: 'backup' } }
    const failed = await runScript(
      unit,
      'relation-set -r db:1 mine=new; action-set a=1; action-fail no',
      event,
    )
    expect(failed).toMatchObject({
      exitStatus: 0,
      action: { results: { a: '1' }, failed: true, message: 'no' },
    })
    expect(unit.state.relations[0]?.localUnit.mine).toBe('new')
    const broken = await runScript(unit, 'relation-set -r db:1 mine=lost; action-set b=2; exit 4', event)
    expect(broken.action).toEqual({ results: { b: '2' }, logs: [], failed: true, message: 'exit status 4' })
    expect(unit.state.relations[0]?.localUnit.mine).toBe('new')
  })

  it('reports a script that cannot be started', async () => {
    const unit = await startUnit({ 'hooks/install': '#!/nowhere/interpreter\n', 'hooks/start': SCRIPT })
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 127, skipped: false })
    fs.chmodSync(path.join(unit.charmDir, 'hooks/start'), 0o644)
    const start = await unit.run({ name: 'start' })
    expect(start).toMatchObject({
      exitStatus: 126,
      stderr: expect.stringMatching(/EACCES|Permission denied/),
    })
    expect(await unit.command(['no-such-command'])).toMatchObject({ exitStatus: 127 })
  })

  it('kills the whole process group when the time is over', async () => {
    const unit = await startUnit()
    const script = 'sleep 60 & echo $! >pid; (trap "" TERM; sleep 60) & relation-ids db; wait'
    const result = await runScript(unit, script, { name: 'install', timeoutMs: 300 })
    expect(result).toMatchObject({ timedOut: true, signal: 'SIGKILL', exitStatus: 137 })
    const pid = Number(fs.readFileSync(path.join(unit.charmDir, 'pid'), 'utf8'))
    await expect.poll(() => isAlive(pid)).toBe(false)
    expect(await runScript(unit, 'config-get port')).toMatchObject({ exitStatus: 0, stdout: '8080\n' })
  })

  it('does not wait for what a hook leaves in the background, and ends it when closed', async () => {
    const unit = await startUnit()
    const result = await runScript(
      unit,
      'sleep infinity & echo $! >a; setsid sleep infinity & echo $! >b; echo done',
    )
    expect(result).toMatchObject({ exitStatus: 0, stdout: 'done\n' })
    const pids = ['a', 'b'].map((name) => Number(fs.readFileSync(path.join(unit.charmDir, name), 'utf8')))
    expect(pids.map(isAlive)).toEqual([true, true])
    await unit.close()
    expect(pids.map(isAlive)).toEqual([false, false])
  })

  it('runs one hook at a time', async () => {
    const unit = await startUnit()
    const script = 'echo "begin" >>order; sleep 0.1; config-get port >>order; echo "end" >>order'
    const first = runScript(unit, script)
    await Promise.all([first, unit.run({ name: 'start' }), unit.run({ name: 'stop' })])
    const order = fs.readFileSync(path.join(unit.charmDir, 'order'), 'utf8')
    expect(order).toBe('begin\n8080\nend\n'.repeat(3))
  })

  it('goes on after an event that was refused', async () => {
    const unit = await startUnit()
    await expect(unit.run({ name: 'db-relation-departed' })).rejects.toThrow(
      'db-relation-departed: there is no relation: db',
    )
    expect(await runScript(unit, 'exit 3')).toMatchObject({ exitStatus: 3 })
  })

  it('ends a hook that is running when it is closed, and runs nothing afterwards', async () => {
    const unit = await startUnit()
    const running = runScript(unit, 'touch running; sleep infinity')
    await expect.poll(() => fs.existsSync(path.join(unit.charmDir, 'running'))).toBe(true)
    await unit.close()
    expect(await running).toMatchObject({ signal: 'SIGKILL' })
    await expect(unit.run({ name: 'install' })).rejects.toThrow('the simulated unit is closed: app/0')
    await expect(unit.command(['true'])).rejects.toThrow('closed')
    await unit.close()
  })

  it('ends a hook that was only about to start when it is closed', async () => {
    const unit = await startUnit()
    const running = runScript(unit, 'sleep infinity')
    await new Promise((resolve) => setImmediate(resolve))
    await unit.close()
    expect(await running).toMatchObject({ signal: 'SIGKILL' })
  })

  it('leaves no descriptors behind', async () => {
    const count = () => fs.readdirSync('/proc/self/fd').length
    const charm = makeCharm({ dispatch: `${SCRIPT}config-get >/dev/null` })
    const once = async () => {
      const unit = await simulateUnit(charm)
      await unit.run({ name: 'install' })
      await unit.close()
    }
    await once()
    const before = count()
    for (let i = 0; i < 10; i++) await once()
    await expect.poll(count).toBeLessThanOrEqual(before)
  })

  it('does not keep the process alive', () => {
    const charm = makeCharm({ dispatch: `${SCRIPT}true` })
    const source = path.resolve(import.meta.dirname, '../../src/simulator/unit.ts')
    const bundle = path.join(charm, 'unit.mjs')
    const esbuild = path.resolve(import.meta.dirname, '../../node_modules/.bin/esbuild')
    const banner = `--banner:js=import{createRequire}from'node:module';const require=createRequire(import.meta.url);`
    const shell = path.resolve(import.meta.dirname, '../../shell')
    fs.symlinkSync(shell, path.join(charm, 'shell'))
    const args = [source, '--bundle', '--platform=node', '--format=esm', banner, `--outfile=${bundle}`]
    execFileSync(esbuild, [...args, '--log-level=error'])
    const code = `import { simulateUnit } from '${bundle}'
      const unit = await simulateUnit('${charm}')
      console.log((await unit.run({ name: 'install' })).exitStatus, unit.dir)`
    const stdout = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
    const [status, dir = ''] = stdout.trim().split(' ')
    expect(status).toBe('0')
    fs.rmSync(dir, { recursive: true })
  })

  it('takes configuration as the operator gives it', async () => {
    const unit = await startUnit()
    unit.setConfig({ port: 80, unset: 'x', debug: true })
    const get = 'config-get port; config-get unset; config-get debug'
    expect(await runScript(unit, get)).toMatchObject({ stdout: '80\nx\nTrue\n' })
    unit.setConfig({ port: null, unset: null })
    expect(await runScript(unit, get)).toMatchObject({ stdout: '8080\nTrue\n' })
    expect(() => unit.setConfig({ nonsense: 1 })).toThrow('the charm has no such option: nonsense')
    expect(() => unit.setConfig({ title: 'kept?', port: 'http' })).toThrow(
      'option port must be of type int: "http"',
    )
    expect(unit.state.config).toEqual({ debug: true })
  })

  it('joins relations of declared endpoints', async () => {
    const unit = await startUnit()
    const relation = unit.joinRelation('db', { remoteUnits: { 'mysql/0': { host: 'h' } } })
    expect(relation).toMatchObject({ id: 'db:1', interface: 'mysql', role: 'requires', remoteApp: 'mysql' })
    expect(unit.joinRelation('cluster')).toMatchObject({ id: 'cluster:2', remoteApp: 'app' })
    expect(() => unit.joinRelation('nope')).toThrow('the charm has no such endpoint: nope')
    const joined = await runScript(unit, 'relation-get - mysql/1; relation-set up=1', {
      name: 'db-relation-joined',
      remoteUnit: 'mysql/1',
    })
    expect(joined).toMatchObject({ exitStatus: 0, stdout: '{}\n' })
    expect(relation).toMatchObject({
      remoteUnits: { 'mysql/0': { host: 'h' }, 'mysql/1': {} },
      localUnit: { 'private-address': '10.0.0.10', up: '1' },
    })
  })

  it('goes on from the state of another one', async () => {
    const unit = await startUnit(undefined, { state: STATE })
    await runScript(unit, 'open-port 80-90/udp --endpoints db; open-port icmp; status-set active fine')
    const copy = await startUnit(undefined, { state: readJujuState(JSON.parse(JSON.stringify(unit.state))) })
    expect(copy.state).toEqual(unit.state)
  })
})
