// A request and its response as they are in relation data (documentation 2.6): `request_ID` in the data of the
// unit that asks, `response_ID` in that of a unit that answers, each a JSON map, as the Python original has
// them. The classes of interface layers and the commands stand on this file. Nothing is kept here: what
// relation data holds is what there is.

import { randomUUID } from 'node:crypto'
import { UsageError } from '../../errors.ts'
import { pythonJson } from '../../unit/python-json.ts'
import { byCodePoint, toRecord } from '../../unit/records.ts'
import { decode, decodeExactly, type RawView, type RelationData } from '../databag.ts'
import type { Address } from '../databag-address.ts'
import type { JujuRelations } from '../juju-relations.ts'
import type { RelatedUnit, Relation } from '../relation.ts'
import type { RequestRole } from './roles.ts'

/** JSON values by the names that they have in relation data. */
export type Fields = Readonly<Record<string, unknown>>

const REQUEST = 'request_'
const RESPONSE = 'response_'
/** Scripts loop over ids: none is an option, a pattern or two words. */
const ID = /^\w[\w.:@/+-]{0,199}$/
const ID_RULE = 'a request id consists of letters, digits and _.:@/+-'

/** An endpoint, or some of its relations. */
interface Related {
  readonly relations: readonly Relation[]
}

/** A request, and the response to it. */
export class Exchange {
  readonly id: string
  readonly relation: Relation
  /** The remote unit that asks; undefined where this unit does. */
  readonly unit: RelatedUnit | undefined

  constructor(id: string, relation: Relation, unit?: RelatedUnit) {
    this.id = id
    this.relation = relation
    this.unit = unit
  }

  /** The data of the unit that asks. */
  get source(): RawView {
    return this.unit?.receivedRaw ?? this.relation.toPublishRaw
  }

  get request(): Fields {
    return readMap(this.source, REQUEST + this.id) ?? {}
  }

  /** Undefined as long as there is none. Where several units could answer, the first one that does counts. */
  get response(): Fields | undefined {
    const answering =
      this.unit === undefined
        ? this.relation.joinedUnits.map(({ receivedRaw }) => receivedRaw)
        : [this.relation.toPublishRaw]
    for (const raw of answering) {
      const response = readMap(raw, RESPONSE + this.id)
      if (response !== undefined) return response
    }
    return undefined
  }

  changeRequest(field: string, value: unknown): void {
    change(this.relation, REQUEST + this.id, field, value)
  }

  respond(fields: Fields): void {
    write(this.relation, RESPONSE + this.id, fields)
  }

  changeResponse(field: string, value: unknown): void {
    change(this.relation, RESPONSE + this.id, field, value)
  }
}

/** Make a request of this unit; without an id it gets one that nobody else has. */
export function createExchange(relation: Relation, fields: Fields, id: string = randomUUID()): Exchange {
  if (!ID.test(id)) throw new UsageError(`${ID_RULE}: ${JSON.stringify(id)}`)
  write(relation, REQUEST + id, { ...fields, request_id: id })
  return new Exchange(id, relation)
}

/** The requests of this unit. */
export function* ownRequests(endpoint: Related): Generator<Exchange> {
  for (const relation of endpoint.relations) {
    for (const key of requestKeys(relation.toPublishRaw)) {
      if (faultOf(relation.toPublishRaw, key) === undefined) yield new Exchange(idOf(key), relation)
    }
  }
}

/** The requests of all units that are joined. */
export function* receivedRequests(endpoint: Related): Generator<Exchange> {
  for (const { unit, key, fault } of receivedKeys(endpoint)) {
    if (fault === undefined) yield new Exchange(idOf(key), unit.relation, unit)
  }
}

/** A key that stands for a request, and what is wrong with it. */
interface ReceivedKey {
  unit: RelatedUnit
  key: string
  fault: string | undefined
}

/** All that joined units have sent in the name of a request. */
export function* receivedKeys(endpoint: Related): Generator<ReceivedKey> {
  for (const relation of endpoint.relations) {
    const taken = new Set<string>()
    for (const unit of relation.joinedUnits) {
      for (const key of requestKeys(unit.receivedRaw)) {
        // All units of a relation read the same response.
        const fault = taken.has(key)
          ? 'another unit has a request with this id'
          : faultOf(unit.receivedRaw, key)
        if (fault === undefined) taken.add(key)
        yield { unit, key, fault }
      }
    }
  }
}

/** Sorted by id; requests of one id by relation and unit, as they come. */
export function byId(exchanges: Iterable<Exchange>): Exchange[] {
  return [...exchanges].sort((a, b) => byCodePoint(a.id, b.id))
}

/** The databags that hold the endpoint's requests and responses. */
export function exchangeDatabags(facts: JujuRelations, { relations }: Related): Address[] {
  return relations.flatMap(({ relationId: relation }) =>
    [facts.own('unit'), ...facts.members(relation)].map((owner) => ({ relation, owner })),
  )
}

/** What is wrong with a response of a unit to this request; undefined also where there is none. */
export function responseFault({ receivedRaw }: RelatedUnit, { id }: Exchange): string | undefined {
  const isFault = RESPONSE + id in receivedRaw && readMap(receivedRaw, RESPONSE + id) === undefined
  return isFault ? 'a response is a JSON map' : undefined
}

/** Whether data of the other side holds what a unit of this role gets, in the right shape. */
export function isSentTo(role: RequestRole, data: RelationData): boolean {
  if (role === 'responder') return requestKeys(data).some((key) => faultOf(data, key) === undefined)
  return Object.keys(data).some((key) => key.startsWith(RESPONSE) && readMap(data, key) !== undefined)
}

/** The key of a response. */
export function responseKey({ id }: Exchange): string {
  return RESPONSE + id
}

function requestKeys(raw: RawView): string[] {
  return Object.keys(raw).filter((key) => key.startsWith(REQUEST))
}

function idOf(key: string): string {
  return key.slice(REQUEST.length)
}

function faultOf(raw: RawView, key: string): string | undefined {
  if (!ID.test(idOf(key))) return ID_RULE
  const fields = readMap(raw, key)
  if (fields === undefined) return 'a request is a JSON map'
  return fields.request_id === idOf(key) ? undefined : 'request_id is not the id of the key'
}

function readMap(raw: RawView, key: string): Fields | undefined {
  const text = raw[key] ?? null
  const value = text === null ? null : decode(text)
  return isMap(value) ? value : undefined
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Change one field, and leave the others as they are spelt. */
function change({ toPublishRaw }: Relation, key: string, field: string, value: unknown): void {
  const before = Object(decodeExactly(toPublishRaw[key] ?? '{}')) as Fields
  toPublishRaw[key] = pythonJson(toRecord([...Object.entries(before), [field, value]]))
}

function write({ toPublishRaw }: Relation, key: string, fields: Fields): void {
  toPublishRaw[key] = pythonJson(toRecord(Object.entries(fields)))
}
