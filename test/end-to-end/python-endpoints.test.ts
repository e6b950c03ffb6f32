// Interface layers in Python, of the new style and the old, and those in other languages under Python handlers.

import { describe, expect, it } from 'vitest'
import { bash, flags, lines, ran, startUnit } from './charm.ts'

const NOTE = `def note(*words):
    with open('seen', 'a') as seen:
        print(*words, file=seen)
`

const METADATA = 'name: app\nrequires: {db: mysql, cache: mysql}\nprovides: {website: http}\n'

const UNITS = { 'mysql/10': { host: '10' }, 'mysql/2': { host: '2', 'port-number': '1' } }

describe('An Endpoint in Python', () => {
  it('has relations, units and data, and publishes at the end what other languages see at once', async () => {
    const unit = await startUnit({
      'metadata.yaml': METADATA,
      'reactive/relations/mysql/requires.py': `from charms.reactive import Endpoint, when, when_any, set_flag, clear_flag, toggle_flag

class MySQL(Endpoint):
    def register_triggers(self):
        from charms.reactive import register_trigger
        register_trigger(when=self.expand_name('joined'), set_flag=self.expand_name('triggered'))

    def manage_flags(self):
        toggle_flag(self.expand_name('{endpoint_name}.available'), self.is_joined)

    @when('endpoint.{endpoint_name}.joined')
    @when_any('endpoint.{endpoint_name}.joined')
    def joined(self):
        set_flag('joined.' + self.endpoint_name)
        clear_flag(self.expand_name('changed'))

    def hosts(self):
        return [unit.received_raw['host'] for unit in self.all_joined_units]

    def greet(self, name):
        return {'hello': name, 'relations': self.relations}
`,
      'reactive/app.py': `import subprocess
from charms.reactive import when, hook, endpoint_from_flag, endpoint_from_name, set_flag
${NOTE}
@when('db.available', 'endpoint.db.joined')
def with_args(db, again):
    assert db is again is endpoint_from_name('db') is endpoint_from_flag('db.available')
    assert endpoint_from_name('cache').is_joined is False
    assert endpoint_from_name('nope') is None and endpoint_from_flag('cache.available') is None
    [relation] = db.relations
    assert relation is db.relations['db:1'] and 'db:1' in db.relations
    assert (relation.application_name, relation.endpoint) == ('mysql', db)
    assert relation.joined_units.keys() == ['mysql/2', 'mysql/10'], relation.units.keys()
    unit = relation.joined_units['mysql/2']
    assert unit.received['port-number'] == 1 and unit.received_raw['port-number'] == '1'
    assert unit.received['missing'] is None and unit.received.get('missing', 5) == 5
    assert db.all_joined_units.received['host'] == 2
    try:
        unit.received['host'] = 1
        assert False
    except ValueError:
        pass
    relation.to_publish['config'] = {'b': 1, 'a': [1.5]}
    relation.to_publish_raw['plain'] = 'text'
    relation.to_publish_raw['number'] = 5
    assert relation.to_publish['config'] == {'a': [1.5], 'b': 1}
    assert relation.to_publish.setdefault('plain') == 'text'
    relation.to_publish_raw.update(gone='x')
    del relation.to_publish_raw['gone']
    note(db.hosts())
    text = subprocess.check_output(['relation_call', '--endpoint', 'db', 'greet', 'world'], universal_newlines=True)
    note(text.strip())
`,
      'reactive/b.sh': bash(
        '@when db.available\nb() { echo "bash $(relation_call --flag db.available hosts | tr "\\n" " ")" >>seen; }',
      ),
      'reactive/c.mjs': `import fs from 'node:fs'
import { relationCall, when } from 'charms.reactive'
when('db.available', async function c() {
  fs.appendFileSync('seen', 'javascript ' + JSON.stringify(await relationCall('db', 'hosts')) + '\\n')
})
`,
    })
    unit.joinRelation('db', { id: 'db:1', remoteApp: 'mysql', remoteUnits: UNITS })
    const result = await unit.run({ name: 'db-relation-changed', remoteUnit: 'mysql/2' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'seen')).toEqual([
      "['2', '10']",
      '{"hello":"world","relations":["db:1"]}',
      'bash 2 10 ',
      'javascript ["2","10"]',
    ])
    expect(ran(result)).toContain('reactive/relations/mysql/requires.py:joined:db')
    expect(unit.state.relations[0]?.localUnit).toMatchObject({
      config: '{"a": [1.5], "b": 1}',
      plain: 'text',
      number: '5',
    })
    expect(flags(unit)).toEqual(
      expect.arrayContaining(['db.available', 'endpoint.db.triggered', 'joined.db']),
    )
  })
})

