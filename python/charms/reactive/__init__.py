"""The reactive framework for charms, as the documentation of charms.reactive 1.3.0 has it.

This package is a client: flags, triggers, conditions, the loop and the commit are the engine's, which handlers in
bash, JavaScript and other languages share. ``docs/python.md`` says how Python handlers run.
"""

from __future__ import annotations

from . import bus, decorators, flags, helpers, relations
from .decorators import *  # noqa: F401,F403
from .decorators import action  # noqa: F401
from .flags import *  # noqa: F401,F403
from .helpers import *  # noqa: F401,F403
from .relations import *  # noqa: F401,F403

#: What most charms do not use is imported on first use: names, and the modules that have them.
_PATTERNS = ('BaseRequest', 'BaseResponse', 'Field', 'RequesterEndpoint', 'ResponderEndpoint')
_LATER = {'Endpoint': 'endpoints', **dict.fromkeys(_PATTERNS, 'patterns.request_response')}
_MODULES = {
    'endpoints': __name__ + '.endpoints',
    'trace': __name__ + '.trace',
    'hookenv': 'charmhelpers.core.hookenv',
    'unitdata': 'charmhelpers.core.unitdata',
}

__all__ = [
    *decorators.__all__,
    *flags.__all__,
    *helpers.__all__,
    *relations.__all__,
    *_LATER,
    'bus',
    'flags',
    'helpers',
    'main',
]


def main(relation_name=None) -> None:
    """Run the reactive part of this hook or action (documentation 2.7, main).

    In a script that a dispatch runs this is the rest of that dispatch; elsewhere it is a dispatch of its own.
    """
    from ._main import run

    run()


def __getattr__(name: str):
    from importlib import import_module

    if name in _LATER:
        return getattr(import_module('%s.%s' % (__name__, _LATER[name])), name)
    if name in _MODULES:
        return import_module(_MODULES[name])
    raise AttributeError('module %r has no attribute %r' % (__name__, name))
