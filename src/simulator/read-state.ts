// A state that a person wrote, in YAML or JSON, narrowed to what juju-state.ts describes. Keys may be
// written `juju_version`, `juju-version` or `jujuVersion`. Used by tests and by `simulateCommand`.

import { messageOf, ReactiveError } from '../errors.ts'
import type { ConfigValue, Endpoint, EndpointRole, GivenRelation, GivenState, Status } from './juju-state.ts'
import { type PortRange, parsePortRange } from './port-ranges.ts'

type Read<T> = (value: unknown, where: string) => T
type Readers<T> = { [K in keyof T]-?: Read<Exclude<T[K], undefined>> }

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

function wrong(where: string, rule: string, value: unknown): ReactiveError {
  return new ReactiveError(`${where} must be ${rule}: ${JSON.stringify(value)}`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const text: Read<string> = (value, where) => {
  if (typeof value === 'string') return value
  // YAML reads 3.6 and 8080 as numbers; to Juju they are strings.
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw wrong(where, 'a string', value)
}

const flag: Read<boolean> = (value, where) => {
  if (typeof value !== 'boolean') throw wrong(where, 'true or false', value)
  return value
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

function listOf<T>(read: Read<T>): Read<T[]> {
  return (value, where) => {
    if (!Array.isArray(value)) throw wrong(where, 'a list', value)
    return value.map((item, index) => read(item, `${where}[${index}]`))
  }
}

function mapOf<T>(read: Read<T>): Read<Record<string, T>> {
  return (value, where) => {
    if (!isRecord(value)) throw wrong(where, 'a map', value)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, read(item, `${where}.${key}`)]),
    )
  }
}

/** A map with some of these fields, and all that are `required`. */
function recordOf<T extends object, K extends keyof T & string>(readers: Readers<T>, required: readonly K[]) {
  return (value: unknown, where: string): Partial<T> & Pick<T, K> => {
    const fields = readFields(readers, value, where)
    const missing = required.find((name) => !Object.hasOwn(fields, name))
    if (missing !== undefined) throw new ReactiveError(`${where} has no ${missing}`)
    return fields as Partial<T> & Pick<T, K>
  }
}

function readFields<T>(readers: Readers<T>, input: unknown, where: string): Partial<T> {
  if (!isRecord(input)) throw wrong(where, 'a map', input)
  const fields: Partial<T> = {}
  for (const [written, value] of Object.entries(input)) {
    const name = written.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase())
    if (!Object.hasOwn(readers, name)) throw new ReactiveError(`${where} has no such key: ${written}`)
    const key = name as keyof T
    fields[key] = readers[key](value, `${where}.${written}`)
  }
  return fields
}

const strings = mapOf(text)
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
  leaderSettings: strings,
  status: recordOf({ unit: status, app: status }, []),
  ports: listOf(port),
  version: text,
  charmState: strings,
  resources: strings,
  addresses: recordOf({ private: text, public: text }, []),
  proxies: strings,
}
