// What a unit knows of its endpoints through joins, changes and departures: flags, units and their data, in
// the order of hooks that Juju runs, and where hooks were missed.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EventResult } from '../../../src/simulator/events.ts'
import type { RelationData } from '../../../src/simulator/juju-state.ts'
import type { GivenState } from '../../../src/simulator/new-juju-state.ts'
import type { SimulatedUnit } from '../../../src/simulator/unit.ts'
import { isFull, oneIn, sampled } from '../../effort.ts'
import {
  ask,
  bash,
  type CharmFiles,
  flags,
  pathWith,
  ran,
  remarks,
  startUnit,
  traces,
  upgrade,
} from '../../end-to-end/charm.ts'
import { quote } from '../../test-unit.ts'

const some = oneIn(4)

const METADATA = `name: app
requires: {db: {interface: mysql}, cache: {interface: redis}}
peers: {cluster: {interface: app}}
`

/** Runs the hook, or what a test wants to have run in its place. */
const DISPATCH = '#!/bin/sh\n[ ! -e exec ] || . ./exec\nexec charms.reactive main\n'

function start(files: CharmFiles = {}, state: GivenState = {}): Promise<SimulatedUnit> {
  return startUnit({ 'metadata.yaml': METADATA, dispatch: DISPATCH, ...files }, { state })
}

/** A unit with one relation `db:1` whose units have joined. */
async function joined(files: CharmFiles, units: Record<string, RelationData>): Promise<SimulatedUnit> {
  const unit = await start(files)
  unit.joinRelation('db', { remoteApp: 'mysql' })
  for (const [name, data] of Object.entries(units)) await join(unit, name, data)
  return unit
}

/** A unit joins: by both of its hooks in full runs, else by the one that reads its data. */
async function join(
  unit: SimulatedUnit,
  remoteUnit: string,
  data: RelationData,
  relation = 'db:1',
): Promise<void> {
  const found = unit.state.relations.find(({ id }) => id === relation)
  if (found === undefined) throw new Error(`no relation: ${relation}`)
  const [endpoint] = relation.split(':')
  if (isFull) await good(unit, `${endpoint}-relation-joined`, { relation, remoteUnit })
  found.remoteUnits[remoteUnit] = data
  await good(unit, `${endpoint}-relation-changed`, { relation, remoteUnit })
}

/** A hook that must succeed. */
async function good(
  unit: SimulatedUnit,
  name: string,
  event: { relation?: string; remoteUnit?: string; env?: Record<string, string> } = {},
): Promise<EventResult> {
  const result = await unit.run({ name, ...event })
  expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
  return result
}

/** What a command prints in a hook of Juju's, outside of any dispatch, as with `juju exec`. */
async function inJuju(unit: SimulatedUnit, ...words: string[]): Promise<string> {
  fs.writeFileSync(path.join(unit.charmDir, 'exec'), `exec ${quote(['charms.reactive', ...words])}\n`)
  const result = await good(unit, 'update-status')
  fs.rmSync(path.join(unit.charmDir, 'exec'))
  return result.stdout
}

async function endpointFlags(unit: SimulatedUnit): Promise<string[]> {
  return flags(unit).filter((flag) => flag.startsWith('endpoint.'))
}

/** The words of the calls of relation tools, sorted. */
function asked({ hookToolCalls }: EventResult): string[] {
  const calls = hookToolCalls.filter(({ tool }) => tool.startsWith('relation-'))
  return calls
    .map(({ tool, args }) => [tool, ...args].filter((word) => !/^(-r?|--format=json)$/.test(word)).join(' '))
    .sort()
}

