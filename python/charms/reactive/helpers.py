"""Helpers: what changed, what was invoked, which hook runs (documentation 2.7)."""

from __future__ import annotations

from ._engine import ask
from .flags import (  # noqa: F401
    all_flags_set,
    all_states,
    any_flags_set,
    any_states,
    is_flag_set,
    is_state,
    toggle_flag,
    toggle_state,
)

__all__ = ['data_changed', 'is_data_changed', 'any_file_changed', 'status_candidate']


def status_candidate(status: str, message: str = '') -> None:
    """Propose a status of the unit: at the end of the hook the worst is set, unless ``status_set`` came later.

    From the worst to the best: ``error``, ``blocked``, ``maintenance``, ``waiting``, ``active``.
    """
    ask('status_candidate', str(status), str(message))


def any_hook(*hook_patterns: str) -> bool:
    """Whether the current hook matches one of the patterns.

    Patterns may have ``{provides:interface}`` for endpoints and ``{a,b}`` for choices.
    """
    return ask('any_hook', [str(pattern) for pattern in hook_patterns])


def any_file_changed(filenames, hash_type: str = 'md5') -> bool:
    """Whether a file has changed since this was last called, by whomever; a callable gives the name of a file."""
    names = [str(name() if callable(name) else name) for name in filenames]
    return ask('any_file_changed', names, hash_type)


def was_invoked(invocation_id) -> bool:
    """Whether the id was marked by :func:`mark_invoked`."""
    return ask('was_invoked', str(invocation_id))


def mark_invoked(invocation_id) -> None:
    """Mark the id as invoked, for :func:`was_invoked`."""
    ask('mark_invoked', str(invocation_id))


def data_changed(data_id, data, hash_type: str = 'md5') -> bool:
    """Whether the data differs from the previous call with the id; remembers it (documentation 2.7)."""
    return _compare(data_id, data, hash_type, True)


def is_data_changed(data_id, data, hash_type: str = 'md5') -> bool:
    """Whether the data differs from the last :func:`data_changed` with the id (documentation 2.7)."""
    return _compare(data_id, data, hash_type, False)


def _compare(data_id, data, hash_type: str, remembers: bool) -> bool:
    import json

    return ask('data_changed', str(data_id), json.dumps(data, sort_keys=True), hash_type, remembers)
