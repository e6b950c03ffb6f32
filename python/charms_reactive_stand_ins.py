"""Modules that stand in for those that are not there, so that handler files of a charm register where its packages
are not installed: for ``lint``, ``graph`` and ``report`` alone, never in a hook.

``charms_reactive_imports`` puts the finder behind all others where ``CHARMS_REACTIVE_STAND_INS`` names a file: the
names of the modules that it made go there.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType

FILE = 'CHARMS_REACTIVE_STAND_INS'


def install(charm_dir: str) -> None:
    """Put the finder behind all others."""
    sys.meta_path.append(StandIns(os.environ[FILE], charm_dir))


class StandIns:
    """Finds what nobody else does, for code of the charm; what others try to import and can do without stays away."""

    def __init__(self, file: str, charm_dir: str):
        self._file = file
        self._roots = tuple(os.path.join(root, '') for root in {charm_dir, os.path.realpath(charm_dir)})

    def find_spec(self, name: str, path=None, target=None) -> ModuleSpec | None:
        top = name.split('.', 1)[0]
        if top in sys.stdlib_module_names or not self._is_asked_by_charm():
            return None
        if isinstance(sys.modules.get(name.rpartition('.')[0]), StandIn) is False:
            with open(self._file, 'a', encoding='utf-8') as file:
                file.write(name + '\n')
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec):
        return StandIn(spec.name)

    def exec_module(self, module) -> None:
        pass

    def _is_asked_by_charm(self) -> bool:
        frame = sys._getframe()
        while frame is not None:
            file = frame.f_code.co_filename
            if file != __file__ and 'importlib' not in file:
                return file[:1] != '<' and os.path.abspath(file).startswith(self._roots)
            frame = frame.f_back
        return False


class StandIn(ModuleType):
    """A module that has whatever is asked of it."""

    __all__: list = []

    def __getattr__(self, name: str):
        if name.startswith('__'):
            raise AttributeError(name)
        return Anything()


class Anything:
    """Takes what is done with it at the top level of a module: as a decorator it leaves the function as it is."""

    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, **kwargs):
        if len(args) == 1 and not kwargs and isinstance(args[0], (FunctionType, type)):
            return args[0]
        return Anything()

    def __mro_entries__(self, bases):
        return ()

    def __getattr__(self, name: str):
        if name.startswith('__'):
            raise AttributeError(name)
        return Anything()

    def __getitem__(self, key):
        return Anything()

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def __fspath__(self):
        return ''

    def __str__(self):
        return ''

    def _operate(self, other):
        return Anything()

    __add__ = __radd__ = __mul__ = __rmul__ = __truediv__ = __mod__ = __or__ = __ror__ = __and__ = _operate
