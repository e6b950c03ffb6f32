import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readJujuState } from '../../src/simulator/read-state.ts'
import { ask, bash, startUnit } from '../end-to-end/charm.ts'

const CHARM = {
  'metadata.yaml':
    'name: wiki\nrequires: {db: mysql}\npeers: {cluster: ring}\nstorage: {data: {type: filesystem}}\n',
  'config.yaml':
    'options:\n  port: {type: int, default: 80, description: x}\n  title: {type: string, default: x, description: x}\n',
  'reactive/app.sh': bash(`
@hook update-status
function snapshot() {
  charms.reactive kv set port 8080
  charms.reactive state export >state.yaml
  charms.reactive state export --format json >state.json
  charms.reactive state show >state.txt
}
@hook start
function fails() { charms.reactive state export >state.yaml; }`),
}
const STATE = {
  unit: 'wiki/3',
  leader: true,
  jujuVersion: '3.6.1',
  config: { port: 8080 },
  flags: ['app.ready'],
  relations: [
    {
      id: 'db:1',
      remoteApp: 'mysql',
      remoteAppData: { schema: '5' },
      remoteUnits: { 'mysql/0': { host: 'h', port: '0080' } },
    },
    { id: 'cluster:2', localApp: { leader: 'wiki/3' }, remoteUnits: { 'wiki/1': { rank: '1' } } },
  ],
  leaderSettings: { token: 'on' },
  charmState: { key: 'value' },
  status: { unit: { status: 'active', message: 'ready: yes' } },
  ports: [{ from: 80, to: 90, protocol: 'tcp', endpoint: '' }],
  storage: { 'data/0': { kind: 'filesystem' as const, location: '/srv' } },
}

describe('charms.reactive state export', () => {
  it('makes a state file of a live unit, from which another unit goes on as the same one', async () => {
    const unit = await startUnit(CHARM, { state: STATE })
    expect(await unit.run({ name: 'update-status' })).toMatchObject({ exitStatus: 0, stderr: '' })
    const text = fs.readFileSync(path.join(unit.charmDir, 'state.yaml'), 'utf8')
    expect(text).toMatch(/^# Not in this snapshot: version, resources, secrets, goal_state, network\n/)
    const state = readJujuState(parse(text, { version: '1.1' }))
    expect(JSON.parse(fs.readFileSync(path.join(unit.charmDir, 'state.json'), 'utf8'))).toEqual(
      parse(text, { version: '1.1' }),
    )
    const copy = await startUnit(CHARM, { state })
    for (const part of [
      'unit',
      'jujuVersion',
      'model',
      'leader',
      'config',
      'relations',
      'leaderSettings',
      'charmState',
      'ports',
      'storage',
    ] as const) {
      expect(copy.state[part], part).toEqual(unit.state[part])
    }
    expect(copy.state.status.unit).toEqual(unit.state.status.unit)
    expect(copy.state.kv).toEqual({ port: 8080 })
    // Flags of one hook are set at that moment.
    expect(copy.state.flags).toEqual(expect.arrayContaining(['app.ready', 'leadership.is_leader']))
    expect(await copy.run({ name: 'update-status' })).toMatchObject({ exitStatus: 0 })
  })

  it('names the tools that do not answer instead of guessing', async () => {
    const unit = await startUnit(CHARM, { state: STATE })
    // A hook that sees the relation for the first time reads it itself.
    await unit.run({ name: 'update-status' })
    const failTools = [{ tool: 'status-get' }, { tool: 'relation-get' }]
    expect(await unit.run({ name: 'start', failTools })).toMatchObject({ exitStatus: 0 })
    const text = fs.readFileSync(path.join(unit.charmDir, 'state.yaml'), 'utf8')
    expect(text).toMatch(/^# Not in this snapshot: relations, status, version, /)
    expect(Object.keys(parse(text))).not.toContain('relations')
    expect(parse(text)).toMatchObject({ config: { port: 8080 }, leader: true })
  })

  it('outside of a hook has what the toolkit keeps', async () => {
    const unit = await startUnit(CHARM, { state: STATE })
    const text = await ask(unit, 'state', 'export')
    expect(text).toMatch(
      /^# Not in this snapshot: config, leader, leader_settings, relations, status, ports, storage, /,
    )
    expect(readJujuState(parse(text))).toEqual({ flags: ['app.ready'], kv: {}, memory: {} })
  })

  it('is read by charms.reactive simulate', async () => {
    const unit = await startUnit(CHARM, { state: STATE })
    await unit.run({ name: 'update-status' })
    const args = ['simulate', unit.charmDir, '--state', 'state.yaml', '--explain', 'config-changed', '--json']
    const launcher = path.resolve(import.meta.dirname, '../../shell/charms.reactive')
    const stdout = execFileSync(launcher, args, { cwd: unit.charmDir, encoding: 'utf8' })
    const report = JSON.parse(stdout)
    expect(report.results).toMatchObject([{ exitStatus: 0 }])
    expect(report.state).toMatchObject({
      unit: 'wiki/3',
      config: { port: 8080 },
      charm_state: { key: 'value' },
    })
  })
})

describe('charms.reactive state show', () => {
  it('tells people what is known, line by line', async () => {
    const unit = await startUnit(CHARM, { state: STATE })
    await unit.run({ name: 'update-status' })
    const text = fs.readFileSync(path.join(unit.charmDir, 'state.txt'), 'utf8')
    for (const line of [
      'unit: wiki/3',
      'juju version: 3.6.1',
      '  app.ready',
      '  port: 8080',
      'leader: true',
      '  db:1:',
      '    remote_app: mysql',
      '      mysql/0:',
      '        port: 0080',
      '    message: ready: yes',
      '  80-90/tcp',
      'not known here: version, resources, secrets, goal state, network',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
    expect(text).not.toContain('memory')
  })
})
