import { describe, expect, it } from 'vitest'
import { clearFlag, getFlags, setFlag } from '../../src/unit/flags.ts'
import type { Session, Trigger } from '../../src/unit/session.ts'
import { dropKeptTriggers, keepLastTriggers, registerTrigger } from '../../src/unit/triggers.ts'
import { startSession } from '../test-unit.ts'

/** The registered triggers. */
const all = ({ triggers }: Session): Trigger[] => [...triggers.values()].flat()

/** `a>+b-c`: when a is set, set b and clear c; `!a>…`: when a is cleared. */
function register(session: Session, text: string): void {
  const [when = '', actions = ''] = text.split('>')
  const words = actions.match(/[+-][^+-]+/g) ?? []
  registerTrigger(session, {
    ...(when.startsWith('!') ? { whenNot: when.slice(1) } : { when }),
    setFlags: words.filter((word) => word.startsWith('+')).map((word) => word.slice(1)),
    clearFlags: words.filter((word) => word.startsWith('-')).map((word) => word.slice(1)),
  })
}

describe('a trigger', () => {
  it.each([
    ['sets a flag when another is set', ['a>+b'], ['+a'], ['a', 'b']],
    ['clears a flag when another is set', ['a>-b'], ['+b', '+a'], ['a']],
    ['sets a flag when another is cleared', ['!a>+b'], ['+a', '-a'], ['b']],
    ['clears a flag when another is cleared', ['!a>-b'], ['+a', '+b', '-a'], []],
    ['does nothing when nothing really changes', ['a>+b', '!c>+d'], ['+a', '-b', '+a', '-c'], ['a']],
    ['does several things, setting first', ['a>+b+c-b'], ['+a'], ['a', 'c']],
    ['cascades', ['a>+b', 'b>+c', 'c>-a', '!a>+d'], ['+a'], ['b', 'c', 'd']],
    ['can undo the change that fired it', ['a>-a'], ['+a'], []],
    ['stops where a cascade comes back', ['a>-a', '!a>+a'], ['+a'], ['a']],
    ['stops in a ring of set flags', ['a>+b', 'b>+c', 'c>+a'], ['+a'], ['a', 'b', 'c']],
    ['goes depth first', ['a>+b+x', 'b>-x', 'x>+late'], ['+a'], ['a', 'b', 'late', 'x']],
  ])('%s', async (_, triggers, changes, flags) => {
    const session = await startSession()
    for (const trigger of triggers) register(session, trigger)
    for (const text of changes) (text.startsWith('+') ? setFlag : clearFlag)(session, text.slice(1))
    expect(getFlags(session)).toEqual(flags)
  })

  it('survives a long chain without recursion', async () => {
    const session = await startSession()
    for (let index = 0; index < 400; index++) register(session, `f${index}>+f${index + 1}`)
    setFlag(session, 'f0')
    expect(getFlags(session)).toHaveLength(401)
  })

  it('is one, however often it is registered', async () => {
    const session = await startSession()
    register(session, 'a>+b')
    register(session, 'a>+b')
    register(session, 'a>-b')
    expect(all(session)).toHaveLength(2)
  })

  it('of JavaScript calls back at each firing', async () => {
    const session = await startSession()
    let calls = 0
    registerTrigger(session, { whenNot: 'a', setFlags: [], clearFlags: [], callback: () => (calls += 1) })
    for (let round = 0; round < 3; round++) {
      setFlag(session, 'a')
      clearFlag(session, 'a')
    }
    expect(calls).toBe(3)
  })

  it.each<[Trigger, string]>([
    [{ setFlags: ['a'], clearFlags: [] }, 'a trigger needs exactly one of --when and --when_not'],
    [{ when: 'a', whenNot: 'b', setFlags: ['a'], clearFlags: [] }, 'exactly one of --when and --when_not'],
    [{ when: 'a', setFlags: [], clearFlags: [] }, 'a trigger needs --set_flag or --clear_flag'],
    [{ when: 'a\n', setFlags: ['a'], clearFlags: [] }, 'no control characters: "a\\n"'],
    [{ when: 'a', setFlags: [], clearFlags: ['b', ''] }, 'a flag needs a name: ""'],
  ])('of %j is refused', async (trigger, message) => {
    const session = await startSession()
    expect(() => registerTrigger(session, trigger)).toThrow(message)
    expect(all(session)).toEqual([])
  })
})

describe('a trigger that is registered', () => {
  it('in a dispatch lasts until its end', async () => {
    const session = await startSession()
    register(session, 'a>+b')
    await session.state.commit()
    const next = await startSession({ charmDir: session.context.charmDir })
    expect(all(next)).toEqual([])
  })

  it('outside of a dispatch is kept for the next one, and only for that', async () => {
    const shell = await startSession({ inDispatch: false })
    register(shell, "it's a>+b")
    register(shell, "it's a>+b")
    setFlag(shell, "it's a")
    expect(getFlags(shell)).toEqual(['b', "it's a"])
    await shell.state.commit()

    const { charmDir } = shell.context
    const dispatch = await startSession({ charmDir })
    expect(all(dispatch)).toEqual([{ when: "it's a", setFlags: ['b'], clearFlags: [] }])
    dropKeptTriggers(dispatch)
    expect(all(dispatch)).toHaveLength(1)
    await dispatch.state.commit()
    expect(all(await startSession({ charmDir }))).toEqual([])
  })

  it('of the last successful dispatch holds for commands until the next, but for callbacks', async () => {
    const dispatch = await startSession()
    const { charmDir } = dispatch.context
    register(dispatch, 'a>+b')
    registerTrigger(dispatch, { when: 'a', setFlags: [], clearFlags: [], callback: () => undefined })
    keepLastTriggers(dispatch)
    await dispatch.state.commit()

    const command = await startSession({ charmDir, inDispatch: false })
    expect(all(command)).toEqual([{ when: 'a', setFlags: ['b'], clearFlags: [] }])
    setFlag(command, 'a')
    expect(getFlags(command)).toEqual(['a', 'b'])
    // What it registers is for the next dispatch, also where the last one had the same.
    register(command, 'a>+b')
    await command.state.commit()

    const next = await startSession({ charmDir })
    expect(all(next)).toHaveLength(1)
    dropKeptTriggers(next)
    next.triggers.clear()
    keepLastTriggers(next)
    await next.state.commit()
    expect(all(await startSession({ charmDir, inDispatch: false }))).toEqual([])
  })
})
