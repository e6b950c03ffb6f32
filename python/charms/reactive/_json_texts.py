"""JSON texts, one a message, on the connection with the engine.

The standard library's ``json`` works in C; the module around that loads ``re``, which takes longer than this whole
package. So the parts in C are used as they are where this Python has them.
"""

from __future__ import annotations


class _Reading:
    """What ``json.JSONDecoder`` sets unless it is told otherwise."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float
    memo: dict = {}


def _refuse(value):
    raise TypeError('Object of type %s is not JSON serializable' % type(value).__name__)


def _in_c():
    from _json import encode_basestring_ascii, make_encoder, make_scanner

    scan = make_scanner(_Reading)

    def encode(value) -> str:
        chunks = make_encoder({}, _refuse, encode_basestring_ascii, None, ': ', ', ', False, False, False)
        return ''.join(chunks(value, 0))

    def decode(text: str):
        return scan(text, 0)[0]

    if decode(encode(['é', 1.5, None])) != ['é', 1.5, None]:
        raise ValueError('this Python has them in another form')
    return encode, decode


def _in_python():
    import json

    return json.JSONEncoder(allow_nan=False).encode, json.loads


try:
    encode, decode = _in_c()
except Exception:  # noqa: B902 - whatever another Python makes of them
    encode, decode = _in_python()
