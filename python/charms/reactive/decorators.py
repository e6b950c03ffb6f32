"""Decorators of handlers (documentation 2.7). The engine tests the conditions that they register."""

from __future__ import annotations

from . import _functions
from ._engine import ask
from .bus import Handler, _short_action_id
from .relations import endpoint_from_flag, endpoint_from_name

__all__ = [
    'when',
    'when_all',
    'when_any',
    'when_not',
    'when_none',
    'when_not_all',
    'not_unless',
    'when_file_changed',
    'collect_metrics',
    'meter_status_changed',
    'only_once',
    'hook',
]


def hook(*hook_patterns: str):
    """Run in the hooks that match one of the patterns, with the relation's object where it has one.

    Patterns may have ``{provides:interface}`` and ``{a,b}`` (documentation 2.7, any_hook).
    """

    def register(action):
        handler = Handler.get(action)
        handler.add_condition('hook', hook_patterns)
        handler.add_args(_object_of_hook)
        return action

    return register


def _object_of_hook(_endpoint) -> list:
    import os

    found = endpoint_from_name(os.environ.get('JUJU_RELATION') or None)
    return [] if found is None else [found]


def action(*names: str):
    """Run in the actions of these names."""

    def register(function):
        Handler.get(function).add_condition('action', names)
        return function

    return register


def _flag_decorator(name: str, gives_objects: bool, desired_flags: tuple, action):
    handler = Handler.get(action)
    handler.add_condition(name, desired_flags)
    if _functions.is_endpoint_method(action):
        # One `self`, however many decorators there are.
        if not handler.has_args:
            handler.add_args(_own_object)
    elif gives_objects and _functions.parameters(action):
        handler.add_args(lambda endpoint: _objects_of_flags(desired_flags, endpoint))
    return action


def _own_object(endpoint: str | None) -> list:
    return [endpoint_from_name(endpoint)]


def _objects_of_flags(flags: tuple, endpoint: str | None) -> list:
    """One argument for each flag that leads to an object, in the order of the flags."""
    names = [flag if endpoint is None else flag.replace('{endpoint_name}', endpoint) for flag in map(str, flags)]
    return [found for found in map(endpoint_from_flag, names) if found]


def when(*desired_flags: str):
    """Alias of :func:`when_all`."""
    return when_all(*desired_flags)


def when_all(*desired_flags: str):
    """Run when all of the flags are set (documentation 2.7).

    A function with parameters gets an object for each flag that belongs to a relation.
    """
    return lambda action: _flag_decorator('when_all', True, desired_flags, action)


def when_any(*desired_flags: str):
    """Run when any of the flags is set (documentation 2.7)."""
    return lambda action: _flag_decorator('when_any', False, desired_flags, action)


def when_not(*desired_flags: str):
    """Alias of :func:`when_none`."""
    return when_none(*desired_flags)


def when_none(*desired_flags: str):
    """Run when none of the flags is set (documentation 2.7)."""
    return lambda action: _flag_decorator('when_none', False, desired_flags, action)


def when_not_all(*desired_flags: str):
    """Run when at least one of the flags is not set (documentation 2.7)."""
    return lambda action: _flag_decorator('when_not_all', False, desired_flags, action)


def when_file_changed(*filenames, **kwargs):
    """Run when one of the files has changed since the function last succeeded (documentation 2.7).

    A callable gives the name of a file when it is asked. Which ``hash_type`` compares them makes no difference.
    """
    unknown = set(kwargs) - {'hash_type'}
    if unknown:
        raise TypeError('when_file_changed has no such argument: %s' % ', '.join(sorted(unknown)))

    def register(action):
        handler = Handler.get(action)
        if any(callable(name) for name in filenames):
            handler.add_files(filenames)
        else:
            handler.add_condition('when_file_changed', filenames)
        return action

    return register


def not_unless(*desired_flags: str):
    """Warn when the function is called without the flags; it triggers nothing (documentation 2.7)."""

    from functools import wraps

    def decorate(function):
        @wraps(function)
        def guarded(*args, **kwargs):
            flags = [str(flag) for flag in desired_flags]
            unset = ask('get_unset_flags', flags)
            missing = [flag for flag in flags if flag in unset]
            if missing:
                text = '%s called before flag%s: %s'
                values = (_short_action_id(function), 's' if len(missing) > 1 else '', ', '.join(missing))
                ask('log', 'WARNING', text % values)
            return function(*args, **kwargs)

        # What is decorated further is the same handler.
        guarded._reactive_action = getattr(function, '_reactive_action', function)
        return guarded

    return decorate


def only_once(action=None):
    """Run once in the life of the unit (deprecated since 0.5.0). May be written with or without parentheses."""
    if action is None:
        return only_once
    Handler.get(action).add_condition('only_once', ())
    return action


def collect_metrics():
    """Run in the hook ``collect-metrics`` (documentation 2.7)."""
    return lambda action: _restricted_decorator('collect_metrics', action)


def meter_status_changed():
    """Run in the hook ``meter-status-changed`` (documentation 2.7)."""
    return lambda action: _restricted_decorator('meter_status_changed', action)


def _restricted_decorator(name: str, action):
    Handler.get(action).add_condition(name, ())
    return action
