import { describe, expect, it } from 'vitest'
import type { RelationData } from '../../src/endpoints/databag.ts'
import {
  fieldFault,
  receivedChanges,
  recordPublished,
  wasAnyReceived,
  wasReceived,
} from '../../src/endpoints/received-changes.ts'
import { startSession, type TestSession } from '../test-unit.ts'
import { factsOf, makeJuju } from './test-juju.ts'

type Databags = Record<string, RelationData>

/** The changes that a hook sees: the members of `db:1`, and the data that was read of them. */
async function changes(session: TestSession, members: string[], databags: Databags, peers: string[] = []) {
  const juju = makeJuju({ 'relation-ids db': ['db:1'], 'relation-list db:1': members })
  const hook = { JUJU_RELATION_ID: 'db:1', JUJU_REMOTE_APP: 'mysql' }
  const facts = factsOf(juju, hook, peers)
  await facts.load(['db'])
  for (const [owner, data] of Object.entries(databags)) facts.put({ relation: 'db:1', owner }, data)
  return [...receivedChanges(session, facts, 'db')].sort()
}

async function warnings(session: TestSession): Promise<string[]> {
  await session.log.flush()
  return session.logged.splice(0)
}

describe('a field has changed', () => {
  it('when it comes, when its value is another, and when it goes', async () => {
    const session = await startSession()
    const unit = (data: RelationData) => changes(session, ['mysql/0'], { 'mysql/0': data })
    expect(await unit({ host: 'a', port: '1' })).toEqual(['host', 'port'])
    expect(await unit({ host: 'a', port: '1' })).toEqual([])
    expect(await unit({ host: 'b', port: '1', name: 'x' })).toEqual(['host', 'name'])
    expect(await unit({ name: 'x' })).toEqual(['host', 'port'])
    expect(await unit({ name: 'x' })).toEqual([])
  })

  it('not when the same JSON is written otherwise', async () => {
    const session = await startSession()
    const unit = (value: string) => changes(session, ['mysql/0'], { 'mysql/0': { value } })
    expect(await unit('{"a": [1, 2], "b": "\\u00e9"}')).toEqual(['value'])
    expect(await unit('{"b":"é","a":[1,2]}')).toEqual([])
    expect(await unit('{"b":"é","a":[2,1]}')).toEqual(['value'])
    expect(await unit('1')).toEqual(['value'])
    expect(await unit('1.0')).toEqual(['value'])
  })

  it('when the unit leaves that had it, and only then', async () => {
    const session = await startSession()
    const both = { 'mysql/0': { host: 'a' }, 'mysql/1': { host: 'b', port: '1' } }
    expect(await changes(session, ['mysql/0', 'mysql/1'], both)).toEqual(['host', 'port'])
    // Data that was not read in this hook is as it was.
    expect(await changes(session, ['mysql/0', 'mysql/1'], {})).toEqual([])
    expect(await changes(session, ['mysql/0'], {})).toEqual(['host', 'port'])
    expect(await changes(session, ['mysql/0'], {})).toEqual([])
    expect(await changes(session, [], {})).toEqual(['host'])
  })

  it("in the application's data as well, which outlive the units", async () => {
    const session = await startSession()
    expect(await changes(session, [], { mysql: { version: '8' } })).toEqual(['version'])
    expect(await changes(session, ['mysql/0'], { 'mysql/0': {} })).toEqual([])
    expect(await changes(session, [], {})).toEqual([])
    expect(await changes(session, [], { mysql: { version: '9' } })).toEqual(['version'])
  })

  it('not in data of this side', async () => {
    const session = await startSession()
    const own = { 'app/0': { port: '1' }, app: { token: 'x' } }
    expect(await changes(session, ['mysql/0'], { 'mysql/0': {}, ...own })).toEqual([])
    expect(wasReceived(session.state, { relation: 'db:1', owner: 'app/0' })).toBe(false)
  })

  it('whatever its name is', async () => {
    const session = await startSession()
    const odd = JSON.parse(
      '{"__proto__": "1", "constructor": "2", "toString": "3", "a b": "4", "$(id)": "5"}',
    )
    const names = ['$(id)', '__proto__', 'a b', 'constructor', 'toString']
    expect(await changes(session, ['mysql/0'], { 'mysql/0': odd })).toEqual(names)
    expect(await changes(session, ['mysql/0'], { 'mysql/0': odd })).toEqual([])
    expect(await changes(session, ['mysql/0'], { 'mysql/0': {} })).toEqual(names)
    expect(await warnings(session)).toEqual([])
  })
})

it('knows what was seen', async () => {
  const session = await startSession()
  const address = { relation: 'db:1', owner: 'mysql/0' }
  expect([wasReceived(session.state, address), wasAnyReceived(session.state, 'db:1')]).toEqual([false, false])
  await changes(session, ['mysql/0'], { 'mysql/0': {} })
  expect([wasReceived(session.state, address), wasAnyReceived(session.state, 'db:1')]).toEqual([true, true])
  expect([wasAnyReceived(session.state, 'db:10'), wasAnyReceived(session.state, 'db')]).toEqual([
    false,
    false,
  ])
})

it('does not take what the leader of a peer relation publishes for news', async () => {
  const session = await startSession({ env: { JUJU_UNIT_NAME: 'app/0' } })
  const peer = (data: RelationData) => changes(session, [], { app: data }, ['db'])
  expect(await peer({ old: '1' })).toEqual(['old'])
  recordPublished(session, { relation: 'db:1', owner: 'app', data: { token: '"x"', old: '' } })
  expect(await peer({ token: '"x"' })).toEqual([])
  expect(await peer({ token: '"y"' })).toEqual(['token'])
  // What was never read has nothing to compare with.
  recordPublished(session, { relation: 'db:2', owner: 'app', data: { token: '"x"' } })
  expect(wasAnyReceived(session.state, 'db:2')).toBe(false)
})

describe('a warning', () => {
  it('tells once what cannot be taken as it is', async () => {
    const session = await startSession()
    const long = 'x'.repeat(5000)
    const data = {
      '': 'empty',
      'a\nb': 'control',
      [long]: 'long',
      host: 'b\ufffdd',
      deep: '['.repeat(10_000),
      fine: 'é',
    }
    expect((await changes(session, ['mysql/0'], { 'mysql/0': data })).length).toBe(6)
    const where = 'WARNING relation data of mysql/0 on db:1:'
    expect(await warnings(session)).toEqual([
      `${where} the field has no flag, a flag needs a name: ""`,
      `${where} the field has no flag, a flag name has no control characters: "a\\nb"`,
      `${where} the field has no flag, a flag name has at most 4096 bytes: "${'x'.repeat(80)}…"`,
      `${where} the value is not UTF-8: "host"`,
      `${where} the value is nested too deeply, so it stays text: "deep"`,
    ])
    await changes(session, ['mysql/0'], { 'mysql/0': data })
    expect(await warnings(session)).toEqual([])
    // Nor when they go.
    await changes(session, ['mysql/0'], { 'mysql/0': {} })
    expect(await warnings(session)).toEqual([])
  })

  it('is due where the flag of the field is too long, and not the field', () => {
    const field = 'x'.repeat(4090)
    expect(fieldFault('db', field)).toBe('a flag name has at most 4096 bytes')
    expect(fieldFault('db', 'x'.repeat(4096 - 'endpoint.db.changed.'.length))).toBeUndefined()
  })
})
