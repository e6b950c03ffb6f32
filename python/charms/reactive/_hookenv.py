"""charmhelpers' ``hookenv.config()`` on the engine's state: the previous configuration is that of the last hook that
succeeded, and keys that the charm itself puts there are kept.
"""

from __future__ import annotations

import copy
import functools
import os

from ._engine import ask


def connect(hookenv) -> None:
    """Connect what the module has: a charm may bring an old charmhelpers, or a few functions of that name."""
    if hasattr(hookenv, 'Config'):
        connect_config(hookenv)
    if hasattr(hookenv, 'status_set'):
        connect_status(hookenv)


def connect_config(hookenv) -> None:
    """Let ``hookenv.Config`` load from the engine, and save there; another file that a charm names stays a file."""
    config = hookenv.Config
    load_file, save_file = config.load_previous, config.save

    def default_path() -> str:
        return os.path.join(hookenv.charm_dir() or '', config.CONFIG_FILE_NAME)

    def init(self, *args, **kwargs):
        dict.__init__(self, *args, **kwargs)
        self.implicit_save = True
        self._prev_dict = None
        self.path = default_path()
        self.load_previous()
        hookenv.atexit(self._implicit_save)

    def load_previous(self, path=None):
        if path is not None and path != default_path():
            return load_file(self, path)
        self.path = default_path()
        self._prev_dict = ask('previous_config')
        for key, value in copy.deepcopy(self._prev_dict or {}).items():
            self.setdefault(key, value)
        return None

    def save(self):
        if self.path != default_path():
            return save_file(self)
        return ask('keep_config', dict(self))

    config.__init__, config.load_previous, config.save = init, load_previous, save


def connect_status(hookenv) -> None:
    """Let the engine know of a status that is set plainly: what was proposed before no longer counts."""
    set_status = hookenv.status_set

    @functools.wraps(set_status)
    def status_set(workload_state, message, *args, **kwargs):
        result = set_status(workload_state, message, *args, **kwargs)
        is_of_unit = not (args and args[0]) and not kwargs.get('application')
        if is_of_unit and os.environ.get('CHARMS_REACTIVE_CHANNEL'):
            ask('status_was_set')
        return result

    hookenv.status_set = status_set
