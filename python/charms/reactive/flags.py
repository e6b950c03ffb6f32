"""Flags and triggers (documentation 2.7 and 2.8.2). All of them live in the engine."""

from __future__ import annotations

TYPE_CHECKING = False

from . import _engine
from ._engine import ask

if TYPE_CHECKING:
    from typing import Any, Callable

__all__ = [
    'set_flag',
    'clear_flag',
    'toggle_flag',
    'register_trigger',
    'is_flag_set',
    'all_flags_set',
    'any_flags_set',
    'get_flags',
    'get_unset_flags',
    'set_state',
    'remove_state',
    'toggle_state',
    'is_state',
    'all_states',
    'get_states',
    'any_states',
]


class State(str):
    """A flag's name in a :class:`StateList` (deprecated since 0.5.0)."""


class StateList:
    """The flags that a relation may set (deprecated since 0.5.0)."""


def set_flag(flag: str, value: Any = None) -> None:
    """Set the given flag as active (documentation 2.7). It is persisted at the end of a successful hook."""
    ask('set_flag', str(flag), value)


def clear_flag(flag: str) -> None:
    """Clear a flag (documentation 2.7)."""
    ask('clear_flag', str(flag))


def toggle_flag(flag: str, should_set: Any) -> None:
    """Set the flag if ``should_set``, else clear it (documentation 2.7)."""
    if should_set:
        set_flag(flag)
    else:
        clear_flag(flag)


def register_trigger(
    when: str | None = None,
    when_not: str | None = None,
    set_flag: str | None = None,
    clear_flag: str | None = None,
    callback: Callable[[], Any] | None = None,
) -> None:
    """Set or clear a flag, or call back, when a flag is set or cleared (documentation 2.8.2).

    Exactly one of ``when`` and ``when_not``, and at least one of the others is given.
    """
    if not any((when, when_not)):
        raise ValueError('Must provide one of when or when_not')
    if all((when, when_not)):
        raise ValueError('Only one of when or when_not can be provided')
    if not any((set_flag, clear_flag, callback)):
        raise ValueError('Must provide at least one of set_flag, clear_flag, or callback')
    given = {
        'when': when or None,
        'when_not': when_not or None,
        'set_flag': set_flag or None,
        'clear_flag': clear_flag or None,
    }
    if callback is None:
        ask('register_trigger', given)
        return
    if _engine.connection is None:
        raise _engine.EngineError('a callback of a trigger belongs in a handler file: %r' % callback)
    from ._calls import number_of

    ask('register_trigger', given, number_of(callback))


def is_flag_set(flag: str) -> bool:
    """Whether a flag is set (documentation 2.7)."""
    return ask('any_flags_set', [str(flag)])


def all_flags_set(*desired_flags: str) -> bool:
    """Whether all of the flags are set (documentation 2.7)."""
    return ask('all_flags_set', [str(flag) for flag in desired_flags])


def any_flags_set(*desired_flags: str) -> bool:
    """Whether any of the flags is set (documentation 2.7)."""
    return ask('any_flags_set', [str(flag) for flag in desired_flags])


def get_flags() -> list[str]:
    """All flags that are set, sorted (documentation 2.7)."""
    return ask('get_flags')


def get_unset_flags(*desired_flags: str) -> list[str]:
    """Those of the flags that are not set, sorted."""
    return sorted(set(ask('get_unset_flags', [str(flag) for flag in desired_flags])))


def _get_flag_value(flag: str, default: Any = None) -> Any:
    value = ask('get_flag_value', str(flag))
    return default if value is None else value


def set_state(state: str, value: Any = None) -> None:
    """Deprecated name of :func:`set_flag`."""
    set_flag(state, value)


def remove_state(state: str) -> None:
    """Deprecated name of :func:`clear_flag`."""
    clear_flag(state)


def toggle_state(state: str, should_set: Any) -> None:
    """Deprecated name of :func:`toggle_flag`."""
    toggle_flag(state, should_set)


def is_state(state: str) -> bool:
    """Deprecated name of :func:`is_flag_set`."""
    return is_flag_set(state)


def all_states(*desired_states: str) -> bool:
    """Deprecated name of :func:`all_flags_set`."""
    return all_flags_set(*desired_states)


def any_states(*desired_states: str) -> bool:
    """Deprecated name of :func:`any_flags_set`."""
    return any_flags_set(*desired_states)


def get_states() -> dict[str, Any]:
    """All flags that are set, with their values (deprecated since 0.5.0)."""
    return ask('get_flag_values')


def get_state(flag: str, default: Any = None) -> Any:
    """The value of a flag (deprecated since 0.5.0)."""
    return _get_flag_value(flag, default)
