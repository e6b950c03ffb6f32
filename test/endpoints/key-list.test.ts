import { expect, it } from 'vitest'
import { KeyList } from '../../src/endpoints/key-list.ts'

interface Unit {
  name: string
  order: number
}

const units = (): KeyList<Unit> =>
  new KeyList(
    ['app/0', 'app/1', 'app/0', 'length/0'].map((name, order) => ({ name, order })),
    ({ name }) => name,
  )

it('looks items up by index and by name; the first of a name counts', () => {
  const list = units()
  expect([list[0]?.order, list[2]?.order, list.at(-1)?.order, list[9]]).toEqual([0, 2, 3, undefined])
  expect([list['app/0'], list['app/1'], list['length/0']].map((unit) => unit?.order)).toEqual([0, 1, 3])
  expect([list['app/7'], list.get('app/7'), list.get('length')]).toEqual([undefined, undefined, undefined])
  expect([list.get('app/1') === list[1], list.has('app/1'), list.has('app/7')]).toEqual([true, true, false])
})

it('is an array', () => {
  const list = units()
  expect([Array.isArray(list), list.length, [...list].length]).toEqual([true, 4, 4])
  expect(list.names()).toEqual(['app/0', 'app/1', 'app/0', 'length/0'])
  expect(list.items().map(([name, { order }]) => [name, order])).toEqual([
    ['app/0', 0],
    ['app/1', 1],
    ['app/0', 2],
    ['length/0', 3],
  ])
  expect([...list.entries()].map(([index, { order }]) => [index, order])).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 3],
  ])
})

it('gives plain arrays where something is made of it', () => {
  const made = [
    units().map(({ name }) => name),
    units().filter(({ order }) => order > 2),
    units().slice(1),
    units().concat([]),
    units().flatMap(({ order }) => [order, order]),
  ]
  for (const array of made) expect(Object.getPrototypeOf(array)).toBe(Array.prototype)
  expect(made.map(({ length }) => length)).toEqual([4, 1, 3, 4, 8])
})

it('can be changed', () => {
  const list = units()
  expect(list.remove('app/0')?.order).toBe(0)
  expect(list['app/0']?.order).toBe(2)
  expect([list.remove('none'), list.length]).toEqual([undefined, 3])
  list.push({ name: 'new/0', order: 9 })
  expect([list['new/0']?.order, list.at(-1)?.order]).toEqual([9, 9])
  expect([list.splice(0, 1)[0]?.name, list.pop()?.name, list.names()]).toEqual([
    'app/1',
    'new/0',
    ['app/0', 'length/0'],
  ])
  list.clear()
  expect([list.length, [...list], list['app/0'], list.names()]).toEqual([0, [], undefined, []])
})

it('of numbers is a list of one', () => {
  // `new Array(3)` would make three holes.
  const list = new KeyList([3], String)
  expect([list.length, list[0], list.get('3')]).toEqual([1, 3, 3])
})
