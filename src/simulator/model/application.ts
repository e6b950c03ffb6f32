// An application of a model: its charm, what its units share, and its units.

import type { ConfigValue, Endpoint } from '../juju-state.ts'
import type { GivenState } from '../new-juju-state.ts'
import { checkConfigValue, stateOfCharm } from '../simulated-charm.ts'
import { type SimulatedUnit, type SimulatedUnitOptions, simulateUnit } from '../unit.ts'
import { Databag } from './databag.ts'
import { UnitAgent } from './unit-agent.ts'

/** How an application is deployed. */
export interface ApplicationOptions extends Omit<SimulatedUnitOptions, 'state'> {
  /** What Juju knows of each unit at first, besides what the model says. */
  state?: Omit<GivenState, 'unit' | 'leader' | 'relations'>
  /** How many there are at first; 1 by default. */
  units?: number
  config?: Record<string, ConfigValue>
}

/** 10.0.0.10 is the address of the first machine. */
const FIRST_HOST = 10

export class Application {
  readonly name: string
  readonly endpoints: Record<string, Endpoint>
  readonly leaderSettings = new Databag({})
  /** What the operator has set; the states of all units hold this object. */
  readonly config: Record<string, ConfigValue> = {}
  agents: UnitAgent[] = []
  readonly #charm: string
  readonly #options: ApplicationOptions
  #nextUnit = 0

  constructor(name: string, charm: string, options: ApplicationOptions) {
    this.name = name
    this.#charm = charm
    this.#options = options
    this.endpoints = stateOfCharm(charm, options.state).endpoints
    Object.assign(this.leaderSettings.data, options.state?.leaderSettings)
    this.setConfig({ ...options.state?.config, ...options.config })
  }

  /** The units that are not gone, in the order of their numbers. */
  get units(): SimulatedUnit[] {
    return this.agents.map(({ unit }) => unit)
  }

  get leader(): SimulatedUnit | undefined {
    return this.units.find(({ state }) => state.leader)
  }

  /** Set options as the operator does; null takes an option back to its default. */
  setConfig(values: Record<string, ConfigValue>): void {
    for (const [name, value] of Object.entries(values)) checkConfigValue(this.#charm, name, value)
    for (const [name, value] of Object.entries(values)) {
      if (value === null) delete this.config[name]
      else this.config[name] = value
    }
  }

  /** One more unit. The first one leads. `machine` is a number that no other unit of the model has. */
  async addUnit(machine: number): Promise<UnitAgent> {
    const { units: _, config: __, state, ...options } = this.#options
    const host = FIRST_HOST + machine
    const address = `${host >> 8}.${host & 255}`
    const unit = await simulateUnit(this.#charm, {
      // The model itself makes nothing that Juju cannot do.
      check: false,
      ...options,
      state: {
        machine: String(machine),
        addresses: { private: `10.0.${address}`, public: `198.18.${address}` },
        ...state,
        unit: `${this.name}/${this.#nextUnit++}`,
        leader: this.leader === undefined,
      },
    })
    unit.state.config = this.config
    unit.state.leaderSettings = this.leaderSettings.data
    const agent = new UnitAgent(unit, this.leaderSettings)
    this.agents.push(agent)
    return agent
  }

  setLeader(agent: UnitAgent): void {
    for (const other of this.agents) if (other !== agent) other.resign()
    agent.unit.state.leader = true
  }

  /** A unit is gone; if it led, another one does from now on. */
  forget(agent: UnitAgent): void {
    this.agents = this.agents.filter((other) => other !== agent)
    const [next] = this.agents.filter(({ dying }) => !dying)
    if (agent.unit.state.leader && next !== undefined) this.setLeader(next)
  }

  /** What a unit said about the whole application is known to all. */
  share({ state }: SimulatedUnit): void {
    for (const unit of this.units) {
      unit.state.status.app = state.status.app
      unit.state.version = state.version
    }
  }
}
