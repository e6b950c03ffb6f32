import { describe, expect, it } from 'vitest'
import { answerPython, runOperation } from '../../../src/handlers/python/operations.ts'
import { startSession } from '../../test-unit.ts'

describe('an operation that Python asks for', () => {
  it('is found by its name, and no other property of the table is', async () => {
    const session = await startSession()
    runOperation(session, 'set_flag', ['a', null])
    expect(runOperation(session, 'get_flags', [])).toEqual(['a'])
    for (const name of ['nonsense', 'toString', '__proto__'])
      expect(() => runOperation(session, name, [])).toThrow(`the engine has no such operation: ${name}`)
  })

  it('comes over the channel as JSON, and its refusal as well', async () => {
    const session = await startSession()
    const ask = (...words: unknown[]) => answerPython(session, JSON.stringify(words))
    expect(await ask('set_flag', 'a', null)).toEqual({ status: 0, stdout: '[null]' })
    expect(await ask('any_flags_set', ['a', 'b'])).toEqual({ status: 0, stdout: '[true]' })
    expect(await ask('set_flag', '', null)).toEqual({
      status: 3,
      stdout: '["usage","a flag needs a name: \\"\\""]',
    })
    expect(await answerPython(session, '{')).toMatchObject({ status: 3 })
  })
})
