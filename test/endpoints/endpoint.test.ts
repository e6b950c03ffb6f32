import { expect, it } from 'vitest'
import { Endpoint } from '../../src/endpoints/endpoint.ts'

const endpoint = new Endpoint('db', { relations: [], departed: [] })

it.each([
  ['changed', 'endpoint.db.changed'],
  ['{endpoint_name}.ready', 'db.ready'],
  ['a.{endpoint_name}.{endpoint_name}', 'a.db.db'],
  ['a {b} {endpoint_name}', 'a {b} db'],
  ['changed.{field}', 'endpoint.db.changed.{field}'],
  ['%s', 'endpoint.db.%s'],
  ['{0}', 'endpoint.db.{0}'],
  ['{}', 'endpoint.db.{}'],
  ['', 'endpoint.db.'],
])('expands %j to %j, and no other braces', (flag, expanded) => {
  expect(endpoint.expandName(flag)).toBe(expanded)
})

it('without relations is not joined, and has neither units nor data', () => {
  expect([endpoint.isJoined, endpoint.joined, endpoint.relations.length]).toEqual([false, false, 0])
  expect([endpoint.allJoinedUnits.length, endpoint.allDepartedUnits.length]).toEqual([0, 0])
  expect(endpoint.allJoinedUnits.received.host).toBeNull()
  expect([endpoint.registerTriggers(), endpoint.manageFlags()]).toEqual([undefined, undefined])
})
