// Requests without a class, as the `request_*` commands make, list and answer them: fields have the names that
// they have in relation data. Databags are read in parallel, each at most once a hook.

import { ReactiveError, UsageError } from '../../errors.ts'
import { parseOrString, plain } from '../../unit/python-json.ts'
import { toRecord } from '../../unit/records.ts'
import type { Session } from '../../unit/session.ts'
import type { Endpoint } from '../endpoint.ts'
import { findEndpoint, relationsOf } from '../published-data.ts'
import type { Relation } from '../relation.ts'
import {
  byId,
  createExchange,
  type Exchange,
  exchangeDatabags,
  type Fields,
  ownRequests,
  receivedRequests,
} from './exchange.ts'
import { isSame } from './field.ts'
import { requestAnswered, requestCreated } from './request-flags.ts'

/** A request as a command shows it. */
export interface PlainRequest {
  id: string
  relation: string
  /** The unit that asks. */
  unit: string
  fields: Fields
  response: Fields | null
}

/** Which request is meant: the one of an id, or the first one whose fields have these values. */
export interface Query {
  id?: string | undefined
  match?: Fields
  relation?: string | undefined
}

/** Make a request of this unit, and give its id. */
export async function createRequest(
  session: Session,
  name: string,
  fields: Fields,
  { relation: relationId, id }: { relation?: string | undefined; id?: string | undefined },
): Promise<string> {
  if ('request_id' in fields)
    throw new UsageError('the id is not a field, give it with --request_id: request_id')
  const { endpoint, endpoints } = await findEndpoint(session, name)
  const relation = onlyRelation(endpoint, relationId)
  await endpoints.facts.fetch([{ relation: relation.relationId, owner: endpoints.facts.own('unit') }])
  const exchange = createExchange(relation, fields, id)
  requestCreated(session, exchange, { hasNewId: id === undefined })
  return exchange.id
}

/** The requests of this unit and of remote ones, by id; with `isNew` those of remote ones without a response. */
export async function listRequests(
  session: Session,
  name: string,
  { isNew, relation }: { isNew: boolean; relation?: string | undefined },
): Promise<PlainRequest[]> {
  const { own, received } = await readRequests(session, name, relation)
  const unit = session.context.unitName
  if (isNew) return byId(received.filter(({ response }) => response === undefined)).map(plainOf(unit))
  return byId([...own, ...received]).map(plainOf(unit))
}

/** Answer the request of a remote unit. An answer that was given before is replaced. */
export async function answerRequest(
  session: Session,
  name: string,
  { id, relation }: { id: string; relation?: string | undefined },
  fields: Fields,
): Promise<void> {
  const { own, received } = await readRequests(session, name)
  const isMeant = (exchange: Exchange) => isOf(exchange, { id, relation })
  const [found, ...more] = received.filter(isMeant)
  if (more.length > 0) {
    throw new ReactiveError(
      `several relations have a request with this id, choose one with --relation: ${id}`,
    )
  }
  if (found === undefined && own.some(isMeant)) {
    throw new ReactiveError(`only the other side can answer a request of this unit: ${id}`)
  }
  if (found === undefined) throw new ReactiveError(`${name} has no such request: ${id}`)
  found.respond(fields)
  requestAnswered(session, name)
}

/** The response to a request of this unit; undefined as long as there is none. */
export async function findResponse(
  session: Session,
  name: string,
  query: Query,
): Promise<Fields | undefined> {
  const { own } = await readRequests(session, name, query.relation)
  return byId(own).find((exchange) => isOf(exchange, query))?.response
}

interface Requests {
  own: Exchange[]
  received: Exchange[]
}

async function readRequests(session: Session, name: string, relationId?: string): Promise<Requests> {
  const { endpoint, endpoints } = await findEndpoint(session, name)
  const ids = relationsOf(endpoint, { relation: relationId }).map((relation) => relation.relationId)
  const isAsked = (id: string) => ids.includes(id)
  const addresses = exchangeDatabags(endpoints.facts, endpoint)
  await endpoints.facts.fetch(addresses.filter(({ relation }) => isAsked(relation)))
  // Nothing of the other relations is read.
  const part = { relations: endpoint.relations.filter((relation) => isAsked(relation.relationId)) }
  return { own: [...ownRequests(part)], received: [...receivedRequests(part)] }
}

function isOf({ id, relation, request }: Exchange, query: Query): boolean {
  const { match = {} } = query
  if (query.id !== undefined && id !== query.id) return false
  if (query.relation !== undefined && relation.relationId !== query.relation) return false
  return Object.entries(match).every(([field, text]) => isText(request[field], String(text)))
}

/** Whether a text stands for the value: the value itself, or its JSON. */
function isText(value: unknown, text: string): boolean {
  if (value === undefined) return false
  return typeof value === 'string' ? value === text : isSame(value, plain(parseOrString(text)))
}

function onlyRelation(endpoint: Endpoint, id: string | undefined): Relation {
  const [relation, ...more] = relationsOf(endpoint, { relation: id })
  if (relation === undefined)
    throw new ReactiveError(`the endpoint has no relation: ${endpoint.endpointName}`)
  if (more.length === 0) return relation
  const ids = endpoint.relations.names().join(' ')
  throw new ReactiveError(
    `${endpoint.endpointName} has several relations, choose one with --relation: ${ids}`,
  )
}

function plainOf(ownUnit: string): (exchange: Exchange) => PlainRequest {
  return ({ id, relation, unit, request, response = null }) => {
    const fields = toRecord(Object.entries(request).filter(([field]) => field !== 'request_id'))
    return { id, relation: relation.relationId, unit: unit?.unitName ?? ownUnit, fields, response }
  }
}
