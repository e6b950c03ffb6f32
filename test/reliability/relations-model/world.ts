// The facts as Juju has them, for one unit: relations, who is on them, what they have published, and which
// hooks are due. Nothing here knows what an engine makes of it.

import { dueHooks, isSameHook } from './due-hooks.ts'
import type { Changes, Hook, Operation } from './operations.ts'
import { APPLICATION, ENDPOINTS, INITIAL_DATA, type Relation, type Remote } from './relation.ts'
import { before, change, compareNames, type Data } from './values.ts'

export const OLD_JUJU = '2.6.10'
const GENERAL_HOOKS = ['config-changed', 'update-status', 'collect-metrics', 'poke']

export class World {
  readonly jujuVersion: string
  readonly endpoints = new Set(['cache', 'db', 'plain', 'ring', 'web'])
  relations: Relation[] = []
  leader = false
  /** The hook that has failed and is to be run again. */
  failed: Hook | undefined
  /** The charm was replaced, and its upgrade-charm has not run yet. */
  upgraded = false
  /** The unit itself is being removed. */
  departing = false

  constructor(jujuVersion: string) {
    this.jujuVersion = jujuVersion
  }

  /** One without application data, -created and `dispatch`. */
  get isOldJuju(): boolean {
    return this.jujuVersion === OLD_JUJU
  }

  relation(id: string): Relation | undefined {
    return this.relations.find((relation) => relation.id === id)
  }

  /** Let it happen; false when it cannot, now. */
  happen(operation: Exclude<Operation, { do: 'hook' | 'clear' }>): boolean {
    const relation = 'relation' in operation ? this.relation(operation.relation) : undefined
    if (operation.do === 'relate') return this.#relate(operation.relation, operation.application)
    if (operation.do === 'lead') return this.#lead(operation.leader)
    if (operation.do === 'upgrade') return this.#upgrade(operation.endpoint, operation.has)
    if (operation.do === 'depart') return this.#depart()
    if (operation.do === 'resolve') return this.#resolve()
    if (relation === undefined) return false
    if (operation.do === 'enter') return this.#enter(relation, operation.unit, operation.data)
    if (operation.do === 'write') return this.#write(relation.units.get(operation.unit), operation.data)
    if (operation.do === 'write-app') return this.#writeApplication(relation, operation.data)
    if (operation.do === 'leave') return this.#leave(relation, operation.unit)
    if (operation.do === 'remove') return this.#remove(relation)
    return this.#vanish(relation)
  }

  #relate(id: string, application: string): boolean {
    const endpoint = before(':', id)
    if (!this.endpoints.has(endpoint) || this.departing || this.relation(id) !== undefined) return false
    const isPeer = ENDPOINTS[endpoint]?.role === 'peers'
    if (isPeer && this.relations.some((relation) => relation.endpoint === endpoint)) return false
    this.relations.push({
      id,
      endpoint,
      application: isPeer ? APPLICATION : application,
      created: this.isOldJuju,
      dying: false,
      units: new Map(),
      applicationData: new Map(),
      applicationNews: false,
      own: { unit: new Map(Object.entries(INITIAL_DATA)), application: new Map() },
    })
    return true
  }

  #enter({ units, dying }: Relation, unit: string, data: Changes): boolean {
    if (dying || units.has(unit)) return false
    const known: Data = new Map(Object.entries(INITIAL_DATA))
    change(known, data)
    units.set(unit, { data: known, present: true, joined: false, news: true, due: false })
    return true
  }

  #write(unit: Remote | undefined, data: Changes): boolean {
    if (unit === undefined) return false
    change(unit.data, data)
    unit.news = true
    return true
  }

  /** In a peer relation another unit writes it, which leads. */
  #writeApplication(relation: Relation, data: Changes): boolean {
    const isPeer = relation.application === APPLICATION
    if (this.isOldJuju || (isPeer && this.leader)) return false
    change(isPeer ? relation.own.application : relation.applicationData, data)
    relation.applicationNews = true
    return true
  }

  #leave({ id, units }: Relation, name: string): boolean {
    const unit = units.get(name)
    if (unit === undefined || !unit.present) return false
    unit.present = false
    // It never was here, unless its -joined is to be run again.
    const isKnown = unit.joined || (this.failed?.relation === id && this.failed.unit === name)
    if (!isKnown) units.delete(name)
    return true
  }

  #remove(relation: Relation): boolean {
    if (relation.application === APPLICATION || relation.dying || !relation.created) return false
    relation.dying = true
    return true
  }

  #vanish(relation: Relation): boolean {
    if (relation.application === APPLICATION || this.failed?.relation === relation.id) return false
    this.relations = this.relations.filter((other) => other !== relation)
    return true
  }

  #lead(leader: boolean): boolean {
    if (leader === this.leader || this.failed?.name === 'leader-elected') return false
    this.leader = leader
    return true
  }

  /** Juju refuses a charm that lacks an endpoint in use. */
  #upgrade(endpoint: string, has: boolean): boolean {
    const isInUse = this.relations.some((relation) => relation.endpoint === endpoint)
    if (this.failed || this.departing || this.endpoints.has(endpoint) === has || isInUse) return false
    if (has) this.endpoints.add(endpoint)
    else this.endpoints.delete(endpoint)
    this.upgraded = true
    return true
  }

  #depart(): boolean {
    if (this.departing || this.failed || this.upgraded) return false
    this.departing = true
    this.relations = this.relations.filter(({ created }) => created)
    return true
  }

  #resolve(): boolean {
    if (this.failed === undefined) return false
    this.succeed(this.failed)
    return true
  }

  /** The hooks that Juju may run now. */
  hooks(): Hook[] {
    if (this.failed !== undefined) return [this.failed]
    if (this.upgraded) return [{ name: 'upgrade-charm' }]
    return [
      ...[...GENERAL_HOOKS, ...(this.leader ? ['leader-elected'] : [])].map((name) => ({ name })),
      ...this.relations.flatMap((relation) => dueHooks(relation, this.departing)),
    ]
  }

  isDue(hook: Hook): boolean {
    return this.hooks().some((other) => isSameHook(hook, other))
  }

  /** The hook has succeeded, or counts as if it had. */
  succeed(hook: Hook): void {
    this.failed = undefined
    if (hook.name === 'upgrade-charm') this.upgraded = false
    const relation = hook.relation === undefined ? undefined : this.relation(hook.relation)
    if (relation === undefined) return
    const unit = relation.units.get(hook.unit ?? '')
    const step = hook.name.slice(hook.name.lastIndexOf('-') + 1)
    if (step === 'created') relation.created = true
    if (step === 'joined' && unit) Object.assign(unit, { joined: true, due: true })
    if (step === 'changed' && unit) Object.assign(unit, { news: false, due: false })
    if (step === 'changed' && !unit) relation.applicationNews = false
    if (step === 'departed') relation.units.delete(hook.unit ?? '')
    if (step === 'broken') this.relations = this.relations.filter((other) => other !== relation)
  }

  /** The members of a relation that the hook sees, by number. */
  members({ id, units }: Relation, hook: Hook): string[] {
    const isOwn = (step: string, name: string) =>
      hook.relation === id && hook.name.endsWith(`-${step}`) && hook.unit === name
    const names = [...units]
      .filter(([name, { joined }]) => joined || isOwn('joined', name))
      .map(([name]) => name)
    return names.filter((name) => !isOwn('departed', name)).sort(compareNames)
  }
}