describe('joined', () => {
  it('follows the units: set in the hook of the first, cleared in the very hook in which the last one departs', async () => {
    const unit = await joined(
      {
        'reactive/app.sh': bash(`
@when 'endpoint.db.joined'
function has_units() { echo "units $(endpoint_units db | tr '\\n' ' ')"; }
@when_not 'endpoint.db.joined'
function has_none() { echo none; }`),
      },
      {},
    )
    const seen: string[] = []
    const happens = async (step: string, remoteUnit?: string) => {
      const result = await good(unit, `db-relation-${step}`, remoteUnit === undefined ? {} : { remoteUnit })
      seen.push(`${step}: ${result.stdout.trim()}`)
    }
    await happens('created')
    await happens('joined', 'mysql/2')
    await happens('joined', 'mysql/10')
    await happens('departed', 'mysql/2')
    await happens('departed', 'mysql/10')
    await happens('broken')
    expect(seen).toEqual([
      'created: none',
      'joined: units mysql/2',
      'joined: units mysql/2 mysql/10',
      'departed: units mysql/10',
      'departed: none',
      'broken: none',
    ])
  })

  some('follows what Juju says, whatever hooks were missed', async () => {
    const unit = await joined({}, { 'mysql/0': {} })
    expect(await endpointFlags(unit)).toEqual(['endpoint.db.joined'])
    unit.state.relations = []
    await good(unit, 'update-status')
    expect(await endpointFlags(unit)).toEqual([])
    unit.joinRelation('db', { remoteApp: 'mysql', remoteUnits: { 'mysql/1': { host: 'a' } } })
    await good(unit, 'update-status')
    expect(await endpointFlags(unit)).toEqual([
      'endpoint.db.changed',
      'endpoint.db.changed.host',
      'endpoint.db.joined',
    ])
  })
})

describe('departed', () => {
  some(
    'is set in the hook of the unit that leaves, and cleared when a unit is joined in a later hook',
    async () => {
      const unit = await joined({}, { 'mysql/0': {}, 'mysql/1': {} })
      await good(unit, 'db-relation-departed', { remoteUnit: 'mysql/0' })
      expect(await endpointFlags(unit)).toEqual(['endpoint.db.departed', 'endpoint.db.joined'])
      await good(unit, 'update-status')
      expect(await endpointFlags(unit)).toEqual(['endpoint.db.joined'])
    },
  )

  some('lasts when no unit is left, also beyond the relation, until a unit joins', async () => {
    const unit = await joined({}, { 'mysql/0': { host: 'a' } })
    await good(unit, 'db-relation-departed', { remoteUnit: 'mysql/0' })
    await good(unit, 'db-relation-broken')
    await good(unit, 'update-status')
    expect(await endpointFlags(unit)).toEqual(['endpoint.db.departed'])
    expect(await inJuju(unit, 'endpoint_departed', 'db')).toBe('mysql/0\n')
    expect(await inJuju(unit, 'endpoint_get', 'db', 'host', '--from', 'mysql/0')).toBe('a\n')
    unit.joinRelation('db', { remoteApp: 'mysql' })
    await good(unit, 'db-relation-joined', { remoteUnit: 'mysql/7' })
    expect(await endpointFlags(unit)).toEqual(['endpoint.db.joined'])
    // The units that have left are the charm's to take out.
    expect(await inJuju(unit, 'endpoint_departed', 'db', '--clear')).toBe('mysql/0\n')
    expect(await inJuju(unit, 'endpoint_departed', 'db')).toBe('')
  })

  some('and its units are cleared by the charm, in bash', async () => {
    const unit = await joined(
      {
        'reactive/app.sh': bash(`
@when 'endpoint.db.departed'
function forget_members() {
  for unit in $(endpoint_departed db --clear); do
    echo "$unit had $(endpoint_get db host --from "$unit")"
  done
  clear_flag 'endpoint.db.departed'
}`),
      },
      { 'mysql/0': { host: 'a' }, 'mysql/1': { host: 'b' } },
    )
    // What a unit had can be asked for after it was taken out.
    const result = await unit.run({ name: 'db-relation-departed', remoteUnit: 'mysql/0' })
    expect(result).toMatchObject({ exitStatus: 0, stdout: 'mysql/0 had a\n', stderr: '' })
    expect(await endpointFlags(unit)).not.toContain('endpoint.db.departed')
    expect(await inJuju(unit, 'endpoint_departed', 'db')).toBe('')
  })

  some('and its units are cleared by the charm, in JavaScript', async () => {
    const unit = await joined(
      {
        'reactive/app.mjs': `
import { clearFlag, endpointFromName, when } from 'charms.reactive'
when('endpoint.db.departed', function forgetMembers(db) {
  for (const [name, unit] of db.allDepartedUnits.items()) {
    console.log(name, unit.received.hosts, unit.relation.relationId, db.allJoinedUnits.names())
  }
  if (db.allDepartedUnits.length < 2) return
  db.allDepartedUnits.remove('mysql/0')
  db.allDepartedUnits.clear()
  clearFlag(db.expandName('departed'))
})`,
      },
      { 'mysql/0': { hosts: '["a"]' }, 'mysql/1': { hosts: '["b"]' }, 'mysql/2': {} },
    )
    const first = await good(unit, 'db-relation-departed', { remoteUnit: 'mysql/0' })
    expect(first.stdout).toBe("mysql/0 [ 'a' ] db:1 [ 'mysql/1', 'mysql/2' ]\n")
    const second = await good(unit, 'db-relation-departed', { remoteUnit: 'mysql/1' })
    expect(second.stdout).toBe("mysql/0 [ 'a' ] db:1 [ 'mysql/2' ]\nmysql/1 [ 'b' ] db:1 [ 'mysql/2' ]\n")
    expect(await endpointFlags(unit)).not.toContain('endpoint.db.departed')
    expect(await inJuju(unit, 'endpoint_departed', 'db')).toBe('')
  })

  some('is not kept of a hook that fails', async () => {
    const unit = await joined(
      {
        'reactive/app.sh': bash(`@when 'endpoint.db.departed'\nfunction f() { [[ ! -e fail ]] || exit 4; }`),
      },
      { 'mysql/0': { host: 'a' } },
    )
    await unit.command(['touch', 'fail'])
    expect((await unit.run({ name: 'db-relation-departed', remoteUnit: 'mysql/0' })).exitStatus).toBe(4)
    expect(await inJuju(unit, 'endpoint_departed', 'db')).toBe('')
    await unit.command(['rm', 'fail'])
    await good(unit, 'db-relation-departed', { remoteUnit: 'mysql/0' })
    expect(await inJuju(unit, 'endpoint_departed', 'db')).toBe('mysql/0\n')
  })
})

