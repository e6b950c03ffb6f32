// A relation as the controller knows it: its ends, the units in scope, and the data of all that ever were.

import { applicationOf } from '../../unit/names.ts'
import { type Endpoint, initialUnitData, type JujuState } from '../juju-state.ts'
import { Databag } from './databag.ts'
import { Membership } from './membership.ts'

export interface RelationEnd extends Endpoint {
  app: string
  endpoint: string
  /** The application's data. */
  databag: Databag
}

export class ModelRelation {
  /** Unique in the model. */
  readonly number: number
  /** Its removal was asked for; it lives until every unit has left. */
  dying = false
  /** The units in scope. */
  readonly scope = new Map<string, Membership>()
  readonly #ends: readonly RelationEnd[]
  readonly #databags = new Map<string, Databag>()

  /** One end makes a peer relation. */
  constructor(number: number, ends: readonly Omit<RelationEnd, 'databag'>[]) {
    this.number = number
    this.#ends = ends.map((end) => ({ ...end, databag: new Databag({}) }))
  }

  get isPeer(): boolean {
    return this.#ends.length === 1
  }

  get isGone(): boolean {
    return this.dying && this.scope.size === 0
  }

  endOf(app: string): RelationEnd | undefined {
    return this.#ends.find((end) => end.app === app)
  }

  /** The other end; in a peer relation the only one. */
  remoteEndOf(app: string): RelationEnd | undefined {
    return this.isPeer ? this.endOf(app) : this.#ends.find((end) => end.app !== app)
  }

  databagOf(unit: string): Databag {
    const databag = this.#databags.get(unit)
    if (databag === undefined) throw new Error(`never was in scope of relation ${this.number}: ${unit}`)
    return databag
  }

  /** The units that this one has or had to do with. */
  counterpartsOf(unit: string, among: Iterable<string> = this.#databags.keys()): string[] {
    const app = this.remoteEndOf(applicationOf(unit))?.app
    return [...among].filter((other) => other !== unit && applicationOf(other) === app)
  }

  /** What this unit sees as members, sorted as text, which is the order of Juju's agent. */
  membersFor(unit: string): string[] {
    return this.counterpartsOf(unit, this.scope.keys()).sort()
  }

  /** A unit enters the scope; from now on the others may read its data. */
  enter(state: JujuState): Membership {
    const databag = new Databag(initialUnitData(state))
    this.#databags.set(state.unit, databag)
    const membership = new Membership(this, state)
    this.scope.set(state.unit, membership)
    for (const [unit, { view }] of this.scope) {
      if (this.counterpartsOf(unit).includes(state.unit)) view.departedUnits[state.unit] = databag.data
    }
    return membership
  }
}
