import { expect, it } from 'vitest'
import { isNamed } from '../../src/dispatch/debug-at.ts'

const SECOND = 'reactive/app.sh:second#2'

it.each([
  ['the name of its function', 'other', ['first', 'second'], true],
  ['its id', 'other', [SECOND], true],
  ['its id without the number', 'other', ['reactive/app.sh:second'], true],
  ['a part of its name', 'other', ['econd', 'reactive/app.sh'], false],
  ['all', 'other', ['all'], true],
  ['hook, in a hook', 'hooks', ['hook'], true],
  ['hook, in a restricted hook', 'restricted', ['hook'], true],
  ['hook, behind the handlers of the hook', 'other', ['hook'], false],
  ['nothing', 'hooks', [], false],
] as const)('stops at a handler by %s', (_, phase, debugAt, expected) => {
  expect(isNamed({ id: SECOND }, phase, debugAt)).toBe(expected)
})
