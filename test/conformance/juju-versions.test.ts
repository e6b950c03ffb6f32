// One charm, unmodified, under Juju 2.9, 3.6 and 4: whole lives, and leader settings between units. Small things are in
// juju-4.test.ts.

import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EventResult, SimulatedEvent } from '../../src/simulator/events.ts'
import { simulateModel } from '../../src/simulator/model.ts'
import type { GivenState } from '../../src/simulator/new-juju-state.ts'
import { type SimulatedUnit, simulateUnit } from '../../src/simulator/unit.ts'
import { atEnd } from '../at-end.ts'
import { effort, oneIn, sampled } from '../effort.ts'
import {
  bash,
  errors,
  flags,
  lines,
  METADATA,
  ran,
  startUnit,
  temporaryDir,
  writeFiles,
} from '../end-to-end/charm.ts'

const VERSIONS = ['2.9.42', '3.6.0', '4.0.0']
const PEERS = `${METADATA}peers: {cluster: {interface: app}}\n`
const EXAMPLES = path.resolve(import.meta.dirname, '../../examples')

interface Example {
  name: string
  state?: GivenState
  commands: string[]
  events: SimulatedEvent[]
}

const LIVES: Example[] = [
  {
    name: 'documentation',
    commands: ['service'],
    events: [
      { name: 'install' },
      { name: 'config-changed' },
      { name: 'db-relation-joined', remoteUnit: 'pgsql/0' },
      { name: 'db-relation-changed', remoteUnit: 'pgsql/0', remoteData: { host: '10.0.0.1', user: 'myapp' } },
      { name: 'update-status' },
    ],
  },
  {
    name: 'bulletin',
    state: { config: { text: 'Closed on Monday' } },
    commands: [],
    events: [{ name: 'install' }, { name: 'feed-relation-joined', remoteUnit: 'reader/0' }],
  },
  {
    name: 'guestbook',
    commands: ['apt-get', 'systemctl', 'mysqldump', 'guestbook'],
    events: [
      { name: 'install' },
      { name: 'db-relation-changed', remoteUnit: 'mysql/0', remoteData: { host: '10.0.0.7' } },
      { name: 'backup', action: { name: 'backup' } },
      { name: 'db-relation-departed', remoteUnit: 'mysql/0' },
    ],
  },
]

interface Seen {
  handlers: string[]
  flags: string[]
  problems: string[]
}

async function live({ name, state, commands, events }: Example, jujuVersion: string): Promise<Seen[]> {
  const stubs = Object.fromEntries(commands.map((command) => [command, '#!/bin/sh\necho 1.4\n']))
  const unit = await simulateUnit(path.join(EXAMPLES, name), {
    state: { ...state, jujuVersion },
    commands: stubs,
  })
  try {
    const seen: Seen[] = []
    for (const event of events) seen.push(seenOf(unit, await unit.run(event)))
    return seen
  } finally {
    await unit.close()
  }
}

function seenOf(unit: SimulatedUnit, result: EventResult): Seen {
  const problems = [...(result.refusal === undefined ? [] : [result.refusal]), ...errors(result)]
  return { handlers: ran(result), flags: flags(unit), problems }
}

describe('the examples', () => {
  it.each(sampled(LIVES, 1))('$name has the same life under all of them', async (example) => {
    const [old, ...others] = await Promise.all(VERSIONS.map((version) => live(example, version)))
    expect(old?.flatMap(({ problems }) => problems)).toEqual([])
    expect(old?.flatMap(({ handlers }) => handlers)).not.toEqual([])
    for (const other of others) expect(other).toEqual(old)
  })
})

describe('leader settings', () => {
  oneIn(2)('may be large, with whatever names, and are gone with a hook that fails', async () => {
    const size = effort({ sample: 100_000, full: 1_000_000 })
    const unit = await startUnit(
      {
        'metadata.yaml': PEERS,
        'reactive/app.sh': bash(`
@hook install
function sets() { leader_set "big=$(printf '%${size}s' x)" __proto__=1 'ключ: [a]=é' '-dash=2' "lines=a
b"; }
@hook start
function fails() { leader_set big= late=1; leader_get late >late; exit 4; }
@hook update-status
function reads() { leader-get --format=json >all; }`),
      },
      {
        state: {
          jujuVersion: '4.0.0',
          leader: true,
          relations: [{ id: 'cluster:0', remoteUnits: { 'app/1': {} } }],
        },
      },
    )
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
    const before = structuredClone(unit.state.relations[0]?.localApp)
    expect((await unit.run({ name: 'start' })).exitStatus).toBe(4)
    expect(lines(unit, 'late')).toEqual(['1'])
    expect(unit.state.relations[0]?.localApp).toEqual(before)
    expect(flags(unit)).not.toContain('leadership.set.late')
    expect(await unit.run({ name: 'update-status' })).toMatchObject({ exitStatus: 0, stderr: '' })
    const all = JSON.parse(lines(unit, 'all').join('\n')) as Record<string, string>
    expect(Object.entries(all).map(([name, text]) => [name, text.length])).toEqual([
      ['-dash', 1],
      ['__proto__', 1],
      ['big', size],
      ['lines', 3],
      ['ключ: [a]', 1],
    ])
  })

  it.each(sampled(['3.6.0', '4.0.0'], 1))(
    'reach all units under Juju %s, also when leadership changes',
    async (jujuVersion) => {
      const charm = temporaryDir()
      writeFiles(charm, {
        'metadata.yaml': PEERS,
        'reactive/app.sh': bash(`
@when 'leadership.is_leader'
@when_not 'leadership.set.token'
function shares() { leader_set token=s3cret; }
@hook leader-settings-changed
function told() { get_flags | grep leadership.changed. >>told || :; }
@action set
function sets() { leader_set "$(action_get key)=$(action_get value)"; }`),
        'actions.yaml': 'set: {params: {key: {type: string}, value: {type: string}}}\n',
      })
      const model = await simulateModel()
      atEnd(() => model.close())
      await model.deploy('app', charm, { units: 2, state: { jujuVersion } })
      const results = await model.settle()
      const set = (unit: string, key: string, value: string) =>
        model.run(unit, { name: 'set', action: { name: 'set', params: { key, value } } })
      results.push(await set('app/0', 'from-0', 'a'), ...(await model.settle()))
      model.setLeader('app/1')
      results.push(...(await model.settle()))
      results.push(await set('app/1', 'from-1', 'b'), ...(await model.settle()))
      results.push(await model.run('app/0', { name: 'update-status' }))
      expect(results.filter(({ exitStatus, refusal }) => exitStatus !== 0 || refusal !== undefined)).toEqual(
        [],
      )
      expect(lines(model.unit('app/0'), 'told')).toEqual(['leadership.changed.from-1'])
      expect(lines(model.unit('app/1'), 'told')).toEqual(['leadership.changed.from-0'])
      const settings = ['leadership.set.from-0', 'leadership.set.from-1', 'leadership.set.token']
      const ours = (name: string) =>
        flags(model.unit(name)).filter((flag) => !/^endpoint\..*changed/.test(flag))
      expect(ours('app/0')).toEqual(['endpoint.cluster.joined', ...settings])
      expect(ours('app/1')).toEqual(['endpoint.cluster.joined', 'leadership.is_leader', ...settings])
    },
  )
})
