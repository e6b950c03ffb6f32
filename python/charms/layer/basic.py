"""layer-basic's own functions: what they do for a hook, the engine has done before (documentation 2.3)."""

from __future__ import annotations

import os

from charms.reactive import _main


def bootstrap_charm_deps() -> None:
    """Nothing: the engine has installed the charm's packages."""


def activate_venv() -> None:
    """Nothing: this interpreter is that of the charm's virtual environment."""


def reload_interpreter(python=None) -> None:
    """Nothing: this interpreter is that of the charm's virtual environment."""


def init_config_states() -> None:
    """The engine sets the flags of the configuration; in an action that calls ``main()`` only after this."""
    _main.has_config_flags = True


def clear_config_states() -> None:
    """Nothing: the engine clears the flags of the configuration."""


def __getattr__(name: str):
    """What else the charm's own layer-basic has."""
    if name.startswith('__'):
        raise AttributeError(name)
    return getattr(_own(), name)


def _own():
    from importlib.machinery import ModuleSpec, SourceFileLoader

    charm = os.environ.get('JUJU_CHARM_DIR') or os.environ.get('CHARM_DIR') or '.'
    path = os.path.join(charm, 'lib', 'charms', 'layer', 'basic.py')
    if not os.path.exists(path):
        raise AttributeError('charms.layer.basic has no such function, and the charm has no layer of this name')
    if not _loaded:
        loader = SourceFileLoader('charms.layer._own_basic', path)
        module = type(os)('charms.layer._own_basic')
        module.__file__ = path
        module.__package__ = 'charms.layer'
        module.__spec__ = ModuleSpec('charms.layer._own_basic', loader, origin=path)
        loader.exec_module(module)
        _loaded.append(module)
    return _loaded[0]


_loaded: list = []
