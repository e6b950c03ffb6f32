// Interface layers of the old style, with conversations, on simulated units.

import { createHash } from 'node:crypto'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Relation } from '../../../src/simulator/juju-state.ts'
import type { SimulatedUnit } from '../../../src/simulator/unit.ts'
import { oneIn } from '../../effort.ts'
import { ask, bash, flags, given, ran, remarks, startUnit, upgrade } from '../../end-to-end/charm.ts'
import { pythonDatabase } from '../../python-database.ts'

const some = oneIn(3)

const CLIENT = `name: app
requires:
  db: {interface: mysql}
`

/** One conversation for the whole endpoint, as a client of a database has it. */
const MYSQL = `
import { hook, RelationBase, scopes } from 'charms.reactive'

export class Mysql extends RelationBase {
  static scope = scopes.GLOBAL
  static autoAccessors = ['host', 'private-address']
  changed() {
    this.setState('{relation_name}.connected')
    this.toggleState('{relation_name}.available', this.host())
    this.setRemote({ database: 'app', port: 3306, tls: true, nothing: null })
  }
  departed() {
    console.log('departed: ' + this.host() + ' ' + this.conversations().join())
    if (!this.host()) this.removeState('{relation_name}.available')
  }
  broken() {
    console.log('broken: ' + this.host() + ' ' + this.isState('{relation_name}.connected'))
    this.removeState('{relation_name}.connected')
    this.setState('{relation_name}.gone')
    this.setLocal('last', 'words')
  }
  static {
    hook('{requires:mysql}-relation-{joined,changed}', this.prototype.changed)
    hook('{requires:mysql}-relation-departed', this.prototype.departed)
    hook('{requires:mysql}-relation-broken', this.prototype.broken)
  }
}
`

const LAYER = 'reactive/relations/mysql/requires.mjs'
const ours = async (unit: SimulatedUnit) =>
  flags(unit).filter((flag) => !/^(endpoint|leadership|config)\./.test(flag))
/** What the charm has published, besides the addresses that Juju does. */
const published = ({ localUnit }: Relation) =>
  Object.fromEntries(Object.entries(localUnit).filter(([key]) => !/address$|subnets$/.test(key)))
const states = async (unit: SimulatedUnit, flag: string) =>
  JSON.parse(await ask(unit, 'get_states', '--format', 'json'))[flag]

