// Python handlers that use charmhelpers (from PyPI) share the engine's state.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { GivenState } from '../../src/simulator/new-juju-state.ts'
import { originalVenv, sitePackages } from '../conformance/original-venv.ts'
import { ask, bash, type CharmFiles, errors, flags, lines, logged, ran, startUnit, upgrade } from './charm.ts'

const venv = originalVenv()

/** A charm whose lib has charmhelpers and the original, as a built one's environment has. */
async function startWithPackages(files: CharmFiles, config = {}, state: GivenState = {}) {
  const unit = await startUnit(files, { state: { config, ...state } })
  const packages = sitePackages(venv ?? '')
  const lib = path.join(unit.charmDir, 'lib')
  fs.mkdirSync(lib, { recursive: true })
  for (const name of ['charmhelpers', 'yaml', 'jinja2', 'markupsafe'])
    fs.symlinkSync(path.join(packages, name), path.join(lib, name))
  return unit
}

describe('modules with the names of charmhelpers that a charm brings itself', () => {
  it('may have any part of it, or none', async () => {
    const unit = await startUnit({
      'lib/charmhelpers/__init__.py': '',
      'lib/charmhelpers/core/__init__.py': '',
      'lib/charmhelpers/core/unitdata.py': '',
      'lib/charmhelpers/core/hookenv.py': 'def log(text): return text.upper()\n',
      'reactive/a.py': `from charms.reactive import hook, set_flag
from charmhelpers.core import hookenv, unitdata

@hook('install')
def store():
    set_flag(hookenv.log('seen'))
`,
    })
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(flags(unit)).toEqual(['SEEN'])
  })
})

