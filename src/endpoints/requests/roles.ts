// Which endpoints speak the request/response pattern: those whose class says it, and those of which the unit
// state notes it, since requests were seen or made there. Every hook asks, so this file loads nothing.

import { KEY } from '../../unit/keys.ts'
import { endpointOf } from '../../unit/names.ts'
import type { Session } from '../../unit/session.ts'
import type { RelationData } from '../databag.ts'
import { isApplication } from '../databag-address.ts'
import type { CharmEndpoints } from '../endpoints.ts'

export type RequestRole = 'requester' | 'responder'

const REQUEST_ROLES: readonly RequestRole[] = ['requester', 'responder']

/** The words of their flags, `endpoint.NAME.WORD`. */
export const REQUEST_FLAGS: Readonly<Record<RequestRole, readonly string[]>> = {
  requester: ['has_responses', 'all_responses'],
  responder: ['has_requests', 'new_requests'],
}

/** How the keys begin that the other side of a role sends. */
const SENT: Readonly<Record<RequestRole, string>> = { requester: 'response_', responder: 'request_' }

/** The roles that an endpoint has, or may have by what was read of the other side in this hook. */
export function possibleRoles(session: Session, endpoints: CharmEndpoints, name: string): RequestRole[] {
  if (endpoints.endpoint(name)?.isJoined !== true) return notedRoles(session, name)
  const certain = certainRoles(session, endpoints, name)
  return REQUEST_ROLES.filter((role) => certain.includes(role) || hasKey(endpoints, name, SENT[role]))
}

/** The roles that its class has, and those that were noted. */
export function certainRoles(session: Session, endpoints: CharmEndpoints, name: string): RequestRole[] {
  const noted = notedRoles(session, name)
  const declared = Reflect.get(endpoints.endpoint(name)?.constructor ?? {}, 'requestRole')
  return REQUEST_ROLES.filter((role) => noted.includes(role) || role === declared)
}

/** Note that an endpoint has a role, or has it no more. */
export function noteRole(session: Session, name: string, role: RequestRole, has: boolean): void {
  const { state } = session
  const noted = notedRoles(session, name)
  if (noted.includes(role) === has) return
  const roles = has ? [...noted, role] : noted.filter((other) => other !== role)
  if (roles.length > 0) state.set(KEY.requestRoles + name, roles)
  else state.delete(KEY.requestRoles + name)
}

function notedRoles({ state }: Session, name: string): RequestRole[] {
  return (state.get(KEY.requestRoles + name) ?? []) as RequestRole[]
}

function hasKey(endpoints: CharmEndpoints, name: string, prefix: string): boolean {
  return knownData(endpoints, name).some((data) => Object.keys(data).some((key) => key.startsWith(prefix)))
}

/** The data of units on the endpoint's relations that was read in this hook. */
export function knownData({ facts }: CharmEndpoints, name: string): RelationData[] {
  return facts
    .known()
    .filter(({ relation, owner }) => endpointOf(relation) === name && !isApplication(owner))
    .map((address) => facts.read(address))
}
