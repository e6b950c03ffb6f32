// What units tell each other: what is published, when and how often; and what others may send that is no good.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EventResult } from '../../../src/simulator/events.ts'
import type { Relation } from '../../../src/simulator/juju-state.ts'
import type { GivenRelation, GivenState } from '../../../src/simulator/new-juju-state.ts'
import type { SimulatedUnit } from '../../../src/simulator/unit.ts'
import { byCodePoint } from '../../../src/unit/records.ts'
import { effort, oneIn } from '../../effort.ts'
import { ask, bash, type CharmFiles, flags, remarks, startUnit } from '../../end-to-end/charm.ts'

const some = oneIn(3)

const METADATA = `name: app
requires: {db: {interface: mysql}}
peers: {cluster: {interface: app}}
`

interface Given extends GivenState {
  relations: GivenRelation[]
}

const ONE: GivenRelation = { id: 'db:1', remoteApp: 'mysql', remoteUnits: { 'mysql/0': {} } }

function start(
  files: CharmFiles,
  { relations, ...state }: Given = { relations: [ONE] },
): Promise<SimulatedUnit> {
  return startUnit({ 'metadata.yaml': METADATA, ...files }, { state: { relations, ...state } })
}

/** A charm whose hook `install` runs this in JavaScript, with `relation` for the first relation of `db`. */
function javascript(body: string): CharmFiles {
  return {
    'reactive/app.mjs': `
import { endpointFromName, hook, hookTools, isFlagSet, setFlag } from 'charms.reactive'
hook('install', async function publishes() {
  const db = endpointFromName('db')
  const relation = db.relations[0]
  ${body}
})`,
  }
}

/** Data of this side, without what Juju itself puts there. */
function published(unit: SimulatedUnit, bag: 'localUnit' | 'localApp' = 'localUnit', index = 0) {
  const {
    'egress-subnets': _,
    'ingress-address': __,
    'private-address': ___,
    ...data
  } = relationOf(unit, index)[bag]
  return data
}

function relationOf(unit: SimulatedUnit, index = 0): Relation {
  const relation = unit.state.relations[index]
  if (relation === undefined) throw new Error('the unit has no such relation')
  return relation
}

function calls({ hookToolCalls }: EventResult, tool: string): string[] {
  return hookToolCalls.filter((call) => call.tool === tool).map(({ args }) => args.join(' '))
}

async function install(unit: SimulatedUnit): Promise<EventResult> {
  const result = await unit.run({ name: 'install' })
  expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
  return result
}

