// What Juju 2.9, 3.6 and 4 have in place of each other; whole lives under each are in
// test/conformance/juju-versions.test.ts. A hook tool that the simulated Juju lacks fails the hook that calls
// it, in all tests.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { SimulatedEvent } from '../../src/simulator/events.ts'
import { takeLackingTools } from '../at-end.ts'
import { oneIn } from '../effort.ts'
import {
  ask,
  bash,
  type CharmFiles,
  errors,
  flags,
  lines,
  METADATA,
  ran,
  remarks,
  startUnit,
} from '../end-to-end/charm.ts'

/** Every run has some of these tests, the full set all. */
const some = oneIn(3)

const JUJU4 = { jujuVersion: '4.0.0' }
const PEERS = `${METADATA}peers:\n  cluster: {interface: app-cluster}\n  other: {interface: app-other}\n`

/** Shows what it sees of leadership, and shares a setting once. */
const SHARING = bash(`
@when 'leadership.is_leader'
@when_not 'leadership.set.token'
function shares() { leader_set token=s3cret "odd key=a b" x.y=; }
@when 'leadership.changed.token'
function sees() { echo "$JUJU_HOOK_NAME $(leader_get token)" >>seen; }`)

describe('a tool that the simulated Juju lacks', () => {
  const charm: CharmFiles = {
    'reactive/app.sh': bash('@hook install\nfunction calls() { secret-ids 2>error || echo "$?" >status; }'),
  }

  some('is noted, and fails the hook that calls it', async () => {
    const unit = await startUnit(charm, { state: { jujuVersion: '2.9.42' } })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({
      lackingTools: ['secret-ids'],
      refusal: 'Juju 2.9.42 has no such hook tool: secret-ids',
    })
    expect([lines(unit, 'error'), lines(unit, 'status')]).toEqual([
      ['secret-ids: command not found'],
      ['127'],
    ])
    // Else the end of every test would complain.
    expect(takeLackingTools()).toEqual(['secret-ids'])
  })

  it.each(['', 'edge'])('is known by the PATH where Juju calls its version "%s"', async (named) => {
    const files = {
      'metadata.yaml': PEERS,
      'reactive/app.sh': bash(
        '@hook install\nfunction sets() { leader_set token=a; leader-get token >got; }',
      ),
    }
    for (const jujuVersion of ['3.6.0', '4.0.0']) {
      const relations = [{ id: 'cluster:0', remoteUnits: { 'app/1': {} } }]
      const state = { jujuVersion, leader: true, relations }
      const unit = await startUnit(files, { state, lacking: 'absent' })
      const result = await unit.run({ name: 'install', env: { JUJU_VERSION: named } })
      expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
      expect([remarks(result), lines(unit, 'got')]).toEqual([[], ['a']])
      const isKept = Object.keys(unit.state.relations[0]?.localApp ?? {}).length > 0
      expect([isKept, unit.state.leaderSettings]).toEqual(
        jujuVersion === '3.6.0' ? [false, { token: 'a' }] : [true, {}],
      )
    }
  })

  some('is really not there where the test says so', async () => {
    const unit = await startUnit(charm, { state: { jujuVersion: '2.9.42' }, lacking: 'absent' })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, lackingTools: [] })
    expect(result.refusal).toBeUndefined()
    expect(lines(unit, 'status')).toEqual(['127'])
  })

  some('is named by a function of the engine', async () => {
    const unit = await startUnit(
      {
        'reactive/app.mjs': `import { hook, hookTools } from 'charms.reactive'
hook('install', function calls() { return hookTools.secretIds() })`,
      },
      { state: { jujuVersion: '2.9.42' }, lacking: 'absent' },
    )
    expect(errors(await unit.run({ name: 'install' })).join()).toContain(
      'secret-ids --format=json failed with status 127: Juju 2.9.42 has no such hook tool',
    )
  })
})

