import { expect, it } from 'vitest'
import { Endpoint } from '../../src/endpoints/endpoint.ts'
import { RelatedUnit, Relation } from '../../src/endpoints/relation.ts'
import { type Answers, factsOf, type Juju, makeJuju } from './test-juju.ts'

/** An endpoint with these relations: data by relation and unit. */
async function endpointOf(
  data: Record<string, Record<string, Record<string, string>>>,
  more: Answers = {},
): Promise<{ endpoint: Endpoint; juju: Juju }> {
  const juju = makeJuju({ 'relation-ids endpoint': Object.keys(data), ...more })
  for (const [id, units] of Object.entries(data)) {
    juju.answer({ [`relation-list ${id}`]: Object.keys(units) })
    for (const [unit, values] of Object.entries(units))
      juju.answer({ [`relation-get ${id} ${unit}`]: values })
  }
  const facts = factsOf(juju)
  await facts.load(['endpoint'])
  juju.calls()
  const relations = facts.ids('endpoint').map((id) => new Relation(id, facts))
  return { endpoint: new Endpoint('endpoint', { relations, departed: [] }), juju }
}

/** The example of the original's documentation of combined units. */
const EXAMPLE = {
  'endpoint:1': {
    'unit/1': { key0: 'value0_1_1', key1: 'value1_1_1' },
    'unit/0': { key0: 'value0_1_0', key1: 'value1_1_0' },
  },
  'endpoint:0': {
    'unit/1': { key0: 'value0_0_1', key2: 'value2_0_1' },
  },
}

it('finds units by name and by index, in all relations and in one', async () => {
  const { endpoint } = await endpointOf(EXAMPLE)
  const fromAll = endpoint.allJoinedUnits['unit/1']
  expect(fromAll).toBeInstanceOf(RelatedUnit)
  // The unit of the lowest relation.
  expect(endpoint.relations['endpoint:0']?.joinedUnits['unit/1']).toBe(fromAll)
  expect(endpoint.relations[0]?.joinedUnits[0]).toBe(fromAll)
  expect(endpoint.relations[0]).toBe(endpoint.relations['endpoint:0'])
  expect(
    endpoint.relations.every((relation) => endpoint.relations.get(relation.relationId) === relation),
  ).toBe(true)
  expect(endpoint.relations.names()).toEqual(['endpoint:0', 'endpoint:1'])
  expect(endpoint.allJoinedUnits.map((unit) => `${unit.relation.relationId} ${unit.unitName}`)).toEqual([
    'endpoint:0 unit/1',
    'endpoint:1 unit/0',
    'endpoint:1 unit/1',
  ])
  expect([endpoint.allUnits, endpoint.joined]).toEqual([endpoint.allJoinedUnits, endpoint.isJoined])
  expect(endpoint.relations[0]?.units).toBe(endpoint.relations[0]?.joinedUnits)
})

it('merges data: the lowest relation id and unit name win', async () => {
  const { endpoint, juju } = await endpointOf(EXAMPLE)
  const { received, receivedRaw } = endpoint.allJoinedUnits
  expect([received.key0, received.key1, received.key2]).toEqual(['value0_0_1', 'value1_1_0', 'value2_0_1'])
  expect({ ...receivedRaw }).toEqual({ ...received })
  const of = (index: number) => {
    const data = endpoint.relations[index]?.joinedUnits.received
    return [data?.key0, data?.key1, data?.key2]
  }
  expect([of(0), of(1)]).toEqual([
    ['value0_0_1', null, 'value2_0_1'],
    ['value0_1_0', 'value1_1_0', null],
  ])
  expect(endpoint.relations['endpoint:1']?.joinedUnits['unit/1']?.received.key0).toBe('value0_1_1')
  expect(juju.calls().length).toBe(3)
})

it('counts numbers as numbers', async () => {
  const { endpoint } = await endpointOf({
    'endpoint:10': { 'b/0': { key: 'ten' } },
    'endpoint:2': { 'a/10': { key: 'a/10' }, 'a/2': { key: 'a/2' } },
  })
  expect(endpoint.relations.names()).toEqual(['endpoint:2', 'endpoint:10'])
  expect(endpoint.allJoinedUnits.names()).toEqual(['a/2', 'a/10', 'b/0'])
  expect(endpoint.allJoinedUnits.received.key).toBe('a/2')
})

it('tells the names of a relation, and reads nothing for them', async () => {
  const { endpoint, juju } = await endpointOf(EXAMPLE)
  const [relation] = endpoint.relations
  const [unit] = endpoint.allJoinedUnits
  expect([relation?.relationId, relation?.endpointName, relation?.applicationName, `${relation}`]).toEqual([
    'endpoint:0',
    'endpoint',
    'unit',
    'endpoint:0',
  ])
  expect([unit?.unitName, unit?.applicationName, unit?.relation === relation, `${unit}`]).toEqual([
    'unit/1',
    'unit',
    true,
    'unit/1',
  ])
  expect(JSON.stringify([endpoint.relations, endpoint.allJoinedUnits])).toBe(
    '[["endpoint:0","endpoint:1"],["unit/1","unit/0","unit/1"]]',
  )
  expect([endpoint.isJoined, juju.calls()]).toEqual([true, []])
})

it('knows the application and its data where the relation has no unit', async () => {
  const { endpoint } = await endpointOf(
    { 'endpoint:0': {} },
    {
      'relation-list endpoint:0 --app': '"other"',
      'relation-get endpoint:0 --app other': { key: '[1]' },
    },
  )
  const [relation] = endpoint.relations
  expect([relation?.applicationName, relation?.joinedUnits.length, endpoint.isJoined]).toEqual([
    'other',
    0,
    false,
  ])
  expect([relation?.receivedApp.key, relation?.receivedAppRaw.key, relation?.receivedApp.none]).toEqual([
    [1],
    '[1]',
    null,
  ])
})
