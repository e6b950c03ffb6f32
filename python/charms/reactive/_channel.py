"""The channel of a dispatch from Python's side (specified in ``src/system/channel.ts``).

Used by forked children, by threads and by processes that handlers start. Replies come into a pipe of its own: the
descriptor 0 belongs to the program, and to the children that it starts.
"""

from __future__ import annotations

import os
import select

_PIPE_BUF = 4096
_NOBODY = 'no dispatch answers at the channel'


def request(text: str) -> str:
    """Ask the engine by the word ``_python``, and give the text of its answer."""
    channel = os.environ.get('CHARMS_REACTIVE_CHANNEL', '')
    if not channel:
        from . import _outside

        return _outside.request(text)
    return _decode(_exchange(channel, [b'_python', text.encode('utf8', 'surrogatepass')]))


def command(*words: str) -> int:
    """Run a command of the toolkit in the dispatch, and give its status."""
    reply = _exchange(os.environ['CHARMS_REACTIVE_CHANNEL'], [word.encode('utf8') for word in words])
    return int(reply[:3])


def _exchange(channel: str, words: list[bytes]) -> bytes:
    reader, writer = os.pipe()
    try:
        header = '%d>%d' % (os.getpid(), writer)
        frame = b'\0' + header.encode() + b'\0' + b''.join(b'=' + word + b'\0' for word in words) + b'\0'
        if len(frame) <= _PIPE_BUF:
            _send(channel, frame)
            return _receive(reader, channel)
        return _exchange_long(channel, words, reader, writer)
    finally:
        os.close(reader)
        os.close(writer)


def _exchange_long(channel: str, words: list[bytes], reader: int, writer: int) -> bytes:
    """What is too long for one write goes into a file without a name, which the engine reads."""
    import tempfile

    with tempfile.TemporaryFile() as file:
        sizes = ''.join('%d ' % len(word) for word in words)
        file.write(sizes.encode() + b'\n' + b''.join(words))
        file.flush()
        header = '%d:%d>%d' % (os.getpid(), file.fileno(), writer)
        _send(channel, b'\0' + header.encode() + b'\0\0')
        return _receive(reader, channel)


def _send(channel: str, frame: bytes) -> None:
    try:
        descriptor = os.open(channel, os.O_WRONLY)
    except OSError as error:
        raise OSError(error.errno, _NOBODY, channel) from None
    try:
        os.write(descriptor, frame)
    finally:
        os.close(descriptor)


def _receive(reader: int, channel: str) -> bytes:
    """Status and kind of a reply, the length of its text, and the text."""
    reply = b''
    size = 4
    while len(reply) < size:
        ready, _, _ = select.select([reader], [], [], 0.5)
        if ready:
            reply += os.read(reader, size - len(reply))
        elif not os.path.exists(channel):
            raise OSError(_NOBODY, channel)
        if len(reply) >= 4 and reply[3:4] != b'.':
            size = 12 if len(reply) < 12 else 12 + int(reply[4:12])
    return reply


def _decode(reply: bytes) -> str:
    text = reply[12:].decode('utf8', 'surrogatepass')
    if reply[3:4] == b'>':
        return text
    from ._engine import EngineError

    raise EngineError(text.strip() or 'the engine answers nothing')
