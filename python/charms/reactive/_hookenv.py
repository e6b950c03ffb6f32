"""charmhelpers' ``hookenv.config()`` on the engine's state: the previous configuration is that of the last hook that
succeeded, and keys that the charm itself puts there are kept.
"""

from __future__ import annotations

import copy
import os

from ._engine import ask


def connect(hookenv) -> None:
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
