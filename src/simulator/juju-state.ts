// What the simulated Juju and the toolkit know about one unit: plain data, changed by the hook tools and by
// tests between events. More of Juju becomes a field here and a reader in read-state.ts.

import type { ConfigValue, EndpointRole } from '../charm/charm-files/declarations.ts'
import { versionAtLeast } from '../juju/juju-version.ts'
import { applicationOf } from '../unit/names.ts'
import type { PortRange } from './port-ranges.ts'
import { type GivenSecret, newSecret, type Secret } from './secrets.ts'

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

/** What a caller has to say about a relation: its id; the rest has defaults. */
export type GivenRelation = Partial<Relation> & { id: string }

/** The fields that may be given in part, or in a shorter form. */
interface ShortForms {
  model: Partial<JujuState['model']>
  status: Partial<JujuState['status']>
  addresses: Partial<JujuState['addresses']>
  relations: GivenRelation[]
  /** Peer relations: data of the other units, by endpoint and unit. */
  peers: Record<string, Record<string, RelationData>>
  secrets: GivenSecret[]
  network: Record<string, Partial<Network>>
  goalState: Partial<GoalState>
}

/** A part of a state, as tests and state files give it. */
export type GivenState = Partial<Omit<JujuState, keyof ShortForms> & ShortForms>

/** The state of a unit that was just deployed, as far as the caller does not say otherwise. */
export function newJujuState(given: GivenState = {}): JujuState {
  const { relations = [], peers = {}, model, status, addresses, ...others } = structuredClone(given)
  const { secrets = [], network = {}, goalState, ...rest } = others
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
    storage: {},
    secrets: [],
    addresses: { private: '10.0.0.10', public: '203.0.113.10', ...addresses },
    network: {},
    goalState: { units: {}, relations: {}, ...goalState },
    actions: {},
    credentials: null,
    traceId: '',
    proxies: {},
    legacyProxies: {},
    flags: [],
    kv: {},
    memory: {},
    ...rest,
  }
  state.relations = relations.map((relation) => newRelation(state, relation))
  for (const [endpoint, remoteUnits] of Object.entries(peers)) {
    state.relations.push(
      newRelation(state, { id: nextRelationId(state, endpoint), role: 'peers', remoteUnits }),
    )
  }
  for (const secret of secrets) state.secrets.push(newSecret(state.secrets, secret))
  for (const [binding, part] of Object.entries(network)) state.network[binding] = newNetwork(state, part)
  return state
}

/** An id that no relation of the state has. */
export function nextRelationId({ relations }: JujuState, endpoint: string): string {
  const used = relations.map(({ id }) => relationNumber(id) ?? 0)
  return `${endpoint}:${Math.max(0, ...used) + 1}`
}

/** A whole network from its parts: one interface, with the unit's private address unless another is given. */
export function newNetwork({ addresses }: JujuState, given: Partial<Network>): Network {
  const address = given.address ?? addresses.private
  return {
    interface: 'eth0',
    address,
    cidr: `${address.replace(/\d+$/, '0')}/24`,
    ingress: [address],
    egress: [`${given.ingress?.[0] ?? address}/32`],
    ...given,
  }
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
    localUnit: initialUnitData(state),
    localApp: {},
    remoteApp: peer ? applicationOf(state.unit) : remote ? applicationOf(remote) : unknownApp(endpoint),
    remoteAppData: {},
    remoteUnits: {},
    departedUnits: {},
    remoteModel: '',
    ...given,
  }
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
