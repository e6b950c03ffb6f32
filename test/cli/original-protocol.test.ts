import { expect, it } from 'vitest'
import { testSpecs } from '../../src/cli/original-protocol.ts'
import { setFlag } from '../../src/unit/flags.ts'
import { markInvoked } from '../../src/unit/invocations.ts'
import { startSession } from '../test-unit.ts'

it('names the handlers whose tests all hold', async () => {
  const session = await startSession()
  setFlag(session, "it's a b")
  markInvoked(session, 'id:old')
  const specs = [
    `'one' 'id:one' 'when' ' '\\''it'\\''\\'\\'''\\''s a b'\\'''`,
    `two id:two when '"it'\\''s a b"' when_not c`,
    'three id:three when c',
    `four id:old only_once ''`,
    `five id:five only_once ''`,
    'six id:six',
  ]
  expect(testSpecs(session, specs)).toEqual(['one', 'two', 'five'])
})

it.each([
  ['', 'a spec is written NAME ID [TEST ARGS]...: '],
  ['name', 'a spec is written NAME ID [TEST ARGS]...: name'],
  ['name id when', 'a spec is written NAME ID [TEST ARGS]...: name id when'],
  ["name id when 'a", "the quotes do not match: name id when 'a"],
  ['name id nonsense a', 'unknown decorator: @nonsense'],
  ["name id when ''", 'the decorator needs words: @when'],
])('refuses the spec %j', async (spec, message) => {
  const session = await startSession()
  expect(() => testSpecs(session, [spec])).toThrow(message)
})
