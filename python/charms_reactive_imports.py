"""Which modules a charm's Python gets: ours for ``charms.reactive``, the charm's own for all else.

Two finders stand around those of Python. The first serves ``charms.reactive`` and what the engine has done already
(``charms.layer.basic``, ``charms.layer.execd``), wherever else they are, and connects ``charmhelpers`` with the
engine when the charm imports it. The last serves what nobody has: handler files that a package of the same name
hides, ``charms.layer`` and its options.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader

HERE = os.path.dirname(os.path.abspath(__file__))

#: Modules of charmhelpers, and the module of ours that connects each with the engine.
CONNECTED = {
    'charmhelpers.core.unitdata': 'charms.reactive._unitdata',
    'charmhelpers.core.hookenv': 'charms.reactive._hookenv',
}

#: Ours, even where the charm brings its own.
OURS = ('charms.reactive', 'charms.layer.basic', 'charms.layer.execd')

#: Ours, where the charm has none.
SPARE = ('charms', 'charms.layer', 'charms.layer.options')


def install() -> None:
    """Put the finders around Python's own, once, and the charm's directories at the end of the path."""
    if any(isinstance(finder, First) for finder in sys.meta_path):
        return
    sys.meta_path.insert(0, First())
    sys.meta_path.append(Last())
    charm = charm_dir()
    if charm:
        for directory in (charm, os.path.join(charm, 'hooks')):
            if directory not in sys.path:
                sys.path.append(directory)
    if os.environ.get('CHARMS_REACTIVE_STAND_INS'):
        __import__('charms_reactive_stand_ins').install(charm)


def charm_dir() -> str:
    """The charm dir that the environment names."""
    return os.environ.get('JUJU_CHARM_DIR') or os.environ.get('CHARM_DIR') or ''


def find_ours(name: str) -> ModuleSpec | None:
    """The spec of a module of ours, by its file."""
    base = os.path.join(HERE, *name.split('.'))
    init = os.path.join(base, '__init__.py')
    if os.path.isfile(init):
        spec = ModuleSpec(name, SourceFileLoader(name, init), origin=init, is_package=True)
        spec.submodule_search_locations = [base]
    elif os.path.isfile(base + '.py'):
        spec = ModuleSpec(name, SourceFileLoader(name, base + '.py'), origin=base + '.py')
    else:
        return None
    spec.has_location = True
    return spec


class First:
    """Before all other finders."""

    def find_spec(self, name: str, path=None, target=None) -> ModuleSpec | None:
        if name.startswith('charms.'):
            if name in OURS or name.startswith('charms.reactive.'):
                return find_ours(name)
        elif name in CONNECTED:
            return self._connected(name, path, target)
        return None

    def _connected(self, name: str, path, target) -> ModuleSpec | None:
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, 'find_spec'):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = Connecting(spec.loader, CONNECTED[name])
                return spec
        return None


class Connecting:
    """A loader that connects the module with the engine once it is loaded."""

    def __init__(self, loader, connector: str):
        self._loader = loader
        self._connector = connector

    def create_module(self, spec: ModuleSpec):
        return self._loader.create_module(spec)

    def exec_module(self, module) -> None:
        self._loader.exec_module(module)
        __import__(self._connector)
        sys.modules[self._connector].connect(module)

    def __getattr__(self, name: str):
        return getattr(self._loader, name)


class Last:
    """Behind all other finders."""

    def find_spec(self, name: str, path=None, target=None) -> ModuleSpec | None:
        if name in SPARE:
            return find_ours(name) or self._namespace(name)
        if name.split('.', 1)[0] in ('reactive', 'relations'):
            return self._handler_file(name)
        return None

    def _namespace(self, name: str) -> ModuleSpec | None:
        """A package without a file, of all directories of its name."""
        tail = os.path.join(*name.split('.'))
        found = [os.path.join(entry or '.', tail) for entry in [HERE, *sys.path]]
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [entry for entry in found if os.path.isdir(entry)]
        return spec

    def _handler_file(self, name: str) -> ModuleSpec | None:
        """A module below the directories of handler files, where another package hides these."""
        for root in (charm_dir(), os.path.join(charm_dir(), 'hooks')):
            directory = os.path.join(root, *name.split('.')[:-1])
            spec = PathFinder.find_spec(name, [directory])
            if spec is not None:
                return spec
        return None
