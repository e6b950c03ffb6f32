"""Base classes of endpoints whose units make requests, or respond to them (documentation 2.6)."""

from __future__ import annotations

from ..endpoints import Endpoint
from ._fields import fields_of


class _RequestEndpoint(Endpoint):
    REQUEST_CLASS: type | None = None

    def __init__(self, *args, **kwargs):
        if self.REQUEST_CLASS is None:
            raise TypeError('REQUEST_CLASS must be defined by subclass')
        super().__init__(*args, **kwargs)
        self.REQUEST_CLASS._register(self)

    @property
    def _requests(self) -> list:
        return self.REQUEST_CLASS._all(endpoint_name=self.endpoint_name)


class RequesterEndpoint(_RequestEndpoint):
    """Base class for endpoints whose units make requests. A subclass names its ``REQUEST_CLASS``.

    The flags ``endpoint.{endpoint_name}.has_responses`` and ``.all_responses`` are the engine's.
    """

    _request_role = 'requester'

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in fields_of(cls.REQUEST_CLASS) if cls.REQUEST_CLASS else ():
            if not hasattr(cls, 'response_by_' + name):
                setattr(cls, 'response_by_' + name, _finder(name))

    @property
    def requests(self) -> list:
        """All requests that this unit has made."""
        return [request for request in self._requests if request.is_created]

    @property
    def responses(self) -> list:
        """All responses that were received."""
        return [request.response for request in self.requests if request.response is not None]

    def response_by_field(self, relation=None, **fields):
        """The response to the first request whose fields have these values, or None."""
        for request in self.requests:
            if relation is not None and request._source.relation_id != relation.relation_id:
                continue
            if request._matches(fields):
                return request.response
        return None


class ResponderEndpoint(_RequestEndpoint):
    """Base class for endpoints that respond to requests. A subclass names its ``REQUEST_CLASS``.

    The flags ``endpoint.{endpoint_name}.has_requests`` and ``.new_requests`` are the engine's.
    """

    _request_role = 'responder'

    @property
    def all_requests(self) -> list:
        """All requests, also those that were responded to."""
        return [request for request in self._requests if request.is_received]

    @property
    def new_requests(self) -> list:
        """The requests that are not responded to yet."""
        return [request for request in self.all_requests if request.response is None]


def _finder(name: str):
    def finder(self, field_value, relation=None):
        return self.response_by_field(relation=relation, **{name: field_value})

    finder.__name__ = 'response_by_' + name
    finder.__doc__ = "Find the response by the value of its request's %s field." % name
    return finder
