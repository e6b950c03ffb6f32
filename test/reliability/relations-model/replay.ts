// A sequence on a simulated unit, beside the model: after every hook the unit's account of it is to be the
// model's. The first difference ends it.

import fs from 'node:fs'
import path from 'node:path'
import type { SimulatedEvent } from '../../../src/simulator/events.ts'
import type { RelationData } from '../../../src/simulator/juju-state.ts'
import { newRelation } from '../../../src/simulator/new-juju-state.ts'
import { type SimulatedUnit, simulateUnit } from '../../../src/simulator/unit.ts'
import { flags } from '../../end-to-end/charm.ts'
import { actualAccount, differences, expectedAccount, expectedCalls } from './account.ts'
import { Model } from './model.ts'
import { describe, type Hook, type Operation, planLine, type Sequence } from './operations.ts'
import { ENDPOINTS, type Relation, UNIT } from './relation.ts'
import type { Data } from './values.ts'

const CHARM = path.join(import.meta.dirname, 'charm')

export interface Replayed {
  /** How many hooks were run. */
  hooks: number
  /** How the first hook that is not as in the model differs; undefined when all agree. */
  disagreement: string[] | undefined
  /** The operations that were possible, up to it. */
  played: Operation[]
}

/** Play a sequence. Operations that are not possible are left out. */
export async function replay({ jujuVersion, operations }: Sequence): Promise<Replayed> {
  const unit = await simulateUnit(CHARM, { state: { unit: UNIT, jujuVersion } })
  const run = new Replay(unit, new Model(jujuVersion))
  const played: Operation[] = []
  try {
    await run.install()
    for (const operation of operations) {
      const found = await run.play(operation).catch((error: unknown) => [`it cannot be played: ${error}`])
      if (found === undefined) continue
      played.push(operation)
      if (found.length > 0) return { hooks: run.hooks, disagreement: found, played }
    }
    return { hooks: run.hooks, disagreement: undefined, played }
  } finally {
    await unit.close()
  }
}

class Replay {
  hooks = 0
  readonly #unit: SimulatedUnit
  readonly #model: Model

  constructor(unit: SimulatedUnit, model: Model) {
    this.#unit = unit
    this.#model = model
  }

  /** What is not as in the model; undefined where the operation is not possible. */
  async play(operation: Operation): Promise<string[] | undefined> {
    if (!this.#model.isPossible(operation)) return undefined
    if (operation.do === 'hook') return this.#runHook(operation)
    if (this.#model.play(operation) === false) return undefined
    if (operation.do === 'upgrade') await this.#upgrade()
    if (operation.do !== 'clear') return []
    await this.#unit.command(['charms.reactive', 'clear_flag', operation.flag])
    return differences({ flags: [...this.#model.unit.flags].sort() }, { flags: await this.#flags() })
  }

  async #runHook(operation: Operation & { do: 'hook' }): Promise<string[]> {
    const { hook, plan } = operation
    const { state } = this.#unit
    const { world, unit } = this.#model
    state.leader = world.leader
    state.config.plan = plan.map(planLine).join('\n')
    state.relations = world.relations.map((one) => newRelation(state, simulated(one)))
    const calls = expectedCalls(world, hook)
    const outcome = this.#model.play(operation)
    if (typeof outcome === 'boolean') throw new Error(`the model has no outcome of ${describe(operation)}`)
    this.hooks += 1
    const result = await this.#unit.run(eventOf(hook))
    const expected = expectedAccount({ ...outcome, flags: [...unit.flags].sort() }, world, calls)
    return differences(expected, actualAccount(result, await this.#flags(), state))
  }

  async #flags(): Promise<string[]> {
    return flags(this.#unit)
      .filter((flag) => flag.startsWith('endpoint.'))
      .sort()
  }

  /** The next version of the charm: only what it declares is new. */
  async #upgrade(): Promise<void> {
    const { endpoints } = this.#model.world
    const declared = Object.entries(ENDPOINTS).filter(([name]) => endpoints.has(name))
    this.#unit.state.endpoints = Object.fromEntries(declared)
    const byRole = (role: string) => {
      const own = declared.filter(([, endpoint]) => endpoint.role === role)
      return Object.fromEntries(own.map(([name, endpoint]) => [name, { interface: endpoint.interface }]))
    }
    const roles = ['requires', 'provides', 'peers'].map((role) => [role, byRole(role)])
    const metadata = { name: 'app', summary: 'A charm', ...Object.fromEntries(roles) }
    this.#write('metadata.yaml', JSON.stringify(metadata))
    await this.install()
  }

  /** Juju before 2.8 knows no `dispatch`, and does not say the name of a hook. */
  async install(): Promise<void> {
    if (!this.#model.world.isOldJuju) return
    await this.#unit.command(['charms.reactive', 'hooks', 'install'])
    fs.rmSync(path.join(this.#unit.charmDir, 'dispatch'))
    this.#write('actions/poke', '#!/bin/sh\nexec charms.reactive main\n')
  }

  #write(name: string, text: string): void {
    const file = path.join(this.#unit.charmDir, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text, { mode: 0o755 })
  }
}

/** The relation as the simulated Juju has it. */
function simulated({ id, endpoint, application, units, applicationData, own }: Relation) {
  const select = (joined: boolean) => {
    const some = [...units].filter(([, remote]) => remote.joined === joined)
    return Object.fromEntries(some.map(([name, { data }]) => [name, toRecord(data)]))
  }
  return {
    id,
    endpoint,
    localUnit: toRecord(own.unit),
    localApp: toRecord(own.application),
    remoteApp: application,
    remoteAppData: toRecord(applicationData),
    remoteUnits: select(true),
    departedUnits: select(false),
  }
}

function toRecord(data: Data): RelationData {
  return Object.fromEntries(data)
}

function eventOf({ name, relation, unit, departing }: Hook): SimulatedEvent {
  return {
    name,
    ...(name === 'poke' ? { action: { name } } : {}),
    ...(relation === undefined ? {} : { relation }),
    ...(unit === undefined ? {} : { remoteUnit: unit }),
    ...(departing === undefined ? {} : { departingUnit: departing }),
  }
}
