// What Juju has done before it runs a relation hook: whoever is told that a unit has joined or changed has the
// relation and the unit. So a test, or a person at `charms.reactive simulate`, only says what happens.

import { applicationOf } from '../unit/names.ts'
import { parseHook } from './consistency/rule.ts'
import type { SimulatedEvent } from './events.ts'
import { findRelation, type JujuState, type Relation, unknownApp } from './juju-state.ts'
import { newRelation, nextRelationId } from './new-juju-state.ts'

/** The steps that begin something; departed and broken need what has begun. */
const BEGINNINGS = new Set(['created', 'joined', 'changed'])

/** Bring a state to where it is when the event happens: its relation, its remote unit, what that has published. */
export function catchUp(state: JujuState, event: SimulatedEvent): void {
  const { kind, subject, step } = parseHook(event)
  if (kind !== 'relation' || !BEGINNINGS.has(step)) return
  const relation = relationOf(state, event, subject) ?? begin(state, event, subject)
  if (relation?.endpoint !== subject || step === 'created') return
  const { remoteUnits, departedUnits, remoteAppData } = relation
  const unit = event.remoteUnit ?? Object.keys(remoteUnits)[0] ?? firstUnitOf(state, relation)
  if (unit !== '') {
    if (isUnknown(relation)) relation.remoteApp = applicationOf(unit)
    // In a model the other side writes to this very object.
    remoteUnits[unit] ??= departedUnits[unit] ?? {}
    delete departedUnits[unit]
  }
  Object.assign(remoteUnits[unit] ?? remoteAppData, event.remoteData)
}

/** The relation that an event names, by default the first one of the endpoint. */
export function relationOf(
  state: JujuState,
  { relation: id }: SimulatedEvent,
  endpoint: string,
): Relation | undefined {
  if (id !== undefined) return findRelation(state, id)
  return state.relations.find((candidate) => candidate.endpoint === endpoint)
}

function begin(state: JujuState, { relation, remoteUnit }: SimulatedEvent, endpoint: string) {
  if (!Object.hasOwn(state.endpoints, endpoint) && endpoint !== 'juju-info') return undefined
  const begun = newRelation(state, {
    id: relation ?? nextRelationId(state, endpoint),
    endpoint,
    ...(remoteUnit &&
      state.endpoints[endpoint]?.role !== 'peers' && { remoteApp: applicationOf(remoteUnit) }),
  })
  state.relations.push(begun)
  return begun
}

/** Whether the first unit that joins may tell which application it is. */
function isUnknown({ endpoint, remoteApp, remoteUnits, departedUnits }: Relation): boolean {
  const units = [remoteUnits, departedUnits].flatMap(Object.keys)
  return remoteApp === unknownApp(endpoint) && units.length === 0
}

/** The unit that joins a relation first: the other application's first one; of peers the next one. */
export function firstUnitOf({ unit }: JujuState, { role, remoteApp }: Relation): string {
  return role === 'peers' ? `${remoteApp}/${Number(unit.split('/')[1]) + 1}` : `${remoteApp}/0`
}
