// The rules of the Python package for arguments, names and values (documentation 2.7), in one process: each line
// of the tables says what is asked and what comes of it.

import { expect, it } from 'vitest'
import { errors, lines, startUnit } from './charm.ts'

const METADATA = `name: app
requires:
  db: {interface: mysql}
  old: {interface: ancient}
`

const MYSQL = 'from charms.reactive import Endpoint\n\nclass MySQL(Endpoint):\n    pass\n'

const ANCIENT = `from charms.reactive import hook, RelationBase, scopes

class Ancient(RelationBase):
    scope = scopes.GLOBAL
    auto_accessors = ['some-field']

    @hook('{requires:ancient}-relation-changed')
    def changed(self):
        self.set_state('{relation_name}.ready')
        self.set_state('named-otherwise')
`

/** Prints each line of the tables that does not hold, and in the end how many there are. */
const RULES = `import functools
from charms import reactive
from charms.reactive import *
from charms.reactive import bus, flags, helpers, relations
from charms.reactive.bus import Handler

failed = []

def holds(what, found, wanted):
    if found != wanted:
        failed.append('%s: %r, not %r' % (what, found, wanted))

def raises(kind, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except kind as error:
        return type(error).__name__
    return 'nothing'

def plain(*args): pass
def one(relation): pass
def named(*, relation=None): pass
def none(): pass

def objects(decorated, function):
    """What a decorated function gets, by the names of the endpoints."""
    got = []
    names = {plain: lambda *args: got.extend(args), one: lambda relation: got.append(relation), none: lambda: None}
    copy = names[function]
    for decorator in decorated:
        decorator(copy)
    handler = Handler.get(copy)
    args = [arg for source in handler._args for arg in (source(None) if callable(source) else source)]
    Handler._HANDLERS.pop((id(copy), None))
    return [arg.endpoint_name for arg in args]

def arguments():
    both = ('db.available', 'old.ready')
    for what, decorators, function, wanted in [
        ('the order of the flags', [when(*both)], plain, ['db', 'old']),
        ('the order of the flags, turned', [when_all(*reversed(both))], plain, ['old', 'db']),
        ('the innermost first', [when('db.available'), when('old.ready')], plain, ['db', 'old']),
        ('a flag that leads nowhere', [when('app.ready', 'db.available')], plain, ['db']),
        ('a flag of another name', [when('named-otherwise')], plain, ['old']),
        ('endpoint. in front', [when('endpoint.db.joined')], plain, ['db']),
        ('the same endpoint twice', [when('db.available', 'endpoint.db.joined')], plain, ['db', 'db']),
        ('one parameter', [when('db.available')], one, ['db']),
        ('no parameters', [when(*both)], none, []),
        ('when_any', [when_any(*both)], plain, []),
        ('when_not', [when_not(*both)], plain, []),
        ('when_none', [when_none(*both)], plain, []),
        ('when_not_all', [when_not_all(*both)], plain, []),
        ('only_once', [only_once], plain, []),
        ('only_once()', [only_once()], plain, []),
        ('when_file_changed', [when_file_changed('x')], plain, []),
        ('collect_metrics', [collect_metrics()], plain, []),
        ('meter_status_changed', [meter_status_changed()], plain, []),
        ('hook of the relation', [hook('old-relation-changed')], plain, ['old']),
        ('hook and when', [when('db.available'), hook('{requires:ancient}-relation-changed')], plain, ['db', 'old']),
    ]:
        holds('arguments, ' + what, objects(decorators, function), wanted)

def decorators_of():
    def reported(*decorators, action=None):
        function = action or (lambda: None)
        for decorator in decorators:
            decorator(function)
        handler = Handler.get(function)
        Handler._HANDLERS.pop((id(function), None))
        return [(c['name'], c['args']) for c in handler.report(0)['conditions']]

    holds('words are texts', reported(when('a', bus.State('b'))), [('when_all', ['a', 'b'])])
    holds('decorated again', reported(when('a'), when_not('b')), [('when_all', ['a']), ('when_none', ['b'])])
    holds('a decorator gives the function back', when('a')(none), none)
    holds('so does hook', hook('x')(none), none)
    holds('unknown word', raises(TypeError, when_file_changed, 'x', hash='md5'), 'TypeError')
    holds('its hash', raises(TypeError, when_file_changed, 'x', hash_type='sha256'), 'nothing')
    holds('a handler of no function', raises(TypeError, when('a'), object()), 'TypeError')
    holds('one handler', Handler.get(none) is Handler.get(none), True)
    holds('with a suffix another', Handler.get(none) is Handler.get(none, 's'), False)
    partial = functools.partial(one, None)
    holds('a partial', Handler.get(partial).id().endswith(':one'), True)
    guarded = not_unless('a')(one)
    holds('a guard has the name', (guarded.__name__, Handler.get(guarded) is Handler.get(one)), ('one', True))
    Handler.clear()

def functions():
    set_flag('a'); set_flag('b', {'some': ['value']}); clear_flag('never')
    for what, found, wanted in [
        ('is_flag_set', [is_flag_set('a'), is_flag_set('c')], [True, False]),
        ('all_flags_set', [all_flags_set('a', 'b'), all_flags_set('a', 'c'), all_flags_set()], [True, False, True]),
        ('any_flags_set', [any_flags_set('c', 'b'), any_flags_set('c'), any_flags_set()], [True, False, False]),
        ('get_unset_flags', get_unset_flags('d', 'a', 'c', 'd'), ['c', 'd']),
        ('get_state', [flags.get_state('b'), flags.get_state('c', 7)], [{'some': ['value']}, 7]),
        ('older names', [is_state('a'), all_states('a', 'b'), any_states('c')], [True, True, False]),
        ('bus has them, too', bus.get_states()['b'], {'some': ['value']}),
        ('State is a name', is_flag_set(bus.State('a')), True),
        ('was_invoked', [helpers.was_invoked('i'), helpers.mark_invoked('i'), helpers.was_invoked('i')], [False, None, True]),
        ('data_changed', [data_changed('k', {'x': 1}), data_changed('k', {'x': 1}), data_changed('k', {'x': 2})], [True, False, True]),
        ('is_data_changed', [is_data_changed('k', {'x': 3}), is_data_changed('k', {'x': 3}), is_data_changed('k', {'x': 2})], [True, True, False]),
        ('any_file_changed', [any_file_changed(['metadata.yaml']), any_file_changed([lambda: 'metadata.yaml'])], [True, False]),
        ('any_hook', [helpers.any_hook('install', '{requires:ancient}-relation-{joined,changed}'), helpers.any_hook('{requires:mysql}-relation-changed')], [True, False]),
        ('endpoint_from_name', [endpoint_from_name(None), endpoint_from_name('no-such'), endpoint_from_name('db').endpoint_name], [None, None, 'db']),
        ('endpoint_from_flag', [endpoint_from_flag('not.set'), endpoint_from_flag('a'), endpoint_from_flag('old.ready').relation_name], [None, None, 'old']),
        ('relation_call', relations.relation_call('conversations', 'old'), ['global']),
    ]:
        holds(what, found, wanted)
    toggle_flag('a', 0); toggle_flag('c', 'yes')
    holds('toggle_flag', [is_flag_set('a'), is_flag_set('c')], [False, True])
    for what, call, args, kwargs in [
        ('a flag without a name', set_flag, [''], {}),
        ('a trigger for nothing', register_trigger, [], {'set_flag': 'x'}),
        ('a trigger for both', register_trigger, ['a', 'b'], {'set_flag': 'x'}),
        ('a trigger that does nothing', register_trigger, ['a'], {}),
        ('no relation to call', relations.relation_call, ['method'], {}),
        ('a relation that is not there', relations.relation_call, ['method', 'no-such'], {}),
        ('a conversation that is not there', endpoint_from_name('old').conversation, ['other'], {}),
    ]:
        holds(what, raises(ValueError, call, *args, **kwargs), 'ValueError')

def endpoints():
    db = endpoint_from_name('db')
    relation = db.relations[0]
    unit = relation.joined_units['mysql/0']
    for what, found, wanted in [
        ('one object', endpoint_from_name('db') is db, True),
        ('expand_name', [db.expand_name('x'), db.expand_name('{endpoint_name}.x')], ['endpoint.db.x', 'db.x']),
        ('joined', [db.is_joined, db.joined, endpoint_from_name('old') is not None], [True, True, True]),
        ('by position and by key', [relation.relation_id, db.relations['db:1'] is relation, db.relations.keys()], ['db:1', True, ['db:1']]),
        ('application', relation.application_name, 'mysql'),
        ('JSON values', [unit.received['port'], unit.received['list'], unit.received['host']], [3306, [1, 2], 'h']),
        ('texts', [unit.received_raw['port'], unit.received_raw['missing']], ['3306', None]),
        ('the default', [unit.received.get('missing', 7), unit.received_raw.get('missing')], [7, None]),
        ('data of all units', db.all_joined_units.received['port'], 3306),
        ('names of units', db.all_joined_units.keys(), ['mysql/0', 'mysql/1']),
    ]:
        holds(what, found, wanted)
    relation.to_publish['list'] = [1, {'a': None}]
    relation.to_publish_raw['text'] = 5
    relation.to_publish.update({'more': True})
    holds('what is published', [dict(relation.to_publish_raw)[key] for key in ('list', 'text', 'more')], ['[1, {"a": null}]', '5', 'true'])
    holds('and read back', [relation.to_publish['list'], relation.to_publish['text']], [[1, {'a': None}], 5])

@hook('old-relation-changed')
def check(old):
    set_flag('db.available')
    for table in (arguments, decorators_of, functions, endpoints):
        table()
    with open('failed', 'w') as file:
        print(*failed, 'checked', sep='\\n', file=file)
`

it('holds for all arguments, names and values that the tables name', async () => {
  const unit = await startUnit({
    'metadata.yaml': METADATA,
    'reactive/relations/mysql/requires.py': MYSQL,
    'hooks/relations/ancient/requires.py': ANCIENT,
    'reactive/rules.py': RULES,
  })
  unit.joinRelation('db', {
    id: 'db:1',
    remoteApp: 'mysql',
    remoteUnits: { 'mysql/0': { port: '3306', list: '[1, 2]', host: 'h' }, 'mysql/1': {} },
  })
  unit.joinRelation('old', { id: 'old:2', remoteApp: 'other', remoteUnits: { 'other/0': {} } })
  const result = await unit.run({ name: 'old-relation-changed', remoteUnit: 'other/0' })
  expect([errors(result), result.stderr]).toEqual([[], ''])
  expect(lines(unit, 'failed')).toEqual(['checked'])
})
