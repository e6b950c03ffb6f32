// One unit in one relation: what the unit sees of it, what its charm was told, and which hook comes next. The
// order is that of Juju's agent (docs/juju.md 6).

import { applicationOf } from '../../unit/names.ts'
import type { SimulatedEvent } from '../events.ts'
import type { JujuState, Relation } from '../juju-state.ts'
import { newRelation } from '../new-juju-state.ts'
import type { Databag } from './databag.ts'
import type { ModelRelation } from './model-relation.ts'

/** A hook that an agent would run now. */
export interface NextHook {
  event: SimulatedEvent
  /** To be called when the hook has ended with 0. */
  done: () => void
}

export class Membership {
  readonly relation: ModelRelation
  /** What the unit's hook tools see. */
  readonly view: Relation
  #stage: 'entered' | 'created' | 'left' = 'entered'
  readonly #unit: string
  readonly #ownData: Databag
  readonly #ownAppData: Databag
  readonly #remoteAppData: Databag
  /** The versions that the charm was told of: 0 for an application means nothing. */
  #toldApp = 0
  readonly #toldUnits = new Map<string, number>()
  /** A unit that has joined: its changed hook comes before anything else. */
  #joined: string | undefined

  constructor(relation: ModelRelation, state: JujuState) {
    const app = applicationOf(state.unit)
    const [own, remote] = [relation.endOf(app), relation.remoteEndOf(app)]
    if (own === undefined || remote === undefined) throw new Error(`no end of ${relation.number}: ${app}`)
    this.relation = relation
    this.#unit = state.unit
    this.#ownData = relation.databagOf(state.unit)
    this.#ownAppData = own.databag
    this.#remoteAppData = remote.databag
    const others = relation.counterpartsOf(state.unit)
    this.view = newRelation(state, {
      id: `${own.endpoint}:${relation.number}`,
      endpoint: own.endpoint,
      localUnit: this.#ownData.data,
      localApp: own.databag.data,
      remoteApp: remote.app,
      remoteAppData: remote.databag.data,
      departedUnits: Object.fromEntries(others.map((unit) => [unit, relation.databagOf(unit).data])),
    })
  }

  createdHook(): NextHook | undefined {
    if (this.#stage !== 'entered' || this.relation.dying) return undefined
    return this.#hook('created', {}, () => {
      this.#stage = 'created'
    })
  }

  /** What comes next in this relation. A unit or a relation that dies takes leave of all members. */
  nextHook(unitDies: boolean): NextHook | undefined {
    if (this.#stage !== 'created') return undefined
    if (this.#joined !== undefined) return this.#unitChanged(this.#joined)
    const leaves = unitDies || this.relation.dying
    const members = new Set(leaves ? [] : this.relation.membersFor(this.#unit))
    const left = [...this.#toldUnits.keys()].sort().find((unit) => !members.has(unit))
    if (left !== undefined) return this.#unitDeparted(left, unitDies ? this.#unit : left)
    if (!leaves) return this.#newsOf([...members])
    return this.relation.isPeer ? undefined : this.#hook('broken', {}, () => this.leave())
  }

  get ownAppVersion(): number {
    return this.#ownAppData.version
  }

  /** After each of the unit's hooks: count what it wrote. The leader is not told of its own changes. */
  noteWrites(appVersionBefore: number): void {
    void this.#ownData.version
    const { version } = this.#ownAppData
    if (this.relation.isPeer && version !== appVersionBefore) this.#toldApp = version
  }

  /** What the unit was not told yet: first the application's data, then new units, then the units' data. */
  #newsOf(members: readonly string[]): NextHook | undefined {
    if (this.#toldApp !== this.#remoteAppData.version) return this.#appChanged()
    const joining = members.find((unit) => !this.#toldUnits.has(unit))
    if (joining !== undefined) return this.#unitJoined(joining)
    const changed = members.find((unit) => this.#toldUnits.get(unit) !== this.#versionOf(unit))
    return changed === undefined ? undefined : this.#unitChanged(changed)
  }

  #appChanged(): NextHook {
    const { version } = this.#remoteAppData
    return this.#hook('changed', { remoteUnit: '' }, () => {
      this.#toldApp = version
    })
  }

  #unitJoined(unit: string): NextHook {
    const version = this.#versionOf(unit)
    return this.#hook('joined', { remoteUnit: unit }, () => {
      this.#toldUnits.set(unit, version)
      this.#joined = unit
    })
  }

  #unitChanged(unit: string): NextHook {
    const version = this.#versionOf(unit)
    return this.#hook('changed', { remoteUnit: unit }, () => {
      this.#toldUnits.set(unit, version)
      this.#joined = undefined
    })
  }

  #unitDeparted(unit: string, departingUnit: string): NextHook {
    return this.#hook('departed', { remoteUnit: unit, departingUnit }, () => {
      this.#toldUnits.delete(unit)
    })
  }

  /** Whether its charm has heard of the relation. */
  get isCreated(): boolean {
    return this.#stage === 'created'
  }

  get isLeft(): boolean {
    return this.#stage === 'left'
  }

  leave(): void {
    this.#stage = 'left'
    this.relation.scope.delete(this.#unit)
  }

  #versionOf(unit: string): number {
    return this.relation.databagOf(unit).version
  }

  #hook(step: string, given: Partial<SimulatedEvent>, done: () => void): NextHook {
    const { id, endpoint } = this.view
    return { event: { name: `${endpoint}-relation-${step}`, relation: id, ...given }, done }
  }
}