describe('changed', () => {
  it('is set for data of the other side and its fields, and left to the charm to clear', async () => {
    const unit = await joined({}, { 'mysql/0': { host: 'a', 'user-name': 'x' } })
    const all = [
      'endpoint.db.changed',
      'endpoint.db.changed.host',
      'endpoint.db.changed.user-name',
      'endpoint.db.joined',
    ]
    expect(await endpointFlags(unit)).toEqual(all)
    await good(unit, 'update-status')
    expect(await endpointFlags(unit)).toEqual(all)
    for (const flag of all.slice(0, 3)) await ask(unit, 'clear_flag', flag)
    await good(unit, 'db-relation-changed', { remoteUnit: 'mysql/0' })
    expect(await endpointFlags(unit)).toEqual(['endpoint.db.joined'])
    const [relation] = unit.state.relations
    Object.assign(relation?.remoteUnits['mysql/0'] ?? {}, { host: 'b' })
    await good(unit, 'update-status')
    expect(await endpointFlags(unit)).toEqual(['endpoint.db.joined'])
    await good(unit, 'db-relation-changed', { remoteUnit: 'mysql/0' })
    expect(await endpointFlags(unit)).toEqual([
      'endpoint.db.changed',
      'endpoint.db.changed.host',
      'endpoint.db.joined',
    ])
  })

  some('is set for data that a leaving unit had', async () => {
    const unit = await joined({}, { 'mysql/0': { host: 'a', master: '1' }, 'mysql/1': { host: 'b' } })
    for (const flag of await endpointFlags(unit)) await ask(unit, 'clear_flag', flag)
    await good(unit, 'db-relation-departed', { remoteUnit: 'mysql/0' })
    expect(await endpointFlags(unit)).toEqual([
      'endpoint.db.changed',
      'endpoint.db.changed.host',
      'endpoint.db.changed.master',
      'endpoint.db.departed',
      'endpoint.db.joined',
    ])
  })

  some('is set for data of the remote application', async () => {
    const unit = await joined({}, { 'mysql/0': {} })
    Object.assign(unit.state.relations[0]?.remoteAppData ?? {}, { version: '8' })
    await good(unit, 'db-relation-changed', { remoteUnit: '' })
    expect(await endpointFlags(unit)).toEqual([
      'endpoint.db.changed',
      'endpoint.db.changed.version',
      'endpoint.db.joined',
    ])
  })

  some('goes with the last relation, also when its hooks were missed', async () => {
    for (const end of ['db-relation-broken', 'update-status']) {
      const unit = await joined({}, { 'mysql/0': { host: 'a' } })
      expect(await endpointFlags(unit)).toContain('endpoint.db.changed.host')
      if (end === 'update-status') unit.state.relations = []
      else await good(unit, 'db-relation-departed', { remoteUnit: 'mysql/0' })
      await good(unit, end)
      const left = end === 'update-status' ? [] : ['endpoint.db.departed']
      expect(await endpointFlags(unit)).toEqual(left)
    }
  })

  some('stays while another relation of the endpoint is there', async () => {
    const unit = await joined({}, { 'mysql/0': { host: 'a' } })
    unit.joinRelation('db', { remoteApp: 'maria' })
    await good(unit, 'db-relation-created', { relation: 'db:2' })
    await good(unit, 'db-relation-departed', { relation: 'db:1', remoteUnit: 'mysql/0' })
    await good(unit, 'db-relation-broken', { relation: 'db:1' })
    expect(await endpointFlags(unit)).toEqual([
      'endpoint.db.changed',
      'endpoint.db.changed.host',
      'endpoint.db.departed',
    ])
  })

  some(
    "is seen for another relation's application, too, where nothing of that relation was read before",
    async () => {
      const unit = await joined({}, { 'mysql/0': {} })
      // Hooks of the second relation were missed.
      unit.joinRelation('db', {
        remoteApp: 'maria',
        remoteUnits: { 'maria/0': { host: 'b' } },
        remoteAppData: { version: '10' },
      })
      await good(unit, 'db-relation-changed', { relation: 'db:1', remoteUnit: 'mysql/0' })
      expect(await endpointFlags(unit)).toEqual([
        'endpoint.db.changed',
        'endpoint.db.changed.host',
        'endpoint.db.changed.version',
        'endpoint.db.joined',
      ])
    },
  )
})

