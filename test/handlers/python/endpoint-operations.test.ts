import { describe, expect, it } from 'vitest'
import { endpointsOf } from '../../../src/endpoints/endpoints.ts'
import { implement, type PythonClass } from '../../../src/handlers/python/classes.ts'
import { runOperation } from '../../../src/handlers/python/operations.ts'
import type { PythonProcess } from '../../../src/handlers/python/process.ts'
import { makeJuju } from '../../endpoints/test-juju.ts'
import { startSession, type TestSession } from '../../test-unit.ts'

const ANSWERS = {
  'relation-ids db': ['db:10', 'db:2'],
  'relation-ids other': [],
  'relation-list db:2': ['mysql/0', 'mysql/1'],
  'relation-list db:10': [],
  'relation-get db:2 mysql/0': { host: 'a' },
  'relation-get db:2 mysql/1': {},
}

const FILES = {
  'metadata.yaml': 'name: app\nrequires: {db: {interface: mysql}, other: {interface: mysql}}\n',
  'reactive/relations/mysql/requires.py': '',
}

async function start(): Promise<TestSession> {
  return startSession(makeJuju(ANSWERS, FILES))
}

const ask = (session: TestSession, name: string, ...args: unknown[]) => runOperation(session, name, args)

describe('operations of Python on endpoints', () => {
  it('tell what metadata says of an endpoint, and nothing of one that it does not have', async () => {
    const session = await start()
    expect(await ask(session, 'endpoint', 'db')).toMatchObject({
      role: 'requires',
      interface: 'mysql',
      is_implemented: false,
    })
    expect(await ask(session, 'endpoint', 'web')).toBeFalsy()
  })

  it('give relations by their numbers, their units, and data in the order that was asked for', async () => {
    const session = await start()
    expect(await ask(session, 'relation_ids', 'db')).toEqual(['db:2', 'db:10'])
    expect(await ask(session, 'joined_units', 'db:2')).toEqual(['mysql/0', 'mysql/1'])
    const wanted = [
      ['db:2', 'mysql/1'],
      ['db:2', 'mysql/0'],
    ]
    expect(await ask(session, 'received', wanted)).toEqual([{}, { host: 'a' }])
  })

  it('refuse an operation on conversations that there is none of, also of a name that objects have', async () => {
    const session = await start()
    for (const name of ['vanish', 'constructor'])
      await expect(ask(session, 'conversation', ['db', 'mysql'], name)).rejects.toThrow(
        `conversations have no such operation: ${name}`,
      )
    await expect(ask(session, 'conversations', 'db')).rejects.toThrow('the endpoint has no conversations: db')
  })
})

describe('a class that stands for one in Python', () => {
  /** Python's process, which writes down what it is called for. */
  function stand(session: TestSession, more: Partial<PythonClass>): unknown[][] {
    const calls: unknown[][] = []
    const note = async (...words: unknown[]) => void calls.push(words)
    const process = { call: note, callAside: note } as unknown as PythonProcess
    const file = 'reactive/relations/mysql/requires.py'
    const kind = 'endpoint'
    implement(session, process, { file, name: 'MySQL', kind, scope: '', role: null, calls: [], ...more })
    return calls
  }

  it('is that of all endpoints of its interface layer, under its name', async () => {
    const session = await start()
    stand(session, {})
    await endpointsOf(session).load(session)
    for (const name of ['db', 'other'])
      expect(endpointsOf(session).endpoint(name)?.constructor.name).toBe('MySQL')
  })

  it('calls only the methods that the class in Python has itself', async () => {
    const session = await start()
    const calls = stand(session, { calls: ['manage_flags'] })
    await endpointsOf(session).load(session)
    const endpoint = endpointsOf(session).endpoint('db')
    await endpoint?.registerTriggers()
    await endpoint?.manageFlags()
    expect(calls).toEqual([['endpoint', 'db', 'manage_flags']])
  })
})
