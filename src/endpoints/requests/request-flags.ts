// The flags of the request/response pattern (documentation 2.6): evaluated at the start of the endpoint's own
// hooks, and at once when this unit makes a request or answers one. All databags of the endpoint are read for
// it, in parallel, and only where there are requests. Loaded when an endpoint needs it.

import { shorten } from '../../errors.ts'
import { clearFlag, setFlag, toggleFlag } from '../../unit/flags.ts'
import type { Session } from '../../unit/session.ts'
import { isTooDeep } from '../databag.ts'
import type { Endpoint } from '../endpoint.ts'
import { type CharmEndpoints, endpointsOf } from '../endpoints.ts'
import { fieldFault } from '../received-changes.ts'
import type { RelatedUnit } from '../relation.ts'
import {
  type Exchange,
  exchangeDatabags,
  isSentTo,
  ownRequests,
  receivedKeys,
  receivedRequests,
  responseFault,
  responseKey,
} from './exchange.ts'
import { certainRoles, knownData, noteRole, REQUEST_FLAGS, type RequestRole } from './roles.ts'

/**
 * Set the flags of an endpoint for the roles that it may have. `changed` are the fields that are news. Without a
 * class an endpoint has a role once units have sent what is a request or a response by its shape.
 */
export async function setRequestFlags(
  session: Session,
  endpoints: CharmEndpoints,
  name: string,
  { roles, changed }: { roles: readonly RequestRole[]; changed: ReadonlySet<string> },
): Promise<void> {
  const endpoint = endpoints.endpoint(name)
  if (endpoint?.isJoined !== true) {
    for (const role of roles) forget(session, name, role)
    return
  }
  const certain = certainRoles(session, endpoints, name)
  const known = knownData(endpoints, name)
  const likely = roles.filter((role) => certain.includes(role) || known.some((data) => isSentTo(role, data)))
  if (likely.length === 0) return
  await endpoints.facts.fetch(exchangeDatabags(endpoints.facts, endpoint))
  for (const role of likely) {
    const flags = EVALUATE[role](endpoint)
    if (flags === undefined && !certain.includes(role)) continue
    noteRole(session, name, role, flags !== undefined)
    for (const word of REQUEST_FLAGS[role]) toggleFlag(session, flagOf(name, word), flags?.[word] === true)
    WARN[role](session, endpoint, changed)
  }
}

/** This unit has made a request, which is not answered yet unless another one had its id. */
export function requestCreated(
  session: Session,
  exchange: Exchange,
  { hasNewId }: { hasNewId: boolean },
): void {
  const { endpointName: name } = exchange.relation
  noteRole(session, name, 'requester', true)
  if (hasNewId || exchange.response === undefined) clearFlag(session, flagOf(name, 'all_responses'))
}

/** This unit has answered a request. */
export function requestAnswered(session: Session, name: string): void {
  const endpoint = endpointsOf(session).endpoint(name)
  if (endpoint === undefined) return
  noteRole(session, name, 'responder', true)
  setFlag(session, flagOf(name, 'has_requests'))
  // The first one that waits is soon found: no need to look at all of them after each answer.
  toggleFlag(session, flagOf(name, 'new_requests'), isAnyUnanswered(receivedRequests(endpoint)))
}

type Evaluation = Record<string, boolean>

/** The flags by their words; undefined where there are no requests. */
const EVALUATE: Record<RequestRole, (endpoint: Endpoint) => Evaluation | undefined> = {
  requester(endpoint) {
    const requests = [...ownRequests(endpoint)]
    if (requests.length === 0) return undefined
    const waiting = requests.filter(isUnanswered).length
    return { has_responses: waiting < requests.length, all_responses: waiting === 0 }
  },
  responder(endpoint) {
    const requests = [...receivedRequests(endpoint)]
    if (requests.length === 0) return undefined
    return { has_requests: true, new_requests: isAnyUnanswered(requests) }
  },
}

function isAnyUnanswered(requests: Iterable<Exchange>): boolean {
  for (const request of requests) if (isUnanswered(request)) return true
  return false
}

function isUnanswered({ response }: Exchange): boolean {
  return response === undefined
}

/** Without units there is nobody who asks or answers. */
function forget(session: Session, name: string, role: RequestRole): void {
  for (const word of REQUEST_FLAGS[role]) clearFlag(session, flagOf(name, word))
  noteRole(session, name, role, false)
}

type Warn = (session: Session, endpoint: Endpoint, changed: ReadonlySet<string>) => void

/** What units have sent that is neither: once, when it comes. */
const WARN: Record<RequestRole, Warn> = {
  requester(session, endpoint, changed) {
    if (changed.size === 0) return
    for (const exchange of ownRequests(endpoint)) {
      const key = responseKey(exchange)
      if (!changed.has(key)) continue
      for (const unit of exchange.relation.joinedUnits) {
        warnOf(session, unit, key, responseFault(unit, exchange))
      }
    }
  },
  responder(session, endpoint, changed) {
    if (changed.size === 0) return
    for (const { unit, key, fault } of receivedKeys(endpoint)) {
      if (changed.has(key)) warnOf(session, unit, key, fault)
    }
  },
}

function warnOf({ log }: Session, unit: RelatedUnit, key: string, fault: string | undefined): void {
  const { relation, unitName, receivedRaw } = unit
  const text = receivedRaw[key] ?? ''
  // Of these there was a warning already.
  const isTold =
    fieldFault(relation.endpointName, key) !== undefined || text.includes('\ufffd') || isTooDeep(text)
  if (fault === undefined || isTold) return
  const name = JSON.stringify(shorten(key))
  log.warning(`relation data of ${unitName} on ${relation.relationId} is skipped, ${fault}: ${name}`)
}

function flagOf(name: string, word: string): string {
  return `endpoint.${name}.${word}`
}