describe('A RelationBase in Python', () => {
  const LAYER = `from charms.reactive import hook, RelationBase, scopes
from charms.reactive.bus import State, StateList

class MySQL(RelationBase):
    scope = scopes.UNIT
    auto_accessors = ['private-address']

    class states(StateList):
        connected = State('{relation_name}.connected')

    @hook('{requires:mysql}-relation-{joined,changed}')
    def changed(self):
        conversation = self.conversation()
        conversation.set_state(self.states.connected)
        self.set_remote(user='app', data={'tls': True})
        if self.get_remote('host'):
            conversation.set_state('{relation_name}.available')
            conversation.set_local('count', conversation.get_local('count', 0) + 1)

    @hook('{requires:mysql}-relation-{departed,broken}')
    def departed(self):
        self.remove_state('{relation_name}.connected')
        self.remove_state('{relation_name}.available')

    def hosts(self):
        return [conversation.get_remote('host') for conversation in self.conversations()]
`
  const APP = `import subprocess
from charms.reactive import when, hook, RelationBase, endpoint_from_flag
${NOTE}
@when('db.connected')
@when('db.available')
def both(*args):
    note('both', [arg.relation_name for arg in args], [c.scope for c in args[0].conversations()])
    db = RelationBase.from_state('db.available')
    note(db.hosts(), [c.get_local('count') for c in db.conversations()], db.conversations()[0].units)
    note(subprocess.check_output(['relation-get', '-r', 'db:0', 'user', 'app/0'], universal_newlines=True).strip())
    note(subprocess.check_output(['relation_call', '--flag', 'db.available', 'conversations'], universal_newlines=True).split())
`

  it('has conversations, publishes at once, and gives an argument for each flag', async () => {
    const unit = await startUnit({
      'metadata.yaml': METADATA,
      'hooks/relations/mysql/requires.py': LAYER,
      'hooks/relations/mysql/__init__.py': '',
      'reactive/app.py': APP,
    })
    const relation = unit.joinRelation('db', {
      id: 'db:0',
      remoteApp: 'mysql',
      remoteUnits: { 'mysql/0': {} },
    })
    expect(await unit.run({ name: 'db-relation-joined', remoteUnit: 'mysql/0' })).toMatchObject({
      exitStatus: 0,
      stderr: '',
    })
    relation.remoteUnits['mysql/0'] = { host: 'a', 'private-address': 'x' }
    relation.remoteUnits['mysql/1'] = { host: 'b' }
    expect(await unit.run({ name: 'db-relation-changed', remoteUnit: 'mysql/0' })).toMatchObject({
      exitStatus: 0,
      stderr: '',
    })
    expect(lines(unit, 'seen')).toEqual([
      "both ['db', 'db'] ['mysql/0']",
      "['a'] [1] {'mysql/0'}",
      'app',
      "['mysql/0']",
    ])
    expect(relation.localUnit).toMatchObject({ user: 'app', tls: 'True' })
    await unit.run({ name: 'db-relation-changed', remoteUnit: 'mysql/1' })
    expect(lines(unit, 'seen').slice(-3)[0]).toBe("['a', 'b'] [1, 1] {'mysql/0'}")
    expect(flags(unit).filter((flag) => !flag.startsWith('endpoint.'))).toEqual([
      'db.available',
      'db.connected',
    ])
    await unit.run({ name: 'db-relation-departed', remoteUnit: 'mysql/1' })
    expect(lines(unit, 'seen').slice(-3)[0]).toBe("['a'] [1] {'mysql/0'}")
    await unit.run({ name: 'db-relation-departed', remoteUnit: 'mysql/0' })
    relation.remoteUnits = {}
    expect(await unit.run({ name: 'db-relation-broken', relation: 'db:0' })).toMatchObject({
      exitStatus: 0,
      stderr: '',
    })
  })
})

describe('An interface layer in bash', () => {
  it('has its methods under Python handlers, as an argument and by name', async () => {
    const unit = await startUnit({
      'metadata.yaml': METADATA,
      'reactive/relations/mysql/requires.sh': bash(`@when 'endpoint.{endpoint_name}.joined'
joined() { set_flag "$endpoint_name.available"; }
@method
host() { printf %s "host of $1"; }`),
      'reactive/app.py': `from charms.reactive import when, endpoint_from_name
${NOTE}
@when('db.available')
def configure(db):
    note(db.host('it'), [unit.unit_name for unit in db.all_joined_units], endpoint_from_name('website'))
`,
    })
    unit.joinRelation('db', { id: 'db:1', remoteApp: 'mysql', remoteUnits: UNITS })
    const result = await unit.run({ name: 'db-relation-changed', remoteUnit: 'mysql/2' })
    expect(result).toMatchObject({ exitStatus: 0, stderr: '' })
    expect(lines(unit, 'seen')).toEqual(["host of it ['mysql/2', 'mysql/10'] None"])
  })
})
