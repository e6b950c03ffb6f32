// Relations: those of the state fit what metadata.yaml declares, and each relation hook fits its relation.

import { applicationOf } from '../../unit/names.ts'
import { relationOf } from '../catch-up.ts'
import { type JujuState, type Relation, relationNumber } from '../juju-state.ts'
import { endpointOf, hasEndpoint } from './charm.ts'
import { findTwice, firstOf, listed, parseHook, type Rule, type Scene } from './rule.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The relation of a relation hook, as far as it is there. */
function hookRelation({ state, event }: Scene): Relation | undefined {
  const { kind, subject } = parseHook(event)
  return kind === 'relation' ? relationOf(state, event, subject) : undefined
}

const eachRelation =
  (complain: (relation: Relation, scene: Scene) => string | undefined | false): Rule =>
  (scene) =>
    firstOf(scene.state.relations, (relation) => complain(relation, scene))

const inHook =
  (complain: (relation: Relation, step: string, scene: Scene) => string | undefined | false): Rule =>
  (scene) => {
    const relation = hookRelation(scene)
    return (relation && complain(relation, parseHook(scene.event).step, scene)) || undefined
  }

const hasUnitInName = new Set(['joined', 'changed', 'departed'])

export const RELATION_EVENT_RULES: Record<string, Rule> = {
  'relation is there': (scene) => {
    const { kind, subject } = parseHook(scene.event)
    if (kind !== 'relation' || hookRelation(scene) !== undefined) return undefined
    const { name, relation = subject } = scene.event
    return `${name}: there is no relation: ${relation}: let it begin first, or ${scene.words.relation(relation)} (there are: ${listed(scene.state.relations.map(({ id }) => id))})`
  },
  'relation of the endpoint': inHook((relation, _, { event }) => {
    const { subject } = parseHook(event)
    if (relation.endpoint === subject) return undefined
    return `${event.name}: the relation belongs to another endpoint: ${relation.id}: name one of ${subject}`
  }),
  'remote unit has a place': inHook((_, step, { event }) =>
    !hasUnitInName.has(step) && event.remoteUnit
      ? `${event.name}: the hook has no remote unit: ${event.remoteUnit}: leave it out`
      : undefined,
  ),
  'remote unit is given': inHook((relation, step, { event, words }) => {
    const isMissing = event.remoteUnit === undefined && Object.keys(relation.remoteUnits).length === 0
    if (!hasUnitInName.has(step) || !isMissing) return undefined
    return `${event.name}: the relation has no remote unit: ${relation.id}: name it, or ${words.member(relation.id)}`
  }),
  'application data changes only in -changed': inHook((_, step, { event }) =>
    event.remoteUnit === '' && (step === 'joined' || step === 'departed')
      ? `${event.name}: the hook is about a unit: name the remote unit`
      : undefined,
  ),
  'remote unit belongs to the relation': inHook((relation, step, { event }) => {
    const { remoteUnit } = event
    if (!remoteUnit || !hasUnitInName.has(step) || applicationOf(remoteUnit) === relation.remoteApp)
      return undefined
    return `${event.name}: no unit of relation ${relation.id}: ${remoteUnit}: name one of ${relation.remoteApp}`
  }),
  'remote unit is a member': inHook((relation, step, { event, words }) => {
    const { remoteUnit } = event
    if (!remoteUnit || (step !== 'changed' && step !== 'departed')) return undefined
    if (Object.hasOwn(relation.remoteUnits, remoteUnit)) return undefined
    return `${event.name}: no unit of relation ${relation.id}: ${remoteUnit}: let it join first, or ${words.member(relation.id)}`
  }),
  'remote unit is another one': inHook((_, step, { state, event }) =>
    hasUnitInName.has(step) && event.remoteUnit === state.unit
      ? `${event.name}: the unit is not told about itself: ${state.unit}: name another unit`
      : undefined,
  ),
  'departing unit takes part': inHook((_, step, { state, event }) => {
    const { departingUnit, remoteUnit } = event
    if (step !== 'departed' || departingUnit === undefined || remoteUnit === undefined) return undefined
    if (departingUnit === remoteUnit || departingUnit === state.unit) return undefined
    return `${event.name}: the departing unit is neither ${remoteUnit} nor this one: ${departingUnit}: name one of them`
  }),
  'peer relations do not break': inHook((relation, step, { event }) =>
    step === 'broken' && relation.role === 'peers'
      ? `${event.name}: a peer relation does not break while the unit lives: ${relation.id}: leave the hook out`
      : undefined,
  ),
}

const bagsOf = (relation: Relation): [string, Record<string, string>][] => [
  ['local_unit', relation.localUnit],
  ['local_app', relation.localApp],
  ['remote_app_data', relation.remoteAppData],
  ...Object.entries(relation.remoteUnits),
  ...Object.entries(relation.departedUnits),
]

const numbersOf = ({ relations }: JujuState) => relations.map(({ id }) => relationNumber(id))

