// The data of an endpoint without a class: its units, what they have published, and what this unit publishes,
// as the `endpoint_*` commands ask for it. Databags are read in parallel, each at most once a hook.

import { ReactiveError, UsageError } from '../errors.ts'
import { parseOrString, pythonJson } from '../unit/python-json.ts'
import { toRecord } from '../unit/records.ts'
import type { Session } from '../unit/session.ts'
import { decode } from './databag.ts'
import type { Endpoint } from './endpoint.ts'
import type { CharmEndpoints } from './endpoints.ts'
import { recordPublished } from './received-changes.ts'
import type { RelatedUnit, Relation } from './relation.ts'
import { loadedEndpoints, relationId } from './relation-call.ts'
import { sessionEndpoints } from './session-endpoints.ts'

/** Which part of an endpoint: all of it, one relation, one unit, or the applications' data. */
export interface Selection {
  relation?: string | undefined
  unit?: string | undefined
  application?: boolean
}

/** A value of the other side's data: as JSON, and as the text that was sent. */
export interface Received {
  value: unknown
  text: string
}

/** The ids of the endpoint's relations. */
export async function endpointRelations(session: Session, name: string): Promise<string[]> {
  const { endpoint } = await findEndpoint(session, name)
  return endpoint.relations.names()
}

/** The names of the remote units that are joined. */
export async function endpointUnits(session: Session, name: string, selection: Selection): Promise<string[]> {
  const { endpoint, endpoints } = await findEndpoint(session, name)
  return unique(unitsOf(endpoint, endpoints, selection).map(({ unitName }) => unitName))
}

/** The names of the units that have left; `clear` takes them out, and their data can be asked for in this run. */
export async function endpointDeparted(session: Session, name: string, clear: boolean): Promise<string[]> {
  const { endpoint, endpoints } = await findEndpoint(session, name)
  const departed = endpoint.allDepartedUnits.map(({ unitName }) => unitName)
  if (clear) {
    endpoints.cleared.push(...endpoint.allDepartedUnits)
    endpoint.allDepartedUnits.clear()
    endpoints.keepDeparted(session)
  }
  return unique(departed)
}

/**
 * The data that the other side has published, merged: the lowest relation id and unit name win. Data of a unit
 * that has left is there as long as the charm keeps the unit.
 */
export async function endpointData(
  session: Session,
  name: string,
  selection: Selection,
): Promise<Record<string, Received>> {
  const { endpoint, endpoints } = await findEndpoint(session, name)
  if (selection.application) await fetchApplications(endpoints, relationsOf(endpoint, selection))
  else await fetchUnits(endpoints, unitsOf(endpoint, endpoints, selection))
  const databags = selection.application
    ? relationsOf(endpoint, selection).map(({ receivedAppRaw }) => receivedAppRaw)
    : unitsOf(endpoint, endpoints, selection).map(({ receivedRaw }) => receivedRaw)
  const texts = databags.toReversed().flatMap((raw) => Object.entries(raw) as [string, string][])
  return toRecord(texts.map(([key, text]) => [key, { value: decode(text), text }]))
}

/** The texts that a unit has published on the relation of the endpoint that it belongs to. */
export async function namedRelationData(
  session: Session,
  name: string,
  unit: string,
): Promise<Record<string, string>> {
  const relation = await relationId(session, name, unit)
  const endpoints = await loadedEndpoints(session)
  await endpoints.facts.fetch([{ relation, owner: unit }])
  return toRecord(Object.entries(endpoints.facts.read({ relation, owner: unit })))
}

/**
 * Publish values on the endpoint's relations, at the end of the hook; the empty text takes one away. With `json`
 * values are JSON if they parse, else strings.
 */
export async function publishData(
  session: Session,
  name: string,
  values: Readonly<Record<string, string>>,
  selection: Selection & { json: boolean },
): Promise<void> {
  const { endpoint, endpoints } = await findEndpoint(session, name)
  const own = selection.application ? 'application' : 'unit'
  const relations = relationsOf(endpoint, selection)
  const owner = endpoints.facts.own(own)
  // Juju does not even show its application's data to a unit that does not lead.
  const refusal = endpoints.facts.refusal(own)
  if (refusal !== undefined && relations.length > 0) throw new ReactiveError(`${refusal}: ${name}`)
  await endpoints.facts.fetch(relations.map(({ relationId: relation }) => ({ relation, owner })))
  for (const relation of relations) {
    const raw = selection.application ? relation.toPublishAppRaw : relation.toPublishRaw
    for (const [key, text] of Object.entries(values)) {
      raw[key] = selection.json && text !== '' ? pythonJson(parseOrString(text)) : text
    }
  }
}

/** Hand to Juju what was published: the end of a hook that succeeds, or of a command outside of one. */
export async function publishAll(session: Session): Promise<void> {
  const publications = (await sessionEndpoints.get(session)?.facts.publish()) ?? []
  for (const publication of publications) recordPublished(session, publication)
}

/** The endpoint of this name, whatever object handlers get for it. */
export async function findEndpoint(
  session: Session,
  name: string,
): Promise<{ endpoint: Endpoint; endpoints: CharmEndpoints }> {
  const endpoints = await loadedEndpoints(session)
  const endpoint = endpoints.endpoint(name)
  if (endpoint === undefined) throw new UsageError(`the charm has no such endpoint: ${name}`)
  return { endpoint, endpoints }
}

/** The relations of the endpoint that are meant. */
export function relationsOf(endpoint: Endpoint, { relation: id }: Selection): Relation[] {
  if (id === undefined) return [...endpoint.relations]
  const relation = endpoint.relations.get(id)
  if (relation === undefined) throw new ReactiveError(`${endpoint.endpointName} has no such relation: ${id}`)
  return [relation]
}

function unitsOf(endpoint: Endpoint, { cleared }: CharmEndpoints, selection: Selection): RelatedUnit[] {
  const { unit: name, relation: id } = selection
  if (name === undefined)
    return relationsOf(endpoint, selection).flatMap(({ joinedUnits }) => [...joinedUnits])
  const isAsked = ({ unitName, relation }: RelatedUnit) =>
    unitName === name &&
    relation.endpointName === endpoint.endpointName &&
    (id === undefined || relation.relationId === id)
  const unit = [...endpoint.allJoinedUnits, ...endpoint.allDepartedUnits, ...cleared].find(isAsked)
  if (unit === undefined) throw new ReactiveError(`${endpoint.endpointName} has no such unit: ${name}`)
  return [unit]
}

function fetchUnits({ facts }: CharmEndpoints, units: readonly RelatedUnit[]): Promise<void> {
  const joined = units.filter(({ relation, unitName }) =>
    facts.members(relation.relationId).includes(unitName),
  )
  return facts.fetch(
    joined.map(({ relation, unitName: owner }) => ({ relation: relation.relationId, owner })),
  )
}

async function fetchApplications({ facts }: CharmEndpoints, relations: readonly Relation[]): Promise<void> {
  await facts.learnApplications(relations.map(({ relationId }) => relationId))
  const addresses = relations.map(({ relationId: relation, applicationName: owner }) => ({ relation, owner }))
  await facts.fetch(addresses.filter(({ owner }) => owner !== ''))
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
