// A state that a person wrote, in YAML or JSON, narrowed to what juju-state.ts describes. Keys may be
// written `juju_version`, `juju-version` or `jujuVersion`. Used by tests and by `simulateCommand`.

import { messageOf, ReactiveError } from '../errors.ts'
import { checkFlagName } from '../unit/flags.ts'
import type {
  ConfigValue,
  Endpoint,
  EndpointRole,
  GivenRelation,
  GivenState,
  Goal,
  GoalState,
  Network,
  Status,
  Storage,
} from './juju-state.ts'
import { type PortRange, parsePortRange } from './port-ranges.ts'
import {
  flag,
  isRecord,
  listOf,
  mapOf,
  type Read,
  type Readers,
  readFields,
  recordOf,
  text,
  wrong,
} from './read-state/readers.ts'
import { type GivenSecret, parseSecretId, type SecretGrant } from './secrets.ts'

/** Narrow what was read from YAML or JSON. Throws a ReactiveError that names the place. */
export function readJujuState(input: unknown): GivenState {
  return readFields(STATE, input, 'state')
}

const ROLES: Record<string, EndpointRole> = {
  provides: 'provides',
  provider: 'provides',
  requires: 'requires',
  requirer: 'requires',
  peers: 'peers',
  peer: 'peers',
}

const configValue: Read<ConfigValue> = (value, where) => {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as ConfigValue
  throw wrong(where, 'a string, a number or a boolean', value)
}

const unitName: Read<string> = (value, where) => {
  const name = text(value, where)
  if (!/^[a-z][a-z0-9-]*\/(0|[1-9][0-9]*)$/.test(name)) throw wrong(where, 'the name of a unit', value)
  return name
}

const relationId: Read<string> = (value, where) => {
  const id = text(value, where)
  if (!/^[a-zA-Z][\w-]*:[0-9]+$/.test(id)) throw wrong(where, 'ENDPOINT:NUMBER', value)
  return id
}

const role: Read<EndpointRole> = (value, where) => {
  const found = typeof value === 'string' && Object.hasOwn(ROLES, value) ? ROLES[value] : undefined
  if (found === undefined) throw wrong(where, 'provides, requires or peers', value)
  return found
}

/** `80/tcp`, or a map that may name an endpoint, or a range as it is in a state. */
const port: Read<PortRange> = (value, where) => {
  const { port: written, endpoint = '', from, to, protocol } = isRecord(value) ? value : { port: value }
  const range = from === undefined ? text(written, where) : `${from}-${to}/${protocol}`
  try {
    return parsePortRange(protocol === 'icmp' ? 'icmp' : range, text(endpoint, where))
  } catch (error) {
    throw new ReactiveError(`${where}: ${messageOf(error)}`)
  }
}

const strings = mapOf(text)
const anything: Read<unknown> = (value) => value

/** A list of names, or a map as get_states prints it. */
const flagNames: Read<string[]> = (value, where) => {
  const names = isRecord(value) ? Object.keys(value) : listOf(text)(value, where)
  for (const name of names) {
    try {
      checkFlagName(name)
    } catch (error) {
      throw new ReactiveError(`${where}: ${messageOf(error)}`)
    }
  }
  return [...new Set(names)]
}

const STORAGE_KINDS = { filesystem: 'filesystem', block: 'block' } as const

/** A map, or the location of a filesystem alone. */
const storage: Read<Storage> = (value, where) => {
  if (typeof value === 'string') return { kind: 'filesystem', location: value }
  const kind: Read<Storage['kind']> = (given, place) => {
    const found = STORAGE_KINDS[given as keyof typeof STORAGE_KINDS]
    if (found === undefined) throw wrong(place, 'filesystem or block', given)
    return found
  }
  const read = recordOf<Storage, 'location'>({ kind, location: text }, ['location'])
  return { kind: 'filesystem', ...read(value, where) }
}

const storages: Read<Record<string, Storage>> = (value, where) => {
  const found = mapOf(storage)(value, where)
  const odd = Object.keys(found).find((id) => !/^[a-z][a-z0-9-]*\/(0|[1-9][0-9]*)$/.test(id))
  if (odd !== undefined) throw wrong(`${where}.${odd}`, 'NAME/NUMBER', odd)
  return found
}

const secretId: Read<string> = (value, where) => {
  const id = parseSecretId(text(value, where))
  if (id === undefined) throw wrong(where, 'twenty letters (a to v) and digits', value)
  return id
}

const revision: Read<number> = (value, where) => {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw wrong(where, 'a revision', value)
  return value
}

/** When it is, or since when; `active` alone stands for the status. */
const goal: Read<Goal> = (value, where) => {
  const since = '2024-01-01 00:00:00Z'
  if (typeof value === 'string') return { status: value, since }
  const read = recordOf<Goal, 'status'>({ status: text, since: text }, ['status'])
  return { since, ...read(value, where) }
}
const status: Read<Status> = (value, where) => ({
  message: '',
  ...recordOf<Status, 'status'>({ status: text, message: text }, ['status'])(value, where),
})

const RELATION: Readers<GivenRelation> = {
  id: relationId,
  endpoint: text,
  interface: text,
  role,
  localUnit: strings,
  localApp: strings,
  remoteApp: text,
  remoteAppData: strings,
  remoteUnits: mapOf(strings),
  departedUnits: mapOf(strings),
  remoteModel: text,
}

const SECRET: Readers<GivenSecret> = {
  id: secretId,
  label: text,
  owner: text,
  description: text,
  rotate: text,
  expire: text,
  content: strings,
  revisions: mapOf(strings),
  tracked: revision,
  grants: listOf(
    recordOf<SecretGrant, keyof SecretGrant>({ to: text, relation: relationId }, ['to', 'relation']),
  ),
}

const NETWORK: Readers<Network> = {
  interface: text,
  address: text,
  cidr: text,
  ingress: listOf(text),
  egress: listOf(text),
}

const STATE: Readers<GivenState> = {
  unit: unitName,
  jujuVersion: text,
  model: recordOf({ name: text, uuid: text }, []),
  machine: text,
  principalUnit: text,
  leader: flag,
  config: mapOf(configValue),
  configDefaults: mapOf(configValue),
  endpoints: mapOf(recordOf<Endpoint, keyof Endpoint>({ interface: text, role }, ['interface', 'role'])),
  relations: listOf(recordOf<GivenRelation, 'id'>(RELATION, ['id'])),
  peers: mapOf(mapOf(strings)),
  leaderSettings: strings,
  status: recordOf({ unit: status, app: status }, []),
  ports: listOf(port),
  version: text,
  charmState: strings,
  resources: strings,
  storage: storages,
  secrets: listOf(recordOf<GivenSecret, never>(SECRET, [])),
  addresses: recordOf({ private: text, public: text }, []),
  network: mapOf(recordOf<Network, never>(NETWORK, [])),
  goalState: recordOf<GoalState, never>({ units: mapOf(goal), relations: mapOf(mapOf(goal)) }, []),
  actions: mapOf(mapOf(anything)),
  credentials: (value, where) => (value === null ? null : mapOf(anything)(value, where)),
  proxies: strings,
  legacyProxies: strings,
  flags: flagNames,
  kv: mapOf(anything),
  memory: mapOf(anything),
}
