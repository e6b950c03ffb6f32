// What Juju says about the unit's relations in this hook: their ids, their members and their data, each asked
// for once. Ids and members are read at the start (`load`), data when it is first needed: many databags at a time
// with `fetch`, in parallel; one that nobody fetched by a call that the caller waits for.
// What the unit publishes is collected here, and handed to Juju at the end of the hook (`publish`).

import type { Context } from '../juju/context.ts'
import { hasApplicationData } from '../juju/juju-version.ts'
import { applicationOf, compareRelationIds, compareUnitNames, endpointOf } from '../unit/names.ts'
import { toRecord } from '../unit/records.ts'
import { Databag, type RelationData } from './databag.ts'
import { type Address, addressOf, databagOptions, isApplication, keyOf } from './databag-address.ts'
import { inParallel } from './in-parallel.ts'
import { takeSettings, withMark } from './kept-settings.ts'

type RelationTools = typeof import('../juju/hook-tools/relation.ts') &
  typeof import('../juju/hook-tools/relation-sync.ts')

/** Whose data: this unit's own, or its application's. */
export type Own = 'unit' | 'application'

export interface Publication extends Address {
  data: Record<string, string>
}

export class JujuRelations {
  readonly context: Context
  /** Whether this unit leads; undefined while that is not known. */
  leads: boolean | undefined
  /** Endpoints whose other side is this unit's own application. */
  readonly #peers: ReadonlySet<string>
  #tools: RelationTools | undefined
  #ids = new Map<string, string[]>()
  /** Endpoints whose relations are asked for, or known. */
  #loading = new Map<string, Promise<void>>()
  /** With the relation that breaks in this hook. */
  #listed = new Map<string, string[]>()
  #members = new Map<string, string[]>()
  #data = new Map<string, RelationData>()
  /** Those that are on their way: settings of the leader and flags of endpoints are asked for at the same time. */
  #fetching = new Map<string, Promise<void>>()
  #settings = new Map<string, Record<string, string>>()
  /** Remote applications that Juju was asked for. */
  #applications = new Map<string, string>()
  #received = new Map<string, Databag>()
  #published = new Map<string, Databag>()

  constructor(context: Context, peers: Iterable<string>) {
    this.context = context
    this.#peers = new Set(peers)
  }

  /** Ask for the relations of the endpoints, and then for their members, all at the same time. */
  async load(endpoints: readonly string[]): Promise<void> {
    if (endpoints.length === 0) return
    await this.loadIds(endpoints)
    const { relationList } = await this.#loadTools()
    await inParallel(
      endpoints.flatMap((endpoint) => this.ids(endpoint)),
      async (id) => {
        const members = await relationList(this.context, id)
        // Old versions of Juju still list the unit that leaves, in its own hook.
        this.#members.set(id, members.filter((name) => !this.#hasLeft(id, name)).sort(compareUnitNames))
      },
    )
  }

