import { expect, test } from 'vitest'
import { nearest, suggestion } from '../../src/system/nearest.ts'

const DECORATORS = ['when', 'when_not', 'when_any', 'hook', 'only_once']

test.each([
  ['whne', 'when'], // neighbours swapped
  ['whe', 'when'],
  ['wwhen', 'when'],
  ['when-not', 'when_not'],
  ['only_onec', 'only_once'],
  ['When_Any', 'when_any'],
  ['HOOK', 'hook'],
  ['when', 'when'],
])('the nearest name to %s is %s', (name, found) => {
  expect(nearest(name, DECORATORS)).toBe(found)
})

test.each(['whenever_so', 'banana', 'x', '', 'ook_what'])('nothing is near to "%s"', (name) => {
  expect(nearest(name, DECORATORS)).toBeUndefined()
})

test('of a short name not more than half is taken for a slip', () => {
  expect(nearest('db', ['ab', 'cd'])).toBe('ab')
  expect(nearest('db', ['xy'])).toBeUndefined()
})

test('the name that differs least wins, and of two the first', () => {
  expect(nearest('prot', ['pot', 'port', 'print'])).toBe('pot')
  expect(nearest('cat', ['bat', 'hat'])).toBe('bat')
})

test('no candidates, no name', () => {
  expect(nearest('when', [])).toBeUndefined()
})

test('a suggestion is the end of a message, or nothing', () => {
  expect(`unknown command: instal${suggestion('instal', ['install'])}`).toBe(
    'unknown command: instal: did you mean install?',
  )
  expect(suggestion('banana', ['install'])).toBe('')
})
