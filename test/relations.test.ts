import { expect, it } from 'vitest'
import { setFlag } from '../src/flags.ts'
import { provideEndpoint, relationCall } from '../src/relations.ts'
import { startSession } from './test-unit.ts'

const none = { flag: undefined, endpoint: undefined }

it('calls the method of the endpoint by its name or by a flag of it', async () => {
  const session = await startSession()
  provideEndpoint(session, 'db', { uri: (...args) => `uri ${args.join('|')}` })
  for (const flag of ['db.ready', 'endpoint.db.joined']) {
    setFlag(session, flag)
    expect(await relationCall(session, { ...none, flag }, 'uri', [])).toBe('uri ')
  }
  expect(await relationCall(session, { ...none, endpoint: 'db' }, 'uri', ['a b', ''])).toBe('uri a b|')
})

it('says what is wrong', async () => {
  const session = await startSession()
  provideEndpoint(session, 'db', {})
  setFlag(session, 'web.ready')
  const call = (given: { flag?: string; endpoint?: string }) =>
    relationCall(session, { ...none, ...given }, 'uri', [])
  await expect(call({})).rejects.toThrow('relation_call needs exactly one of --flag and --endpoint')
  await expect(call({ flag: 'a', endpoint: 'b' })).rejects.toThrow('needs exactly one of')
  await expect(call({ flag: 'db.ready' })).rejects.toThrow('the flag is not set: db.ready')
  await expect(call({ flag: 'web.ready' })).rejects.toThrow('no endpoint belongs to the flag: web.ready')
  await expect(call({ endpoint: 'web' })).rejects.toThrow('nothing answers for the endpoint: web')
  await expect(call({ endpoint: 'db' })).rejects.toThrow('the endpoint db has no method: uri')
})