describe('a client whose conversation is global', () => {
  const app = {
    'reactive/app.sh': bash(`@when 'db.available'
configure() {
  relation_call --flag db.available host
  relation_call --state db.available private_address
  relation_call --flag db.available private-address
  relation_call --flag db.available conversations
  relation_call --relation_name db relation_name
  relation_call --flag db.available is_state '{relation_name}.connected'
  relation_call --flag db.available get_remote none 'by default'
}
@when_not 'db.connected'
alone() { echo alone; }`),
  }
  const start = () => startUnit({ 'metadata.yaml': CLIENT, [LAYER]: MYSQL, ...app })
  const join = (
    unit: SimulatedUnit,
    remoteUnits: Record<string, Record<string, string>>,
    remoteApp = 'mysql',
  ) => unit.joinRelation('db', { remoteApp, remoteUnits })

  it('has flags from the first unit to the last, and answers bash', async () => {
    const unit = await start()
    const relation = join(unit, {})
    expect((await unit.run({ name: 'db-relation-created' })).stdout).toBe('alone\n')
    expect(await ours(unit)).toEqual([])

    const joined = await unit.run({ name: 'db-relation-joined', remoteUnit: 'mysql/0' })
    expect(ran(joined)).toEqual([`${LAYER}:changed:db`])
    expect(await ours(unit)).toEqual(['db.connected'])
    expect(published(relation)).toEqual({ database: 'app', port: '3306', tls: 'True' })

    relation.remoteUnits['mysql/0'] = { host: '10.0.0.1', 'private-address': '10.0.0.2' }
    const changed = await unit.run({ name: 'db-relation-changed', remoteUnit: 'mysql/0' })
    expect(changed.stderr).toBe('')
    expect(changed.stdout).toBe('10.0.0.1\n10.0.0.2\n10.0.0.2\nglobal\ndb\ntrue\nby default\n')
    expect(changed.hookToolCalls.filter(({ tool }) => tool === 'relation-set')).toEqual([])
    expect(await ours(unit)).toEqual(['db.available', 'db.connected'])
    expect(await states(unit, 'db.available')).toEqual({
      relation: 'db',
      conversations: ['reactive.conversations.db.global'],
    })
    // Elsewhere its databag is read once, when it is needed.
    const later = await unit.run({ name: 'update-status' })
    expect(later.stdout).toBe(changed.stdout)
    const reads = later.hookToolCalls.filter(({ tool }) => tool === 'relation-get')
    expect(reads.map(({ args }) => args.at(-1))).toEqual(['mysql/0'])

    const departed = await unit.run({ name: 'db-relation-departed', remoteUnit: 'mysql/0' })
    expect(departed.stdout).toBe(`departed: 10.0.0.1 global\n${changed.stdout}`)
    expect(await ours(unit)).toEqual([])

    const broken = await unit.run({ name: 'db-relation-broken' })
    expect(broken.exitStatus).toBe(0)
    expect(broken.stdout).toBe('broken: null false\nalone\n')
    const none = 'the conversation global of db has no units'
    expect(remarks(broken)).toEqual([
      `WARNING ${none}, the flag is not set: db.gone`,
      `WARNING ${none}, nothing is kept: last`,
    ])
    expect(await ours(unit)).toEqual([])
  })

  some('speaks with the units of all relations, in the order of their numbers', async () => {
    const unit = await start()
    for (const [id, name] of [
      ['db:10', 'other/0'],
      ['db:2', 'mysql/10'],
      ['db:2', 'mysql/2'],
    ] as const) {
      const known = unit.state.relations.find((relation) => relation.id === id)
      const relation = known ?? unit.joinRelation('db', { id, remoteApp: name.replace(/\/.*/, '') })
      relation.remoteUnits[name] = name === 'mysql/2' ? {} : { host: name }
      await unit.run({ name: 'db-relation-joined', relation: id, remoteUnit: name })
    }
    const [first, second] = unit.state.relations
    expect((await unit.run({ name: 'update-status' })).stdout).toMatch(/^mysql\/10\n/)
    expect(first?.localUnit).toEqual(second?.localUnit)
    // The relation that stays keeps the conversation, and its flags.
    await unit.run({ name: 'db-relation-departed', relation: 'db:2', remoteUnit: 'mysql/10' })
    expect(await ours(unit)).toEqual(['db.available', 'db.connected'])
    const later = await unit.run({ name: 'update-status' })
    expect(later.stdout).toMatch(/^other\/0\n/)
    await unit.run({ name: 'db-relation-departed', relation: 'db:2', remoteUnit: 'mysql/2' })
    const broken = await unit.run({ name: 'db-relation-broken', relation: 'db:2' })
    expect(broken.stdout).toMatch(/^broken: other\/0 true\n/)
    expect(await ours(unit)).toEqual(['db.available', 'db.gone'])
  })

  some('ends before any handler runs when hooks were missed', async () => {
    const unit = await start()
    join(unit, { 'mysql/0': { host: 'a' } })
    await unit.run({ name: 'db-relation-joined' })
    expect(await ours(unit)).toEqual(['db.available', 'db.connected'])
    unit.state.relations = []
    const result = await unit.run({ name: 'update-status' })
    expect(result.stdout).toBe('alone\n')
    expect(await ours(unit)).toEqual([])

    join(unit, { 'mysql/0': { host: 'a' } })
    await unit.run({ name: 'db-relation-joined' })
    // Without -departed, in the relation's own end.
    expect((await unit.run({ name: 'db-relation-broken' })).stdout).toBe('broken: null false\nalone\n')
  })

  some('changes nothing in a hook that fails', async () => {
    const failing = bash('@hook db-relation-changed\nf() { [[ ! -e fail ]] || exit 7; }')
    const unit = await startUnit({
      'metadata.yaml': CLIENT,
      [LAYER]: MYSQL,
      'reactive/z.sh': failing,
      fail: '',
    })
    const relation = join(unit, { 'mysql/0': { host: 'a' } })
    expect((await unit.run({ name: 'db-relation-changed' })).exitStatus).toBe(7)
    expect([await ours(unit), published(relation)]).toEqual([[], {}])
    await unit.command(['rm', 'fail'])
    const retry = await unit.run({ name: 'db-relation-changed' })
    expect(retry.hookToolCalls.filter(({ tool }) => tool === 'relation-set').length).toBe(1)
    expect(await ours(unit)).toEqual(['db.available', 'db.connected'])
    expect(published(relation)).toMatchObject({ database: 'app' })
  })

  some('gives handlers in JavaScript its object, for a flag, a name and a hook', async () => {
    const unit = await startUnit({
      'metadata.yaml': CLIENT,
      [LAYER]: MYSQL,
      'reactive/app.mjs': `
import { endpointFromName, hook, relationFromFlag, relationFromName, relationFromState, setFlag, when } from 'charms.reactive'
when('db.available', 'app.ready', function both(db, ...more) {
  console.log('when', db.host(), more.length, relationFromFlag('db.available').host())
})
when('endpoint.db.joined', function joined(db) {
  console.log('joined', db.relationName, db.conversations().join())
})
hook('db-relation-changed', function changed(db) {
  console.log('hook', db.endpointName, db.conversation().units.join())
})
hook('update-status', function nothing(...all) {
  console.log(all.length, relationFromState('db.plain'), relationFromName('none'), endpointFromName('db').host())
})
`,
    })
    join(unit, { 'mysql/0': { host: 'a' } })
    given(unit, 'app.ready', 'db.plain')
    const changed = await unit.run({ name: 'db-relation-changed' })
    expect(changed.stdout).toBe('hook db mysql/0\nwhen a 0 a\njoined db global\n')
    const later = await unit.run({ name: 'update-status' })
    expect(later.stdout).toBe('0 null null a\nwhen a 0 a\njoined db global\n')
  })
})