describe.skipIf(venv === undefined)('charmhelpers in Python handlers', () => {
  it('lets a decorator of a charm have a handler in each hook, by a predicate that looks at the phase', async () => {
    const unit = await startWithPackages({
      'lib/everyhook.py': `from charmhelpers.core import unitdata
from charms.reactive.bus import Handler

def everyhook(function):
    Handler.get(function).add_predicate(lambda: unitdata.kv().get('reactive.dispatch.phase') == 'hooks')
    return function
`,
      'reactive/app.py': `from charms.reactive import set_flag, when_not
from everyhook import everyhook

@everyhook
def always():
    print('always')

@when_not('done')
def later():
    set_flag('done')
`,
    })
    const hooks = []
    for (const name of ['install', 'config-changed', 'update-status']) hooks.push(await unit.run({ name }))
    expect(hooks.map(({ stdout, stderr }) => stdout + stderr)).toEqual(Array(3).fill('always\n'))
    expect(hooks.map(ran)).toEqual([
      ['reactive/app.py:always', 'reactive/app.py:later'],
      ['reactive/app.py:always'],
      ['reactive/app.py:always'],
    ])
  })

  it("has the engine's key/value data, flags, marks and phase in unitdata.kv()", async () => {
    const unit = await startWithPackages({
      'reactive/a.py': `from charms.reactive import hook, set_flag, is_flag_set, data_changed
from charms.reactive.helpers import mark_invoked
from charmhelpers.core import unitdata, hookenv

kv = unitdata.kv()

@hook('install')
def store():
    kv.set('plain', {'a': [1, 2.5, None, True, 'é']})
    value = kv.get('plain')
    assert value == {'a': [1, 2.5, None, True, 'é']}, value
    value['a'].append('changed')
    assert kv.get('plain') == {'a': [1, 2.5, None, True, 'é']}
    assert kv.get('missing') is None and kv.get('missing', 7) == 7
    assert kv.get('plain', record=True).a[0] == 1
    kv.update({'x': 1, 'y': 2}, prefix='Range_')
    kv.set('rangeXx', 3)
    assert kv.getrange('range_') == {'Range_x': 1, 'Range_y': 2, 'rangeXx': 3}, kv.getrange('range_')
    assert kv.getrange('%ge_x', strip=True) == {'': 3, 'e_x': 1} or kv.getrange('%ge_x')
    kv.unset('Range_x')
    kv.unsetrange(['y'], prefix='Range_')
    assert kv.getrange('Range') == {'rangeXx': 3}
    set_flag('a', 'value')
    assert kv.getrange('reactive.states.', strip=True) == {'a': 'value'}
    kv.set('reactive.states.b', None)
    assert is_flag_set('b')
    assert kv.get('reactive.dispatch.phase') == 'hooks'
    mark_invoked('me')
    assert kv.get('reactive.invoked.me') is True
    data_changed('d', [1, {'b': 1, 'a': 2.0}])
    import hashlib, json
    assert kv.get('reactive.data_changed.d') == hashlib.md5(json.dumps([1, {'b': 1, 'a': 2.0}], sort_keys=True).encode()).hexdigest()
    delta = kv.delta({'x': 2}, 'delta.')
    assert delta.x.previous is None and delta.x.current == 2
    with kv.hook_scope('x'):
        kv.set('scoped', 1)
    assert isinstance(kv, unitdata.Storage)

@hook('stop')
def commits():
    kv.set('kept', 1)
    set_flag('kept')
    kv.flush()
    kv.set('lost', 1)
    set_flag('lost')
    raise Exception('after the flush')
`,
      'reactive/b.sh': bash('@hook install\nf() { charms.reactive kv get plain >>seen; }'),
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'seen')).toEqual(['{"a":[1,2.5,null,true,"é"]}'])
    expect((await unit.run({ name: 'stop' })).exitStatus).toBe(1)
    expect(flags(unit)).toEqual(['a', 'b', 'kept'])
    expect(JSON.parse(await ask(unit, 'kv', 'range', '', '--format', 'json'))).toMatchObject({ kept: 1 })
    expect(await ask(unit, 'kv', 'get', 'lost')).toBe('')
    expect(fs.existsSync(path.join(unit.charmDir, '.unit-state.db'))).toBe(false)
  })

  it('has the previous configuration in hookenv.config(), and keeps what the charm puts there', async () => {
    const unit = await startWithPackages(
      {
        'config.yaml': 'options: {port: {type: int, default: 80}, name: {type: string}}\n',
        'reactive/a.py': `from charms.reactive import when, hook
from charmhelpers.core import hookenv

@hook('install')
def first():
    config = hookenv.config()
    assert config.changed('port') and config.previous('port') is None and config._prev_dict is None
    config['own'] = {'kept': 1}

@hook('config-changed')
def later():
    config = hookenv.config()
    assert config['own'] == {'kept': 1}, dict(config)
    assert not config.changed('name')
    with open('seen', 'a') as seen:
        print(config.changed('port'), config.previous('port'), config['port'], file=seen)
`,
      },
      { port: 80 },
    )
    expect(await unit.run({ name: 'install' })).toMatchObject({ exitStatus: 0, stderr: '' })
    unit.setConfig({ port: 81 })
    expect(await unit.run({ name: 'config-changed' })).toMatchObject({
      exitStatus: 0,
      stderr: '',
    })
    expect(await unit.run({ name: 'config-changed' })).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'seen')).toEqual(['True 80 81', 'False 81 81'])
    expect(fs.existsSync(path.join(unit.charmDir, '.juju-persistent-config'))).toBe(false)
  })

  it('calls atstart in order before handlers, with automatic flags set, and atexit in reverse, before these go', async () => {
    const unit = await startWithPackages({
      'config.yaml': 'options: {port: {type: int, default: 80}}\n',
      'reactive/a.py': `from charms.reactive import hook, when, when_not, set_flag, is_flag_set
from charmhelpers.core import hookenv

def note(text):
    with open('seen', 'a') as seen:
        print(text, file=seen)

def one():
    note('one %s' % is_flag_set('config.changed'))
    hookenv.atstart(note, 'added')
    set_flag('by-atstart')

hookenv.atstart(one)
hookenv.atstart(note, 'two')
hookenv.atexit(lambda: (note('exit one %s' % is_flag_set('config.changed')), set_flag('by-atexit')))
hookenv.atexit(note, 'exit two')

@when('by-atstart')
def handler():
    note('handler')
    hookenv.atexit(note, 'exit three')
`,
    })
    const result = await unit.run({ name: 'install' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'seen')).toEqual([
      'one True',
      'two',
      'added',
      'handler',
      'exit three',
      'exit two',
      'exit one True',
    ])
    expect(flags(unit)).toEqual(['by-atexit', 'by-atstart'])
    expect(ran(result)).toEqual(['reactive/a.py:handler'])
    expect(logged(result)).toContain('DEBUG Running at start: hookenv.atstart')
    upgrade(unit, {
      'reactive/a.py': 'from charmhelpers.core import hookenv\nhookenv.atexit(lambda: 1 / 0)\n',
    })
    expect(errors(await unit.run({ name: 'start' }))).toEqual([
      'handler hookenv.atexit failed with status 1 at reactive/a.py:2: ZeroDivisionError: division by zero',
    ])
  })

  it('shares leader settings and reads addresses under Juju 4 as under Juju 3', async () => {
    // What a layer for leadership does in Python: it compares settings in hooks, and moves flags when it sets them.
    const files = {
      'metadata.yaml': 'name: app\npeers: {cluster: {interface: app}}\n',
      'lib/charms/leadership.py': `from charmhelpers.core import hookenv, unitdata
from charms import reactive

PREFIX = 'leadership.settings.'

def leader_set(settings):
    known = unitdata.kv().getrange(PREFIX, strip=True)
    for key, value in settings.items():
        if known.get(key) != value:
            reactive.set_flag('leadership.changed')
            reactive.set_flag('leadership.changed.' + key)
        reactive.toggle_flag('leadership.set.' + key, value is not None)
    hookenv.leader_set(settings)
    unitdata.kv().update(settings, prefix=PREFIX)
`,
      'reactive/app.py': `from charmhelpers.core import hookenv
from charms.leadership import leader_set
from charms.reactive import hook, status_candidate, when, when_not

@when('leadership.is_leader')
@when_not('leadership.set.token')
def share():
    leader_set({'token': 'a b', 'gone': None})

@when('leadership.changed.token')
def see():
    with open('seen', 'a') as file:
        print(hookenv.hook_name(), hookenv.leader_get('token'), hookenv.leader_get(), file=file)

@hook('start')
def address():
    status_candidate('blocked', 'lost')
    hookenv.status_set('maintenance', 'busy')
    status_candidate('waiting', 'for peers')
    data = hookenv.relation_get(unit='app/1', rid='cluster:0')
    key = hookenv.relation_get('private-address', 'app/1', 'cluster:0')
    with open('address', 'w') as file:
        print(data['private-address'], key, file=file)
`,
    }
    const lives = ['3.6.0', '4.0.0'].map(async (jujuVersion) => {
      const data = {
        'ingress-address': '10.0.0.7',
        ...(jujuVersion < '4' && { 'private-address': '10.0.0.7' }),
      }
      const relations = [{ id: 'cluster:0', remoteUnits: { 'app/1': data } }]
      const unit = await startWithPackages(files, {}, { jujuVersion, leader: true, relations })
      const life = []
      for (const name of ['install', 'start', 'update-status']) {
        const result = await unit.run({ name })
        expect(result).toMatchObject({ exitStatus: 0, stderr: '', lackingTools: [] })
        life.push([ran(result), flags(unit)])
      }
      return {
        life,
        seen: lines(unit, 'seen'),
        address: lines(unit, 'address'),
        status: unit.state.status.unit,
      }
    })
    const [three, four] = await Promise.all(lives)
    expect(four).toEqual(three)
    expect(four?.seen[0]).toBe("install a b {'token': 'a b'}")
    expect(four?.address).toEqual(['10.0.0.7 10.0.0.7'])
    expect(four?.status).toEqual({ status: 'waiting', message: 'for peers' })
  })
})
