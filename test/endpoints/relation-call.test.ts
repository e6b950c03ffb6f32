import { describe, expect, it } from 'vitest'
import { Endpoint } from '../../src/endpoints/endpoint.ts'
import { endpointsOf } from '../../src/endpoints/endpoints.ts'
import {
  endpointFromFlag,
  endpointFromName,
  relationCall,
  relationId,
} from '../../src/endpoints/relation-call.ts'
import { setFlag } from '../../src/unit/flags.ts'
import { startSession, type TestSession } from '../test-unit.ts'
import { makeJuju } from './test-juju.ts'

const METADATA =
  'name: app\nrequires: {db: {interface: mysql}, endpoint: {interface: mysql}}\nprovides: {web: http}\n'

const ANSWERS = {
  'relation-ids db': ['db:1', 'db:2'],
  'relation-ids web': [],
  'relation-ids endpoint': [],
  'relation-list db:1': [],
  'relation-list db:2': ['mysql/0', 'mysql/1'],
  'relation-get db:2 mysql/0': { host: 'a' },
}

class Mysql extends Endpoint {
  readonly port = 3306
  #secret = 'x'
  connectionString(...args: string[]): string {
    return `uri ${args.join('|')}${this.#secret}`
  }
  get databaseNames(): string[] {
    return ['a', 'b c']
  }
  later(): Promise<number> {
    return Promise.resolve(1)
  }
  fails(): never {
    throw new TypeError('no\nway')
  }
  circle(): unknown {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    return circle
  }
  _hidden(): string {
    return 'hidden'
  }
}

async function start(): Promise<TestSession> {
  const juju = makeJuju(ANSWERS, { 'metadata.yaml': METADATA })
  const session = await startSession(juju)
  endpointsOf(session).implement('db', Mysql)
  await endpointsOf(session).load(session)
  return session
}

const none = { flag: undefined, endpoint: undefined }

/** What a method of `db` gives. */
async function call(session: TestSession, method: string, ...args: string[]): Promise<unknown> {
  return (await relationCall(session, { ...none, endpoint: 'db' }, method, args)).value
}

describe('an object for an endpoint', () => {
  it('is found by name', async () => {
    const session = await start()
    expect(endpointFromName(session, 'db')).toBeInstanceOf(Mysql)
    expect(endpointFromName(session, 'web')).toBeInstanceOf(Endpoint)
    for (const name of ['none', '', 'constructor']) expect(endpointFromName(session, name)).toBeUndefined()
  })

  it.each([
    ['endpoint.db.joined', 'db'],
    ['endpoint.db.changed.a.b', 'db'],
    ['db.ready', 'db'],
    ['web.a.b', 'web'],
    ['endpoint.endpoint.joined', 'endpoint'],
    ['endpoint.none.joined', undefined],
    ['db', undefined],
    ['endpoint', undefined],
    ['.db', undefined],
  ])('is found by the flag %s', async (flag, name) => {
    const session = await start()
    expect(endpointFromFlag(session, flag)).toBeUndefined()
    setFlag(session, flag)
    expect(endpointFromFlag(session, flag)?.endpointName).toBe(name)
  })
})

describe('a method', () => {
  it('is called by the name of its endpoint or by a flag of it', async () => {
    const session = await start()
    for (const flag of ['db.ready', 'endpoint.db.joined']) {
      setFlag(session, flag)
      expect((await relationCall(session, { ...none, flag }, 'connectionString', [])).value).toBe('uri x')
    }
    expect(await call(session, 'connectionString', 'a b', '')).toBe('uri a b|x')
  })

  it('is found under its name in bash, and may be a property or take its time', async () => {
    const session = await start()
    expect(await call(session, 'connection_string')).toBe('uri x')
    expect(await call(session, 'database_names')).toEqual(['a', 'b c'])
    expect([await call(session, 'port'), await call(session, 'later')]).toEqual([3306, 1])
  })

  it('of every endpoint tells its relations and units by their names', async () => {
    const session = await start()
    expect(await call(session, 'relations')).toEqual(['db:1', 'db:2'])
    expect(await call(session, 'all_joined_units')).toEqual(['mysql/0', 'mysql/1'])
    expect([await call(session, 'is_joined'), await call(session, 'endpoint_name')]).toEqual([true, 'db'])
    expect(await call(session, 'expand_name', 'changed')).toBe('endpoint.db.changed')
  })

  it.each(['none', 'constructor', '__proto__', 'toString', '_hidden', 'secret', '#secret', ''])(
    'called %j is none',
    async (method) => {
      await expect(call(await start(), method)).rejects.toThrow(`the endpoint db has no method: ${method}`)
    },
  )

  it('that fails is an error of the charm', async () => {
    const session = await start()
    await expect(call(session, 'fails')).rejects.toMatchObject({
      exitStatus: 3,
      message: 'the method fails of db failed: no\nway',
    })
    await expect(call(session, 'circle')).rejects.toThrow('the result is not a JSON value: ')
  })

  it('needs an endpoint to be called of', async () => {
    const session = await start()
    setFlag(session, 'cache.ready')
    const wrong = (given: { flag?: string; endpoint?: string }) =>
      relationCall(session, { ...none, ...given }, 'port', [])
    await expect(wrong({})).rejects.toThrow('relation_call needs exactly one of --flag and --endpoint')
    await expect(wrong({ flag: 'a', endpoint: 'b' })).rejects.toThrow('needs exactly one of')
    await expect(wrong({ flag: 'db.ready' })).rejects.toThrow('the flag is not set: db.ready')
    await expect(wrong({ flag: 'cache.ready' })).rejects.toThrow(
      'no endpoint belongs to the flag: cache.ready',
    )
    await expect(wrong({ endpoint: 'cache' })).rejects.toThrow('the charm has no such endpoint: cache')
  })
})

it('finds the relation of a unit or an application', async () => {
  const session = await start()
  expect([await relationId(session, 'db', 'mysql/1'), await relationId(session, 'db', 'mysql')]).toEqual([
    'db:2',
    'db:2',
  ])
  await expect(relationId(session, 'db', 'mysql/2')).rejects.toThrow(
    'no relation of db has the unit or application: mysql/2',
  )
  await expect(relationId(session, 'none', 'mysql')).rejects.toThrow('no relation of none has')
})
