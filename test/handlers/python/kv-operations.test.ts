import { describe, expect, it } from 'vitest'
import { runOperation } from '../../../src/handlers/python/operations.ts'
import { getFlags, setFlag } from '../../../src/unit/flags.ts'
import { startSession } from '../../test-unit.ts'

async function start() {
  const session = await startSession()
  const ask = (name: string, ...args: unknown[]) => runOperation(session, name, args)
  return { session, ask }
}

describe("charmhelpers' key/value data", () => {
  it('tells a value that is null from none', async () => {
    const { ask } = await start()
    ask('kv_set', 'a', null)
    expect(ask('kv_get', 'a')).toEqual([null])
    expect(ask('kv_get', 'b')).toEqual([])
    ask('kv_unset', ['a', 'never'])
    expect(ask('kv_get', 'a')).toEqual([])
  })

  it.each([
    ['a_', ['A-x', 'a.', 'ab', 'ax%']],
    ['A', ['A-x', 'a.', 'ab', 'ax%']],
    ['%x', ['A-x', 'ax%']],
    ['a.', ['a.']],
    ['É', []],
    ['é', ['é']],
  ])('has a range of keys as LIKE of SQLite finds them: %j', async (prefix, keys) => {
    const { ask } = await start()
    for (const key of ['a.', 'ab', 'A-x', 'ax%', 'é']) ask('kv_set', key, 1)
    expect(Object.keys(ask('kv_range', prefix) as object).sort()).toEqual(keys)
    ask('kv_unset_range', prefix)
    expect(ask('kv_range', prefix)).toEqual({})
  })

  it("shows the engine's own state under the names that it had in the original", async () => {
    const { session, ask } = await start()
    setFlag(session, 'ready', { relation: 'db' })
    ask('data_changed', 'id', '1', 'md5', true)
    ask('mark_invoked', 'once')
    expect(ask('kv_get', 'reactive.states.ready')).toEqual([{ relation: 'db' }])
    expect(Object.keys(ask('kv_range', 'reactive.') as object).sort()).toEqual([
      'reactive.data_changed.id',
      'reactive.dispatch.phase',
      'reactive.invoked.once',
      'reactive.states.ready',
    ])
    ask('kv_set', 'reactive.states.other', null)
    ask('kv_unset', ['reactive.states.ready'])
    expect(getFlags(session)).toEqual(['other'])
  })
})
