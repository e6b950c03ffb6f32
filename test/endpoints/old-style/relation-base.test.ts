import { describe, expect, it } from 'vitest'
import { findEndpointClass } from '../../../src/endpoints/endpoint-classes.ts'
import { endpointsOf } from '../../../src/endpoints/endpoints.ts'
import { RelationBase, scopes } from '../../../src/endpoints/old-style/relation-base.ts'
import { endpointFromFlag, endpointFromName, relationCall } from '../../../src/endpoints/relation-call.ts'
import { getFlags, getFlagValue, setFlag } from '../../../src/unit/flags.ts'
import { startSession, type TestSession } from '../../test-unit.ts'
import { type Answers, makeJuju } from '../test-juju.ts'

const METADATA = 'name: app\nrequires: {db: {interface: mysql}, cache: {interface: mysql}}\n'

const ANSWERS: Answers = {
  'relation-ids db': ['db:2', 'db:10'],
  'relation-ids cache': [],
  'relation-list db:2': ['mysql/10', 'mysql/2'],
  'relation-list db:10': ['other/0'],
  'relation-get db:2 mysql/2': { host: '', 'private-address': '10.0.0.2' },
  'relation-get db:2 mysql/10': { host: 'ten' },
  'relation-get db:10 other/0': { host: 'other' },
  'relation-get db:2 app/0': {},
  'relation-get db:10 app/0': { old: 'x' },
}

/** The environment of a hook of `db`. */
const hook = (step: string, relation: string, remoteUnit: string) => ({
  JUJU_HOOK_NAME: `db-relation-${step}`,
  JUJU_RELATION: 'db',
  JUJU_RELATION_ID: relation,
  JUJU_REMOTE_UNIT: remoteUnit,
  JUJU_REMOTE_APP: remoteUnit.split('/')[0] || 'mysql',
})

class Global extends RelationBase {
  static override scope = scopes.GLOBAL
  static override autoAccessors = ['host', 'private-address']
}
class Service extends RelationBase {
  static override scope = scopes.SERVICE
}
class Unit extends RelationBase {}

interface Setup {
  relationClass: typeof RelationBase
  env?: Record<string, string>
  state?: Record<string, unknown>
}

/** A session at the start of a hook. */
async function start({ relationClass, env = {}, state = {} }: Setup) {
  const juju = makeJuju(ANSWERS, { 'metadata.yaml': METADATA })
  const session = await startSession({ ...juju, env: { ...juju.env, ...env } })
  for (const [key, value] of Object.entries(state)) session.state.set(key, value)
  endpointsOf(session).implement('db', relationClass)
  await endpointsOf(session).load(session)
  endpointsOf(session).startConversations()
  return { juju, session, db: dbOf(session) }
}

function dbOf(session: TestSession): RelationBase {
  const db = endpointFromName(session, 'db')
  if (!(db instanceof RelationBase)) throw new Error('db is no RelationBase')
  return db
}

const kept = ({ state }: TestSession) =>
  Object.fromEntries([...state.entries('')].filter(([key]) => key.startsWith('conversation:')))
const talk = (units: string[], local = {}) => ({ units, local })

/** A conversation of each kind in the state. */
const ALL = {
  'conversation:db:10 other': talk(['other/0']),
  'conversation:db:2 mysql': talk(['mysql/2', 'mysql/10']),
}