describe('leader settings under Juju 4', () => {
  const relations = [{ id: 'cluster:0', remoteUnits: { 'app/1': {} } }]

  some('are kept in the data of the first peer relation, which shows nothing of them', async () => {
    const unit = await startUnit(
      {
        'metadata.yaml': PEERS,
        'reactive/app.sh': `${SHARING.replace('reactive_handler_main', '')}
@hook update-status
function reads() { charms.reactive endpoint_get cluster --app >app; leader_get --format=json >all; charms.reactive state export >state; }
reactive_handler_main
`,
      },
      { state: { ...JUJU4, leader: true, relations: [{ id: 'other:1' }, ...relations] } },
    )
    const first = await unit.run({ name: 'install' })
    expect(first).toMatchObject({ exitStatus: 0, stderr: '', lackingTools: [] })
    expect(lines(unit, 'seen')).toEqual(['install s3cret'])
    expect(unit.state.relations.map(({ localApp }) => localApp)).toEqual([
      {},
      {
        'reactive-leadership': 'kept',
        'reactive-leadership.odd key': 'a b',
        'reactive-leadership.token': 's3cret',
      },
    ])
    expect(flags(unit)).toContain('leadership.set.token')
    const next = await unit.run({ name: 'update-status' })
    expect(next).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'app')).toEqual(['{}'])
    expect(JSON.parse(lines(unit, 'all').join())).toEqual({ 'odd key': 'a b', token: 's3cret' })
    expect(flags(unit).filter((flag) => flag.includes('changed'))).toEqual([])
    expect(lines(unit, 'state')).toContain('      reactive-leadership.token: s3cret')
    // An idle hook starts as many processes as under Juju 3: relation-get is in place of leader-get.
    const idle = await unit.run({ name: 'start' })
    expect(idle.hookToolCalls.filter(({ tool }) => /^relation-get|^leader-get/.test(tool))).toHaveLength(1)
  })

  some('are what leader-get and leader-set say when code of the charm calls them by name', async () => {
    const charm = {
      'metadata.yaml': PEERS,
      'reactive/app.sh': bash(`
@hook start
function calls() {
  leader-set a=1 'b=x y' -c=3 2>error || echo "$?" >>status
  leader-set a=1 'b=x y' c=
  leader-get --format=json >all; leader-get a >a; leader-get --format json - >>all; leader-get missing >>a
  get_flags | grep leadership >flags
}
@when leadership.changed.a
function changed() { echo "$JUJU_HOOK_NAME" >>seen; }`),
    }
    const outcomes = ['3.6.0', '4.0.0'].map(async (jujuVersion) => {
      const unit = await startUnit(charm, { state: { jujuVersion, leader: true, relations } })
      const results = [await unit.run({ name: 'start' }), await unit.run({ name: 'update-status' })]
      return {
        problems: results.flatMap(({ lackingTools, stderr }) => [...lackingTools, stderr]).join(''),
        files: ['error', 'status', 'all', 'a', 'flags', 'seen'].map((name) => lines(unit, name)),
        flags: flags(unit),
      }
    })
    const [three, four] = await Promise.all(outcomes)
    expect(four).toEqual(three)
    expect(four?.files.slice(2)).toEqual([
      ['{"a":"1","b":"x y"}', '{"a":"1","b":"x y"}'],
      ['1'],
      ['leadership.is_leader'],
      ['update-status'],
    ])
  })

  some('are not for a follower, and need a peer relation: one line each', async () => {
    const charm = bash(`
@hook start
function tries() {
  leader_set token=secret 2>error; echo "$?" >status
  leader-set token=secret 2>>error; echo "$?" >>status
  leader_get token >got; leader-get --format=json >>got
}`)
    const outcome = async (metadata: string, leader: boolean) => {
      const unit = await startUnit(
        { 'metadata.yaml': metadata, 'reactive/app.sh': charm },
        { state: { ...JUJU4, leader, relations: metadata === PEERS ? relations : [] } },
      )
      const { exitStatus, stderr } = await unit.run({ name: 'start' })
      return { exitStatus, stderr, status: lines(unit, 'status'), error: lines(unit, 'error') }
    }
    const rule = 'leader settings could not be written: token'
    const follower = 'this unit is not the leader'
    const homeless =
      'Juju 4 keeps no leader settings, and the charm has no peer relation to keep them in: declare one under peers in metadata.yaml'
    const expected = (reason: string) => ({
      exitStatus: 0,
      stderr: '',
      status: ['3', '1'],
      error: [`charms.reactive: leader_set: ${rule}: ${reason}`, `ERROR ${rule}: ${reason}`],
    })
    const [one, other] = await Promise.all([outcome(PEERS, false), outcome(METADATA, true)])
    expect(one).toEqual(expected(follower))
    expect(other).toEqual(expected(homeless))
  })

  some('wait for the peer relation, and are lost with a line where another unit leads by then', async () => {
    const files = { 'metadata.yaml': PEERS, 'reactive/app.sh': SHARING }
    const unit = await startUnit(files, { state: { ...JUJU4, leader: true } })
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'seen')).toEqual(['install s3cret'])
    const set = ['leadership.is_leader', 'leadership.set.odd key', 'leadership.set.token']
    expect(flags(unit)).toEqual(set)
    expect(ran(await unit.run({ name: 'config-changed' }))).toEqual([])
    unit.joinRelation('cluster')
    const created = await unit.run({ name: 'cluster-relation-created' })
    expect(created).toMatchObject({ exitStatus: 0, stderr: '' })
    expect([ran(created), flags(unit)]).toEqual([[], set])
    expect(unit.state.relations[0]?.localApp['reactive-leadership.token']).toBe('s3cret')
    expect((await unit.run({ name: 'update-status' })).hookToolCalls.map(({ tool }) => tool)).not.toContain(
      'relation-set',
    )

    const late = await startUnit(files, { state: { ...JUJU4, leader: true } })
    await late.run({ name: 'install' })
    Object.assign(late.state, { leader: false })
    late.joinRelation('cluster', {
      localApp: { 'reactive-leadership': 'kept', 'reactive-leadership.token': 'new' },
    })
    const joined = await late.run({ name: 'cluster-relation-created' })
    expect(remarks(joined)).toEqual([
      'WARNING leader settings are lost, another unit has led since the charm got a peer relation: token, odd key, x.y',
    ])
    expect(lines(late, 'seen')).toEqual(['install s3cret', 'cluster-relation-created new'])
    expect(remarks(await late.run({ name: 'update-status' }))).toEqual([])
  })

  some(
    'are not lost in silence where the unit ceases to lead, or Juju takes nothing, before the hook ends',
    async () => {
      const unit = await startUnit(
        {
          'metadata.yaml': PEERS,
          'reactive/app.sh': bash(`
@hook start config-changed
function sets() {
  leader_set "token=$JUJU_HOOK_NAME" other=1
  touch is-set; until [[ -e go ]]; do sleep 0.02; done; rm is-set go
}`),
        },
        { state: { ...JUJU4, leader: true, relations } },
      )
      const file = (name: string) => path.join(unit.charmDir, name)
      /** Change something while the handler waits behind leader_set. */
      const during = async (event: SimulatedEvent, change: () => void) => {
        const ended = unit.run(event)
        await vi.waitUntil(() => fs.existsSync(file('is-set')), { timeout: 20_000, interval: 20 })
        change()
        fs.writeFileSync(file('go'), '')
        return ended
      }
      const shared = () => unit.state.relations[0]?.localApp
      const settingFlags = () => flags(unit).filter((flag) => flag.startsWith('leadership.set.'))

      // The engine has written its own state when Juju says no.
      const refused = await during({ name: 'start' }, () => {
        unit.state.leader = false
      })
      expect([refused.exitStatus, refused.refusal]).toEqual([
        0,
        'cannot write the data of the application: app/0 is not the leader',
      ])
      expect(settingFlags()).toEqual(['leadership.set.other', 'leadership.set.token'])
      const follower = await unit.run({ name: 'update-status' })
      expect(remarks(follower)).toEqual([
        'WARNING leader settings are lost, Juju did not accept them, and another unit leads: token, other',
      ])
      expect([settingFlags(), shared()]).toEqual([[], {}])
      expect(remarks(await unit.run({ name: 'update-status' }))).toEqual([])

      // One that still leads hands them over again.
      unit.state.leader = true
      const failed = await during({ name: 'start', failFlush: 'connection is shut down' }, () => {})
      expect([failed.refusal, shared()]).toEqual(['connection is shut down', {}])
      const again = await unit.run({ name: 'update-status' })
      expect([remarks(again), settingFlags()]).toEqual([[], ['leadership.set.other', 'leadership.set.token']])
      expect(shared()).toMatchObject({ 'reactive-leadership.token': 'start' })

      // What Juju took is not handed over again, whoever has changed it since.
      await during({ name: 'config-changed' }, () => {})
      expect(shared()).toMatchObject({ 'reactive-leadership.token': 'config-changed' })
      Object.assign(shared() ?? {}, { 'reactive-leadership.token': 'of another' })
      unit.state.leader = false
      const late = await unit.run({ name: 'update-status' })
      expect(remarks(late)).toEqual([])
      expect(late.hookToolCalls.map(({ tool }) => tool)).not.toContain('relation-set')
      expect(late.hookToolCalls.filter(({ tool }) => tool === 'state-get')).toHaveLength(1)
      const idle = await unit.run({ name: 'update-status' })
      expect(idle.hookToolCalls.map(({ tool }) => tool)).not.toContain('state-get')
    },
  )

  some('go on when a unit comes from Juju 3: no flag moves, no handler runs again', async () => {
    const unit = await startUnit(
      { 'metadata.yaml': PEERS, 'reactive/app.sh': SHARING },
      { state: { jujuVersion: '3.6.0', leader: true, relations } },
    )
    await unit.run({ name: 'install' })
    await unit.run({ name: 'update-status' })
    const before = flags(unit)
    const settings = unit.state.leaderSettings
    Object.assign(unit.state, { jujuVersion: '4.0.0', leaderSettings: {}, leader: false })
    // A follower goes by what it knows until the leader has handed the settings over.
    const follower = await unit.run({ name: 'upgrade-charm' })
    expect([ran(follower), remarks(follower)]).toEqual([[], []])
    expect(unit.state.relations[0]?.localApp).toEqual({})
    unit.state.leader = true
    const leader = await unit.run({ name: 'update-status' })
    expect([ran(leader), remarks(leader), flags(unit)]).toEqual([[], [], before])
    expect(unit.state.relations[0]?.localApp).toEqual({
      'reactive-leadership': 'kept',
      ...Object.fromEntries(
        Object.entries(settings).map(([key, text]) => [`reactive-leadership.${key}`, text]),
      ),
    })
    expect(await ask(unit, 'get_flags')).toContain('leadership.set.token')
    expect((await unit.run({ name: 'update-status' })).hookToolCalls.map(({ tool }) => tool)).not.toContain(
      'relation-set',
    )
  })
})

