// The handlers of the charm in charm/, in the order in which they run, and when.

import type { Hook } from './operations.ts'
import { ENDPOINTS } from './relation.ts'

export interface Handler {
  /** `reactive/app.sh:every`. */
  id: string
  /** Its name in the option `plan`. */
  who: string
  /** What it says that it sees. */
  endpoint?: string
  phase: 'hooks' | 'other'
  matches(hook: Hook, flags: ReadonlySet<string>): boolean
}

const isSet = (flag: string) => (_: Hook, flags: ReadonlySet<string>) => flags.has(flag)

/** The flags of an endpoint and the functions that wait for them. */
const WAITING: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'reactive/app.sh': { plain_joined: 'joined', plain_changed: 'changed', plain_departed: 'departed' },
  'reactive/relations/http/provides.mjs': {
    whenJoined: 'joined',
    whenChanged: 'changed',
    whenDeparted: 'departed',
  },
  'reactive/relations/mysql/requires.sh': {
    joined: 'joined',
    changed: 'changed',
    host_changed: 'changed.host',
    departed: 'departed',
  },
  'reactive/relations/ring/peers.mjs': {
    whenJoined: 'joined',
    whenChanged: 'changed',
    whenDeparted: 'departed',
  },
}

/** The handlers of a charm with these endpoints. */
export function handlersFor(endpoints: readonly string[]): Handler[] {
  const mysql = endpoints.filter((name) => ENDPOINTS[name]?.interface === 'mysql')
  return [
    { id: 'reactive/app.mjs:every', who: 'app.every', phase: 'other', matches: () => true },
    { id: 'reactive/app.mjs:poke', who: 'app.poke', phase: 'hooks', matches: ({ name }) => name === 'poke' },
    { id: 'reactive/app.sh:every', who: 'bash.every', phase: 'other', matches: () => true },
    ...waiting('reactive/app.sh', endpoints.includes('plain') ? ['plain'] : []).map(withoutEndpoint),
    ...waiting('reactive/relations/http/provides.mjs', ['web']),
    ...mysql.map(hooked),
    ...waiting('reactive/relations/mysql/requires.sh', mysql),
    ...waiting('reactive/relations/ring/peers.mjs', ['ring']),
  ]
}

function waiting(file: string, endpoints: readonly string[]): Handler[] {
  return Object.entries(WAITING[file] ?? {}).flatMap(([name, flag]) =>
    endpoints.map((endpoint): Handler => {
      const who = `${endpoint}.${name.replace(/^when|^plain_/, '').toLowerCase()}`
      const matches = isSet(`endpoint.${endpoint}.${flag}`)
      return { id: `${file}:${name}:${endpoint}`, who, endpoint, phase: 'other', matches }
    }),
  )
}

function hooked(endpoint: string): Handler {
  return {
    id: `reactive/relations/mysql/requires.sh:hooked:${endpoint}`,
    who: `${endpoint}.hooked`,
    endpoint,
    phase: 'hooks',
    matches: ({ name }) => [`${endpoint}-relation-joined`, `${endpoint}-relation-changed`].includes(name),
  }
}

/** A handler outside of interface layers has no endpoint in its id. */
function withoutEndpoint(handler: Handler): Handler {
  return { ...handler, id: handler.id.slice(0, handler.id.lastIndexOf(':')) }
}
