import { expect, it } from 'vitest'
import { applicationOf, compareRelationIds, compareUnitNames, endpointOf } from '../../src/unit/names.ts'

it('orders relations and units by their numbers', () => {
  const sorted = (names: string[], compare: (a: string, b: string) => number) => names.toSorted(compare)
  expect(sorted(['db:10', 'db:2', 'cache:30', 'db:1'], compareRelationIds)).toEqual([
    'cache:30',
    'db:1',
    'db:2',
    'db:10',
  ])
  expect(sorted(['b/0', 'a/10', 'a-b/1', 'a/2', 'a/0'], compareUnitNames)).toEqual([
    'a/0',
    'a/2',
    'a/10',
    'a-b/1',
    'b/0',
  ])
})

it('tells the application of a unit and the endpoint of a relation', () => {
  expect([applicationOf('my-app/10'), applicationOf('my-app'), applicationOf('')]).toEqual([
    'my-app',
    'my-app',
    '',
  ])
  expect([endpointOf('db:1'), endpointOf('db')]).toEqual(['db', 'db'])
})
