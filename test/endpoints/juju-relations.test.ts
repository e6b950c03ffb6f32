import { describe, expect, it } from 'vitest'
import { factsOf, makeJuju } from './test-juju.ts'

const DEPARTED = {
  JUJU_HOOK_NAME: 'db-relation-departed',
  JUJU_RELATION: 'db',
  JUJU_RELATION_ID: 'db:2',
  JUJU_REMOTE_UNIT: 'mysql/10',
}

const ANSWERS = {
  'relation-ids db': ['db:10', 'db:2'],
  'relation-ids ring': ['ring:1'],
  'relation-list db:2': ['mysql/10', 'mysql/9', 'mysql/1'],
  'relation-list db:10': [],
  'relation-list ring:1': 'null',
  'relation-list db:10 --app': '"maria"',
  'relation-get db:2 mysql/1': { host: 'one' },
  'relation-get db:2 mysql/9': { host: 'nine' },
  'relation-get db:2 --app mysql': { version: '8' },
  'relation-get db:10 --app maria': 'null',
  'relation-get ring:1 --app app': { token: 'x' },
  'relation-get db:2 app/0': { port: '1', gone: '2' },
  'relation-get db:10 app/0': 'null',
  'relation-get db:2 --app app': {},
}

describe('what Juju says about relations', () => {
  it('is asked once, and given in the order of numbers', async () => {
    const juju = makeJuju(ANSWERS)
    const facts = factsOf(juju)
    await facts.load(['db', 'ring'])
    expect(juju.calls()).toEqual([
      'relation-ids db',
      'relation-ids ring',
      'relation-list db:10',
      'relation-list db:2',
      'relation-list ring:1',
    ])
    expect([facts.ids('db'), facts.ids('none')]).toEqual([['db:2', 'db:10'], []])
    expect([facts.members('db:2'), facts.members('db:10'), facts.members('ring:1')]).toEqual([
      ['mysql/1', 'mysql/9', 'mysql/10'],
      [],
      [],
    ])
    expect(juju.calls()).toEqual([])
  })

  it('has whole ids, also where Juju says only their numbers', async () => {
    const facts = factsOf(makeJuju({ 'relation-ids db': ['1'], 'relation-list db:1': [] }))
    await facts.load(['db'])
    expect(facts.ids('db')).toEqual(['db:1'])
  })

  it('does not count the unit that leaves, which old versions still list, nor a relation that breaks', async () => {
    const juju = makeJuju(ANSWERS)
    const departed = factsOf(juju, DEPARTED)
    await departed.load(['db'])
    expect(departed.members('db:2')).toEqual(['mysql/1', 'mysql/9'])
    const broken = factsOf(juju, { ...DEPARTED, JUJU_HOOK_NAME: 'db-relation-broken' })
    juju.calls()
    await broken.load(['db'])
    expect([broken.ids('db'), juju.calls()]).toEqual([['db:10'], ['relation-ids db', 'relation-list db:10']])
  })

  it('fails with the tool that fails', async () => {
    const juju = makeJuju({ 'relation-ids db': ['db:1'] })
    await expect(factsOf(juju).load(['db'])).rejects.toThrow(
      'relation-list -r db:1 --format=json failed with status 1: ERROR no answer for: relation-list db:1',
    )
    await expect(factsOf(juju).load(['ring'])).rejects.toThrow('relation-ids --format=json ring failed')
  })
})

describe('the application at the other end', () => {
  it('is that of a unit, of the hook, this one in a peer relation, or asked for once', async () => {
    const juju = makeJuju(ANSWERS)
    const facts = factsOf(juju, {}, ['ring'])
    await facts.load(['db', 'ring'])
    juju.calls()
    await facts.learnApplications(['db:2', 'db:10', 'ring:1'])
    expect(juju.calls()).toEqual(['relation-list db:10 --app'])
    expect(['db:2', 'db:10', 'ring:1'].map((id) => facts.remoteApplication(id))).toEqual([
      'mysql',
      'maria',
      'app',
    ])
    expect(juju.calls()).toEqual([])
    const told = factsOf(juju, { JUJU_RELATION_ID: 'db:10', JUJU_REMOTE_APP: 'maria' })
    await told.load(['db'])
    juju.calls()
    expect([told.remoteApplication('db:10'), juju.calls()]).toEqual(['maria', []])
  })

  it('can be asked for late', async () => {
    const juju = makeJuju(ANSWERS)
    const facts = factsOf(juju)
    await facts.load(['db'])
    juju.calls()
    expect([facts.remoteApplication('db:10'), facts.remoteApplication('db:10')]).toEqual(['maria', 'maria'])
    expect(juju.calls()).toEqual(['relation-list db:10 --app'])
  })

  it.each(['2.0.0', '2.6.9'])('and its data are unknown to Juju %s, which is not asked', async (version) => {
    const juju = makeJuju(ANSWERS)
    const facts = factsOf(juju, { JUJU_VERSION: version }, ['ring'])
    await facts.load(['db', 'ring'])
    await facts.learnApplications(facts.ids('db'))
    await facts.fetch([{ relation: 'ring:1', owner: 'app' }])
    expect([facts.remoteApplication('db:10'), facts.remoteApplication('db:2')]).toEqual(['', 'mysql'])
    expect([facts.read({ relation: 'ring:1', owner: 'app' }), facts.known()]).toEqual([{}, []])
    expect(juju.calls().filter((call) => call.includes('--app'))).toEqual([])
  })

  it.each(['2.7.0', '2.10.1', '3.6-beta1', '4.0'])('is known to Juju %s', async (version) => {
    const juju = makeJuju(ANSWERS)
    const facts = factsOf(juju, { JUJU_VERSION: version })
    await facts.load(['db'])
    expect(facts.remoteApplication('db:10')).toBe('maria')
  })
})

