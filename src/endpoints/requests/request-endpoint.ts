// The base classes of interface layers whose units make requests, or respond to them (documentation 2.6). A
// subclass names its REQUEST_CLASS. Their flags: request-flags.ts.

import { ReactiveError } from '../../errors.ts'
import { currentSession } from '../../unit/current-session.ts'
import { Endpoint, type EndpointView } from '../endpoint.ts'
import type { Relation } from '../relation.ts'
import type { BaseRequest, Given, RequestClass } from './base-request.ts'
import type { BaseResponse } from './base-response.ts'
import { byId, createExchange, type Exchange, ownRequests, receivedRequests } from './exchange.ts'
import { fieldsOf, isSame, nameOf, toFields } from './field.ts'
import { requestCreated } from './request-flags.ts'
import type { RequestRole } from './roles.ts'

interface Limit {
  /** Only requests of this relation. */
  relation?: Relation
}

export abstract class RequestEndpoint extends Endpoint {
  /** A subclass names the class of its requests. */
  static REQUEST_CLASS: RequestClass | undefined = undefined

  readonly requestClass: RequestClass
  /** One object for each request of this hook. */
  readonly #requests = new Map<string, BaseRequest>()

  constructor(endpointName: string, view: EndpointView) {
    super(endpointName, view)
    const { REQUEST_CLASS } = new.target
    if (REQUEST_CLASS === undefined) {
      throw new ReactiveError(`the endpoint class has no REQUEST_CLASS: ${nameOf(new.target)}`)
    }
    if (REQUEST_CLASS.RESPONSE_CLASS === undefined) {
      throw new ReactiveError(`the request class has no RESPONSE_CLASS: ${nameOf(REQUEST_CLASS)}`)
    }
    this.requestClass = REQUEST_CLASS
  }

  protected abstract exchanges(): Iterable<Exchange>

  /** The request of this id, or null. */
  getRequest(id: string): BaseRequest | null {
    return this.findRequests({}).find(({ requestId }) => requestId === id) ?? null
  }

  /** The first request whose fields have these values, or null. */
  findRequest(fields: Given, limit: Limit = {}): BaseRequest | null {
    return this.findRequests(fields, limit)[0] ?? null
  }

  /** All requests whose fields have these values, ordered by their ids. */
  findRequests(fields: Given, { relation }: Limit = {}): BaseRequest[] {
    const wanted = Object.entries(toFields(this.requestClass, fields))
    return byId(this.exchanges())
      .filter((exchange) => relation === undefined || exchange.relation.relationId === relation.relationId)
      .filter(({ request }) => wanted.every(([name, value]) => isSame(request[name] ?? null, value)))
      .map((exchange) => this.requestOf(exchange))
  }

  protected requestOf(exchange: Exchange): BaseRequest {
    const { id, relation, unit } = exchange
    const key = `${relation.relationId} ${unit?.unitName ?? ''} ${id}`
    const request = this.#requests.get(key) ?? new this.requestClass(exchange)
    this.#requests.set(key, request)
    return request
  }
}

/** An endpoint whose units make requests. */
export class RequesterEndpoint extends RequestEndpoint {
  static readonly requestRole: RequestRole = 'requester'

  constructor(endpointName: string, view: EndpointView) {
    super(endpointName, view)
    defineFinders(new.target, this.requestClass)
  }

  /** All requests that this unit has made. */
  get requests(): BaseRequest[] {
    return this.findRequests({})
  }

  /** All responses that there are to them. */
  get responses(): BaseResponse[] {
    return this.requests.map(({ response }) => response).filter((response) => response !== null)
  }

  /** The response to the first request whose fields have these values, or null. */
  responseByField(fields: Given, limit: Limit = {}): BaseResponse | null {
    return this.findRequest(fields, limit)?.response ?? null
  }

  /** Make a request. It is sent at the end of the hook. */
  createRequest(relation: Relation, fields: Given = {}): BaseRequest {
    const { request_id: id, ...rest } = toFields(this.requestClass, fields)
    const exchange = createExchange(relation, rest, id === undefined ? undefined : String(id))
    requestCreated(currentSession(), exchange, { hasNewId: id === undefined })
    return this.requestOf(exchange)
  }

  /** Change the first request of the relation that has the same values in `matchFields`, or make one. */
  createOrUpdateRequest(matchFields: readonly string[], relation: Relation, fields: Given): BaseRequest {
    const match = Object.fromEntries(matchFields.map((field) => [field, fields[field]]))
    const request = this.findRequest(match, { relation })
    if (request === null) return this.createRequest(relation, fields)
    for (const [name, value] of Object.entries(toFields(this.requestClass, fields))) {
      if (!isSame(request.getField(name), value)) request.setField(name, value)
    }
    return request
  }

  protected override exchanges(): Iterable<Exchange> {
    return ownRequests(this)
  }
}

/** An endpoint whose units answer requests. */
export class ResponderEndpoint extends RequestEndpoint {
  static readonly requestRole: RequestRole = 'responder'

  /** All requests of joined units, also those that were answered. */
  get allRequests(): BaseRequest[] {
    return this.findRequests({})
  }

  /** The requests that are not answered yet. */
  get newRequests(): BaseRequest[] {
    return this.allRequests.filter(({ response }) => response === null)
  }

  protected override exchanges(): Iterable<Exchange> {
    return receivedRequests(this)
  }
}

/** `responseByCsrData(value, { relation })` for each field of the requests, unless the class has its own. */
function defineFinders({ prototype }: { prototype: RequesterEndpoint }, requestClass: RequestClass): void {
  for (const property of fieldsOf(requestClass).keys()) {
    const name = `responseBy${property.charAt(0).toUpperCase()}${property.slice(1)}`
    if (name in prototype) continue
    Object.defineProperty(prototype, name, {
      value(this: RequesterEndpoint, value: unknown, limit?: Limit) {
        return this.responseByField({ [property]: value }, limit)
      },
      configurable: true,
      writable: true,
    })
  }
}