describe('private-address', () => {
  // A unit of a model of Juju 4 may be related to one of Juju 3, which hands on what it gets.
  it.each(['3.6.0', '4.0.0'])(
    'comes from ingress-address where Juju %s gives none, and what Juju gives wins',
    async (jujuVersion) => {
      const unit = await startUnit(
        {
          'metadata.yaml': 'name: app\nrequires:\n  db: {interface: sql}\n',
          'reactive/app.sh': bash(`
@when endpoint.db.joined
function reads() {
  for unit in sql/0 sql/1; do
    charms.reactive endpoint_get db private-address --from "$unit"
    relation_get -r db:1 private-address "$unit"
    relation-get --format=json -r db:1 private-address "$unit"
    relation-get --format json - "$unit" -r db:1
    relation-get -r db:1 - "$unit" | grep ^private-address
    relation-get -r db:1 --format=yaml - "$unit" | tail -n 1
  done >addresses
  relation-get -r db:1 private-address; relation-get --app - sql; relation-get nothing; relation-get -r db:9 - x/1
} >others 2>error
`),
          'reactive/app.mjs': `import { endpointFromName, when } from 'charms.reactive'
import fs from 'node:fs'
when('endpoint.db.joined', function collects() {
  const { joinedUnits } = endpointFromName('db').relations[0]
  fs.writeFileSync('javascript', joinedUnits.map(({ receivedRaw }) => receivedRaw['private-address']).join())
})`,
        },
        {
          state: {
            jujuVersion,
            relations: [
              {
                id: 'db:1',
                remoteAppData: { 'ingress-address': '10.9.9.9' },
                remoteUnits: {
                  'sql/0': { 'ingress-address': '10.0.0.1', text: 'a "private-address": b' },
                  'sql/1': { 'ingress-address': '10.0.0.2', 'private-address': 'db.example' },
                },
              },
            ],
          },
        },
      )
      const result = await unit.run({ name: 'db-relation-changed', remoteUnit: 'sql/0' })
      expect(result).toMatchObject({ exitStatus: 0, stderr: '', lackingTools: [] })
      const text = JSON.stringify('a "private-address": b')
      expect(lines(unit, 'addresses')).toEqual([
        '10.0.0.1',
        '10.0.0.1',
        '"10.0.0.1"',
        `{"ingress-address":"10.0.0.1","text":${text},"private-address":"10.0.0.1"}`,
        'private-address: 10.0.0.1',
        'private-address: 10.0.0.1',
        'db.example',
        'db.example',
        '"db.example"',
        '{"ingress-address":"10.0.0.2","private-address":"db.example"}',
        'private-address: db.example',
        'private-address: db.example',
      ])
      expect(lines(unit, 'others')).toEqual(['10.0.0.1', 'ingress-address: 10.9.9.9'])
      expect(lines(unit, 'error')).toEqual(['ERROR invalid value "db:9" for flag -r: relation not found'])
      expect((await unit.command(['cat', 'javascript'])).stdout).toBe('10.0.0.1,db.example')
      // Our own is a unit's as well, and nothing of it is published.
      const own = Object.keys(unit.state.relations[0]?.localUnit ?? {}).sort()
      const isOfJuju = jujuVersion < '4' ? ['private-address'] : []
      expect(own).toEqual(['egress-subnets', 'ingress-address', ...isOfJuju])
    },
  )

  some(
    'is there for interface layers of the old style under Juju 4, in JavaScript and in Python',
    async () => {
      const unit = await startUnit(
        {
          'metadata.yaml': 'name: app\nrequires:\n  db: {interface: sql}\n  web: {interface: http}\n',
          'reactive/relations/sql/requires.mjs': `import { hook, RelationBase, scopes } from 'charms.reactive'
export class Sql extends RelationBase {
  static scope = scopes.UNIT
  static autoAccessors = ['private-address']
  changed() { this.conversation().setState('{relation_name}.there') }
  addresses() { return this.conversations().map((one) => one.getRemote('private-address')) }
  static { hook('{requires:sql}-relation-changed', this.prototype.changed) }
}`,
          'hooks/relations/http/requires.py': `from charms.reactive import RelationBase, hook, scopes
class HttpRequires(RelationBase):
    scope = scopes.UNIT
    auto_accessors = ['private-address']
    @hook('{requires:http}-relation-changed')
    def changed(self):
        self.conversation().set_state('{relation_name}.there')
    def addresses(self):
        return [one.get_remote('private-address') for one in self.conversations()] + [self.private_address()]
`,
          'reactive/app.sh': bash(`
@when_any db.there web.there
function reads() {
  for name in db web; do relation_call --relation_name "$name" addresses >"$name"; done
  relation_call --relation_name "$JUJU_RELATION" private_address >>own
}`),
        },
        {
          state: {
            ...JUJU4,
            relations: [
              { id: 'db:1', remoteUnits: { 'sql/0': { 'ingress-address': '10.0.0.1' } } },
              { id: 'web:2', remoteUnits: { 'web/0': { 'ingress-address': '10.0.0.2' } } },
            ],
          },
        },
      )
      await unit.run({ name: 'db-relation-changed', remoteUnit: 'sql/0' })
      const result = await unit.run({ name: 'web-relation-changed', remoteUnit: 'web/0' })
      expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
      expect([lines(unit, 'db'), lines(unit, 'web'), lines(unit, 'own')]).toEqual([
        ['10.0.0.1'],
        ['10.0.0.2', '10.0.0.2'],
        ['10.0.0.1', '10.0.0.2'],
      ])
    },
  )
})

