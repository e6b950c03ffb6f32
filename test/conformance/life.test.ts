// A life of a unit, replayed from a file: what each hook sets, clears, runs and calls. A sample lives the first half of it once.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { EventResult } from '../../src/simulator/events.ts'
import type { ConfigValue, RelationData } from '../../src/simulator/juju-state.ts'
import { stateOfCharm } from '../../src/simulator/simulated-charm.ts'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { effort, sampled } from '../effort.ts'
import { ask, type CharmFiles, flags, startUnit, traces, upgrade } from '../end-to-end/charm.ts'

interface Expected {
  set: string[]
  cleared: string[]
  ran: string[]
  tools: Record<string, number>
  left: string[]
  status: string
  results?: Record<string, unknown>
}

interface Step extends Partial<Expected> {
  hook?: string
  action?: string
  unit?: string
  env?: Record<string, string>
  before?: {
    config?: Record<string, ConfigValue>
    leader?: boolean
    'leader-settings'?: Record<string, string>
    /** A new relation: its endpoint, and the remote application. */
    relation?: Record<string, string>
    /** Data of remote units, by unit. */
    data?: Record<string, RelationData>
    files?: CharmFiles
  }
}

const FILE = new URL('../fixtures/life-of-a-unit.yaml', import.meta.url)
const LIFE = parse(fs.readFileSync(FILE, 'utf8')) as { charm: CharmFiles; steps: Step[] }

/** A sample is the first half of it. */
const STEPS = effort({ sample: Math.ceil(LIFE.steps.length / 2), full: LIFE.steps.length })

/** What Juju asks about every hook, at most once each. */
const ASKED = ['config-get', 'is-leader', 'leader-get', 'relation-ids', 'relation-list']

/** The unit with the entries that `hooks install` wrote for it. */
async function startLife(jujuVersion: string): Promise<SimulatedUnit> {
  // One life for both, though the older one has no -created hooks.
  const storage = { 'data/0': { kind: 'filesystem' as const, location: '/srv/data' } }
  const unit = await startUnit(LIFE.charm, {
    state: { jujuVersion, storage },
    check: jujuVersion !== '2.7.0',
  })
  const dispatch = path.join(unit.charmDir, 'dispatch')
  fs.rmSync(dispatch)
  await ask(unit, 'hooks', 'install')
  // What older versions of Juju do not know.
  if (jujuVersion.startsWith('2.7')) fs.rmSync(dispatch)
  return unit
}

function prepare(unit: SimulatedUnit, { before = {} }: Step): void {
  const { config = {}, leader, relation = {}, data = {}, files = {} } = before
  unit.setConfig(config)
  if (leader !== undefined) unit.state.leader = leader
  Object.assign(unit.state.leaderSettings, before['leader-settings'])
  for (const [endpoint, remoteApp] of Object.entries(relation)) unit.joinRelation(endpoint, { remoteApp })
  Object.assign(unit.state.relations[0]?.remoteUnits ?? {}, data)
  upgrade(unit, files)
  // Juju knows the options of the charm that it upgrades to.
  unit.state.configDefaults = stateOfCharm(unit.charmDir).configDefaults
}

function happen(
  unit: SimulatedUnit,
  { hook, action, unit: remoteUnit, env = {} }: Step,
): Promise<EventResult> {
  if (action !== undefined) return unit.run({ name: action, action: { name: action }, env })
  return unit.run({ name: hook ?? '', env, ...(remoteUnit === undefined ? {} : { remoteUnit }) })
}

function countTools({ hookToolCalls }: EventResult): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { tool } of hookToolCalls) if (tool !== 'juju-log') counts[tool] = (counts[tool] ?? 0) + 1
  return counts
}

/** What can be seen of a step afterwards, in the form of the file. */
async function observe(unit: SimulatedUnit, result: EventResult): Promise<Expected> {
  const [record] = await traces(unit)
  const runs = record?.iterations.flatMap(({ ran }) => ran) ?? []
  const changes = [
    ...(record?.changes ?? []),
    ...runs.flatMap((run) => run.changes),
    ...(record?.changesAtEnd ?? []),
  ]
  const { status, message } = unit.state.status.unit
  return {
    set: changes.filter(({ set }) => set).map(({ flag }) => flag),
    cleared: changes.filter(({ set }) => !set).map(({ flag }) => flag),
    ran: runs.map(({ handler }) => handler),
    tools: countTools(result),
    left: flags(unit),
    status: message === '' ? status : `${status} ${message}`,
    ...(result.action === undefined ? {} : { results: result.action.results }),
  }
}

describe('a life of a unit', () => {
  it.each(
    sampled(
      [
        ['dispatch', '3.6.0'],
        ['hooks/*', '2.7.0'],
      ] as const,
      1,
    ),
  )('goes as the file says, through %s', { timeout: 120_000 }, async (_, jujuVersion) => {
    const unit = await startLife(jujuVersion)
    for (const [index, step] of LIFE.steps.slice(0, STEPS).entries()) {
      const { hook, action, unit: _unit, env: _env, before: _before, ...expected } = step
      const name = `step ${index + 1}, ${hook ?? `action ${action}`}`
      prepare(unit, step)
      const result = await happen(unit, step)
      expect(result, name).toMatchObject({ exitStatus: 0, stderr: '', stdout: '', skipped: false })
      for (const tool of ASKED) {
        const calls = result.hookToolCalls.filter((call) => call.tool === tool)
        expect(calls.length, `${tool} in ${name}`).toBeLessThanOrEqual(1)
      }
      const observed = await observe(unit, result)
      expect(observed, name).toEqual(expected)
    }
  })
})