describe('conversations', () => {
  it.each([
    [Global, 'db global', 'global'],
    [Service, 'db:2 mysql', 'mysql'],
    [Unit, 'db:2 mysql/2', 'mysql/2'],
  ])('begin with the unit of the hook: %s', async (relationClass, key, scope) => {
    const { session, db } = await start({ relationClass, env: hook('joined', 'db:2', 'mysql/2') })
    expect(kept(session)).toEqual({ [`conversation:${key}`]: talk(['mysql/2']) })
    expect(JSON.stringify(db.conversations())).toBe(JSON.stringify([scope]))
    const { namespace, units, relationIds, key: name } = db.conversation()
    expect(`${namespace} ${db.conversation()}`).toBe(key)
    expect([units, name]).toEqual([['mysql/2'], `reactive.conversations.${key.replace(' ', '.')}`])
    expect(relationIds).toEqual(scope === 'global' ? ['db:2', 'db:10'] : ['db:2'])
  })

  it.each(['created', 'changed'])('do not begin in %s without a unit', async (step) => {
    const { session, db } = await start({ relationClass: Service, env: hook(step, 'db:2', '') })
    expect(kept(session)).toEqual({})
    expect(db.conversation().units).toEqual([])
  })

  it('are all at hand in hooks of others, in the order of their numbers', async () => {
    const { db } = await start({ relationClass: Service, state: ALL })
    expect(db.conversations().map(String)).toEqual(['mysql', 'other'])
    expect(db.conversation('other').relationIds).toEqual(['db:10'])
    expect(() => db.conversation()).toThrow('this hook belongs to no conversation, so name the scope: db')
    expect(() => db.conversation('none')).toThrow('db has no conversation with this scope: none')
  })

  it('lose units that are gone in hooks of their endpoint, and end without any', async () => {
    const gone = { ...ALL, 'conversation:db:2 old': talk(['old/0']), 'conversation:db:3 x': talk(['x/0']) }
    const state = { ...gone, 'conversation:db:2 mysql': talk(['mysql/2', 'mysql/3'], { a: 1 }) }
    const other = await start({ relationClass: Service, state })
    const { 'conversation:db:3 x': _, ...rest } = state
    expect(kept(other.session)).toEqual(rest)
    const own = await start({ relationClass: Service, state, env: hook('changed', 'db:10', 'other/0') })
    expect(kept(own.session)).toEqual({ ...ALL, 'conversation:db:2 mysql': talk(['mysql/2'], { a: 1 }) })
  })

  it('end with their flags, which others keep', async () => {
    const conversations = ['db:2.mysql', 'db:2.old'].map((place) => `reactive.conversations.${place}`)
    const { session } = await start({
      relationClass: Service,
      env: hook('departed', 'db:2', 'old/0'),
      state: {
        ...ALL,
        'conversation:db:2 old': talk(['old/0']),
        'flag:db.both': { relation: 'db', conversations },
        'flag:db.old': { relation: 'db', conversations: conversations.slice(1) },
        'flag:db.plain': null,
        'flag:db.strange': { relation: 'db' },
      },
    })
    expect(getFlags(session)).toEqual(['db.both', 'db.old', 'db.plain', 'db.strange'])
    endpointsOf(session).endConversations()
    expect(getFlags(session)).toEqual(['db.both', 'db.plain', 'db.strange'])
    expect(getFlagValue(session, 'db.both')).toEqual({
      relation: 'db',
      conversations: conversations.slice(0, 1),
    })
    expect(kept(session)).toEqual(ALL)
  })

  it('of a global scope stay with a unit that has another relation', async () => {
    const state = { 'conversation:db global': talk(['other/0', 'mysql/2']) }
    const { session } = await start({
      relationClass: Global,
      env: hook('departed', 'db:2', 'other/0'),
      state,
    })
    endpointsOf(session).endConversations()
    expect(kept(session)).toEqual({ 'conversation:db global': talk(['other/0', 'mysql/2']) })
  })
})

