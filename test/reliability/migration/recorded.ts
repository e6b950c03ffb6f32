// A unit as the Python original left it, and what the original ran next: recorded by record.py from life.json.

import fs from 'node:fs'
import path from 'node:path'
import type { EventResult } from '../../../src/simulator/events.ts'
import type { SimulatedUnit } from '../../../src/simulator/unit.ts'
import { type CharmFiles, startUnit } from '../../end-to-end/charm.ts'

const CHARM = path.join(import.meta.dirname, 'charm')
export const FIXTURE = path.resolve(import.meta.dirname, '../../fixtures/python-unit')

/** Which of the two recorded units: one at rest, or one with a hook that was killed in a transaction. */
export type Moment = 'settled' | 'killed'

interface Step {
  hook: string
  relation?: string
  unit?: string
  data?: Record<string, string>
  /** Units whose data is taken away. */
  clear?: string[]
  config?: Record<string, string | number>
  files?: Record<string, string>
}

interface Recorded {
  juju: {
    config: Record<string, string | number | boolean | null>
    leader: Record<string, string>
    relations: Record<string, Record<string, Record<string, string>>>
  }
  /** The handlers that ran in a hook, by the hook's title. */
  next: Record<Moment, Record<string, string[]>>
}

const life: { charm: CharmFiles; next: Record<string, Step> } = readJson(
  path.join(import.meta.dirname, 'life.json'),
)
export const recorded: Recorded = readJson(path.join(FIXTURE, 'recorded.json'))

function readJson<T>(file: string): T {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as T
}

/** The unit with this toolkit in the place of the original. */
export async function movedUnit(moment: Moment, more: CharmFiles = {}): Promise<SimulatedUnit> {
  const { config, leader, relations } = recorded.juju
  const given = Object.entries(config).filter(([, value]) => value !== null)
  const state = {
    config: Object.fromEntries(given) as Record<string, string | number | boolean>,
    leaderSettings: leader,
    relations: Object.entries(relations).map(([id, remoteUnits]) => ({
      id,
      remoteApp: (Object.keys(remoteUnits)[0] ?? 'gone/0').replace(/\/.*/, ''),
      remoteUnits,
    })),
  }
  const unit = await startUnit({ ...charmFiles(), ...life.charm, ...more }, { state })
  fs.cpSync(path.join(FIXTURE, moment), unit.charmDir, { recursive: true, preserveTimestamps: true })
  return unit
}

/** The charm without what only Python runs. */
function charmFiles(): CharmFiles {
  const names = fs.readdirSync(CHARM, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => fs.statSync(path.join(CHARM, name)).isFile() && !name.endsWith('.py'))
  return Object.fromEntries(files.map((name) => [name, fs.readFileSync(path.join(CHARM, name), 'utf8')]))
}

/** Run the hook of that title. */
export function runNext(unit: SimulatedUnit, title: string): Promise<EventResult> {
  const step = life.next[title]
  if (step === undefined) throw new Error(`no such hook is recorded: ${title}`)
  if (step.config !== undefined) unit.setConfig(step.config)
  for (const [name, text] of Object.entries(step.files ?? {}))
    fs.writeFileSync(path.join(unit.charmDir, name), text)
  changeRelation(unit, step)
  const { hook: name, relation, unit: remoteUnit } = step
  return unit.run({ name, ...(relation && { relation }), ...(remoteUnit && { remoteUnit }) })
}

function changeRelation({ state }: SimulatedUnit, { relation: id, unit, data, clear = [] }: Step): void {
  const relation = state.relations.find((one) => one.id === id)
  if (relation === undefined || unit === undefined) return
  if (data !== undefined) relation.remoteUnits[unit] = { ...relation.remoteUnits[unit], ...data }
  for (const name of clear) relation.remoteUnits[name] = {}
}