const PROVIDER = `name: app
provides:
  web: {interface: http}
`

/** A provider with a conversation for each application, or for each unit. */
const http = (scope: string) => `
import { hook, RelationBase, scopes } from 'charms.reactive'

export class Http extends RelationBase {
  static scope = ${scope}
  changed() {
    const { scope } = this.conversation()
    const wants = this.getRemote('wants')
    this.setLocal('wants', wants)
    this.toggleFlag('{relation_name}.asked', wants !== null)
  }
  answer() {
    for (const conversation of this.conversations()) {
      const { scope, units } = conversation
      console.log(scope + ' ' + units.join() + ' wants ' + conversation.getLocal('wants'))
      conversation.setRemote('answer', 'to ' + scope)
    }
  }
  broken() {
    console.log('broken: ' + this.conversations().join())
  }
  static {
    hook('{provides:http}-relation-{joined,changed}', this.prototype.changed)
    hook('{provides:http}-relation-broken', this.prototype.broken)
  }
}
`

const ANSWER = bash(`@when 'web.asked'
f() { relation_call --flag web.asked answer; }`)

const TWO = {
  'web:1': { 'a/0': {}, 'a/1': { wants: 'tea' } },
  'web:2': { 'b/0': { wants: 'milk' }, 'b/10': {} },
} as const

/** A provider with two remote applications of two units. */
async function startProvider(scope: string): Promise<SimulatedUnit> {
  const unit = await startUnit({
    'metadata.yaml': PROVIDER,
    'reactive/relations/http/provides.mjs': http(scope),
    'reactive/app.sh': ANSWER,
  })
  for (const [id, remoteUnits] of Object.entries(TWO)) {
    unit.joinRelation('web', { id, remoteApp: id === 'web:1' ? 'a' : 'b', remoteUnits: { ...remoteUnits } })
    for (const remoteUnit of Object.keys(remoteUnits)) {
      const result = await unit.run({ name: 'web-relation-joined', relation: id, remoteUnit })
      expect(result.exitStatus).toBe(0)
    }
  }
  return unit
}

const leave = (unit: SimulatedUnit, relation: string, remoteUnit: string) =>
  unit.run({ name: 'web-relation-departed', relation, remoteUnit })

