import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  ConsistencyError,
  readJujuState,
  simulate,
  simulateFrom,
  writeJujuState,
} from '../../src/simulator/testing.ts'
import { simulateWords } from '../cli/commands/simulate-words.ts'
import { bash, temporaryDir, writeFiles } from '../end-to-end/charm.ts'

const FILES = {
  'metadata.yaml': 'name: wiki\nrequires: {db: mysql}\n',
  'config.yaml': 'options: {port: {type: int, default: 80, description: x}}\n',
  'actions.yaml': 'backup: {params: {target: {type: string, default: /srv}}}\n',
  'templates/app.j2': 'port={{ port }}\n',
  'reactive/app.sh': bash(`
@hook db-relation-joined
function joined() { set_flag db.joined; }
@when db.joined
@when_not app.configured
function configure() {
  render_template app.j2 /etc/wiki.conf port="$(config_get port)"
  systemctl restart wiki
  relation-set -r db:1 ready=yes
  charms.reactive kv set configured true
  status_set active ready
  set_flag app.configured
}
@action backup
function backup() { action_set to="$(action_get target)"; action-log half; }
@hook stop
function stop() { echo 'no way' >&2; exit 3; }`),
}
const STATE = {
  config: { port: 8080 },
  relations: [{ id: 'db:1', remoteUnits: { 'mysql/0': { host: 'h' } } }],
}
const commands = { systemctl: '#!/bin/sh\n' }
const JOINED = { name: 'db-relation-joined', relation: 'db:1', remoteUnit: 'mysql/0' }

function wiki(): string {
  const dir = temporaryDir()
  writeFiles(dir, FILES)
  return dir
}

describe('simulate', () => {
  it('runs one event on a fresh unit and tells everything that came of it', async () => {
    const result = await simulate(wiki(), STATE, JOINED, { commands })
    expect(result).toMatchObject({
      exitStatus: 0,
      signal: null,
      statusHistory: [{ scope: 'unit', status: 'active', message: 'ready' }],
      handlers: [
        { handler: 'reactive/app.sh:joined', changes: [{ flag: 'db.joined', set: true }] },
        {
          handler: 'reactive/app.sh:configure',
          reasons: expect.arrayContaining([expect.stringContaining('db.joined')]),
          changes: [{ flag: 'app.configured', set: true }],
        },
      ],
      commands: [{ command: 'systemctl', args: ['restart', 'wiki'], refused: false }],
      files: ['/etc/wiki.conf'],
      state: {
        unit: 'wiki/0',
        kv: { configured: true },
        status: { unit: { status: 'active', message: 'ready' } },
        relations: [{ localUnit: { ready: 'yes' } }],
      },
    })
    expect(result.state.flags).toContain('app.configured')
    expect(result.hookToolCalls.map(({ tool }) => tool)).toContain('relation-set')
    expect(result.log).toContainEqual(expect.objectContaining({ source: 'juju-log', level: 'INFO' }))
  })

  it('goes on from the state that came out, or from a state file', async () => {
    const charm = wiki()
    const { state } = await simulate(charm, STATE, JOINED, { commands })
    const again = await simulate(charm, state, 'update-status', { commands })
    expect(again.handlers).toEqual([])
    const { handlers } = await simulateFrom(charm, writeJujuState(state), 'update-status', { commands })
    expect(handlers).toEqual([])
  })

  it('does not change the state that it was given', async () => {
    const given = structuredClone(STATE)
    await simulate(wiki(), given, JOINED, { commands })
    expect(given).toEqual(STATE)
  })

  it('runs actions, with parameters of the event or of the state', async () => {
    const charm = wiki()
    const action = { name: 'backup', action: { name: 'backup' } }
    const defaults = await simulate(charm, {}, action)
    expect(defaults.action).toEqual({ results: { to: '/srv' }, logs: ['half'], failed: false, message: '' })
    const given = await simulate(charm, { actions: { backup: { target: '/x' } } }, action)
    expect(given.action?.results).toEqual({ to: '/x' })
  })

  it('refuses what Juju cannot do', async () => {
    await expect(simulate(wiki(), {}, 'db-relation-broken')).rejects.toThrow(ConsistencyError)
    const unit = await simulate(wiki(), { config: { nonsense: 1 } }, 'install', { check: false })
    expect(unit.exitStatus).toBe(0)
  })
})

