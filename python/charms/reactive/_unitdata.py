"""charmhelpers' key/value data (``unitdata.kv()``) on the engine's state: no second database is opened."""

from __future__ import annotations

import contextlib
import json

from ._engine import ask


def connect(unitdata) -> None:
    """Make the engine's state what ``unitdata.kv()`` gives, where the charm's module of this name has a storage."""
    if not hasattr(unitdata, 'Storage'):
        return
    storage = type('EngineStorage', (_EngineStorage, unitdata.Storage), {'_module': unitdata})
    unitdata._KV = storage()


class _EngineStorage:
    """The interface of ``unitdata.Storage``. Values go through JSON, and come back as copies."""

    _module = None

    def __init__(self):
        self.db_path = ''
        self.revision = None
        self._closed = False

    def get(self, key, default=None, record=False):
        """The value of a key, or the default."""
        found = ask('kv_get', str(key))
        if not found:
            return default
        return self._module.Record(found[0]) if record else found[0]

    def getrange(self, key_prefix, strip=False) -> dict:
        """All keys that begin with the prefix, as SQL's LIKE sees it, with their values."""
        found = ask('kv_range', str(key_prefix))
        length = len(key_prefix) if strip else 0
        return {key[length:]: value for key, value in found.items()}

    def update(self, mapping, prefix='') -> None:
        """Set several keys."""
        for key, value in mapping.items():
            self.set('%s%s' % (prefix, key), value)

    def set(self, key, value):
        """Set a key to a JSON value, and give the value."""
        json.dumps(value)
        ask('kv_set', str(key), value)
        return value

    def unset(self, key) -> None:
        """Remove a key."""
        ask('kv_unset', [str(key)])

    def unsetrange(self, keys=None, prefix='') -> None:
        """Remove the keys behind the prefix, or all that begin with it."""
        if keys is None:
            ask('kv_unset_range', str(prefix))
        else:
            ask('kv_unset', ['%s%s' % (prefix, key) for key in keys])

    def delta(self, mapping, prefix):
        """What differs from the kept values: pairs of the previous and the current value."""
        previous = self.getrange(prefix, strip=True)
        delta = self._module.DeltaSet()
        for key in {*previous, *mapping}:
            before, now = previous.get(key), mapping.get(key)
            if before != now or (key in previous) != (key in mapping):
                delta[key] = self._module.Delta(before, now)
        return delta

    @contextlib.contextmanager
    def hook_scope(self, name=''):
        """Commit at the end. Revisions are not kept: a hook is a transaction of the engine."""
        self.revision = 1
        try:
            yield self.revision
        finally:
            self.revision = None
        self.flush()

    def flush(self, save=True) -> None:
        """Commit what has changed so far in this hook: ``charms.reactive checkpoint``."""
        if save:
            ask('checkpoint')

    def gethistory(self, key, deserialize=False) -> list:
        """Nothing: revisions are not kept."""
        return []

    def debug(self, fh=None) -> None:
        """Print all keys and values."""
        import pprint

        pprint.pprint(sorted(self.getrange('').items()), stream=fh)

    def close(self) -> None:
        """Nothing: the engine keeps the state open."""
