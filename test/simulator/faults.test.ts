import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { bash, startUnit as startReactive } from '../end-to-end/charm.ts'
import { runScript, STATE, startUnit } from './test-charm.ts'

const INSTALL = { name: 'install' }
const called = (script: string) => `${script}; echo reached >reached; sleep 5`
const isReached = (charmDir: string) => fs.existsSync(path.join(charmDir, 'reached'))

describe('a hook tool that fails', () => {
  it('does so with the status and message that a test asks for, and does nothing', async () => {
    const unit = await startUnit(undefined, { state: STATE })
    const failTools = [{ tool: 'status-set', status: 7, message: 'no route to host' }, { tool: 'config-get' }]
    const result = await runScript(unit, 'status-set active; echo $?; config-get; echo $?; is-leader', {
      ...INSTALL,
      failTools,
    })
    expect(result).toMatchObject({
      stdout: '7\n1\nTrue\n',
      stderr: 'ERROR no route to host\nERROR config-get fails because the test says so\n',
      statusHistory: [],
      hookToolCalls: [
        { tool: 'status-set', status: 7 },
        { tool: 'config-get', status: 1 },
        { tool: 'is-leader', status: 0 },
      ],
    })
  })

  it('fails so many times, and only for the arguments that are meant', async () => {
    const unit = await startUnit(undefined, { state: STATE })
    const failTools = [{ tool: 'relation-get', args: ['-r', 'db:1'], times: 1 }]
    const script = 'for id in db:2 db:1 db:1; do relation-get -r $id - app/0 >/dev/null 2>&1; echo $?; done'
    expect(await runScript(unit, script, { ...INSTALL, failTools })).toMatchObject({ stdout: '0\n1\n0\n' })
  })

  it('fails in every event until a test takes it back', async () => {
    const unit = await startUnit(undefined, { failTools: [{ tool: 'is-leader' }] })
    expect((await runScript(unit, 'is-leader')).exitStatus).toBe(1)
    expect((await runScript(unit, 'is-leader')).exitStatus).toBe(1)
    unit.failTools([])
    expect((await runScript(unit, 'is-leader')).exitStatus).toBe(0)
  })
})

describe('a hook that is killed', () => {
  it('when a tool is called, before that has done anything', async () => {
    const unit = await startUnit(undefined, { state: STATE })
    const killDuring = { tool: 'status-set', args: ['active'] }
    const script = called('status-set maintenance; relation-set -r db:1 mine=new; status-set active')
    const result = await runScript(unit, script, { ...INSTALL, killDuring })
    expect(result).toMatchObject({ signal: 'SIGKILL', exitStatus: 137, timedOut: false })
    expect(unit.state.relations[0]?.localUnit.mine).toBe('old')
    expect(isReached(unit.charmDir)).toBe(false)
  })

  it.each([
    ['of the charm', 'file', 'touch file'],
    [
      'that the charm names by an absolute path',
      '/etc/simulated.conf',
      'echo x >"$CHARMS_REACTIVE_ROOT/etc/simulated.conf"',
    ],
  ])('when a file %s appears', async (_, file, makes) => {
    const unit = await startUnit()
    fs.mkdirSync(path.join(unit.root, 'etc'), { recursive: true })
    const result = await runScript(unit, `${makes}; sleep 5; touch reached`, {
      ...INSTALL,
      killDuring: { file },
    })
    expect(result).toMatchObject({ signal: 'SIGKILL', timedOut: false })
    expect(isReached(unit.charmDir)).toBe(false)
  })

  it('when a command is called with these arguments, stubbed or refused', async () => {
    const unit = await startUnit(undefined, { commands: { appctl: '#!/bin/sh\ntouch "ran $1"\n' } })
    const killDuring = { command: 'appctl', args: ['restart'] }
    const result = await runScript(unit, called('appctl stop; appctl restart now'), {
      ...INSTALL,
      killDuring,
    })
    expect(result).toMatchObject({
      signal: 'SIGKILL',
      commands: [{ args: ['stop'] }, { args: ['restart', 'now'] }],
    })
    expect(fs.readdirSync(unit.charmDir).filter((name) => name.startsWith('ran'))).toEqual(['ran stop'])
    expect(isReached(unit.charmDir)).toBe(false)
    expect(await runScript(unit, 'appctl restart')).toMatchObject({ exitStatus: 0 })
  })

  it('when a handler starts; nothing of the hook is kept', async () => {
    const unit = await startReactive({
      'reactive/app.sh': bash(`
@when_not first
function one() { set_flag first; }
@when first
function two() { sleep 5; }`),
    })
    const result = await unit.run({ ...INSTALL, killDuring: { handler: 'reactive/app.sh:two' } })
    expect(result).toMatchObject({ signal: 'SIGKILL', timedOut: false })
    expect(result.handlers.map(({ handler }) => handler)).toContain('reactive/app.sh:one')
    expect(unit.state.flags).toEqual([])
  })
})