describe('charms.reactive simulate CHARM EVENT... --explain', () => {
  const stateFile = (charm: string) => {
    const file = path.join(charm, 'state.yaml')
    fs.writeFileSync(
      file,
      'config: {port: 8080}\nrelations: [{id: "db:1", remote_units: {mysql/0: {}}}]\nflags: [a]\n',
    )
    return file
  }

  it('tells what happened and why', async () => {
    const charm = wiki()
    const words = [
      charm,
      '--state',
      stateFile(charm),
      '--explain',
      'db-relation-joined relation=db:1',
      '--isolate',
      'false',
    ]
    const { status, stdout = '' } = await simulateWords([
      ...words,
      '--command',
      'systemctl',
      'action:backup target=/y',
    ])
    expect(status).toBe(0)
    for (const line of [
      'Unit wiki/0, Juju 3.6.0, leader',
      '  ran reactive/app.sh:configure since @when db.joined, @when_not app.configured',
      '    set app.configured',
      '  status active: ready',
      '  command systemctl restart wiki',
      '  action results {"to":"/y"}',
      '  kv configured: true',
      '  relations db:1 localUnit ready: yes',
      'Files',
      '  /etc/wiki.conf',
      '    port=8080',
    ]) {
      expect(stdout.split('\n')).toContain(line)
    }
    expect(stdout).toMatch(/^db-relation-joined db:1: ok, \d+ ms$/m)
    expect(stdout).toMatch(/^action backup: ok, \d+ ms$/m)
    expect(stdout).toMatch(/^ {2}flags set: .*app\.configured/m)
  })

  it('gives everything as JSON, with a state that can be given again', async () => {
    const charm = wiki()
    const words = [
      charm,
      '--state',
      stateFile(charm),
      '--explain',
      'db-relation-joined relation=db:1',
      '--command=systemctl',
    ]
    const { stdout = '' } = await simulateWords([...words, '--json'])
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({
      results: [
        {
          exitStatus: 0,
          handlers: [{ handler: 'reactive/app.sh:joined' }, { handler: 'reactive/app.sh:configure' }],
        },
      ],
      notRun: [],
      state: { juju_version: '3.6.0', kv: { configured: true } },
      files: ['/etc/wiki.conf'],
    })
    expect(readJujuState(report.state).flags).toContain('app.configured')
  })

  it.each(['yaml', 'json'])('writes the state out as %s, for the next run', async (extension) => {
    const charm = wiki()
    const out = path.join(charm, `out.${extension}`)
    const words = [charm, '--state', stateFile(charm), '--command=systemctl', '--out', out]
    await simulateWords([...words, '--explain', 'db-relation-joined relation=db:1'])
    expect(parse(fs.readFileSync(out, 'utf8'), { version: '1.1' })).toMatchObject({
      kv: { configured: true },
    })
    const next = await simulateWords([charm, '--state', out, '--explain', 'update-status', '--json'])
    expect(JSON.parse(next.stdout ?? '').results[0].handlers).toEqual([])
  })

  it('stops at a hook that fails, says why, and exits 1', async () => {
    const { status, stdout = '' } = await simulateWords([wiki(), '--explain', 'stop', 'start'])
    expect(status).toBe(1)
    expect(stdout).toMatch(/^stop: exit 3, \d+ ms$/m)
    expect(stdout).toContain('WARNING no way')
    expect(stdout).toContain('start: not run')
  })

  it('shows commands that were refused, and runs those that are allowed', async () => {
    const charm = wiki()
    const words = [charm, '--state', stateFile(charm), '--explain', 'db-relation-joined relation=db:1']
    expect((await simulateWords(words)).stdout).toContain('command systemctl restart wiki (refused)')
    expect((await simulateWords([...words, '--allow', 'systemctl'])).stdout).not.toContain(
      'command systemctl',
    )
  })

  it.each([
    [['--isolate', 'yes'], '--isolate takes auto, true or false: yes'],
    [['--nonsense'], 'unknown option: --nonsense'],
    [['--state', '/nowhere.yaml'], 'the state file does not exist: /nowhere.yaml'],
  ])('refuses %j', async (more, message) => {
    await expect(simulateWords([wiki(), '--explain', 'install', ...more])).rejects.toThrow(message)
  })

  it('refuses what Juju cannot do, unless told not to look', async () => {
    const words = [wiki(), '--explain', 'no-such-hook']
    await expect(simulateWords(words)).rejects.toMatchObject({ exitStatus: 3 })
    expect(await simulateWords([...words, '--no-check'])).toMatchObject({ status: 0 })
  })
})