describe('an endpoint that is gone', () => {
  const LAYER = bash(`
@when 'endpoint.{endpoint_name}.joined'
function has_units() { :; }
@when 'endpoint.{endpoint_name}.changed'
function has_data() { :; }
@when 'endpoint.{endpoint_name}.departed'
function lost_unit() { :; }`)
  const files = {
    'reactive/relations/mysql/requires.sh': LAYER,
    'reactive/app.sh': bash(
      `@when 'endpoint.db.joined'\nfunction uses_db() { :; }\n@when 'endpoint.db.changed'\nfunction reads_db() { :; }`,
    ),
  }
  const db = (name: string) => `reactive/relations/mysql/requires.sh:${name}:db`

  some('runs no handler for units and data that are no more', async () => {
    const unit = await joined(files, { 'mysql/0': { host: 'a' } })
    expect(ran(await good(unit, 'update-status'))).toEqual([
      'reactive/app.sh:uses_db',
      'reactive/app.sh:reads_db',
      db('has_units'),
      db('has_data'),
    ])
    const departed = await good(unit, 'db-relation-departed', { remoteUnit: 'mysql/0' })
    expect(ran(departed)).toEqual(['reactive/app.sh:reads_db', db('has_data'), db('lost_unit')])
    expect(ran(await good(unit, 'db-relation-broken'))).toEqual([db('lost_unit')])
  })

  some('runs none either when an upgrade takes it out of metadata.yaml', async () => {
    const unit = await joined(files, { 'mysql/0': { host: 'a' }, 'mysql/1': {} })
    await good(unit, 'db-relation-departed', { remoteUnit: 'mysql/1' })
    // Juju upgrades no charm away under a relation; its hooks may have been missed.
    unit.state.relations = []
    upgrade(unit, { 'metadata.yaml': 'name: app\n' })
    const result = await good(unit, 'upgrade-charm')
    expect([ran(result), await endpointFlags(unit), asked(result)]).toEqual([[], [], []])
  })

  some('leaves flags alone that only look alike', async () => {
    const unit = await joined({}, { 'mysql/0': {} })
    const own = [
      'endpoint.db.ready',
      'endpoint.db.joined.once',
      'endpoint.nodb',
      'db.changed',
      'endpoint.db.changes',
    ]
    for (const flag of own) await ask(unit, 'set_flag', flag)
    unit.state.relations = []
    upgrade(unit, { 'metadata.yaml': 'name: app\n' })
    await good(unit, 'upgrade-charm')
    expect(flags(unit)).toEqual(own.toSorted())
  })
})

