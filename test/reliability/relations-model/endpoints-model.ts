// The endpoints in one hook of the model: what is read at its start, the flags that follow, what handlers see
// and what they publish.

import type { Hook } from './operations.ts'
import { databagOf, type Own, Publications } from './publications.ts'
import { APPLICATION, type Relation } from './relation.ts'
import type { Departed, Kept } from './unit-model.ts'
import { before, type Data, identity, published } from './values.ts'
import type { World } from './world.ts'

const AUTOMATIC = /^endpoint\.([^.]+)\.(joined|departed|changed.*)$/s

export class EndpointsModel {
  readonly #world: World
  readonly #hook: Hook
  readonly #kept: Kept
  /** A relation that breaks is over already. */
  readonly #relations: Relation[]
  readonly #reads = new Set<string>()
  readonly #publications = new Publications()

  constructor(world: World, hook: Hook, kept: Kept) {
    this.#world = world
    this.#hook = hook
    this.#kept = kept
    const isOver = ({ id }: Relation) => this.#isHook('broken') && hook.relation === id
    this.#relations = world.relations.filter((relation) => !isOver(relation))
  }

  get reads(): string[] {
    return [...this.#reads].sort()
  }

  /** Read what may have changed, and set and clear the automatic flags. */
  begin(): void {
    for (const relation of this.#relations)
      for (const owner of this.#readAtStart(relation)) this.#read(relation, owner)
    if (this.#isHook('departed')) this.#reads.add(`${this.#hook.relation} ${this.#hook.unit}`)
    this.#clearLeftovers()
    for (const endpoint of [...this.#world.endpoints].sort()) this.#setFlags(endpoint)
  }

  /**
   * A relation's own hook reads its databags, every hook those of an endpoint that was not joined. A relation
   * without units that was read once waits for its own hook. What was never read is read in the endpoint's hooks.
   */
  #readAtStart(relation: Relation): string[] {
    const { id, endpoint } = relation
    if (this.#hook.relation === id) return this.#owners(relation)
    const { flags, seen } = this.#kept
    const hasMembers = this.#members(relation).length > 0
    const isKnown = [...seen.keys()].some((key) => key.startsWith(`${id} `))
    if (!flags.has(`endpoint.${endpoint}.joined`)) return hasMembers || !isKnown ? this.#owners(relation) : []
    const isRead = hasMembers && this.#isOwn(endpoint)
    return isRead ? this.#owners(relation).filter((owner) => !seen.has(`${id} ${owner}`)) : []
  }

  /** The databags of the other side that there are. */
  #owners(relation: Relation): string[] {
    return [...this.#members(relation), ...(this.#world.isOldJuju ? [] : [relation.application])]
  }

  #members(relation: Relation): string[] {
    return this.#world.members(relation, this.#hook)
  }

  #clearLeftovers(): void {
    for (const flag of this.#kept.flags) {
      const [, endpoint = '', word = ''] = AUTOMATIC.exec(flag) ?? []
      if (endpoint === '') continue
      const isOver = word.startsWith('changed') && this.#of(endpoint).length === 0
      if (isOver || !this.#world.endpoints.has(endpoint)) this.#kept.flags.delete(flag)
    }
  }

  #setFlags(endpoint: string): void {
    const { flags } = this.#kept
    const isLeaving = this.#isOwn(endpoint) && this.#isHook('departed')
    const changed = this.#changedFields(endpoint)
    const isJoined = this.#of(endpoint).some((relation) => this.#members(relation).length > 0)
    if (isJoined) flags.add(`endpoint.${endpoint}.joined`)
    else flags.delete(`endpoint.${endpoint}.joined`)
    if (isLeaving) this.#depart(endpoint)
    else if (isJoined) flags.delete(`endpoint.${endpoint}.departed`)
    if (this.#of(endpoint).length === 0) return
    if (changed.size > 0) flags.add(`endpoint.${endpoint}.changed`)
    for (const field of changed) flags.add(`endpoint.${endpoint}.changed.${field}`)
  }

  #depart(endpoint: string): void {
    const { relation: id = '', unit = '' } = this.#hook
    const data = this.#world.relation(id)?.units.get(unit)?.data ?? new Map()
    const { departed, flags } = this.#kept
    departed.set(endpoint, [...(departed.get(endpoint) ?? []), { relation: id, unit, data: new Map(data) }])
    flags.add(`endpoint.${endpoint}.departed`)
  }

  /** Fields that differ from what was seen: of databags that were read, and of those that are gone. */
  #changedFields(endpoint: string): Set<string> {
    const { seen } = this.#kept
    const changed = new Set<string>()
    const there = new Map(
      this.#of(endpoint).flatMap((one) => this.#owners(one).map((owner) => [`${one.id} ${owner}`, one])),
    )
    for (const [key, fields] of seen) {
      if (before(':', key) !== endpoint || there.has(key)) continue
      for (const field of fields.keys()) changed.add(field)
      seen.delete(key)
    }
    for (const [key, relation] of there) {
      if (!this.#reads.has(key)) continue
      const data = this.#data(relation, key.slice(key.indexOf(' ') + 1))
      const now = new Map([...data].map(([field, text]) => [field, identity(text)]))
      const old = seen.get(key) ?? new Map<string, string>()
      for (const field of [...old.keys(), ...now.keys()])
        if (old.get(field) !== now.get(field)) changed.add(field)
      seen.set(key, now)
    }
    return changed
  }

  /** What the databag holds: in a peer relation the application's is this unit's own as well. */
  #data({ application, applicationData, own, units }: Relation, owner: string): Data {
    if (owner === APPLICATION) return own.application
    return owner === application ? applicationData : (units.get(owner)?.data ?? new Map())
  }

  #read(relation: Relation, owner: string): Data {
    this.#reads.add(`${relation.id} ${owner}`)
    return this.#data(relation, owner)
  }

  /** The relations that handlers see: one whose last unit leaves is none of them. */
  visible(endpoint: string): Relation[] {
    const isLeft = (relation: Relation) => {
      const isOwn = this.#isHook('departed') && this.#hook.relation === relation.id
      return isOwn && this.#members(relation).length === 0
    }
    return this.#of(endpoint).filter((relation) => !isLeft(relation))
  }

  units(endpoint: string): string[] {
    return [...new Set(this.visible(endpoint).flatMap((relation) => this.#members(relation)))]
  }

  departed(endpoint: string): string[] {
    return [...new Set(this.#departed(endpoint).map(({ unit }) => unit))]
  }

  #departed(endpoint: string): Departed[] {
    return this.#kept.departed.get(endpoint) ?? []
  }

  /** The data of all units, of one relation if it is given; the first that has a key wins. */
  merged(endpoint: string, id?: string): Data {
    const relations = this.visible(endpoint).filter((relation) => id === undefined || relation.id === id)
    return firstWins(relations.flatMap((one) => this.#members(one).map((unit) => this.#read(one, unit))))
  }

  mergedApplications(endpoint: string): Data {
    if (this.#world.isOldJuju) return new Map()
    return firstWins(this.visible(endpoint).map((relation) => this.#read(relation, relation.application)))
  }

  /** The data of a unit, also of one that has left. */
  dataOf(endpoint: string, unit: string): Data {
    const joined = this.visible(endpoint).find((relation) => this.#members(relation).includes(unit))
    if (joined !== undefined) return this.#read(joined, unit)
    return this.#departed(endpoint).find((one) => one.unit === unit)?.data ?? new Map()
  }

  /** The application at the other end, where Juju says it. */
  applicationOf(relation: Relation): string {
    const isTold = !this.#world.isOldJuju || relation.application === APPLICATION
    return isTold || this.#members(relation).length > 0 ? relation.application : ''
  }

  /** Publish `KEY=VALUE... [--relation=ID] [--app] [--as-json]`; false when that is refused. */
  set(endpoint: string, words: readonly string[]): boolean {
    const id = words.find((word) => word.startsWith('--relation='))?.slice('--relation='.length)
    const relations = this.visible(endpoint).filter((relation) => id === undefined || relation.id === id)
    if (id !== undefined && relations.length === 0) return false
    const own: Own = words.includes('--app') ? 'application' : 'unit'
    if (own === 'application' && !this.#world.leader && relations.length > 0) return false
    const pairs = words
      .filter((word) => !word.startsWith('--'))
      .map((word) => word.split('=') as [string, string])
    const asJson = ([key, text]: [string, string]) => [key, text === '' ? '' : published(text)]
    const changes = Object.fromEntries(words.includes('--as-json') ? pairs.map(asJson) : pairs)
    for (const relation of relations) {
      this.#reads.add(databagOf(relation.id, own))
      this.#publications.change(relation, own, changes)
    }
    return true
  }

  /** Hand over what differs, and say which databags that were. */
  publish(): string[] {
    return this.#publications.publish(this.#hook, this.#kept.seen)
  }

  /** The relations of an endpoint, by number. */
  #of(endpoint: string): Relation[] {
    const number = ({ id }: Relation) => Number(id.slice(id.indexOf(':') + 1))
    return this.#relations.filter((one) => one.endpoint === endpoint).sort((a, b) => number(a) - number(b))
  }

  #isHook(step: string): boolean {
    return this.#hook.name.endsWith(`-relation-${step}`)
  }

  #isOwn(endpoint: string): boolean {
    return this.#hook.name.startsWith(`${endpoint}-relation-`)
  }
}

function firstWins(databags: readonly Data[]): Data {
  return new Map(databags.toReversed().flatMap((data) => [...data]))
}
