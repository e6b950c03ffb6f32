import { expect, it } from 'vitest'
import { ask, bash, errors, flags, ran, remarks, startUnit } from './charm.ts'

const METADATA = `name: app
requires:
  db: {interface: mysql}
  cache: {interface: mysql}
  spare: {interface: mysql}
`
const relations = [
  { id: 'db:1', remoteApp: 'mysql', remoteUnits: { 'mysql/0': { host: '10.0.0.1' } } },
  { id: 'cache:2', remoteApp: 'maria', remoteUnits: { 'maria/0': { host: '10.0.0.2' } } },
]

const REQUIRES_SH = bash(`
@when 'endpoint.{endpoint_name}.changed'
function changed() {
  echo "changed $endpoint_name $*"
  set_flag "$endpoint_name.available"
  clear_flag "endpoint.$endpoint_name.changed"
}

@method
function uri() {
  printf 'mysql://%s/%s' "$(endpoint_get "$endpoint_name" host)" "$1"
}

@method --json
function as_json() { echo '{"name": "'"$endpoint_name"'"}'; }

@method
function is_ready() { is_flag_set "$endpoint_name.available"; }

@method
function through() { relation_call --endpoint "$endpoint_name" uri "$1"; }

function secret() { echo secret; }
`)

const REQUIRES_MJS = `
import { clearFlag, Endpoint, setFlag, when } from 'charms.reactive'

export class Mysql extends Endpoint {
  uri(name) {
    return 'mysql://' + this.allJoinedUnits.received.host + '/' + name
  }
  changed() {
    console.log('changed ' + this.endpointName + ' ')
    setFlag(this.expandName('{endpoint_name}.available'))
    clearFlag(this.expandName('changed'))
  }
  asJson() {
    return { name: this.endpointName }
  }
  static {
    when('endpoint.{endpoint_name}.changed', this.prototype.changed)
  }
}
`

it.each([
  ['bash', 'requires.sh', REQUIRES_SH],
  ['JavaScript', 'requires.mjs', REQUIRES_MJS],
])('an interface layer in %s runs for each endpoint that uses it', async (_, name, text) => {
  const file = `reactive/relations/mysql/${name}`
  const unit = await startUnit(
    {
      'metadata.yaml': METADATA,
      [file]: text,
      'reactive/app.sh': bash(`@when 'db.available' 'cache.available'
f() {
  relation_call --flag db.available uri 'a b'; echo "$?"
  relation_call --endpoint cache uri x
  relation_call --relation_name cache as_json --format json
  relation_call --endpoint db secret || echo "$?"
  relation_call --endpoint db is_joined
  relation_call --endpoint db all_joined_units
}`),
    },
    { state: { relations } },
  )
  const result = await unit.run({ name: 'install' })
  expect(result.stderr).toBe('charms.reactive: relation_call: the endpoint db has no method: secret\n')
  expect(result.stdout).toBe(
    'changed cache \nchanged db \nmysql://10.0.0.1/a b\n0\nmysql://10.0.0.2/x\n{"name":"cache"}\n3\ntrue\nmysql/0\n',
  )
  expect(result.exitStatus).toBe(0)
  expect(ran(result)).toEqual([`${file}:changed:cache`, `${file}:changed:db`, 'reactive/app.sh:f'])
  expect(flags(unit)).toContain('endpoint.db.changed.host')
  expect(await ask(unit, 'is_flag_set', 'spare.available')).toBe('')
})

it('a trigger at the top level of a bash layer is one for each endpoint, and comes before any handler', async () => {
  const unit = await startUnit(
    {
      'metadata.yaml': METADATA,
      'reactive/relations/mysql/requires.sh': bash(`
register_trigger --when_not 'endpoint.{endpoint_name}.joined' --clear_flag '{endpoint_name}.available'
@when 'endpoint.{endpoint_name}.joined'
@when_not 'inner.set'
function f() {
  register_trigger --when inner.set --set_flag '{endpoint_name}.inner'
  set_flag "$endpoint_name.available"
}
@hook update-status
function set_inner() { set_flag inner.set; }`),
      'reactive/app.sh': bash(`@when db.available
function uses() { echo "uses"; }`),
    },
    { state: { relations } },
  )
  expect((await unit.run({ name: 'install' })).stdout).toBe('uses\n')
  expect(flags(unit).filter((flag) => flag.endsWith('.available'))).toEqual([
    'cache.available',
    'db.available',
  ])
  expect((await unit.run({ name: 'db-relation-departed', remoteUnit: 'mysql/0' })).stdout).toBe('')
  const left = flags(unit)
  expect(left).toContain('cache.available')
  expect(left.filter((flag) => flag.startsWith('db.') || flag.includes('{'))).toEqual([])
})

it('what names the endpoint of a layer does not run in a charm that has none in its role', async () => {
  const unit = await startUnit({
    'metadata.yaml': METADATA,
    'reactive/relations/mysql/provides.sh': bash("@when_not '{endpoint_name}.never'\nfunction f() { :; }"),
    'reactive/relations/mysql/provides.mjs': `
import { whenNot } from 'charms.reactive'
whenNot('{endpoint_name}.never', function g() {})
whenNot('never', function h() {})`,
  })
  const result = await unit.run({ name: 'install' })
  expect([result.exitStatus, ran(result)]).toEqual([0, ['reactive/relations/mysql/provides.mjs:h']])
})

const CLASS = (name: string) => `
import { Endpoint, whenNot } from 'charms.reactive'
export class ${name} extends Endpoint { name() { return '${name}' } }
whenNot('never', function run(endpoint) { console.log(endpoint.endpointName, endpoint.name()) })`

it('a layer in the new place replaces the same one in the old place', async () => {
  const unit = await startUnit({
    'metadata.yaml': 'name: app\nrequires:\n  db: {interface: mysql}\n',
    'hooks/relations/mysql/requires.mjs': CLASS('Old'),
    'reactive/relations/mysql/requires.mjs': CLASS('New'),
  })
  const result = await unit.run({ name: 'install' })
  expect(result.stdout).toBe('db New\n')
  expect(remarks(result)).toEqual([
    'WARNING not a handler file: hooks/relations/mysql/requires.mjs: ' +
      'the same interface layer below reactive/relations is used instead',
  ])
})

it('two classes for one endpoint are an error', async () => {
  const unit = await startUnit({
    'metadata.yaml': 'name: app\nrequires:\n  db: {interface: mysql}\n',
    'reactive/relations/mysql/requires.cjs': `
const { Endpoint } = require('charms.reactive')
module.exports = class One extends Endpoint {}`,
    'reactive/relations/mysql/requires.mjs': CLASS('Two'),
  })
  const result = await unit.run({ name: 'install' })
  expect(result.exitStatus).toBe(3)
  expect(errors(result)).toEqual([expect.stringContaining('the endpoint db has two classes: One, Two')])
})