describe('the data of a conversation', () => {
  const state = { 'conversation:db global': talk(['mysql/2', 'mysql/10', 'other/0']) }

  it('is the first value of its units that is not empty, each databag read once', async () => {
    const { juju, db } = await start({ relationClass: Global, state })
    juju.calls()
    expect([db.getRemote('host'), db.getRemote('host')]).toEqual(['ten', 'ten'])
    expect(juju.calls()).toEqual(['relation-get db:2 mysql/10', 'relation-get db:2 mysql/2'])
    expect([db.getRemote('none'), db.getRemote('none', 5), db.getRemote('toString')]).toEqual([null, 5, null])
    const only = await start({
      relationClass: Global,
      state: { 'conversation:db global': talk(['other/0']) },
    })
    expect(only.db.getRemote('host', '', 'global')).toBe('other')
  })

  it('has a unit that leaves in it, as the last', async () => {
    const env = hook('departed', 'db:2', 'mysql/2')
    const { juju, db } = await start({ relationClass: Global, state, env })
    juju.answer({
      'relation-get db:2 mysql/10': { other: 'x' },
      'relation-get db:2 mysql/2': { host: 'left' },
    })
    expect(db.getRemote('host')).toBe('left')
  })

  it('is published on its relations, as texts that Python would write, once', async () => {
    const { juju, session, db } = await start({ relationClass: Global, state })
    db.setRemote('name', 'a b')
    db.setRemote({ port: 3306, tls: true, plain: false, old: null, half: 0.5 })
    db.setRemote({ late: 1 }, 'global')
    db.setRemote('scoped', 2, 'global')
    juju.calls()
    await endpointsOf(session).facts.publish()
    const texts = '"name":"a b","port":"3306","tls":"True","plain":"False"'
    const rest = '"half":"0.5","late":"1","scoped":"2"'
    expect(juju.calls()).toEqual([
      `relation-set db:10 {${texts},${rest},"old":""}`,
      `relation-set db:2 {${texts},${rest}}`,
    ])
    expect(() => db.setRemote('list', [1])).toThrow('raw relation data must be text: list: object')
  })

  it('is kept as long as it lasts', async () => {
    const { session, db } = await start({ relationClass: Global, state })
    expect([db.getLocal('a'), db.getLocal('a', 'none'), db.getLocal('toString')]).toEqual([
      null,
      'none',
      null,
    ])
    db.setLocal('a', { deep: [1] })
    db.setLocal(JSON.parse('{"b": null, "__proto__": 2}'))
    expect([db.getLocal('a'), db.getLocal('b', 'none'), db.getLocal('__proto__')]).toEqual([
      { deep: [1] },
      null,
      2,
    ])
    expect(JSON.stringify(session.state.get('conversation:db global'))).toBe(
      '{"units":["mysql/2","mysql/10","other/0"],"local":{"a":{"deep":[1]},"b":null,"__proto__":2}}',
    )
  })
})

describe('flags of a conversation', () => {
  it('list the conversations that have them, as the original does', async () => {
    const { session, db } = await start({ relationClass: Service, state: ALL })
    db.setState('{relation_name}.{other} ready', 'other')
    db.setFlag('{relation_name}.{other} ready', 'mysql')
    db.setFlag('{relation_name}.{other} ready', 'mysql')
    const [other, mysql] = ['reactive.conversations.db:10.other', 'reactive.conversations.db:2.mysql']
    const value = () => getFlagValue(session, 'db.{other} ready')
    expect(value()).toEqual({ relation: 'db', conversations: [other, mysql] })
    db.clearFlag('{relation_name}.{other} ready', 'other')
    expect(value()).toEqual({ relation: 'db', conversations: [mysql] })
    const isSet = (scope: string) => db.isFlagSet('db.{other} ready', scope)
    expect([isSet('other'), isSet('mysql'), db.isState('db.none', 'other')]).toEqual([false, true, false])
    db.removeState('db.{other} ready', 'mysql')
    expect(value()).toBeUndefined()
    db.removeFlag('db.none', 'mysql')
  })

  it('are toggled', async () => {
    const { session, db } = await start({ relationClass: Service, state: ALL })
    const conversation = db.conversation('other')
    const seen = [true, true, false, undefined, undefined].map((active) => {
      if (active === undefined) conversation.toggleFlag('{relation_name}.up')
      else db.toggleState('db.up', active, 'other')
      return conversation.isFlagSet('db.up')
    })
    expect(seen).toEqual([true, true, false, true, false])
    expect(getFlags(session)).toEqual([])
  })

  it.each([
    [Global, 'broken', 'the conversation global of db'],
    [Unit, 'broken', 'db:2'],
    [Unit, 'created', 'db:2'],
  ] as const)(
    'are not set, and nothing is kept, when it has no units (%o, %s)',
    async (relationClass, step, none) => {
      const { session, db } = await start({ relationClass, env: hook(step, 'db:2', '') })
      db.setState('{relation_name}.gone')
      db.toggleState('{relation_name}.gone')
      db.setLocal({ a: 1, b: 2 })
      db.removeState('{relation_name}.gone')
      expect([getFlags(session), kept(session), db.getRemote('host')]).toEqual([[], {}, null])
      await session.log.flush()
      expect(session.logged).toEqual([
        `WARNING ${none} has no units, the flag is not set: db.gone`,
        `WARNING ${none} has no units, the flag is not set: db.gone`,
        `WARNING ${none} has no units, nothing is kept: a, b`,
      ])
    },
  )

  it('find the object with the conversations that go on', async () => {
    const { session, db } = await start({ relationClass: Service, state: ALL })
    for (const scope of ['other', 'mysql']) db.setState('db.up', scope)
    db.setState('db.one', 'other')
    setFlag(session, 'db.plain')
    setFlag(session, 'endpoint.db.joined')
    const found = (flag: string) => {
      const object = endpointFromFlag(session, flag)
      return object instanceof RelationBase ? object.conversations().map(String) : object
    }
    expect(found('db.up')).toEqual(['other', 'mysql'])
    expect(found('db.one')).toEqual(['other'])
    // Whatever name the flag has.
    db.setState('whatever', 'mysql')
    expect(found('whatever')).toEqual(['mysql'])
    session.state.delete('conversation:db:10 other')
    expect(found('db.up')).toEqual(['mysql'])
    expect(found('endpoint.db.joined')).toEqual(['mysql'])
    // As in the original, a flag that no conversation has set has no object.
    expect([found('db.plain'), found('db.none')]).toEqual([undefined, undefined])
  })
})

