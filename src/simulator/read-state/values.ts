// Readers of single values of a state: names, ids, ports, and what has a shorter form.

import { isMapping } from '../../charm/charm-files.ts'
import { messageOf, ReactiveError } from '../../errors.ts'
import { checkFlagName } from '../../unit/flags.ts'
import type { ConfigValue, EndpointRole, Goal, Status, Storage } from '../juju-state.ts'
import { type PortRange, parsePortRange } from '../port-ranges.ts'
import { parseSecretId } from '../secrets.ts'
import { listOf, mapOf, type Read, reader, recordOf, text, wrong } from './readers.ts'

const ROLES: Record<string, EndpointRole> = {
  provides: 'provides',
  provider: 'provides',
  requires: 'requires',
  requirer: 'requires',
  peers: 'peers',
  peer: 'peers',
}

export const configValue: Read<ConfigValue> = reader('text, a number, true or false', (value, where) => {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as ConfigValue
  throw wrong(where, 'a string, a number or a boolean', value)
})

export const unitName: Read<string> = reader('APPLICATION/NUMBER', (value, where) => {
  const name = text(value, where)
  if (!/^[a-z][a-z0-9-]*\/(0|[1-9][0-9]*)$/.test(name)) throw wrong(where, 'the name of a unit', value)
  return name
})

export const relationId: Read<string> = reader('ENDPOINT:NUMBER', (value, where) => {
  const id = text(value, where)
  if (!/^[a-zA-Z][\w-]*:[0-9]+$/.test(id)) throw wrong(where, 'ENDPOINT:NUMBER', value)
  return id
})

export const role: Read<EndpointRole> = reader('provides, requires or peers', (value, where) => {
  const found = typeof value === 'string' && Object.hasOwn(ROLES, value) ? ROLES[value] : undefined
  if (found === undefined) throw wrong(where, 'provides, requires or peers', value)
  return found
})

/** `80/tcp`, or a map that may name an endpoint, or a range as it is in a state. */
export const port: Read<PortRange> = reader(
  '80/tcp, 8000-8010/udp, icmp or {port: 80/tcp, endpoint: NAME}',
  (value, where) => {
    const { port: written, endpoint = '', from, to, protocol } = isMapping(value) ? value : { port: value }
    const range = from === undefined ? text(written, where) : `${from}-${to}/${protocol}`
    try {
      return parsePortRange(protocol === 'icmp' ? 'icmp' : range, text(endpoint, where))
    } catch (error) {
      throw new ReactiveError(`${where}: ${messageOf(error)}`)
    }
  },
)

export const data = mapOf('KEY', text)

/** A list of names, or a map as get_states prints it. */
export const flagNames: Read<string[]> = reader('[FLAG, ...] or {FLAG: VALUE, ...}', (value, where) => {
  const names = isMapping(value) ? Object.keys(value) : listOf(text)(value, where)
  for (const name of names) {
    try {
      checkFlagName(name)
    } catch (error) {
      throw new ReactiveError(`${where}: ${messageOf(error)}`)
    }
  }
  return [...new Set(names)]
})

const STORAGE_KINDS = { filesystem: 'filesystem', block: 'block' } as const
const storageKind: Read<Storage['kind']> = reader('filesystem or block', (given, where) => {
  const found = STORAGE_KINDS[given as keyof typeof STORAGE_KINDS]
  if (found === undefined) throw wrong(where, 'filesystem or block', given)
  return found
})
const storageMap = recordOf<Storage, 'location'>(
  {
    kind: ['The kind; `filesystem` by default.', storageKind],
    location: ['Where it is: a directory or a device.', text],
  },
  ['location'],
)

/** A map, or the location of a filesystem alone. */
const storage: Read<Storage> = reader(
  'LOCATION or a map',
  (value, where) => {
    if (typeof value === 'string') return { kind: 'filesystem', location: value }
    return { kind: 'filesystem', ...storageMap(value, where) }
  },
  storageMap.fields,
)

const anyStorages = mapOf('NAME/NUMBER', storage)
export const storages: typeof anyStorages = reader(
  anyStorages.shape,
  (value, where) => {
    const found = anyStorages(value, where)
    const odd = Object.keys(found).find((id) => !/^[a-z][a-z0-9-]*\/(0|[1-9][0-9]*)$/.test(id))
    if (odd !== undefined) throw wrong(`${where}.${odd}`, 'NAME/NUMBER', odd)
    return found
  },
  anyStorages.fields,
)

export const secretId: Read<string> = reader('twenty letters (a to v) and digits', (value, where) => {
  const id = parseSecretId(text(value, where))
  if (id === undefined) throw wrong(where, 'twenty letters (a to v) and digits', value)
  return id
})

export const revision: Read<number> = reader('a number', (value, where) => {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw wrong(where, 'a revision', value)
  return value
})

const goalMap = recordOf<Goal, 'status'>({ status: ['The status.', text], since: ['Since when.', text] }, [
  'status',
])
/** When it is, or since when; `active` alone stands for the status. */
export const goal: Read<Goal> = reader(
  'STATUS or a map',
  (value, where) => {
    const since = '2024-01-01 00:00:00Z'
    return typeof value === 'string' ? { status: value, since } : { since, ...goalMap(value, where) }
  },
  goalMap.fields,
)

const statusMap = recordOf<Status, 'status'>(
  { status: ['`active`, `blocked`, `maintenance`, `waiting`, …', text], message: ['The message.', text] },
  ['status'],
)
export const status: Read<Status> = reader(
  'a map',
  (value, where) => ({ message: '', ...statusMap(value, where) }),
  statusMap.fields,
)