describe('a provider with a conversation for each application', () => {
  some('answers each of them, until its last unit has left', async () => {
    const unit = await startProvider('scopes.SERVICE')
    expect((await states(unit, 'web.asked')).conversations).toEqual([
      'reactive.conversations.web:1.a',
      'reactive.conversations.web:2.b',
    ])
    const both = 'a a/0,a/1 wants tea\nb b/0,b/10 wants milk\n'
    expect((await unit.run({ name: 'update-status' })).stdout).toBe(both)
    expect(unit.state.relations.map(published)).toEqual([{ answer: 'to a' }, { answer: 'to b' }])

    expect((await leave(unit, 'web:1', 'a/1')).stdout).toBe(both)
    expect((await unit.run({ name: 'update-status' })).stdout).toBe(both.replace('a/0,a/1', 'a/0'))
    await leave(unit, 'web:1', 'a/0')
    expect((await states(unit, 'web.asked')).conversations).toEqual(['reactive.conversations.web:2.b'])
    const broken = await unit.run({ name: 'web-relation-broken', relation: 'web:1' })
    expect(broken.stdout).toBe('broken: a\nb b/0,b/10 wants milk\n')
    await leave(unit, 'web:2', 'b/10')
    await leave(unit, 'web:2', 'b/0')
    expect(await ours(unit)).toEqual([])
    expect((await unit.run({ name: 'web-relation-broken', relation: 'web:2' })).stdout).toBe('broken: b\n')
  })
})

describe('a provider with a conversation for each unit', () => {
  some('answers each of them, and forgets those that have left', async () => {
    const unit = await startProvider('scopes.UNIT')
    expect((await states(unit, 'web.asked')).conversations).toEqual([
      'reactive.conversations.web:1.a/1',
      'reactive.conversations.web:2.b/0',
    ])
    const both = 'a/1 a/1 wants tea\nb/0 b/0 wants milk\n'
    expect((await unit.run({ name: 'update-status' })).stdout).toBe(both)
    expect(unit.state.relations.map(published)).toEqual([{ answer: 'to a/1' }, { answer: 'to b/0' }])

    expect((await leave(unit, 'web:1', 'a/1')).stdout).toBe(both)
    expect((await unit.run({ name: 'update-status' })).stdout).toBe('b/0 b/0 wants milk\n')
    // Gone without a hook of its own: that is seen in the next one of the endpoint.
    delete unit.state.relations[1]?.remoteUnits['b/0']
    expect((await unit.run({ name: 'update-status' })).stdout).toBe('b/0 b/0 wants milk\n')
    const changed = await unit.run({ name: 'web-relation-changed', relation: 'web:1', remoteUnit: 'a/0' })
    expect(changed.stdout).toBe('')
    expect(await ours(unit)).toEqual([])
  })

  some('gives handlers of its layer the conversations that have the flag', async () => {
    const unit = await startProvider('scopes.UNIT')
    const more = `
Http.asked = when('{endpoint_name}.asked', function asked() { console.log('asked: ' + this.conversations().join()) })
`
    const layer = `${http('scopes.UNIT').replace('hook,', 'hook, when,')}${more}`
    upgrade(unit, { 'reactive/relations/http/provides.mjs': layer, 'reactive/app.sh': '' })
    const result = await unit.run({ name: 'web-relation-changed', relation: 'web:1', remoteUnit: 'a/0' })
    expect(result.stdout).toBe('asked: a/1,b/0\n')
  })

  some('is of no unit in the end of a relation', async () => {
    const unit = await startProvider('scopes.UNIT')
    const broken = await unit.run({ name: 'web-relation-broken', relation: 'web:2' })
    expect(broken.stdout).toBe('broken: \na/1 a/1 wants tea\n')
    expect(broken.exitStatus).toBe(0)
  })
})

describe('a scope of its own', () => {
  some('is one conversation of all relations', async () => {
    const unit = await startProvider("'shared'")
    expect((await states(unit, 'web.asked')).conversations).toEqual(['reactive.conversations.web.shared'])
    const result = await unit.run({ name: 'update-status' })
    expect(result.stdout).toBe('shared a/0,a/1,b/0,b/10 wants tea\n')
    const answers = unit.state.relations.map(published)
    expect(answers).toEqual([{ answer: 'to shared' }, { answer: 'to shared' }])
  })
})

