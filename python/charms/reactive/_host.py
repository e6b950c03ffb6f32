"""What ``charms_reactive_host.py`` does: it imports the Python files of a charm and runs what the engine asks for.

There are two connections; what goes over them is specified in ``src/handlers/python/connection.ts``. The main thread
serves the first; over the second come calls that run while the main thread is busy, each in a thread of its own.
The engine starts the process with a socket for each, the descriptors 3 and 4. The launcher (``shell/charms.reactive``)
starts it with four pipes, whose descriptors are its arguments: those that lead here and those that lead back.
"""

from __future__ import annotations

import _signal
import gc
import os
import select
import sys
from _thread import allocate_lock, get_ident, start_new_thread

from . import _calls, _engine, _json_texts

#: How often an answer is looked for before this process sleeps: most come sooner than it would wake up again.
_LOOKS = 100


class Connection:
    """One of the two lines to the engine: JSON texts, one a line."""

    def __init__(self, reader: int, writer: int):
        self._reader = reader
        self._writer = writer
        self._poll = select.poll()
        self._poll.register(reader, select.POLLIN)
        self._rest = b''
        self._lines: list[bytes] = []
        self._replies: dict[int, list] = {}
        self._count = 0
        self._owner = (os.getpid(), get_ident())
        #: Whether this class is at work, and not code of the charm.
        self._is_moving = True
        self._lock = allocate_lock()

    def is_free(self, pid: int, thread: int) -> bool:
        """Whether this very process and thread may ask now: not in a finalizer or signal that interrupts a line."""
        return self._owner == (pid, thread) and not self._is_moving

    def release(self) -> None:
        """Let finalizers ask at the end of the process."""
        self._is_moving = False

    def send(self, message: list) -> None:
        data = _json_texts.encode(message).encode() + b'\n'
        with self._lock:
            while data:
                data = data[os.write(self._writer, data) :]

    def ask(self, operation: str, args):
        """Ask the engine. What it calls meanwhile is done first."""
        self._count += 1
        number = self._count
        text = ['ask', number, operation, *args]
        self._is_moving = True
        try:
            self.send(text)
            while number not in self._replies:
                self._look()
                self._take(self.receive())
        finally:
            self._is_moving = False
        kind, value, *callbacks = self._replies.pop(number)
        if kind == 'refusal':
            return _engine.refuse(value, *callbacks)
        if callbacks:
            _calls.callbacks(callbacks)
        return value

    def _look(self) -> None:
        """Wait a moment for the next message without sleeping; the processor is the engine's if it has no other."""
        for _ in range(0 if self._lines else _LOOKS):
            if self._poll.poll(0):
                return
            os.sched_yield()

    def receive(self) -> list:
        """The next message. The end of the engine is the end of this process."""
        while not self._lines:
            data = os.read(self._reader, 65536)
            if not data:
                os._exit(1)
            *self._lines, self._rest = (self._rest + data).split(b'\n')
        return _json_texts.decode(self._lines.pop(0).decode())

    def _take(self, message: list) -> None:
        if message[0] == 'call':
            self.serve(message)
        else:
            self._replies[message[1]] = [message[0], *message[2:]]

    def serve(self, message: list) -> None:
        """Do what the engine calls for, and tell the result."""
        _, number, name, *args = message
        pid = os.getpid()
        self._is_moving = False
        try:
            result = _calls.perform(name, args)
        finally:
            self._is_moving = True
        if os.getpid() != pid:
            # A forked child that came back: what it did counts for nothing more.
            _flush()
            os._exit(0 if result[0] == 'done' else 1)
        _flush()
        self.send([result[0], number, *result[1:]])


def _flush() -> None:
    for stream in (sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass


def _serve_aside(connection: Connection) -> None:
    while True:
        message = connection.receive()
        start_new_thread(connection.serve, (message,))


def _open(pipes: list[int]) -> list[int]:
    """The ends of the connections that are this process's, which no child gets."""
    if not pipes:
        for socket in (3, 4):
            os.set_inheritable(socket, False)
        return [3, 3, 4, 4]
    ends = []
    for pipe, mode in zip(pipes, (os.O_RDONLY, os.O_WRONLY) * 2):
        ends.append(os.open('/proc/self/fd/%d' % pipe, mode))
        os.close(pipe)
    # A shell lets what it starts beside itself ignore these.
    _signal.signal(_signal.SIGINT, _signal.default_int_handler)
    _signal.signal(_signal.SIGQUIT, _signal.SIG_DFL)
    return ends


class _LastWord:
    """The answer to ``end``: no code of the charm is left that could ask the engine."""

    def __init__(self, writer: int, number: int):
        self._writer = writer
        self._text = b'["done", %d, null]\n' % number
        self._owner = os.getpid()
        self._streams = (sys.__stdout__, sys.__stderr__)

    def __del__(self, getpid=os.getpid, write=os.write):
        if getpid() != self._owner:
            return
        for stream in self._streams:
            try:
                stream.flush()
            except Exception:  # noqa: B902 - it is closed, or what it leads to is
                pass
        write(self._writer, self._text)


def main() -> None:
    """Serve until the engine says that this is the end."""
    reader, writer, side_reader, side_writer = _open([int(word) for word in sys.argv[1:]])
    _engine.connection = Connection(reader, writer)
    # Nothing of ours is garbage; at the end it need not be looked through.
    gc.freeze()
    start_new_thread(_serve_aside, (Connection(side_reader, side_writer),))
    while True:
        message = _engine.connection.receive()
        if message[2] == 'end':
            # The interpreter ends as ever: what the charm has left open is written, its threads are waited for.
            _engine.connection.release()
            # What this module holds is let go after all others.
            sys.charms_reactive_last_word = _LastWord(writer, message[1])
            return
        _engine.connection.serve(message)