describe('what a unit publishes', () => {
  it('goes to Juju once, at the end of the hook, and only where it changed', async () => {
    const unit = await start(
      {
        ...javascript(`
  for (const { toPublish } of db.relations) toPublish.port = 80
  relation.toPublish.hosts = { b: [1, 'ä'], a: null }
  relation.toPublishRaw.name = 'text'
  console.log((await hookTools.relationGet('db:1', 'app/0')).port ?? 'not yet', relation.toPublish.port)`),
        'reactive/app.sh': bash(`@hook install
function also() { endpoint_set db --relation db:1 extra=' a b' port=80; endpoint_set db --relation=db:2 more=x; }`),
      },
      { relations: [ONE, { id: 'db:2', remoteApp: 'maria', localUnit: { port: '80' } }] },
    )
    const result = await install(unit)
    expect(result.stdout).toBe('not yet 80\n')
    expect(calls(result, 'relation-set').sort()).toEqual(['-r db:1 --file -', '-r db:2 --file -'])
    expect(result.hookToolCalls.at(-1)?.tool).toBe('relation-set')
    expect(published(unit)).toEqual({
      port: '80',
      // Byte for byte what json.dumps(value, sort_keys=True) writes.
      hosts: '{"a": null, "b": [1, "\\u00e4"]}',
      name: 'text',
      extra: ' a b',
    })
    expect(published(unit, 'localUnit', 1)).toEqual({ port: '80', more: 'x' })
    // The same again is no change. (One of the calls is the handler's own.)
    const again = await install(unit)
    expect(calls(again, 'relation-set')).toEqual([])
    expect(calls(again, 'relation-get').filter((call) => call.endsWith('app/0')).length).toBe(2 + 1)
  })

  some('is taken away with its key', async () => {
    const unit = await start(
      {
        ...javascript(`
  delete relation.toPublish.a
  relation.toPublish.b = undefined
  relation.toPublishRaw.c = ''
  relation.toPublishRaw.d = null
  relation.toPublish.e = null
  delete relation.toPublish.never`),
        'reactive/app.sh': bash(`@hook install\nfunction also() { endpoint_set db f=; }`),
      },
      { relations: [{ ...ONE, localUnit: { a: '1', b: '1', c: '1', d: '1', e: '1', f: '1', g: '1' } }] },
    )
    const result = await install(unit)
    expect([published(unit), calls(result, 'relation-set').length]).toEqual([{ e: 'null', g: '1' }, 1])
  })

  some('is not published by a hook that fails; the retry publishes it once', async () => {
    const unit = await start(
      {
        'reactive/app.sh': bash(`@hook install
function publishes() { endpoint_set db a=1; endpoint_set db --app b=2; [[ ! -e fail ]] || exit 4; }`),
        fail: '',
      },
      { relations: [ONE], leader: true },
    )
    const failed = await unit.run({ name: 'install' })
    expect([failed.exitStatus, calls(failed, 'relation-set'), published(unit)]).toEqual([4, [], {}])
    await unit.command(['rm', 'fail'])
    const retry = await install(unit)
    expect(calls(retry, 'relation-set').sort()).toEqual(['-r db:1 --app --file -', '-r db:1 --file -'])
    expect([published(unit), published(unit, 'localApp')]).toEqual([{ a: '1' }, { b: '2' }])
    expect(calls(await install(unit), 'relation-set')).toEqual([])
  })

  some('of any size and with any characters arrives as it is', async () => {
    const texts = ['x'.repeat(1_000_000), '\u0007\u0085\u2028\ufeff', '- "a": [b]', 'true', '0x1F', ' ', '\n']
    const unit = await start(
      javascript(
        `for (const [i, text] of ${JSON.stringify(texts)}.entries()) relation.toPublishRaw['key ' + i] = text`,
      ),
    )
    await install(unit)
    expect(Object.values(published(unit))).toEqual(texts)
  })

  some("may come from the charm's own script, before and after handlers, and without any", async () => {
    const script = '#!/bin/sh\nendpoint_set db before=1\ncharms.reactive main\nendpoint_set db after=3\n'
    const unit = await start({
      'hooks/install': script,
      'hooks/stop': '#!/bin/sh\nendpoint_set db stopped=5\n',
      dispatch: '#!/bin/sh\nexec charms.reactive main\n',
      'actions.yaml': 'show: {description: x}\n',
      'actions/show': '#!/bin/sh\nendpoint_set db shown="$(endpoint_units db)"\n',
      'reactive/app.sh': bash(`@hook install
function handles() { endpoint_set db handler=2; }
@hook stop
function stops() { endpoint_set db handler=4; }`),
    })
    await install(unit)
    expect(published(unit)).toEqual({ before: '1', handler: '2', after: '3' })
    expect(await unit.run({ name: 'stop' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(published(unit)).toEqual({ before: '1', handler: '4', after: '3', stopped: '5' })
    expect(await unit.run({ name: 'show', action: { name: 'show' } })).toMatchObject({
      exitStatus: 0,
      stderr: '',
    })
    expect(published(unit)).toMatchObject({ shown: 'mysql/0' })
  })

  some('as its application is the leader’s: on another unit the handler fails in one line', async () => {
    for (const body of ['relation.toPublishApp.a = 1', 'delete relation.toPublishApp.a']) {
      const unit = await start(javascript(body))
      const result = await unit.run({ name: 'install' })
      const message =
        'handler reactive/app.mjs:publishes failed with status 1 at reactive/app.mjs:6: ' +
        "only the leader publishes its application's data: a"
      expect(result).toMatchObject({ exitStatus: 1, stderr: '' })
      expect(remarks(result)).toEqual([`ERROR ${message}`])
    }
    const unit = await start({
      'reactive/app.sh': bash(`set -e\n@hook install\nfunction f() { endpoint_set db --app a=1; }`),
    })
    const result = await unit.run({ name: 'install' })
    expect(result.exitStatus).not.toBe(0)
    expect(remarks(result).length).toBe(1)
    expect(result.stderr).toContain("only the leader publishes its application's data: ")
    expect(calls(result, 'relation-set')).toEqual([])
  })

  some('cannot be data of the other side', async () => {
    const unit = await start(javascript('relation.joinedUnits[0].received.a = 1'))
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 1, stderr: '' })
    expect(remarks(result)).toEqual([
      'ERROR handler reactive/app.mjs:publishes failed with status 1 at reactive/app.mjs:6: ' +
        'only the other side can change its data: a',
    ])
  })
})

describe('in bash', () => {
  const STATE: Given = {
    leader: true,
    relations: [
      {
        id: 'db:10',
        remoteApp: 'maria',
        remoteUnits: { 'maria/0': { host: 'ten', only: '10' } },
        remoteAppData: { version: '10.0' },
      },
      {
        id: 'db:2',
        remoteApp: 'mysql',
        remoteUnits: {
          'mysql/10': { host: 'b' },
          'mysql/9': { host: 'a', port: '1.10', list: '["x", 1]', text: '"q"' },
        },
        remoteAppData: { version: '8.0', deep: '{"b": 1, "a": [2]}' },
      },
    ],
  }
  /** What each line prints, and its status when that is not 0. */
  const LINES: [string, string][] = [
    ['endpoint_relations db', 'db:2\ndb:10\n'],
    ['endpoint_units db', 'mysql/9\nmysql/10\nmaria/0\n'],
    ['endpoint_units db --relation db:10', 'maria/0\n'],
    ['endpoint_units cluster', ''],
    ['endpoint_get db host', 'a\n'],
    ['endpoint_get db host --from mysql/10', 'b\n'],
    ['endpoint_get db host --relation db:10', 'ten\n'],
    ['endpoint_get db host --from mysql/9 --relation db:2', 'a\n'],
    ['endpoint_get db only', '10\n'],
    ['endpoint_get db port', '1.10\n'],
    ['endpoint_get db port --text', '1.10\n'],
    ['endpoint_get db list', 'x\n1\n'],
    ['endpoint_get db list --text', '["x", 1]\n'],
    ['endpoint_get db text', 'q\n'],
    ['endpoint_get db text --text', '"q"\n'],
    ['endpoint_get db none', ''],
    ['endpoint_get db none --format json', 'null\n'],
    ['endpoint_get db --relation db:10', '{"host":"ten","only":10}\n'],
    ['endpoint_get db version --app', '8.0\n'],
    ['endpoint_get db --app --relation db:10 --text', '{"version":"10.0"}\n'],
    ['endpoint_get db deep --app', '{"b":1,"a":[2]}\n'],
    ['endpoint_departed db', ''],
    ['endpoint_get db host --from mysql/7 || echo "$?"', '3\n'],
    ['endpoint_get db host --relation db:7 || echo "$?"', '3\n'],
    ['endpoint_get none host || echo "$?"', '2\n'],
    ['endpoint_units none || echo "$?"', '2\n'],
    ['endpoint_set db =x || echo "$?"', '2\n'],
    ['endpoint_set db novalue || echo "$?"', '2\n'],
    ['endpoint_set db --relation db:7 a=1 || echo "$?"', '3\n'],
    ['endpoint_set db port=80 "a b"="c  d" n=1=2', ''],
    [`endpoint_set db --as-json n=1.0 s='"q"' list='[2, {"b": 1, "a": null}]' t=yes empty=`, ''],
    ['endpoint_set db --app --relation db:2 v=1', ''],
  ]
  const PRINTED = LINES.map(([, output]) => output).join('')
  const ERRORS = `endpoint_get: db has no such unit: mysql/7
endpoint_get: db has no such relation: db:7
endpoint_get: the charm has no such endpoint: none
endpoint_units: the charm has no such endpoint: none
endpoint_set: not KEY=VALUE: =x
endpoint_set: not KEY=VALUE: novalue
endpoint_set: db has no such relation: db:7
`
  const PUBLISHED = {
    port: '80',
    'a b': 'c  d',
    n: '1.0',
    s: '"q"',
    list: '[2, {"a": null, "b": 1}]',
    t: '"yes"',
  }

  function check(unit: SimulatedUnit, result: EventResult): void {
    expect(result.exitStatus).toBe(0)
    expect(result.stdout).toBe(PRINTED)
    expect(result.stderr.replaceAll('charms.reactive: ', '')).toBe(ERRORS)
    expect([0, 1].map((index) => published(unit, 'localUnit', index))).toEqual([PUBLISHED, PUBLISHED])
    expect([0, 1].map((index) => published(unit, 'localApp', index))).toEqual([{}, { v: '1' }])
  }

  it('all of it is there as functions, at the cost of one call for each databag', async () => {
    const lines = LINES.map(([line]) => line).join('\n')
    const unit = await start({ 'reactive/app.sh': bash(`@hook install\nfunction f() {\n${lines}\n}`) }, STATE)
    const result = await unit.run({ name: 'install' })
    check(unit, result)
    expect(calls(result, 'relation-get').sort()).toEqual([
      '-r db:10 --app --format=json - maria',
      '-r db:10 --format=json - app/0',
      '-r db:10 --format=json - maria/0',
      '-r db:2 --app --format=json - app',
      '-r db:2 --app --format=json - mysql',
      '-r db:2 --format=json - app/0',
      '-r db:2 --format=json - mysql/10',
      '-r db:2 --format=json - mysql/9',
    ])
    expect(calls(result, 'relation-set').length).toBe(3)
  })

  some('and as executables', async () => {
    const lines = LINES.map(([line]) => `env ${line}`).join('\n')
    const unit = await start({ 'reactive/app.sh': bash(`@hook install\nfunction f() {\n${lines}\n}`) }, STATE)
    const result = await unit.run({ name: 'install' })
    check(unit, result)
    expect(calls(result, 'relation-set').length).toBe(3)
  })

  some('and outside of a dispatch, where each command publishes at once', { timeout: 60_000 }, async () => {
    const lines = LINES.map(([line]) => line).join('\n')
    const unit = await start({ dispatch: `#!/bin/bash\n${lines}\n` }, STATE)
    const result = await unit.run({ name: 'install' })
    check(unit, result)
    expect(calls(result, 'relation-set').length).toBe(5)
  })

  some('without Juju it is an error of one line', async () => {
    const unit = await start({ 'reactive/app.sh': bash('') })
    for (const command of ['endpoint_units', 'endpoint_relations', 'endpoint_departed', 'endpoint_get']) {
      const { exitStatus, stdout, stderr } = await unit.command([command, 'db'])
      expect([exitStatus, stdout]).toEqual([3, ''])
      expect(stderr).toMatch(
        /^charms\.reactive: \w+: relation-ids .* failed with status 1: ERROR JUJU_CONTEXT_ID not set\n$/,
      )
    }
  })
})

describe('data that is no good', () => {
  const DEEP = '['.repeat(10_000) + ']'.repeat(10_000)
  const LONG = 'x'.repeat(5000)
  const BAD: Record<string, string> = {
    // Written in a literal it would set the prototype.
    ...JSON.parse('{"__proto__": "proto"}'),
    constructor: '[1]',
    // What Juju makes of bytes that are no characters.
    bytes: 'a\ufffd\ufffdb',
    deep: DEEP,
    slow: `"${'\\"'.repeat(100_000)}`,
    'a b': '$(touch evaluated) `touch evaluated`',
    '$(touch evaluated)': '$(touch evaluated)',
    '{endpoint_name}': '{endpoint_name}',
    "'; touch evaluated; '": 'quoted',
    '-n': '-n',
    '*': '*',
    [LONG]: 'long key',
    'line\nfeed': 'a\nb\u0007',
    '': 'empty key',
    toString: 'x',
  }
  const FILES: CharmFiles = {
    'reactive/1.sh': bash(`
@when 'endpoint.db.joined'
function prints() {
  for key in big bytes deep 'a b' '$(touch evaluated)' '{endpoint_name}' "'; touch evaluated; '" -n '*' '' $'line\\nfeed' __proto__ constructor toString; do
    value=$(endpoint_get db --text -- "$key")
    printf '%s=%s\\n' "$key" "\${value:0:60}"
  done
}`),
    'reactive/2.mjs': `
import { endpointFromName, when } from 'charms.reactive'
when('endpoint.db.joined', function reads(db) {
  const { received, receivedRaw } = db.allJoinedUnits
  console.log(received.deep === receivedRaw.deep, received.big.length, received.constructor, received.valueOf, JSON.stringify(Object.keys(received)), received.slow === receivedRaw.slow)
})`,
  }
  const SAFE = [
    '__proto__',
    'constructor',
    'toString',
    'big',
    'bytes',
    'deep',
    'slow',
    'a b',
    '$(touch evaluated)',
    '{endpoint_name}',
    "'; touch evaluated; '",
    '-n',
    '*',
  ]

  some(
    'neither crashes nor runs anything; each piece that cannot be taken as it is gets one warning',
    {
      timeout: 60_000,
    },
    async () => {
      const size = effort({ sample: 100_000, full: 1_000_000 })
      const big = { ...BAD, big: 'x'.repeat(size) }
      const unit = await start(FILES, { relations: [{ ...ONE, remoteUnits: { 'mysql/0': big } }] })
      const result = await install(unit)
      expect(fs.existsSync(path.join(unit.charmDir, 'evaluated'))).toBe(false)
      const [printed, seen] = result.stdout.split(/\n(?=true )/)
      expect(printed?.split('\n')).toEqual([
        `big=${'x'.repeat(60)}`,
        'bytes=a\ufffd\ufffdb',
        `deep=${'['.repeat(60)}`,
        'a b=$(touch evaluated) `touch evaluated`',
        '$(touch evaluated)=$(touch evaluated)',
        '{endpoint_name}={endpoint_name}',
        "'; touch evaluated; '=quoted",
        '-n=-n',
        '*=*',
        '=empty key',
        'line',
        'feed=a',
        'b\u0007',
        '__proto__=proto',
        'constructor=[1]',
        'toString=x',
      ])
      const keys = JSON.stringify(Object.keys(big).sort(byCodePoint))
      expect(seen).toBe(`true ${size} [ 1 ] null ${keys} true\n`)
      const where = 'WARNING relation data of mysql/0 on db:1:'
      expect(remarks(result).sort()).toEqual(
        [
          `${where} the field has no flag, a flag needs a name: ""`,
          `${where} the field has no flag, a flag name has at most 4096 bytes: "${'x'.repeat(80)}…"`,
          `${where} the field has no flag, a flag name has no control characters: "line\\nfeed"`,
          `${where} the value is nested too deeply, so it stays text: "deep"`,
          `${where} the value is not UTF-8: "bytes"`,
        ].sort(),
      )
      const names = SAFE.map((field) => `endpoint.db.changed.${field}`)
      expect(flags(unit)).toEqual(['endpoint.db.changed', ...names, 'endpoint.db.joined'].toSorted())
      // Neither the next hook nor the next hook of the relation warns again.
      for (const name of ['update-status', 'db-relation-changed']) {
        const next = await unit.run({ name })
        expect([next.exitStatus, next.stderr, remarks(next)]).toEqual([0, '', []])
      }
      expect(await ask(unit, 'is_flag_set', 'endpoint.db.changed.__proto__')).toBe('')
    },
  )

  some('is kept of a unit that leaves, and goes without a word', async () => {
    const unit = await start(
      {
        'reactive/app.mjs': `
import { createHash } from 'node:crypto'
import { when } from 'charms.reactive'
when('endpoint.db.departed', function left(db) {
  const data = JSON.stringify(Object.entries(db.allDepartedUnits[0].receivedRaw))
  console.log(data.length, createHash('md5').update(data).digest('hex'))
})`,
      },
      { relations: [{ ...ONE, remoteUnits: { 'mysql/0': BAD } }] },
    )
    await install(unit)
    const departed = await unit.run({ name: 'db-relation-departed' })
    expect([departed.exitStatus, departed.stderr, remarks(departed)]).toEqual([0, '', []])
    const broken = await unit.run({ name: 'db-relation-broken' })
    expect([broken.exitStatus, broken.stdout, remarks(broken)]).toEqual([0, departed.stdout, []])
    expect(departed.stdout).toMatch(/^\d{6} [0-9a-f]{32}\n$/)
    expect(flags(unit)).toEqual(['endpoint.db.departed'])
  })

  some('in the application’s databag is no better', async () => {
    const unit = await start({}, { relations: [{ id: 'db:1', remoteApp: 'mysql', remoteAppData: BAD }] })
    expect(remarks(await install(unit)).length).toBe(5)
    expect(remarks(await install(unit))).toEqual([])
  })
})