describe('what is new in a hook', () => {
  some('is a trace that stands in its record, and in the line about its failure', async () => {
    const unit = await startUnit(
      { 'reactive/app.sh': bash('@hook install\nfunction fails() { exit 4; }') },
      { state: { ...JUJU4, traceId: 'c0ffee' } },
    )
    const result = await unit.run({ name: 'install' })
    expect(errors(result).join()).toMatch(/^handler reactive\/app\.sh:fails failed .* \(trace c0ffee\)$/)
    expect(await ask(unit, 'trace')).toMatch(/ app\/0 install: status 4, \d.* ms, trace c0ffee\n/)
    unit.state.traceId = ''
    await unit.command(['rm', 'reactive/app.sh'])
    await unit.run({ name: 'start' })
    expect(await ask(unit, 'trace', '--format', 'json')).not.toContain('traceId')
  })

  some(
    'is a secret that has changed, is to be rotated or has expired: a flag until the charm clears it',
    async () => {
      const unit = await startUnit(
        {
          'reactive/app.sh': bash(`
@when secret.changed.password
function changed() { echo "$JUJU_HOOK_NAME" >>ran; [[ -e keep ]] || clear_flag secret.changed.password; }`),
          keep: '',
        },
        {
          state: {
            jujuVersion: '3.6.0',
            leader: true,
            secrets: [
              { label: 'own key', owner: 'application', content: { a: 'b' }, rotate: 'daily' },
              { label: 'password', owner: 'mysql', content: { a: 'b' } },
              { id: '00000000000000000010', owner: 'mysql', content: { a: 'b' } },
            ],
          },
          check: false,
        },
      )
      await unit.run({ name: 'secret-changed', secret: 'password' })
      await unit.run({ name: 'secret-changed', secret: '00000000000000000010' })
      await unit.run({ name: 'secret-rotate', secret: 'own key' })
      await unit.run({ name: 'secret-expired', secret: 'own key' })
      expect(flags(unit).filter((flag) => flag.startsWith('secret.'))).toEqual([
        'secret.changed.00000000000000000010',
        'secret.changed.password',
        'secret.expired.own key',
        'secret.rotate.own key',
      ])
      fs.rmSync(path.join(unit.charmDir, 'keep'))
      await unit.run({ name: 'update-status' })
      expect(flags(unit)).not.toContain('secret.changed.password')
      expect(lines(unit, 'ran').at(-1)).toBe('update-status')
    },
  )
})

