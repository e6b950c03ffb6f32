// A simulated Juju model: applications of several units, and relations between them. Operations say what an
// operator does; `settle` runs the hooks that follow from it, in the order of Juju (docs/juju.md 6). Used by tests
// of charms that talk to each other. The pieces are in model/.

import { ReactiveError } from '../errors.ts'
import { applicationOf } from '../unit/names.ts'
import type { EventResult, SimulatedEvent } from './events.ts'
import { type ConfigValue, relationNumber } from './juju-state.ts'
import { Application, type ApplicationOptions } from './model/application.ts'
import type { NextHook } from './model/membership.ts'
import { ModelRelation, type RelationEnd } from './model/model-relation.ts'
import { inTurn, type Order, type PendingHook, titleOf } from './model/order.ts'
import type { UnitAgent } from './model/unit-agent.ts'
import type { SimulatedUnit } from './unit.ts'

export { seededOrder, titleOf } from './model/order.ts'
export type { ApplicationOptions, Order, PendingHook }

/** How a model chooses among the hooks that could run. */
export interface ModelOptions {
  /** Which of the hooks that could run now is run; by default the units take turns. */
  order?: Order
}

/** How long a model goes on. */
export interface SettleOptions {
  /** Run each hook that has failed once more, first of all. */
  retry?: boolean
  /** After so many hooks it is assumed that the charms never come to rest. */
  limit?: number
}

/** What became of a hook, and whose it was. */
export interface HookResult extends EventResult {
  unit: string
}

/** What a caller sees of an application. */
export type SimulatedApplication = Pick<Application, 'name' | 'units' | 'leader'>

interface Candidate extends PendingHook {
  agent: UnitAgent
  hook: NextHook
}

const HOOK_LIMIT = 1000

/** Make an empty model. Close it when done. */
export async function simulateModel(options: ModelOptions = {}): Promise<SimulatedModel> {
  return new SimulatedModel(options)
}

/** Applications whose units are related, with the hooks that follow from what an operator does. */
export class SimulatedModel {
  readonly #order: Order
  readonly #applications = new Map<string, Application>()
  #relations: ModelRelation[] = []
  #nextRelation = 0
  #nextMachine = 0
  /** The unit that has waited longest for a hook first. */
  #queue: UnitAgent[] = []
  readonly #units: SimulatedUnit[] = []
  #last: Promise<unknown> = Promise.resolve()

  constructor({ order = inTurn }: ModelOptions) {
    this.#order = order
  }

