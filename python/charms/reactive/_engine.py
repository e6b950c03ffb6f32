"""The way to the engine: ``ask(OPERATION, ...)`` from whatever process or thread.

The main thread of the engine's own Python process (``_host.py``) has a connection. Everybody else
asks over the channel of the dispatch, and outside of a dispatch by a process of the toolkit.
"""

from __future__ import annotations

import os

try:
    from _thread import get_ident
except ImportError:  # pragma: no cover
    get_ident = os.getpid

#: The connection of this process, set by ``_host.py``: it belongs to one process and one thread.
connection = None


class EngineError(Exception):
    """The engine could not do it."""


def ask(operation: str, *args):
    """Let the engine do something, and give the result."""
    if connection is not None and connection.is_free(os.getpid(), get_ident()):
        return connection.ask(operation, args)
    import json

    from . import _channel

    answer = json.loads(_channel.request(json.dumps([operation, *args], allow_nan=False)))
    return answer[0] if len(answer) == 1 else refuse(*answer)


def refuse(kind: str, message: str):
    """Raise what the engine has refused."""
    raise (ValueError if kind == 'usage' else EngineError)(message)
