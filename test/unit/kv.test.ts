import { expect, it } from 'vitest'
import { kvDelete, kvGet, kvRange, kvSet } from '../../src/unit/kv.ts'
import { startSession } from '../test-unit.ts'

it('keeps values apart from the flags', async () => {
  const session = await startSession()
  session.state.set('flag:x', null)
  kvSet(session, 'x', [1])
  kvSet(session, '', 'empty')
  expect(kvGet(session, 'x')).toEqual([1])
  expect(kvGet(session, 'y')).toBeUndefined()
  expect(kvRange(session, '')).toEqual({ '': 'empty', x: [1] })
  kvDelete(session, 'x')
  kvDelete(session, 'never')
  expect(kvRange(session, '')).toEqual({ '': 'empty' })
})

it('gives a range by its exact prefix, in code point order', async () => {
  const session = await startSession()
  for (const key of ['a%b', 'a_c', 'aXc', 'b', 'a😀', 'a～', '__proto__', 'a']) kvSet(session, key, key)
  expect(Object.keys(kvRange(session, 'a'))).toEqual(['a', 'a%b', 'aXc', 'a_c', 'a～', 'a😀'])
  expect(Object.keys(kvRange(session, 'a_'))).toEqual(['a_c'])
  expect(Object.keys(kvRange(session, '__'))).toEqual(['__proto__'])
})

it('gives copies: a change counts only when it is set', async () => {
  const session = await startSession()
  kvSet(session, 'list', [1])
  const list = kvGet(session, 'list') as number[]
  list.push(2)
  expect(kvGet(session, 'list')).toEqual([1])
  kvSet(session, 'list', list)
  expect(kvRange(session, '')).toEqual({ list: [1, 2] })
})
