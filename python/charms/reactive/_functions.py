"""What is known of a handler's function without the weight of ``inspect``: place, parameters, endpoint method."""

from __future__ import annotations

import os

from . import _modules

_VARARGS, _VARKEYWORDS = 0x04, 0x08


def unwrap(action):
    """The function inside of decorators that use ``functools.wraps``, and of bound methods and partials."""
    seen = set()
    while id(action) not in seen:
        seen.add(id(action))
        for inner in ('__wrapped__', '__func__', 'func'):
            found = getattr(action, inner, None)
            if callable(found):
                action = found
                break
    return action


def place_of(action) -> tuple[str, int]:
    """File in the charm dir, and line of the first decorator or the ``def``."""
    code = getattr(unwrap(action), '__code__', None)
    if code is None:
        raise TypeError('a handler is a function: %r' % (action,))
    return _modules.relative(os.path.abspath(code.co_filename)), code.co_firstlineno


def name_of(action) -> str:
    """The name that the function was defined with."""
    code = getattr(unwrap(action), '__code__', None)
    return code.co_name if code is not None else getattr(action, '__name__', repr(action))


def parameters(action) -> list[str]:
    """The names of the parameters that a caller can give."""
    code = getattr(action, '__code__', None)
    if code is None or getattr(action, '__wrapped__', None) is not None or hasattr(action, '__signature__'):
        import inspect

        return list(inspect.signature(action).parameters)
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & _VARARGS) + bool(code.co_flags & _VARKEYWORDS)
    return list(code.co_varnames[:count])


def is_endpoint_method(action) -> bool:
    """Whether it takes ``self`` alone, in a module that knows an Endpoint class (the class does not exist yet)."""
    if parameters(action) != ['self']:
        return False
    from .endpoints import Endpoint

    values = list(getattr(unwrap(action), '__globals__', {}).values())
    return any(isinstance(value, type) and issubclass(value, Endpoint) for value in values)
