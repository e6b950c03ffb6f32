// What a relation is in the model, and what the charm in charm/ may declare.

import type { Data } from './values.ts'

export const UNIT = 'app/0'
export const APPLICATION = 'app'

export interface Endpoint {
  role: 'requires' | 'provides' | 'peers'
  interface: string
}

/** What the charm may declare; `spare` comes and goes with upgrades. */
export const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  cache: { role: 'requires', interface: 'mysql' },
  db: { role: 'requires', interface: 'mysql' },
  plain: { role: 'requires', interface: 'text' },
  ring: { role: 'peers', interface: 'ring' },
  spare: { role: 'requires', interface: 'mysql' },
  web: { role: 'provides', interface: 'http' },
}

export interface Remote {
  data: Data
  /** Whether the unit is there. */
  present: boolean
  /** Whether this unit was told that it has joined. */
  joined: boolean
  /** Whether its data changed since this unit was last told. */
  news: boolean
  /** Whether -changed has to come now, since -joined was. */
  due: boolean
}

export interface Relation {
  id: string
  endpoint: string
  application: string
  created: boolean
  dying: boolean
  units: Map<string, Remote>
  applicationData: Data
  applicationNews: boolean
  /** What this unit has published, and its application. */
  own: { unit: Data; application: Data }
}

/** What Juju itself puts into every unit's databag. */
export const INITIAL_DATA = {
  'egress-subnets': '10.0.0.10/32',
  'ingress-address': '10.0.0.10',
  'private-address': '10.0.0.10',
}