  /** Deploy a charm. Its peer relations are there from the beginning. */
  async deploy(name: string, charm: string, options: ApplicationOptions = {}): Promise<SimulatedApplication> {
    if (this.#applications.has(name)) throw new ReactiveError(`the model has this application: ${name}`)
    const application = new Application(name, charm, options)
    this.#applications.set(name, application)
    for (const [endpoint, declared] of Object.entries(application.endpoints)) {
      if (declared.role === 'peers') this.#addRelation([{ app: name, endpoint, ...declared }])
    }
    for (let count = 0; count < (options.units ?? 1); count++) await this.addUnit(name)
    return application
  }

  async addUnit(app: string): Promise<SimulatedUnit> {
    const agent = await this.#application(app).addUnit(this.#nextMachine++)
    this.#queue.push(agent)
    this.#units.push(agent.unit)
    return agent.unit
  }

  /** Relate two endpoints, `web:certs` and `ca:clients`. Returns the number of the relation. */
  relate(one: string, other: string): number {
    const ends = [this.#end(one), this.#end(other)] as const
    const roles = ends.map(({ role }) => role).sort()
    const fits = roles.join() === 'provides,requires' && ends[0].interface === ends[1].interface
    if (!fits || ends[0].app === ends[1].app) throw new ReactiveError(`no relation: ${one} ${other}`)
    return this.#addRelation(ends)
  }

  /** Remove a relation, given as 3 or `certs:3`. It lives until all units have taken leave. */
  removeRelation(id: number | string): void {
    const relation = this.#relations.find(({ number }) => number === relationNumber(String(id)))
    if (relation === undefined) throw new ReactiveError(`the model has no such relation: ${id}`)
    if (relation.isPeer) throw new ReactiveError(`a peer relation cannot be removed: ${id}`)
    relation.dying = true
    for (const agent of this.#queue) agent.withdraw(relation)
    this.#forgetGone()
  }

  /** Remove a unit. Its counterparts no longer see it; its files stay until the model is closed. */
  removeUnit(unit: SimulatedUnit | string): void {
    this.#agent(unit).die()
    this.#forgetGone()
  }

  setLeader(unit: SimulatedUnit | string): void {
    const agent = this.#agent(unit)
    this.#application(applicationOf(agent.name)).setLeader(agent)
  }

  /** Set options of an application as the operator does; null takes an option back to its default. */
  config(app: string, values: Record<string, ConfigValue>): void {
    this.#application(app).setConfig(values)
  }

  unit(name: string): SimulatedUnit {
    return this.#agent(name).unit
  }

  /** The hooks that have failed: Juju runs each of them again before anything else of its unit. */
  get failed(): PendingHook[] {
    return this.#queue.flatMap(({ name, failed }) => (failed ? [{ unit: name, event: failed.event }] : []))
  }

  /** The hooks that could run now. */
  get pending(): PendingHook[] {
    return this.#candidates().map(({ unit, event }) => ({ unit, event }))
  }

  /** Run hooks until none is pending, and return what became of them, in order. */
  async settle({ retry = false, limit = HOOK_LIMIT }: SettleOptions = {}): Promise<HookResult[]> {
    const results: HookResult[] = []
    if (retry) for (const { unit } of this.failed) results.push(await this.retry(unit))
    for (let result = await this.step(); result !== undefined; result = await this.step()) {
      results.push(result)
      if (results.length < limit) continue
      throw new ReactiveError(`the model does not settle: ${limit} hooks, the last ${titleOf(result)}`)
    }
    return results
  }

  /** Run one of the pending hooks, if there is any. */
  step(): Promise<HookResult | undefined> {
    return this.#inTurn(async () => {
      const candidates = this.#candidates()
      if (candidates.length === 0) return undefined
      const index = this.#order(candidates.map(({ unit, event }) => ({ unit, event })))
      const chosen = candidates[index]
      if (chosen === undefined) throw new ReactiveError(`the order has chosen no pending hook: ${index}`)
      return this.#run(chosen.agent, chosen.hook)
    })
  }

  /** Run the failed hook of a unit once more. */
  retry(unit: SimulatedUnit | string): Promise<HookResult> {
    return this.#inTurn(async () => {
      const agent = this.#agent(unit)
      if (agent.failed === undefined) throw new ReactiveError(`no hook of the unit has failed: ${agent.name}`)
      return this.#run(agent, agent.failed)
    })
  }

  /** Run an action, or a hook that follows from nothing, such as update-status. */
  run(unit: SimulatedUnit | string, event: SimulatedEvent): Promise<HookResult> {
    return this.#inTurn(() => this.#run(this.#agent(unit), { event, done: () => {} }))
  }

  /** End all units. */
  async close(): Promise<void> {
    await Promise.all(this.#units.map((unit) => unit.close()))
  }

  #candidates(): Candidate[] {
    for (const agent of this.#queue) agent.enter(this.#relationsOf(agent))
    return this.#queue.flatMap((agent) =>
      agent.nextHooks().map((hook) => ({ unit: agent.name, event: hook.event, agent, hook })),
    )
  }

  async #run(agent: UnitAgent, hook: NextHook): Promise<HookResult> {
    const result = await agent.run(hook)
    this.#application(applicationOf(agent.name)).share(agent.unit)
    this.#queue = [...this.#queue.filter((other) => other !== agent), agent]
    this.#forgetGone()
    return { unit: agent.name, ...result }
  }

  #forgetGone(): void {
    for (const agent of this.#queue.filter(({ gone }) => gone)) {
      this.#application(applicationOf(agent.name)).forget(agent)
    }
    this.#queue = this.#queue.filter(({ gone }) => !gone)
    this.#relations = this.#relations.filter(({ isGone }) => !isGone)
  }

  #relationsOf({ name }: UnitAgent): ModelRelation[] {
    return this.#relations.filter((relation) => relation.endOf(applicationOf(name)) !== undefined)
  }

  #addRelation(ends: readonly Omit<RelationEnd, 'databag'>[]): number {
    const relation = new ModelRelation(this.#nextRelation++, ends)
    this.#relations.push(relation)
    return relation.number
  }

  #end(text: string): Omit<RelationEnd, 'databag'> {
    const [app = '', endpoint = ''] = text.split(':')
    const declared = this.#application(app).endpoints[endpoint]
    if (declared === undefined) throw new ReactiveError(`the charm has no such endpoint: ${text}`)
    return { app, endpoint, ...declared }
  }

  #application(name: string): Application {
    const application = this.#applications.get(name)
    if (application === undefined) throw new ReactiveError(`the model has no such application: ${name}`)
    return application
  }

  #agent(unit: SimulatedUnit | string): UnitAgent {
    const name = typeof unit === 'string' ? unit : unit.state.unit
    const agent = this.#queue.find((candidate) => candidate.name === name)
    if (agent === undefined) throw new ReactiveError(`the model has no such unit: ${name}`)
    return agent
  }

  /** One hook at a time in the whole model. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#last.then(run)
    this.#last = result.catch(() => {})
    return result
  }
}
