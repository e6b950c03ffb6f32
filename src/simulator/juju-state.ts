// What the simulated Juju and the toolkit know about one unit: plain data, changed by the hook tools and by
// tests between events. More of Juju becomes a field here and a reader in read-state.ts.

import type { ConfigValue, EndpointRole } from '../charm/charm-files/declarations.ts'
import { versionAtLeast } from '../juju/juju-version.ts'
import type { PortRange } from './port-ranges.ts'
import type { Secret } from './secrets.ts'

export type { ConfigValue, EndpointRole }

/** A databag: strings only. */
export type RelationData = Record<string, string>

/** A relation of the unit, as Juju knows it. */
export interface Relation {
  /** `db:1`; the number is unique in the model. */
  id: string
  endpoint: string
  interface: string
  role: EndpointRole
  localUnit: RelationData
  localApp: RelationData
  /** Name of the other application; the unit's own in a peer relation. */
  remoteApp: string
  remoteAppData: RelationData
  /** The members other than this unit, by name. */
  remoteUnits: Record<string, RelationData>
  /**
   * No members, but Juju shows their data as long as the relation lives: units that have left; in a model
   * also units that are still to join.
   */
  departedUnits: Record<string, RelationData>
  /** UUID of the model of the other application; empty for the unit's own model. */
  remoteModel: string
}

export interface Status {
  status: string
  message: string
}

export interface Endpoint {
  interface: string
  role: EndpointRole
}

export interface Storage {
  kind: 'filesystem' | 'block'
  location: string
}

/** What network-get says about a binding. */
export interface Network {
  interface: string
  address: string
  cidr: string
  ingress: string[]
  egress: string[]
}

export interface Goal {
  status: string
  since: string
}

/** What goal-state says besides what the relations of the state say. */
export interface GoalState {
  units: Record<string, Goal>
  relations: Record<string, Record<string, Goal>>
}

/** What Juju and the toolkit know about a unit. */
export interface JujuState {
  /** `app/0`. */
  unit: string
  /** Version of the simulated Juju, which decides about tools and environment. */
  jujuVersion: string
  model: { name: string; uuid: string }
  machine: string
  /** Empty unless the unit is a subordinate. */
  principalUnit: string
  leader: boolean
  /** What the operator has set. */
  config: Record<string, ConfigValue>
  /** All options of the charm; null is one without a default. */
  configDefaults: Record<string, ConfigValue>
  /** What metadata.yaml declares. */
  endpoints: Record<string, Endpoint>
  relations: Relation[]
  leaderSettings: Record<string, string>
  status: { unit: Status; app: Status }
  ports: PortRange[]
  /** As given to application-version-set. */
  version: string
  /** What state-set keeps in the controller. */
  charmState: Record<string, string>
  /** Path of the file, by resource. */
  resources: Record<string, string>
  /** By id, `data/0`. */
  storage: Record<string, Storage>
  secrets: Secret[]
  addresses: { private: string; public: string }
  /** By binding; one that is not there has the unit's addresses. */
  network: Record<string, Network>
  goalState: GoalState
  /** What the operator hands to an action that a test runs without parameters, by its name. */
  actions: Record<string, Record<string, unknown>>
  /** The cloud specification; null unless the operator trusts the application. */
  credentials: Record<string, unknown> | null
  /** The trace that hooks belong to; empty where the model is not traced. */
  traceId: string
  /** `http`, `https`, `ftp`, `no`: the model's juju-http-proxy and so on. */
  proxies: Record<string, string>
  /** The same, for the model's http-proxy and so on, which few models still have. */
  legacyProxies: Record<string, string>
  /** The flags that are set in the unit state, in code point order. */
  flags: string[]
  /** The charm's own data in the unit state. */
  kv: Record<string, unknown>
  /** What else the toolkit keeps in the unit state (marks, hashes, the last configuration), as it keeps it. */
  memory: Record<string, unknown>
}

/** The other application of a relation as long as nobody has said which one it is. */
export function unknownApp(endpoint: string): string {
  return `remote-${endpoint}`
}

/** The data that Juju itself puts in the databag of every unit. */
export function initialUnitData({
  addresses: { private: address },
  jujuVersion,
}: Pick<JujuState, 'addresses' | 'jujuVersion'>): RelationData {
  const data = { 'egress-subnets': `${address}/32`, 'ingress-address': address }
  return versionAtLeast(jujuVersion, '4.0') ? data : { ...data, 'private-address': address }
}

/** Every option with its value: what the operator set, else the default, else null. */
export function effectiveConfig(state: JujuState): Record<string, ConfigValue> {
  return { ...state.configDefaults, ...state.config }
}

/** The relation with this id; as in Juju only the number counts. */
export function findRelation(state: JujuState, id: string): Relation | undefined {
  const number = relationNumber(id)
  return state.relations.find((relation) => relationNumber(relation.id) === number)
}

/** 1 of `db:1`; undefined when that is no relation id. */
export function relationNumber(id: string): number | undefined {
  const number = id.slice(id.lastIndexOf(':') + 1)
  return /^[+-]?[0-9]+$/.test(number) ? Number(number) : undefined
}
