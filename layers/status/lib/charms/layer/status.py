"""Statuses of several layers in one hook, in place of the module of layer:status.

Maintenance is shown at once. The others wait for the end of the hook, when blocked counts before waiting, and waiting
before active; among equals that of the uppermost layer counts, and of one layer the last.
"""

from __future__ import annotations

import os
import sys
from enum import Enum

from charmhelpers.core import hookenv


class WorkloadState(Enum):
    """The states of a workload."""

    MAINTENANCE = 'maintenance'
    BLOCKED = 'blocked'
    WAITING = 'waiting'
    ACTIVE = 'active'


_PRECEDENCE = [WorkloadState.ACTIVE, WorkloadState.WAITING, WorkloadState.BLOCKED]
_set_at_once = hookenv.status_set
_waiting: list = []


def maintenance(message: str) -> None:
    """Say what the unit is busy with."""
    status_set(WorkloadState.MAINTENANCE, message)


maint = maintenance


def blocked(message: str) -> None:
    """Say what the operator has to do."""
    status_set(WorkloadState.BLOCKED, message)


def waiting(message: str) -> None:
    """Say what the unit waits for."""
    status_set(WorkloadState.WAITING, message)


def active(message: str) -> None:
    """Say that the unit works."""
    status_set(WorkloadState.ACTIVE, message)


def status_set(workload_state, message: str) -> None:
    """Set a status, by its state or the name of one."""
    state = WorkloadState(getattr(workload_state, 'value', workload_state))
    if state is WorkloadState.MAINTENANCE:
        _set_at_once(state.value, message)
        return
    if not _waiting:
        hookenv.atexit(_set_final)
    _waiting.append((_PRECEDENCE.index(state), _rank(_caller()), len(_waiting), state, message))


def _set_final() -> None:
    if _waiting:
        *_, state, message = max(_waiting, key=lambda entry: entry[:3])
        _waiting.clear()
        _set_at_once(state.value, message)


def _caller() -> str:
    """The layer that asks, by the name of its file."""
    frame = sys._getframe(1)
    while frame is not None and os.path.basename(frame.f_code.co_filename) == 'status.py':
        frame = frame.f_back
    name = os.path.basename(frame.f_code.co_filename) if frame is not None else ''
    return os.path.splitext(name)[0].replace('_', '-')


def _rank(layer: str) -> int:
    """How high the layer lies; the charm's own files lie above all that it includes."""
    import yaml

    with open(os.path.join(hookenv.charm_dir(), 'layer.yaml'), encoding='utf-8') as file:
        included = (yaml.safe_load(file) or {}).get('includes') or []
    names = [str(name).split(':')[-1] for name in included]
    return names.index(layer) if layer in names else len(names)
