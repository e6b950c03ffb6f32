"""Options of layers (documentation 2.3.7): ``layer.options.get('foo', 'enable-bar')``, and ``layer.options('foo')``."""

from __future__ import annotations

import sys
import types

from charms.reactive._engine import ask


def get(section=None, option=None, layer_file=None):
    """An option of a layer, all options of one, or those of all layers."""
    options = ask('layer_options', None if section is None else str(section))
    return options if option is None else options.get(option)


class _Callable(types.ModuleType):
    """The module is called like the function that it once was."""

    def __call__(self, section=None, layer_file=None):
        return get(section)


sys.modules[__name__].__class__ = _Callable