describe('a status that handlers propose', () => {
  const HANDLERS = `
@when_not never
function waits() { status_candidate waiting 'for the database'; }
@when_not never
function misses() { status_candidate blocked 'no password'; status_candidate blocked 'no user'; }
@when_not never
function works() { status_candidate active; }`

  some('is set at the end: the worst of the hook, the first of equal ones', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(HANDLERS),
      'reactive/more.mjs': `import { hook, statusCandidate } from 'charms.reactive'
hook('start', async function broken() { await statusCandidate('error', 'no disk') })`,
      'reactive/other.py': `from charms.reactive import hook, status_candidate
@hook('start')
def worst():
    status_candidate('error', 'no disk')
    status_candidate('error', 'no memory')
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(result.statusHistory).toEqual([{ scope: 'unit', status: 'blocked', message: 'no password' }])
    // Juju lets no charm set `error`.
    expect((await unit.run({ name: 'start' })).statusHistory).toEqual([
      { scope: 'unit', status: 'blocked', message: 'no disk' },
    ])
    await unit.command(['charms.reactive', 'status_candidate', 'worst'])
    const { exitStatus, stderr } = await unit.command(['charms.reactive', 'status_candidate', 'worst'])
    expect([exitStatus, stderr]).toEqual([
      2,
      'charms.reactive: status_candidate: a status is error, blocked, maintenance, waiting, active: worst\n',
    ])
  })

  some('gives way to one that is set plainly after it, and is lost with a hook that fails', async () => {
    const unit = await startUnit({
      'reactive/app.sh': bash(`${HANDLERS}
@when_not never
function z_sets() { status_set maintenance busy; [[ ! -e fail ]] || exit 1; }
@when late
function after() { status_candidate waiting 'for more'; clear_flag late; }`),
    })
    const result = await unit.run({ name: 'install' })
    expect(result.statusHistory.map(({ status }) => status)).toEqual(['maintenance'])
    unit.state.flags.push('late')
    const late = await unit.run({ name: 'start' })
    expect(late.statusHistory.map(({ status }) => status)).toEqual(['maintenance', 'waiting'])
    await unit.command(['touch', 'fail'])
    unit.state.flags.push('late')
    const failed = await unit.run({ name: 'start' })
    expect(failed.exitStatus).toBe(1)
    expect(failed.statusHistory.map(({ status }) => status)).toEqual(['maintenance'])
  })
})
