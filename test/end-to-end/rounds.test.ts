// How often a hook waits for hook tools that take their time, as Juju's own do.

import { expect, it } from 'vitest'
import { describeRounds } from '../../src/juju/rounds.ts'
import type { EventResult } from '../../src/simulator/events.ts'
import { bash, logged, startUnit } from './charm.ts'

const METADATA = `name: app
summary: s
provides: {}
requires:
  db: {interface: mysql}
  cache: {interface: redis}
peers:
  ring: {interface: ring}
`

const FILES = {
  'metadata.yaml': METADATA,
  'reactive/app.sh': bash(`@hook start
function asks() { juju-log asked; config-get port; status-set active ready; }`),
  'reactive/app.mjs': `import { hook, hookTools, setFlag } from 'charms.reactive'
hook('start', async function together() {
  await Promise.all([hookTools.goalState(), hookTools.isLeader()])
  await hookTools.applicationVersionSet('1')
})
for (const number of '0123456789') hook('stop', { ['quick' + number]: () => setFlag('quick.' + number) }['quick' + number])
`,
}

const relations = [
  { id: 'db:1', remoteUnits: { 'mysql/0': { host: 'h' } } },
  { id: 'cache:2', remoteUnits: { 'redis/0': {} } },
  { id: 'ring:3', remoteUnits: {} },
]

/** The toolkit's own calls, its tools in the order of their names. */
function toolkit({ trace }: EventResult): string {
  const [head, tools = ''] = describeRounds(trace?.hookTools ?? []).split(': ')
  return `${head}: ${tools.split(', ').sort().join(', ')}`
}

const twice = ({ hookToolCalls }: EventResult) => {
  const asked = hookToolCalls
    .filter(({ tool }) => tool !== 'juju-log')
    .map(({ tool, args }) => `${tool} ${args}`)
  return asked.filter((call, index) => asked.indexOf(call) !== index)
}

it('waits for two rounds of its own, and for each handler as often as its code asks', async () => {
  const unit = await startUnit(FILES, { toolDelayMs: 50, state: { relations, jujuVersion: '3.6.0' } })
  await unit.run({ name: 'install' })

  const started = await unit.run({ name: 'start' })
  expect(toolkit(started)).toBe(
    '9 calls in 2 rounds: config-get, is-leader, leader-get, relation-ids 3, relation-list 3',
  )
  const runs = started.handlers.map(({ handler, hookTools }) => `${handler}: ${describeRounds(hookTools)}`)
  expect(runs).toEqual([
    'reactive/app.mjs:together: 3 calls in 2 rounds: goal-state, is-leader, application-version-set',
    'reactive/app.sh:asks: 3 calls in 3 rounds: juju-log, config-get, status-set',
  ])
  expect(started.hookToolRounds).toBe(7)

  const stopped = await unit.run({ name: 'stop' })
  expect(stopped.hookToolRounds).toBe(2)
  const lines = stopped.hookToolCalls.filter(({ tool }) => tool === 'juju-log')
  expect(lines.length).toBeLessThan(5)
  const quick = logged(stopped).flatMap((line) => /quick\d$/.exec(line) ?? [])
  expect(quick).toEqual([...'0123456789'].map((number) => `quick${number}`))

  const changed = await unit.run({ name: 'db-relation-changed', remoteUnit: 'mysql/0' })
  expect(toolkit(changed)).toBe(
    '11 calls in 2 rounds: config-get, is-leader, leader-get, relation-get 2, relation-ids 3, relation-list 3',
  )
  expect([started, stopped, changed].flatMap(twice)).toEqual(['is-leader --format=json'])
})

it('asks for the settings of the leader as soon as it knows their relation, under Juju 4', async () => {
  const unit = await startUnit(FILES, { toolDelayMs: 50, state: { relations, jujuVersion: '4.0.0' } })
  await unit.run({ name: 'install' })
  const idle = await unit.run({ name: 'update-status' })
  expect(toolkit(idle)).toBe(
    '9 calls in 2 rounds: config-get, is-leader, relation-get, relation-ids 3, relation-list 3',
  )
  const changed = await unit.run({ name: 'ring-relation-changed', remoteUnit: 'app/1' })
  expect(toolkit(changed)).toBe(
    '10 calls in 2 rounds: config-get, is-leader, relation-get 2, relation-ids 3, relation-list 3',
  )
  expect([idle, changed].flatMap(twice)).toEqual([])
})