describe('a relation without units', () => {
  const SHOW = `
import { endpointFromName, hook } from 'charms.reactive'
hook('{db,cluster}-relation-created', function show() {
  for (const name of ['cluster', 'db']) for (const relation of endpointFromName(name).relations) {
    relation.toPublishApp.leader = name
    console.log(relation.relationId, relation.applicationName, relation.joinedUnits.names(), { ...relation.receivedApp })
  }
})`

  some('has an application: this one in a peer relation of a single unit', async () => {
    const unit = await start({ 'reactive/app.mjs': SHOW }, { leader: true })
    unit.joinRelation('cluster')
    const result = await good(unit, 'cluster-relation-created')
    // The leader reads what the application has published itself.
    expect(result.stdout).toBe('cluster:1 app [] {}\n')
    expect(unit.state.relations[0]?.localApp).toEqual({ leader: '"cluster"' })
    expect(await endpointFlags(unit)).toEqual([])
    // What the leader has published itself is no news.
    await good(unit, 'cluster-relation-changed', { remoteUnit: '' })
    expect(await endpointFlags(unit)).toEqual([])
  })

  some('has that of the other side elsewhere, and its data', async () => {
    const unit = await start({ 'reactive/app.mjs': SHOW }, { leader: true })
    unit.joinRelation('db', { remoteApp: 'mysql', remoteAppData: { version: '8.0', hosts: '[]' } })
    const result = await good(unit, 'db-relation-created')
    expect(result.stdout).toBe('db:1 mysql [] { hosts: [], version: 8 }\n')
    expect(unit.state.relations[0]?.localApp).toEqual({ leader: '"db"' })
    expect(await endpointFlags(unit)).toEqual([
      'endpoint.db.changed',
      'endpoint.db.changed.hosts',
      'endpoint.db.changed.version',
    ])
  })
})

some('braces in flag names are nothing special', async () => {
  const odd = ['a {b} {endpoint_name}', '{0}', '%s', '{}', '{{x}}', '$(id)']
  const unit = await start({
    'reactive/app.sh': bash(`
@when_not ${odd.map((flag) => `'${flag}'`).join(' ')}
function sets() { for flag in ${odd.map((flag) => `'${flag}'`).join(' ')}; do set_flag "$flag"; done; }
@when ${odd.map((flag) => `'${flag}'`).join(' ')}
function sees() { echo all; }`),
    'reactive/relations/redis/requires.mjs': `
import { Endpoint, setFlag, when } from 'charms.reactive'
export class Redis extends Endpoint {
  expand() {
    for (const flag of ['a {b} {endpoint_name}', '%s', '{0}']) setFlag(this.expandName(flag))
  }
  static { when('{0} {endpoint_name} %s', this.prototype.expand) }
}`,
  })
  await ask(unit, 'set_flag', '{0} cache %s')
  expect((await good(unit, 'install')).stdout).toBe('all\n')
  expect(flags(unit)).toEqual(
    [...odd, '{0} cache %s', 'a {b} cache', 'endpoint.cache.%s', 'endpoint.cache.{0}'].toSorted(),
  )
})

