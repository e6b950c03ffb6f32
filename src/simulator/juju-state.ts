// What the simulated Juju knows about one unit: plain data, changed by the hook tools and by tests between
// events. More of Juju (storage, secrets, ...) becomes a field here and a reader in read-state.ts.

import type { ConfigValue, EndpointRole } from '../charm-files.ts'
import type { PortRange } from './port-ranges.ts'

export type { ConfigValue, EndpointRole }

/** A databag: strings only. */
export type RelationData = Record<string, string>

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
}

export interface Status {
  status: string
  message: string
}

export interface Endpoint {
  interface: string
  role: EndpointRole
}

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
  addresses: { private: string; public: string }
  /** `http`, `https`, `ftp`, `no`. */
  proxies: Record<string, string>
}

/** What a caller has to say about a relation: its id; the rest has defaults. */
export type GivenRelation = Partial<Relation> & { id: string }

/** A part of a state, as tests and state files give it. */
export interface GivenState extends Partial<Omit<JujuState, 'model' | 'status' | 'addresses' | 'relations'>> {
  model?: Partial<JujuState['model']>
  status?: Partial<JujuState['status']>
  addresses?: Partial<JujuState['addresses']>
  relations?: GivenRelation[]
}

/** The state of a unit that was just deployed, as far as the caller does not say otherwise. */
export function newJujuState(given: GivenState = {}): JujuState {
  const { relations = [], model, status, addresses, ...rest } = structuredClone(given)
  const unknown = { status: 'unknown', message: '' }
  const state: JujuState = {
    unit: 'app/0',
    jujuVersion: '3.6.0',
    model: { name: 'simulated', uuid: '5ca1ab1e-0000-4000-8000-000000000000', ...model },
    machine: '0',
    principalUnit: '',
    leader: true,
    config: {},
    configDefaults: {},
    endpoints: {},
    relations: [],
    leaderSettings: {},
    status: { unit: unknown, app: unknown, ...status },
    ports: [],
    version: '',
    charmState: {},
    resources: {},
    addresses: { private: '10.0.0.10', public: '203.0.113.10', ...addresses },
    proxies: {},
    ...rest,
  }
  state.relations = relations.map((relation) => newRelation(state, relation))
  return state
}

/** A whole relation of the state's unit, from the declaration of its endpoint and what is given. */
export function newRelation(state: JujuState, given: GivenRelation): Relation {
  const endpoint = given.endpoint ?? given.id.slice(0, given.id.lastIndexOf(':'))
  const declared = state.endpoints[endpoint] ?? { interface: '', role: 'requires' }
  const peer = (given.role ?? declared.role) === 'peers'
  const remote = Object.keys(given.remoteUnits ?? {})[0]
  return {
    ...declared,
    endpoint,
    localUnit: initialUnitData(state.addresses.private),
    localApp: {},
    remoteApp: peer ? applicationOf(state.unit) : remote ? applicationOf(remote) : `remote-${endpoint}`,
    remoteAppData: {},
    remoteUnits: {},
    departedUnits: {},
    ...given,
  }
}

/** `app` of `app/0`. */
export function applicationOf(unit: string): string {
  return unit.slice(0, unit.lastIndexOf('/'))
}

/** The data that Juju itself puts in the databag of every unit. */
export function initialUnitData(address: string): RelationData {
  return { 'egress-subnets': `${address}/32`, 'ingress-address': address, 'private-address': address }
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

/** Whether the version is that one or a later one; `2.8` is a version, too. */
export function versionAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) =>
    text.split(/[.-]/).map((part) => Number.parseInt(part, 10)),
  )
  for (const [index, number] of (want ?? []).entries()) {
    const other = have?.[index] ?? 0
    if (other !== number) return other > number
  }
  return true
}
