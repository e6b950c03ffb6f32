import { describe, expect, it } from 'vitest'
import { Endpoint } from '../../src/endpoints/endpoint.ts'
import { endpointsOf, layerOfFile, readEndpoints } from '../../src/endpoints/endpoints.ts'
import { contextOf, makeCharm, makeDir, startSession, writeFiles } from '../test-unit.ts'
import { makeJuju } from './test-juju.ts'

const METADATA = `name: app
provides: {web: http, api: {interface: http}}
requires: {db: {interface: mysql}}
peers: {ring: {interface: app}}
`

const read = () => readEndpoints(contextOf(makeCharm({ 'metadata.yaml': METADATA })))

describe('the endpoints of a charm', () => {
  it('are found by role and interface', () => {
    const endpoints = read()
    const find = endpoints.lookup.bind(endpoints)
    expect(endpoints.names).toEqual(['api', 'db', 'ring', 'web'])
    expect(find('provides', 'http')).toEqual(['api', 'web'])
    expect(find('requires', 'mysql')).toEqual(['db'])
    expect(find('requires', 'http')).toEqual([])
    expect([find('peer', 'app'), find('peers', 'app')]).toEqual([['ring'], ['ring']])
    expect(find('constructor', 'x')).toEqual([])
  })

  it('are found by the file of an interface layer', async () => {
    const session = await startSession({ charmDir: makeCharm({ 'metadata.yaml': METADATA }) })
    expect(layerOfFile(session, 'reactive/relations/http/provides.sh')).toEqual({
      role: 'provides',
      interface: 'http',
      endpoints: ['api', 'web'],
    })
    expect(layerOfFile(session, 'reactive/relations/http/requires.sh')?.endpoints).toEqual([])
    expect(layerOfFile(session, 'reactive/app.sh')).toBeUndefined()
  })

  it('are read once a session, when somebody asks', async () => {
    const session = await startSession({ charmDir: makeDir() })
    expect(layerOfFile(session, 'reactive/app.sh')).toBeUndefined()
    expect(() => endpointsOf(session)).toThrow('metadata.yaml')
    const { charmDir } = session.context
    writeFiles(charmDir, { 'metadata.yaml': METADATA })
    expect(endpointsOf(session)).toBe(endpointsOf(session))
    expect(endpointsOf(await startSession({ charmDir }))).not.toBe(endpointsOf(session))
  })

  it('need the metadata of the charm', () => {
    expect(() => readEndpoints(contextOf(makeDir()))).toThrow('metadata.yaml')
  })
})

const ANSWERS = {
  'relation-ids db': ['db:1'],
  'relation-list db:1': ['mysql/0'],
  'relation-get db:1 mysql/0': { host: 'a' },
}
const ONE = { 'metadata.yaml': 'name: app\nrequires: {db: {interface: mysql}}\n' }

describe('endpoints of a hook', () => {
  it('are made once, of the classes that stand for them', async () => {
    const juju = makeJuju(ANSWERS, ONE)
    const session = await startSession(juju)
    const endpoints = readEndpoints(session.context)
    class Mysql extends Endpoint {}
    endpoints.implement('db', Mysql)
    expect(endpoints.find('db')).toBeUndefined()
    await Promise.all([endpoints.load(session), endpoints.load(session)])
    expect(juju.calls()).toEqual(['relation-ids db', 'relation-list db:1'])
    expect(endpoints.find('db')).toBeInstanceOf(Mysql)
    expect([endpoints.find('none'), endpoints.find('constructor')]).toEqual([undefined, undefined])
  })

  it('whose class cannot be made are an error of the charm', async () => {
    const session = await startSession(makeJuju(ANSWERS, ONE))
    const endpoints = readEndpoints(session.context)
    class Broken extends Endpoint {
      override readonly allDepartedUnits = this.fail()
      fail(): never {
        throw new TypeError('no')
      }
    }
    endpoints.implement('db', Broken)
    await expect(endpoints.load(session)).rejects.toThrow('the endpoint db cannot be created: no')
  })

  it('keep the units that have left, with their data, until the charm takes them out', async () => {
    const juju = makeJuju({ ...ANSWERS, 'relation-list db:1': [] }, ONE)
    const hook = {
      JUJU_HOOK_NAME: 'db-relation-departed',
      JUJU_RELATION: 'db',
      JUJU_RELATION_ID: 'db:1',
      JUJU_REMOTE_UNIT: 'mysql/0',
    }
    const session = await startSession({ ...juju, env: { ...juju.env, ...hook } })
    const first = readEndpoints(session.context)
    await first.load(session)
    first.depart('db')
    // Its relation has no unit any more.
    expect(first.endpoint('db')?.relations.names()).toEqual([])
    first.keepDeparted(session)
    juju.answer({ 'relation-ids db': [], 'relation-get db:1 mysql/0': undefined })
    const next = readEndpoints(session.context)
    await next.load(session)
    const left = next.endpoint('db')?.allDepartedUnits
    expect([left?.names(), left?.['mysql/0']?.received.host, left?.[0]?.relation.relationId]).toEqual([
      ['mysql/0'],
      'a',
      'db:1',
    ])
    left?.clear()
    next.keepDeparted(session)
    const last = readEndpoints(session.context)
    await last.load(session)
    expect(last.endpoint('db')?.allDepartedUnits.length).toBe(0)
    expect([...session.state.entries('departed:')]).toEqual([])
  })
})
