# What only Python can do: the charm's own key/value data, data_changed, and a hook that is killed.
import os
import signal

from charmhelpers.core import hookenv, unitdata
from charms.reactive import data_changed, hook
from charms.reactive.helpers import mark_invoked


@hook('install')
def keep():
    kv = unitdata.kv()
    kv.set('own', {'deep': [1, 1.5, 'ü', None, True], 'empty': {}})
    kv.set('own.text', 'line\n"quoted"')
    kv.set('own.null', None)
    kv.set('reactive.unknown', 'the charm took a name that is not its own')
    kv.set('leadership.settings.token', 't1')
    data_changed('own data', {'b': [1, 2.0, 'ü'], 'a': None})
    mark_invoked('own id')


@hook('update-status')
def die():
    if os.path.exists(os.path.join(hookenv.charm_dir(), 'die')):
        # A cache this small makes SQLite write into the file before the commit.
        unitdata.kv().conn.execute('pragma cache_size = 1')
        unitdata.kv().update({'lost %d' % n: 'x' * 100 for n in range(200)})
        os.kill(os.getpid(), signal.SIGKILL)