describe('the state of the Python original', () => {
  const global = { namespace: 'db', scope: 'global', units: ['mysql/0'] }
  const flag = { relation: 'db', conversations: ['reactive.conversations.db.global'] }
  const rows = {
    'reactive.conversations.db.global': global,
    'reactive.conversations.db.global.local-data.previous': { host: 'a' },
    'reactive.states.db.available': flag,
    'reactive.states.old.available': {
      relation: 'old',
      conversations: ['reactive.conversations.old.global'],
    },
  }
  const start = async (state: Record<string, unknown>, more: Record<string, string> = {}) => {
    const unit = await startUnit({
      'metadata.yaml': CLIENT,
      [LAYER]: MYSQL,
      'reactive/app.sh': bash(`@when db.available
f() {
  relation_call --flag db.available host
  relation_call --flag db.available get_local previous --format json
}`),
      ...more,
    })
    pythonDatabase(path.join(unit.charmDir, '.unit-state.db'), state)
    return unit
  }

  some('goes on', async () => {
    const unit = await start(rows)
    unit.joinRelation('db', { remoteApp: 'mysql', remoteUnits: { 'mysql/0': { host: 'a' } } })
    const result = await unit.run({ name: 'update-status' })
    expect(result.stdout).toBe('a\n{"host":"a"}\n')
    const left =
      'WARNING a flag of the Python original is left out, its conversations have ended: old.available'
    expect(remarks(result)[0]).toBe(left)
    expect(await states(unit, 'db.available')).toEqual(flag)
    await unit.run({ name: 'db-relation-departed' })
    expect(await ours(unit)).toEqual([])
  })

  some('ends with a relation that is gone', async () => {
    const unit = await start(rows)
    expect((await unit.run({ name: 'update-status' })).stdout).toBe('')
    expect(await ours(unit)).toEqual([])
  })

  some('is divided by relations where it is older than that', async () => {
    const old = (scope: string, units: string[]) => ({ relation_name: 'web', scope, units })
    const unit = await startUnit({
      'metadata.yaml': PROVIDER,
      'reactive/relations/http/provides.mjs': http('scopes.SERVICE'),
      'reactive/app.sh': ANSWER,
    })
    pythonDatabase(path.join(unit.charmDir, '.unit-state.db'), {
      'reactive.conversations.web.a': old('a', ['a/0', 'a/1', 'a/2']),
      'reactive.conversations.web.a.local-data.wants': 'tea',
      'reactive.states.web.asked': { relation: 'web', conversations: ['reactive.conversations.web.a'] },
    })
    unit.joinRelation('web', { id: 'web:1', remoteApp: 'a', remoteUnits: { 'a/0': {}, 'a/1': {} } })
    unit.joinRelation('web', { id: 'web:7', remoteApp: 'a', remoteUnits: { 'a/1': {} } })
    const result = await unit.run({ name: 'update-status' })
    expect(result.stdout).toBe('a a/0,a/1 wants tea\na a/1 wants tea\n')
    expect((await states(unit, 'web.asked')).conversations).toEqual([
      'reactive.conversations.web:1.a',
      'reactive.conversations.web:7.a',
    ])
  })

  some('is no news for an endpoint, but for what has changed since', async () => {
    const md5 = (text: string) => createHash('md5').update(text).digest('hex')
    const departed = bash('@hook db-relation-changed\nf() { endpoint_departed db; }')
    const unit = await startUnit({ 'metadata.yaml': CLIENT, 'reactive/app.sh': departed })
    const seen = 'reactive.data_changed.endpoint.db.db:1.mysql'
    pythonDatabase(path.join(unit.charmDir, '.unit-state.db'), {
      [`${seen}/0.host`]: md5('"a"'),
      [`${seen}/0.port`]: md5('3306'),
      [`${seen}/9.gone`]: md5('1'),
      'reactive.states.endpoint.db.joined': null,
      'reactive.endpoints.departed.db': [{ relation: 'db:1', unit_name: 'mysql/9', data: { gone: '1' } }],
    })
    unit.joinRelation('db', { remoteApp: 'mysql', remoteUnits: { 'mysql/0': { host: 'a', port: '3306' } } })
    await unit.run({ name: 'db-relation-changed' })
    const changed = async () => flags(unit).filter((flag) => flag.includes('.changed'))
    expect(await changed()).toEqual([])
    const remote = unit.state.relations[0]?.remoteUnits['mysql/0']
    Object.assign(remote ?? {}, { host: 'b' })
    expect((await unit.run({ name: 'db-relation-changed' })).stdout).toBe('mysql/9\n')
    expect(await changed()).toEqual(['endpoint.db.changed', 'endpoint.db.changed.host'])
  })
})
