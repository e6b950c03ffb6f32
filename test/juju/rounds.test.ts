import { expect, it } from 'vitest'
import { describeRounds, roundsOf } from '../../src/juju/rounds.ts'

const call = (tool: string, from: number, until: number) => ({ tool, from, until })

it.each([
  ['no call', [], []],
  [
    'one after another',
    [call('a', 0, 30), call('b', 30, 60), call('a', 61, 90)],
    [{ a: 1 }, { b: 1 }, { a: 1 }],
  ],
  ['at the same time', [call('a', 0, 30), call('b', 1, 31), call('a', 29, 60)], [{ a: 2, b: 1 }]],
  ['in the order of their times', [call('b', 40, 70), call('a', 0, 30)], [{ a: 1 }, { b: 1 }]],
  [
    'beside a long one',
    [call('long', 0, 100), call('a', 0, 30), call('b', 31, 60)],
    [{ long: 1, a: 1 }, { b: 1 }],
  ],
  ['of no length', [call('a', 5, 5), call('b', 6, 6)], [{ a: 1 }, { b: 1 }]],
  ['without an end', [call('a', 0, Number.POSITIVE_INFINITY), call('b', 9, 10)], [{ a: 1, b: 1 }]],
])('counts calls %s', (_, calls, rounds) => {
  expect(roundsOf(calls)).toEqual(rounds)
})

it('never counts more rounds than the longest chain of calls that wait for one another', () => {
  // Pairs that overlap by turns: a chain takes every second one.
  const calls = Array.from({ length: 9 }, (_, index) => call('a', index * 10, index * 10 + 15))
  expect(roundsOf(calls)).toHaveLength(5)
})

it('says how many calls and rounds there are, and of which tools', () => {
  expect(describeRounds([{ 'config-get': 1, 'relation-ids': 2 }, { 'relation-list': 1 }])).toBe(
    '4 calls in 2 rounds: config-get, relation-ids 2, relation-list',
  )
  expect(describeRounds([{ 'status-set': 1 }])).toBe('1 call in 1 round: status-set')
})
