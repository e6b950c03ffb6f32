// States, relations and networks of simulated units, made whole from what tests and state files give of them.

import { applicationOf } from '../unit/names.ts'
import {
  type GoalState,
  initialUnitData,
  type JujuState,
  type Network,
  type Relation,
  type RelationData,
  relationNumber,
  unknownApp,
} from './juju-state.ts'
import { type GivenSecret, newSecret } from './secrets.ts'

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