describe('an endpoint class', () => {
  some('registers its triggers before flags change, and manages its own after', async () => {
    const unit = await start({
      'reactive/relations/mysql/requires.mjs': `
import { Endpoint, isFlagSet, registerTrigger, setFlag, toggleFlag } from 'charms.reactive'
const flags = (endpoint) => ['joined', 'changed', 'departed'].filter((name) => isFlagSet(endpoint.expandName(name)))
export class Mysql extends Endpoint {
  async registerTriggers() {
    await new Promise(setImmediate)
    registerTrigger({ when: this.expandName('joined'), setFlag: 'triggered.joined' })
    registerTrigger({ whenNot: this.expandName('changed'), setFlag: 'triggered.unchanged' })
    console.log('triggers', ...flags(this), this.isJoined)
  }
  async manageFlags() {
    await new Promise(setImmediate)
    toggleFlag(this.expandName('{endpoint_name}.ready'), this.allJoinedUnits.received.host !== null)
    console.log('flags', ...flags(this), isFlagSet('triggered.joined'))
  }
}`,
    })
    unit.joinRelation('db', { remoteApp: 'mysql' })
    expect((await good(unit, 'install')).stdout).toBe('triggers false\nflags false\n')
    const first = await good(unit, 'db-relation-joined', { remoteUnit: 'mysql/0' })
    expect(first.stdout).toBe('triggers true\nflags joined true\n')
    Object.assign(unit.state.relations[0]?.remoteUnits['mysql/0'] ?? {}, { host: 'a' })
    const changed = await good(unit, 'db-relation-changed', { remoteUnit: 'mysql/0' })
    expect(changed.stdout).toBe('triggers joined true\nflags joined changed true\n')
    expect(flags(unit)).toEqual([
      'db.ready',
      'endpoint.db.changed',
      'endpoint.db.changed.host',
      'endpoint.db.joined',
      'triggered.joined',
    ])
    // Its triggers see what goes with the last relation, too.
    unit.state.relations = []
    await good(unit, 'update-status')
    expect(flags(unit)).toEqual(['triggered.joined', 'triggered.unchanged'])
  })

  it.each<[string, string, string]>(
    sampled(
      [
        [
          'registerTriggers',
          "registerTriggers() { throw new TypeError('no\\nway') }",
          'registerTriggers of the endpoint db failed: no\\nway',
        ],
        [
          'manageFlags',
          "async manageFlags() { throw new Error('later') }",
          'manageFlags of the endpoint db failed: later',
        ],
        [
          'its constructor',
          "constructor(...args) { super(...args); throw new Error('new') }",
          'the endpoint db cannot be created: new',
        ],
      ],
      1,
    ),
  )('whose %s fails, fails the hook in one line', async (_, member, message) => {
    const unit = await start({
      'reactive/relations/mysql/requires.mjs': `import { Endpoint } from 'charms.reactive'\nexport class Mysql extends Endpoint { ${member} }\n`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 3, stderr: '' })
    expect(remarks(result)).toEqual([`ERROR ${message}`])
  })

  some('whose file exports two is an error', async () => {
    const unit = await start({
      'reactive/relations/mysql/requires.mjs': `import { Endpoint } from 'charms.reactive'
export class One extends Endpoint {}
export class Two extends Endpoint {}
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).toBe(3)
    expect(remarks(result)).toEqual([
      'ERROR the file cannot be imported: reactive/relations/mysql/requires.mjs: ' +
        'a file may export only one endpoint class: One, Two',
    ])
  })
})

some('flags of endpoints are there in actions', async () => {
  const unit = await joined(
    {
      'actions.yaml': 'show: {description: x}\n',
      'reactive/app.sh': bash(`
@action show
@when 'endpoint.db.joined'
function show() { echo "$(endpoint_units db) $(endpoint_get db host)"; endpoint_set db seen=yes; }`),
    },
    { 'mysql/0': { host: 'a' } },
  )
  const result = await unit.run({ name: 'show', action: { name: 'show' } })
  expect(result).toMatchObject({ exitStatus: 0, stdout: 'mysql/0 a\n', stderr: '' })
  expect(unit.state.relations[0]?.localUnit).toMatchObject({ seen: 'yes' })
  expect(asked(result)).toEqual([
    'relation-get db:1 app/0',
    'relation-get db:1 mysql/0',
    'relation-ids cache',
    'relation-ids cluster',
    'relation-ids db',
    'relation-list db:1',
    'relation-set db:1 --file',
  ])
})

describe('an old Juju', () => {
  some('has no application data, and lists the unit that leaves', async () => {
    const hooks = ['db-relation-joined', 'db-relation-departed', 'update-status']
    const stub = '#!/bin/sh\n[ ! -e exec ] || . ./exec\nexec charms.reactive main "${0##*/}"\n'
    const files = {
      'metadata.yaml': METADATA,
      ...Object.fromEntries(hooks.map((name) => [`hooks/${name}`, stub])),
      'reactive/app.mjs': `
import { endpointFromName, hook } from 'charms.reactive'
hook('db-relation-{joined,departed}', function show() {
  const [relation] = endpointFromName('db').relations
  console.log(relation?.applicationName, relation?.joinedUnits.names(), { ...relation?.receivedApp })
})`,
      'old/relation-list': '#!/bin/sh\necho \'["mysql/0"]\'\n',
    }
    const unit = await startUnit(files, { state: { jujuVersion: '2.0.0' } })
    unit.joinRelation('db', { remoteApp: 'mysql' })
    const first = await good(unit, 'db-relation-joined', { remoteUnit: 'mysql/0' })
    expect(first.stdout).toBe("mysql [ 'mysql/0' ] {}\n")
    expect(asked(first).filter((call) => call.includes('--app'))).toEqual([])
    const env = { PATH: await pathWith(unit, 'old') }
    const departed = await good(unit, 'db-relation-departed', { remoteUnit: 'mysql/0', env })
    expect(departed.stdout).toBe('undefined undefined {}\n')
    expect(await endpointFlags(unit)).toEqual(['endpoint.db.departed'])
    expect(await inJuju(unit, 'endpoint_departed', 'db')).toBe('mysql/0\n')
  })
})

describe('a relation tool that fails', () => {
  it.each(
    sampled(
      [
        ['relation-ids', /^relation-ids --format=json (db|cache|cluster) failed with status 1: ERROR no$/],
        ['relation-list', /^relation-list -r db:1 --format=json failed with status 1: ERROR no$/],
        ['relation-get', /^relation-get -r db:1 --app --format=json - mysql failed with status 1: ERROR no$/],
      ] as const,
      1,
    ),
  )('%s, fails the hook in one line, and nothing is kept', async (tool, message) => {
    const unit = await start({
      [`broken/${tool}`]: '#!/bin/sh\necho "ERROR no" >&2\nexit 1\n',
      'reactive/app.sh': bash(`@when_not never\nfunction f() { set_flag seen; }`),
    })
    unit.joinRelation('db', { remoteApp: 'mysql' })
    const env = { PATH: await pathWith(unit, 'broken') }
    const result = await unit.run({ name: 'db-relation-created', env })
    const [error = '', ...more] = remarks(result).map((line) => line.replace('ERROR ', ''))
    expect(error).toMatch(message)
    expect([more, result.exitStatus, result.stderr]).toEqual([[], 3, ''])
    expect([ran(result), flags(unit)]).toEqual([[], []])
    // The retry makes good for it.
    expect(ran(await good(unit, 'db-relation-created'))).toEqual(['reactive/app.sh:f'])
  })

  some('for the data of a unit that leaves, is only a warning', async () => {
    const lost = `#!/bin/sh
case "$*" in *mysql/0*) echo 'ERROR gone' >&2; exit 1 ;; esac
PATH=\${PATH#*:} exec relation-get "$@"
`
    const unit = await joined({ 'broken/relation-get': lost }, { 'mysql/0': { host: 'a' } })
    const env = { PATH: await pathWith(unit, 'broken') }
    const result = await good(unit, 'db-relation-departed', { remoteUnit: 'mysql/0', env })
    expect(remarks(result)).toEqual([
      'WARNING the data of mysql/0 on db:1 is lost: ' +
        'relation-get -r db:1 --format=json - mysql/0 failed with status 1: ERROR gone',
    ])
    expect(await endpointFlags(unit)).toEqual([
      'endpoint.db.changed',
      'endpoint.db.changed.host',
      'endpoint.db.departed',
    ])
  })
})

describe('what it costs', () => {
  it('is one question for each endpoint and relation, and for each databag in hooks of its own relation', async () => {
    const unit = await start({
      'reactive/app.sh': bash(`@when 'endpoint.db.joined'
function reads() { endpoint_get db host; endpoint_get db host --from mysql/0; endpoint_get db --app; endpoint_units db; }`),
    })
    unit.joinRelation('db', { remoteApp: 'mysql', remoteUnits: { 'mysql/0': { host: 'a' }, 'mysql/1': {} } })
    unit.joinRelation('cluster')
    const always = [
      'relation-ids cache',
      'relation-ids cluster',
      'relation-ids db',
      'relation-list cluster:2',
      'relation-list db:1',
    ]
    const data = ['relation-get db:1 --app mysql', 'relation-get db:1 mysql/0', 'relation-get db:1 mysql/1']
    const first = await good(unit, 'install')
    expect(asked(first)).toEqual(['relation-get cluster:2 --app app', ...data, ...always])
    await unit.command(['chmod', '-x', 'reactive/app.sh'])
    // A peer relation of a single unit is not read in each hook, though it is never joined.
    expect(asked(await good(unit, 'update-status'))).toEqual(always)
    expect(asked(await good(unit, 'db-relation-changed', { remoteUnit: 'mysql/0' }))).toEqual([
      ...data,
      ...always,
    ])
    expect(asked(await good(unit, 'cluster-relation-created'))).toEqual([
      'relation-get cluster:2 --app app',
      ...always,
    ])
    await unit.command(['chmod', '+x', 'reactive/app.sh'])
    expect(asked(await good(unit, 'update-status'))).toEqual([...data, ...always])
  })

  some('does not count applications of relations without units in every hook', async () => {
    const unit = await joined({}, { 'mysql/0': {} })
    unit.joinRelation('db', { remoteApp: 'maria', remoteAppData: { version: '1' } })
    await good(unit, 'db-relation-created', { relation: 'db:2' })
    const always = [
      'relation-ids cache',
      'relation-ids cluster',
      'relation-ids db',
      'relation-list db:1',
      'relation-list db:2',
    ]
    expect(asked(await good(unit, 'update-status'))).toEqual(always)
    expect(await endpointFlags(unit)).toContain('endpoint.db.changed.version')
  })
})

some('the trace tells which flags of endpoints changed', async () => {
  const unit = await joined({}, { 'mysql/0': {} })
  Object.assign(unit.state.relations[0]?.remoteUnits['mysql/0'] ?? {}, { host: 'a' })
  await good(unit, 'db-relation-changed', { remoteUnit: 'mysql/0' })
  const [trace] = await traces(unit)
  expect(trace?.event).toBe('db-relation-changed')
  expect(trace?.changes.filter(({ flag }) => flag.startsWith('endpoint.'))).toEqual([
    { flag: 'endpoint.db.changed', set: true },
    { flag: 'endpoint.db.changed.host', set: true },
  ])
})
