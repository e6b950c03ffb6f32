"""The process that imports the Python files of a charm and runs what the engine asks for.

Started by ``src/handlers/python/process.ts`` with two connections, the descriptors 3 and 4; what goes over them is
specified in ``src/handlers/python/connection.ts``. The main thread serves the first; over the second come calls that
run while the main thread is busy, each in a thread of its own.
"""

from __future__ import annotations

import json
import os
import sys
from _thread import allocate_lock, get_ident, start_new_thread

import charms_reactive_imports

charms_reactive_imports.install()

from charms.reactive import _calls, _engine  # noqa: E402


class Connection:
    """One of the two lines to the engine: JSON texts, one a line."""

    def __init__(self, descriptor: int):
        os.set_inheritable(descriptor, False)
        self._descriptor = descriptor
        self._rest = b''
        self._lines: list[bytes] = []
        self._replies: dict[int, list] = {}
        self._count = 0
        self._owner = (os.getpid(), get_ident())
        self._is_moving = False
        self._lock = allocate_lock()

    def is_free(self, pid: int, thread: int) -> bool:
        """Whether this very process and thread may ask now: not in a finalizer or signal that interrupts a line."""
        return self._owner == (pid, thread) and not self._is_moving

    def send(self, message: list) -> None:
        data = json.dumps(message, allow_nan=False).encode() + b'\n'
        with self._lock:
            while data:
                data = data[os.write(self._descriptor, data) :]

    def ask(self, operation: str, args):
        """Ask the engine. What it calls meanwhile is done first."""
        self._count += 1
        number = self._count
        text = ['ask', number, operation, *args]
        self._is_moving = True
        try:
            self.send(text)
        finally:
            self._is_moving = False
        while number not in self._replies:
            self._take(self.receive())
        kind, value, *callbacks = self._replies.pop(number)
        if kind == 'refusal':
            return _engine.refuse(value, *callbacks)
        if callbacks:
            _calls.callbacks(callbacks)
        return value

    def receive(self) -> list:
        """The next message. The end of the engine is the end of this process."""
        self._is_moving = True
        try:
            while not self._lines:
                data = os.read(self._descriptor, 65536)
                if not data:
                    os._exit(1)
                *self._lines, self._rest = (self._rest + data).split(b'\n')
            return json.loads(self._lines.pop(0))
        finally:
            self._is_moving = False

    def _take(self, message: list) -> None:
        if message[0] == 'call':
            self.serve(message)
        else:
            self._replies[message[1]] = [message[0], *message[2:]]

    def serve(self, message: list) -> None:
        """Do what the engine calls for, and tell the result."""
        _, number, name, *args = message
        pid = os.getpid()
        result = _calls.perform(name, args)
        if os.getpid() != pid:
            # A forked child that came back: what it did counts for nothing more.
            _flush()
            os._exit(0 if result[0] == 'done' else 1)
        _flush()
        self.send([result[0], number, *result[1:]])


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass


def _serve_aside(connection: Connection) -> None:
    while True:
        message = connection.receive()
        start_new_thread(connection.serve, (message,))


def main() -> None:
    event = sys.argv[1]
    sys.argv[:] = [event]
    # The directory of this file is on the path already, by PYTHONPATH.
    if sys.path and sys.path[0] == charms_reactive_imports.HERE:
        del sys.path[0]
    if event.startswith('actions/') or not os.environ.get('JUJU_HOOK_NAME'):
        # As in the original: the name of the program is that of the action.
        os.environ.pop('JUJU_HOOK_NAME', None)
    _engine.connection = Connection(3)
    start_new_thread(_serve_aside, (Connection(4),))
    _calls.begin()
    while True:
        message = _engine.connection.receive()
        if message[2] == 'end':
            # The interpreter ends as ever: what the charm has left open is written, its threads are waited for.
            return
        _engine.connection.serve(message)


if __name__ == '__main__':
    main()