  /** Ask for the relations of the endpoints alone. */
  async loadIds(endpoints: readonly string[]): Promise<void> {
    const { relationIds } = await this.#loadTools()
    await inParallel(endpoints, (endpoint) =>
      remember(this.#loading, endpoint, async () => {
        const ids = await relationIds(this.context, endpoint)
        const whole = ids.map((id) => (id.includes(':') ? id : `${endpoint}:${id}`))
        this.#listed.set(endpoint, whole.sort(compareRelationIds))
        // A relation that breaks is over: it has no members, and nothing of it counts any more.
        this.#ids.set(
          endpoint,
          whole.filter((id) => id !== this.#broken),
        )
      }),
    )
  }

  /** The ids of an endpoint's relations, by number. */
  ids(endpoint: string): readonly string[] {
    return this.#ids.get(endpoint) ?? []
  }

  /** The same as Juju lists them: with the relation that breaks in this hook. */
  listed(endpoint: string): readonly string[] {
    return this.#listed.get(endpoint) ?? []
  }

  /** The remote units of a relation that are joined. */
  members(relation: string): readonly string[] {
    return this.#members.get(relation) ?? []
  }

  /** The application at the other end; empty where Juju does not say it. */
  remoteApplication(relation: string): string {
    return (
      this.#toldApplication(relation) ??
      remember(
        this.#applications,
        relation,
        () => this.#relationTools.relationApplicationSync(this.context, relation) ?? '',
      )
    )
  }

  #toldApplication(relation: string): string | undefined {
    const { relation: current, unitName } = this.context
    if (this.#peers.has(endpointOf(relation))) return applicationOf(unitName)
    const [member] = this.members(relation)
    if (member !== undefined) return applicationOf(member)
    if (current.id === relation && current.remoteApplication !== '') return current.remoteApplication
    return hasApplicationData(this.context) ? this.#applications.get(relation) : ''
  }

  /** Ask for the remote applications of relations where no unit tells them. */
  async learnApplications(relations: readonly string[]): Promise<void> {
    const unknown = relations.filter((id) => this.#toldApplication(id) === undefined)
    await inParallel(unknown, async (id) => {
      this.#applications.set(id, (await this.#relationTools.relationApplication(this.context, id)) ?? '')
    })
  }

  /** The databags that are read, in no particular order. */
  known(): Address[] {
    return [...this.#data.keys()].map(addressOf)
  }

  /** Read databags that are not read yet, in parallel. */
  async fetch(addresses: readonly Address[]): Promise<void> {
    const { relationGet } = await this.#loadTools()
    // Two reasons to read a databag are one call.
    const asked = new Map(addresses.map((address) => [keyOf(address), address]))
    const missing = [...asked.values()].filter((address) => this.#known(address) === undefined)
    await inParallel(missing, (address) =>
      remember(this.#fetching, keyOf(address), async () => {
        const { relation, owner } = address
        this.put(address, await relationGet(this.context, relation, owner, databagOptions(owner)))
      }),
    )
  }

  /** Take this for the data of a databag. Settings of the leader are no data of the relation for anybody else. */
  put(address: Address, data: RelationData): void {
    const isOwn = isApplication(address.owner) && address.owner === this.own('application')
    const { settings, rest } = isOwn ? takeSettings(data) : { rest: data }
    if (settings !== undefined) this.#settings.set(address.relation, settings)
    this.#data.set(keyOf(address), rest)
  }

  /** The leader's settings that the application's data holds; undefined where none were ever written. */
  leaderSettings(relation: string): Record<string, string> | undefined {
    return this.#settings.get(relation)
  }

  /** Publish settings of the leader; the empty text takes one away. Juju holds them back until the hook succeeds. */
  async publishLeaderSettings(relation: string, changes: Readonly<Record<string, string>>): Promise<void> {
    await this.#relationTools.relationSet(this.context, relation, withMark(changes), { application: true })
    const settings = { ...this.#settings.get(relation), ...changes }
    this.#settings.set(relation, toRecord(Object.entries(settings).filter(([, text]) => text !== '')))
  }

  /** The data of a databag; read now if it has not been. */
  read(address: Address): RelationData {
    const { relation, owner } = address
    const known = this.#known(address)
    if (known !== undefined) return known
    const data = this.#relationTools.relationGetSync(this.context, relation, owner, databagOptions(owner))
    this.put(address, data)
    return data
  }

  #known(address: Address): RelationData | undefined {
    const isUnknown = isApplication(address.owner) && !hasApplicationData(this.context)
    return isUnknown ? {} : this.#data.get(keyOf(address))
  }

  /** What a remote unit or application has published. */
  received(relation: string, owner: string): Databag {
    return remember(this.#received, keyOf({ relation, owner }), () =>
      Databag.received(() => this.read({ relation, owner })),
    )
  }

  /** What this unit publishes, or its application: to be written, and published at the end of the hook. */
  published(relation: string, own: Own): Databag {
    const address = { relation, owner: this.own(own) }
    return remember(
      this.#published,
      keyOf(address),
      () => new Databag({ load: () => this.read(address), refusal: () => this.refusal(own) }),
    )
  }

  /** The name of this unit, or of its application. */
  own(own: Own): string {
    const { unitName } = this.context
    return own === 'unit' ? unitName : applicationOf(unitName)
  }

  /** Publish what changed, a call for each databag. Juju holds it back until the hook succeeds. */
  async publish(isMeant: (address: Address) => boolean = () => true): Promise<Publication[]> {
    const publications = [...this.#published]
      .map(([key, databag]) => ({ ...addressOf(key), databag, data: databag.changes() }))
      .filter((publication) => isMeant(publication) && Object.keys(publication.data).length > 0)
    await inParallel(publications, async ({ relation, owner, databag, data }) => {
      await this.#relationTools.relationSet(this.context, relation, data, databagOptions(owner))
      databag.settle()
    })
    return publications.map(({ relation, owner, data }) => ({ relation, owner, data }))
  }

  /** Why this unit may not publish it: only the leader may write its application's data. */
  refusal(own: Own): string | undefined {
    const isRefused = own === 'application' && this.leads === false
    return isRefused ? "only the leader publishes its application's data" : undefined
  }

  #hasLeft(relation: string, unit: string): boolean {
    const { id, step, remoteUnit } = this.context.relation
    return step === 'departed' && id === relation && remoteUnit === unit
  }

  get #broken(): string | undefined {
    const { id, step } = this.context.relation
    return step === 'broken' ? id : undefined
  }

  async #loadTools(): Promise<RelationTools> {
    this.#tools ??= {
      ...(await import('../juju/hook-tools/relation.ts')),
      ...(await import('../juju/hook-tools/relation-sync.ts')),
    }
    return this.#tools
  }

  get #relationTools(): RelationTools {
    if (this.#tools === undefined) throw new Error('the facts of relations are not loaded')
    return this.#tools
  }
}

function remember<T>(values: Map<string, T>, key: string, make: () => T): T {
  const value = values.get(key) ?? make()
  values.set(key, value)
  return value
}