export const RELATION_RULES: Record<string, Rule> = {
  'endpoints are declared': eachRelation(
    ({ id, endpoint }, { charm }) =>
      !hasEndpoint(charm, endpoint) &&
      `relation ${id}: metadata.yaml declares no endpoint ${endpoint}: declare it, or check the name`,
  ),
  'roles are as declared': eachRelation(({ id, endpoint, role }, { charm }) => {
    const declaration = endpointOf(charm, endpoint)
    return (
      declaration !== undefined &&
      declaration.role !== role &&
      `relation ${id}: metadata.yaml has ${endpoint} below ${declaration.role}, not ${role}: leave the role out`
    )
  }),
  'interfaces are as declared': eachRelation(({ id, endpoint, interface: name }, { charm }) => {
    const declaration = endpointOf(charm, endpoint)
    return (
      declaration !== undefined &&
      declaration.interface !== name &&
      `relation ${id}: the interface of ${endpoint} is ${declaration.interface}, not ${name}: leave it out`
    )
  }),
  'relation ids are unique': ({ state }) => {
    const number = findTwice(numbersOf(state))
    return number === undefined
      ? undefined
      : `relations: the number ${number} is used twice: give each relation a number of its own`
  },
  'relation ids name the endpoint': eachRelation(
    ({ id, endpoint }) =>
      id.slice(0, id.lastIndexOf(':')) !== endpoint &&
      `relation ${id}: its endpoint is ${endpoint}: call it ${endpoint}:${relationNumber(id) ?? 0}`,
  ),
  'remote units are of the remote application': eachRelation(
    ({ id, remoteApp, remoteUnits, departedUnits }) =>
      firstOf([...Object.keys(remoteUnits), ...Object.keys(departedUnits)], (unit) =>
        applicationOf(unit) === remoteApp
          ? undefined
          : `relation ${id}: ${unit} is not a unit of ${remoteApp}: correct it, or remote_app`,
      ),
  ),
  'the unit is not its own peer': eachRelation(
    ({ id, remoteUnits }, { state }) =>
      Object.hasOwn(remoteUnits, state.unit) &&
      `relation ${id}: remote_units holds the unit itself: ${state.unit}: give its data as local_unit`,
  ),
  'who has left is no member': eachRelation(({ id, remoteUnits, departedUnits }) =>
    firstOf(Object.keys(departedUnits), (unit) =>
      Object.hasOwn(remoteUnits, unit)
        ? `relation ${id}: ${unit} is a member and has departed: leave one of them out`
        : undefined,
    ),
  ),
  'peers are of the application': eachRelation(
    ({ id, role, remoteApp }, { state }) =>
      role === 'peers' &&
      remoteApp !== applicationOf(state.unit) &&
      `relation ${id}: peers belong to ${applicationOf(state.unit)}, not to ${remoteApp}: leave remote_app out`,
  ),
  'peers share the local application data': eachRelation(
    ({ id, role, remoteAppData }) =>
      role === 'peers' &&
      Object.keys(remoteAppData).length > 0 &&
      `relation ${id}: peers have one application: give its data as local_app`,
  ),
  'one relation of a peer endpoint': ({ state }) => {
    const name = findTwice(
      state.relations.filter(({ role }) => role === 'peers').map(({ endpoint }) => endpoint),
    )
    return name === undefined
      ? undefined
      : `relations: ${name} is a peer endpoint and has two relations: leave one out`
  },
  'no more relations than the limit': ({ charm, state }) =>
    firstOf(charm.metadata.endpoints, ({ name }) => {
      const { limit } = endpointOf(charm, name) ?? {}
      const count = state.relations.filter(({ endpoint }) => endpoint === name).length
      return limit !== undefined && count > limit
        ? `relations: ${name} has ${count} relations, and metadata.yaml a limit of ${limit}: leave some out`
        : undefined
    }),
  'no value is empty': eachRelation((relation) =>
    firstOf(bagsOf(relation), ([bag, data]) => {
      const key = Object.keys(data).find((name) => data[name] === '')
      return (
        key !== undefined &&
        `relation ${relation.id}: ${bag} has an empty value: ${key}: leave it out, as Juju does`
      )
    }),
  ),
  'remote models have a UUID': eachRelation(
    ({ id, remoteModel }) =>
      remoteModel !== '' &&
      !UUID.test(remoteModel) &&
      `relation ${id}: remote_model is not a UUID: ${remoteModel}: correct it`,
  ),
  'a subordinate has one principal': eachRelation(({ id, endpoint, remoteUnits }, { charm }) => {
    const isContainer = endpointOf(charm, endpoint)?.scope === 'container'
    const count = Object.keys(remoteUnits).length
    return (
      isContainer &&
      count > 1 &&
      `relation ${id}: ${endpoint} has scope container, so it has one remote unit, not ${count}: leave some out`
    )
  }),
}
