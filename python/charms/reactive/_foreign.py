"""Endpoints whose interface layer is in another language."""

from __future__ import annotations

from ._engine import ask
from .endpoints import Endpoint


class ForeignEndpoint(Endpoint):
    """An endpoint whose methods the engine calls, in whatever language they are (``relation_call``)."""

    @classmethod
    def from_name(cls, endpoint_name: str, conversations=None):
        """The object for the endpoint of this name."""
        if endpoint_name not in Endpoint._endpoints:
            Endpoint._endpoints[endpoint_name] = cls(endpoint_name)
        return Endpoint._endpoints[endpoint_name]

    def __getattr__(self, name: str):
        if name.startswith('_'):
            raise AttributeError(name)

        def method(*args):
            return ask('relation_call', self.endpoint_name, name, [str(arg) for arg in args])

        method.__name__ = name
        return method