describe('the class', () => {
  const call = async (session: TestSession, method: string) =>
    (await relationCall(session, { flag: undefined, endpoint: 'db' }, method, [])).value

  it('has methods for its fields, under the names of bash, too', async () => {
    const state = { 'conversation:db global': talk(['mysql/2', 'mysql/10']) }
    const { session, db } = await start({ relationClass: Global, state })
    expect([db.endpointName, db.relationName]).toEqual(['db', 'db'])
    const words = ['host', 'privateAddress', 'private_address', 'private-address', 'conversations']
    const values = []
    for (const word of words) values.push(await call(session, word))
    expect(values).toEqual(['ten', '10.0.0.2', '10.0.0.2', '10.0.0.2', ['global']])
    expect(Object.keys(db)).toEqual(['endpointName'])
  })

  it('has those of the class that it extends, and its own methods', async () => {
    class More extends Global {
      static override autoAccessors = ['port']
      host() {
        return 'own'
      }
    }
    const state = { 'conversation:db global': talk(['mysql/2']) }
    const { session } = await start({ relationClass: More, state })
    expect([await call(session, 'host'), await call(session, 'port')]).toEqual(['own', null])
    expect(await call(session, 'private_address')).toBe('10.0.0.2')
  })

  it.each(['conversation', 'set-remote', 'to_string', 'constructor'])(
    'has no method for the field %s',
    async (field) => {
      class Taken extends RelationBase {
        static override autoAccessors = [field]
      }
      const message = `the accessor's name is already taken: ${field}`
      await expect(start({ relationClass: Taken })).rejects.toThrow(message)
    },
  )

  it('is found among the exports of a file, with its subclasses', () => {
    class More extends Global {}
    expect(findEndpointClass({ RelationBase, Global, scopes })).toBe(Global)
    expect(findEndpointClass({ RelationBase, Global, More })).toBe(More)
    expect(findEndpointClass({ default: { Unit } })).toBe(Unit)
    expect(() => findEndpointClass({ Unit, Service })).toThrow(
      'a file may export only one endpoint class: Unit, Service',
    )
  })

  it('that cannot be made is an error of the charm', async () => {
    class Broken extends RelationBase {
      readonly broken = this.fail()
      fail(): never {
        throw new TypeError('no')
      }
    }
    await expect(start({ relationClass: Broken })).rejects.toThrow('the endpoint db cannot be created: no')
  })
})
