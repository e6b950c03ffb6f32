// biome-ignore-all lint/complexity/noThisInStatic: the class that the charm has made is meant
// The base class of requests (documentation 2.6). A subclass names its RESPONSE_CLASS and says in static fields
// what it holds. Requests belong to an endpoint and its hook: `endpoint.createRequest`, `endpoint.newRequests`.
// The static methods are the original's way, and ask the endpoint of this hook that uses the class.

import { ReactiveError } from '../../errors.ts'
import { currentSession } from '../../unit/current-session.ts'
import { endpointsOf } from '../endpoints.ts'
import type { Relation } from '../relation.ts'
import type { BaseResponse, ResponseClass } from './base-response.ts'
import type { Exchange } from './exchange.ts'
import { Field, FieldHolder, nameOf, toFields } from './field.ts'
import { RequestEndpoint, RequesterEndpoint } from './request-endpoint.ts'
import { requestAnswered } from './request-flags.ts'

/** Values of fields by property, or by name in relation data. */
export type Given = Readonly<Record<string, unknown>>

export interface RequestClass<T extends BaseRequest = BaseRequest> {
  new (exchange: Exchange): T
  readonly RESPONSE_CLASS: ResponseClass | undefined
}

/** The base class of the requests of an interface, sent as relation data; its fields are a `Field` each. */
export class BaseRequest extends FieldHolder {
  /** A subclass names the class of its responses. */
  static RESPONSE_CLASS: ResponseClass | undefined = undefined
  static requestId: unknown = new Field('The id of this request, made unless it is given.')

  declare readonly requestId: string
  readonly #exchange: Exchange
  #response: BaseResponse | undefined

  /** Requests are made by `endpoint.createRequest`. */
  constructor(exchange: Exchange) {
    super()
    this.#exchange = exchange
  }

  /** Make a request on a relation of an endpoint that uses this class. */
  static create<T extends BaseRequest>(this: RequestClass<T>, relation: Relation, fields: Given = {}): T {
    return requesterOf(this, relation).createRequest(relation, fields) as T
  }

  /** Change the first request of the relation that has the same values in `matchFields`, or make one. */
  static createOrUpdate<T extends BaseRequest>(
    this: RequestClass<T>,
    matchFields: readonly string[],
    relation: Relation,
    fields: Given,
  ): T {
    return requesterOf(this, relation).createOrUpdateRequest(matchFields, relation, fields) as T
  }

  /** The request of this id, or null. */
  static get<T extends BaseRequest>(this: RequestClass<T>, id: string): T | null {
    return endpointOf(this).getRequest(id) as T | null
  }

  /** All requests, ordered by their ids. */
  static getAll<T extends BaseRequest>(this: RequestClass<T>): T[] {
    return endpointOf(this).findRequests({}) as T[]
  }

  /** The first request whose fields have these values, or null. */
  static find<T extends BaseRequest>(
    this: RequestClass<T>,
    fields: Given,
    { relation }: { relation?: Relation } = {},
  ): T | null {
    return endpointOf(this, relation).findRequest(fields, limit(relation)) as T | null
  }

  /** All requests whose fields have these values. */
  static findAll<T extends BaseRequest>(
    this: RequestClass<T>,
    fields: Given,
    { relation }: { relation?: Relation } = {},
  ): T[] {
    return endpointOf(this, relation).findRequests(fields, limit(relation)) as T[]
  }

  /** Whether this unit has made it. */
  get isCreated(): boolean {
    return this.#exchange.unit === undefined
  }

  /** Whether a remote unit has made it. */
  get isReceived(): boolean {
    return !this.isCreated
  }

  /** The response, or null as long as there is none. */
  get response(): BaseResponse | null {
    if (this.#exchange.response === undefined) return null
    const Response = responseClassOf(this.constructor)
    this.#response ??= new Response(this, this.#exchange)
    return this.#response
  }

  /** Answer this request. An answer that was given before is replaced. */
  respond(fields: Given = {}): BaseResponse {
    const { id, relation } = this.#exchange
    if (this.isCreated)
      throw new ReactiveError(`only the other side can answer a request of this unit: ${id}`)
    this.#exchange.respond(toFields(responseClassOf(this.constructor), fields))
    requestAnswered(currentSession(), relation.endpointName)
    return this.response as BaseResponse
  }

  /** The other name of `respond`. */
  createResponse(fields: Given = {}): BaseResponse {
    return this.respond(fields)
  }

  /** The address for connections to the unit that asks. */
  get ingressAddress(): string | null {
    return this.#exchange.source['ingress-address'] ?? null
  }

  /** The subnets that connections of the unit that asks come from. */
  get egressSubnets(): string | null {
    return this.#exchange.source['egress-subnets'] ?? null
  }

  override getField(name: string): unknown {
    return this.#exchange.request[name] ?? null
  }

  override setField(name: string, value: unknown): void {
    if (this.isReceived) throw new ReactiveError(`a received request cannot be changed: ${name}`)
    if (name === 'request_id') throw new ReactiveError(`request_id cannot be modified: ${this.#exchange.id}`)
    this.#exchange.changeRequest(name, value)
  }
}

/** The class of the responses to requests of a class. */
// biome-ignore lint/complexity/noBannedTypes: any class
function responseClassOf(requestClass: Function): ResponseClass {
  const { RESPONSE_CLASS } = requestClass as unknown as RequestClass
  if (typeof RESPONSE_CLASS === 'function') return RESPONSE_CLASS
  throw new ReactiveError(`the request class has no RESPONSE_CLASS: ${nameOf(requestClass)}`)
}

/** The endpoint of this hook that uses the class: that of the relation, or the only one. */
function endpointOf(requestClass: RequestClass, relation?: Relation): RequestEndpoint {
  const endpoints = endpointsOf(currentSession())
  const names = relation === undefined ? endpoints.names : [relation.endpointName]
  const using = names
    .map((name): unknown => endpoints.endpoint(name))
    .filter((endpoint) => endpoint instanceof RequestEndpoint)
    .filter((endpoint) => endpoint.requestClass === requestClass)
  const [only, ...more] = using
  const rule = more.length > 0 ? 'ask one of the endpoints that use' : 'no endpoint uses'
  if (only !== undefined && more.length === 0) return only
  const where = using.length > 0 ? using.map(({ endpointName }) => endpointName) : names
  throw new ReactiveError(`${rule} ${nameOf(requestClass)}: ${where.join(', ')}`)
}

function requesterOf(requestClass: RequestClass, relation: Relation): RequesterEndpoint {
  const endpoint = endpointOf(requestClass, relation)
  if (endpoint instanceof RequesterEndpoint) return endpoint
  throw new ReactiveError(`the endpoint does not send requests: ${endpoint.endpointName}`)
}

function limit(relation: Relation | undefined): { relation?: Relation } {
  return relation === undefined ? {} : { relation }
}