describe('data', () => {
  it('is read once, many databags at a time or one when it is needed', async () => {
    const juju = makeJuju(ANSWERS)
    const facts = factsOf(juju)
    await facts.load(['db'])
    juju.calls()
    const [one, nine, mysql] = ['mysql/1', 'mysql/9', 'mysql'].map((owner) => ({ relation: 'db:2', owner }))
    await facts.fetch([one, mysql].filter((address) => address !== undefined))
    expect(juju.calls()).toEqual(['relation-get db:2 --app mysql', 'relation-get db:2 mysql/1'])
    expect(facts.received('db:2', 'mysql/1').json.host).toBe('one')
    expect(facts.received('db:2', 'mysql').json.version).toBe(8)
    expect(juju.calls()).toEqual([])
    expect(facts.received('db:2', 'mysql/9').raw.host).toBe('nine')
    expect(nine && facts.read(nine)).toEqual({ host: 'nine' })
    expect(juju.calls()).toEqual(['relation-get db:2 mysql/9'])
    await facts.fetch([one, nine, mysql].filter((address) => address !== undefined))
    expect(juju.calls()).toEqual([])
    expect(facts.known().map(({ owner }) => owner)).toEqual(
      expect.arrayContaining(['mysql/1', 'mysql/9', 'mysql']),
    )
  })

  it('that cannot be read is an error of one line', async () => {
    const juju = makeJuju(ANSWERS)
    const facts = factsOf(juju)
    await facts.load(['db'])
    const failed = 'relation-get -r db:2 --format=json - mysql/7 failed with status 1: ERROR no answer'
    expect(() => facts.received('db:2', 'mysql/7').json.host).toThrow(failed)
    await expect(facts.fetch([{ relation: 'db:2', owner: 'mysql/7' }])).rejects.toThrow(failed)
  })
})

describe('what is published', () => {
  it('is one call for each databag that changed', async () => {
    const juju = makeJuju(ANSWERS)
    const facts = factsOf(juju)
    facts.leads = true
    await facts.load(['db'])
    juju.calls()
    const unit = facts.published('db:2', 'unit')
    unit.json.port = 1
    unit.json.hosts = ['a']
    delete unit.json.gone
    facts.published('db:2', 'application').raw.version = '1.0'
    expect(facts.published('db:10', 'unit').json.port).toBeNull()
    expect(facts.published('db:2', 'unit')).toBe(unit)
    juju.calls()
    const publications = await facts.publish()
    expect(juju.calls()).toEqual([
      'relation-set db:2 --app {"version":"1.0"}',
      'relation-set db:2 {"hosts":"[\\"a\\"]","gone":""}',
    ])
    expect(publications).toEqual([
      { relation: 'db:2', owner: 'app/0', data: { hosts: '["a"]', gone: '' } },
      { relation: 'db:2', owner: 'app', data: { version: '1.0' } },
    ])
  })

  it("of the application is the leader's alone", async () => {
    const facts = factsOf(makeJuju(ANSWERS))
    await facts.load(['db'])
    facts.leads = false
    expect(() => Object.assign(facts.published('db:2', 'application').json, { a: 1 })).toThrow(
      "only the leader publishes its application's data: a",
    )
    // Where nobody can say who leads, Juju says it in the end.
    facts.leads = undefined
    facts.published('db:2', 'application').json.a = 1
    expect(facts.published('db:2', 'application').changes()).toEqual({ a: '1' })
  })
})
