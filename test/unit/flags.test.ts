import { describe, expect, it } from 'vitest'
import {
  allFlagsSet,
  anyFlagsSet,
  checkFlagName,
  clearFlag,
  flagNameFault,
  getFlags,
  getFlagValues,
  getUnsetFlags,
  isFlagSet,
  setFlag,
  toggleFlag,
} from '../../src/unit/flags.ts'
import { byCodePoint, toRecord } from '../../src/unit/records.ts'
import { registerTrigger } from '../../src/unit/triggers.ts'
import { startSession } from '../test-unit.ts'

const NAMES = [
  'a',
  'with space',
  `it's "quoted"`,
  '{braces}',
  '-dash',
  '--set_flag',
  '%_%',
  'ünï→😀',
  '1.10',
  '__proto__',
  'constructor',
  'a:b',
  '$(date)',
  '*',
  '\\',
  'x'.repeat(4096),
]

describe('flags', () => {
  it.each(NAMES)('can be called %s', async (name) => {
    const session = await startSession()
    setFlag(session, name)
    expect(getFlags(session)).toEqual([name])
    expect(isFlagSet(session, name)).toBe(true)
    await session.state.commit()
    const again = await startSession({ charmDir: session.context.charmDir })
    expect(getFlags(again)).toEqual([name])
    clearFlag(again, name)
    expect(getFlags(again)).toEqual([])
  })

  it.each([
    ['', 'a flag needs a name: ""'],
    ['a\nb', 'a flag name has no control characters: "a\\nb"'],
    ['tab\t', 'a flag name has no control characters: "tab\\t"'],
    ['\u007f', 'a flag name has no control characters: "\u007f"'],
    ['\ud800', 'a flag name is UTF-8: "\\ud800"'],
    ['é'.repeat(2049), `a flag name has at most 4096 bytes: "${'é'.repeat(80)}…"`],
  ])('cannot be called %j, and nothing is changed', async (name, message) => {
    const session = await startSession()
    for (const change of [
      () => setFlag(session, name),
      () => clearFlag(session, name),
      () => toggleFlag(session, name, true),
      () => checkFlagName(name),
    ]) {
      expect(change).toThrow(message)
    }
    expect(flagNameFault(name)).toBeDefined()
    expect(getFlags(session)).toEqual([])
    expect(session.changeCount).toBe(0)
  })

  it('are set and cleared once, however often', async () => {
    const session = await startSession()
    const seen: string[] = []
    session.onFlagChange = (flag, set) => seen.push(`${set ? '+' : '-'}${flag}`)
    setFlag(session, 'a')
    setFlag(session, 'a')
    clearFlag(session, 'a')
    clearFlag(session, 'a')
    clearFlag(session, 'never')
    expect(seen).toEqual(['+a', '-a'])
    expect(session.changeCount).toBe(2)
    expect(session.clearedAt).toBe(2)
    expect(session.changedAt).toEqual(new Map([['a', 2]]))
  })

  it('that a trigger changes tell what the trigger waits for', async () => {
    const session = await startSession()
    const seen: string[] = []
    session.onFlagChange = (flag, set, trigger = 'none') => seen.push(`${set ? '+' : '-'}${flag} ${trigger}`)
    registerTrigger(session, { when: 'a', setFlags: ['b'], clearFlags: [] })
    registerTrigger(session, { when: 'b', setFlags: [], clearFlags: ['a'] })
    setFlag(session, 'a')
    expect(seen).toEqual(['+a none', '+b +a', '-a +b'])
  })

  it('are toggled by a boolean', async () => {
    const session = await startSession()
    toggleFlag(session, 'a', true)
    expect(isFlagSet(session, 'a')).toBe(true)
    toggleFlag(session, 'a', false)
    expect(isFlagSet(session, 'a')).toBe(false)
  })

  it('answer for all and for any', async () => {
    const session = await startSession()
    setFlag(session, 'a')
    setFlag(session, 'b')
    expect(allFlagsSet(session, ['a', 'b'])).toBe(true)
    expect(allFlagsSet(session, ['a', 'c'])).toBe(false)
    expect(allFlagsSet(session, [])).toBe(true)
    expect(anyFlagsSet(session, ['c', 'b'])).toBe(true)
    expect(anyFlagsSet(session, ['c'])).toBe(false)
    expect(anyFlagsSet(session, [])).toBe(false)
  })

  it('are listed in code point order', async () => {
    const session = await startSession()
    // In UTF-16 the astral one would come before U+FF5E.
    for (const flag of ['～', '😀', 'b', 'B', 'a.b', 'a', 'é']) setFlag(session, flag)
    expect(getFlags(session)).toEqual(['B', 'a', 'a.b', 'b', 'é', '～', '😀'])
    expect(getUnsetFlags(session, ['z', 'a', 'y', 'z', '😁'])).toEqual(['y', 'z', '😁'])
  })

  it('keep a value, the latest one', async () => {
    const session = await startSession()
    setFlag(session, 'b', 'first')
    setFlag(session, 'b', 'second')
    setFlag(session, 'a')
    setFlag(session, '__proto__', { deep: [1] })
    const values = getFlagValues(session)
    expect(Object.entries(values)).toEqual([
      ['__proto__', { deep: [1] }],
      ['a', null],
      ['b', 'second'],
    ])
  })

  it('change before the callbacks of their triggers run', async () => {
    const session = await startSession()
    const seen: boolean[] = []
    const callback = () => seen.push(isFlagSet(session, 'a'))
    registerTrigger(session, { when: 'a', setFlags: [], clearFlags: [], callback })
    setFlag(session, 'a')
    expect(seen).toEqual([true])
  })
})

describe('records and order', () => {
  it('take any name, also those of Object.prototype', () => {
    const record = toRecord([
      ['__proto__', 1],
      ['constructor', 2],
    ])
    expect(Object.keys(record)).toEqual(['__proto__', 'constructor'])
    expect(toRecord([]).toString).toBeUndefined()
  })

  it('compares as UTF-8 does', () => {
    expect(['\ud83d\ude00', '\uff5e', 'z', ''].sort(byCodePoint)).toEqual(['', 'z', '\uff5e', '\ud83d\ude00'])
  })
})
