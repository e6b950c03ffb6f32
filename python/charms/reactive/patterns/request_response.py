"""Requests of units, and responses to them (documentation 2.6). Their flags, and which data is a request, the engine
knows.
"""

from __future__ import annotations

import os

from .._engine import ask
from ..endpoints import Endpoint
from ._fields import Field, FieldHolder
from ._request_endpoints import RequesterEndpoint, ResponderEndpoint

__all__ = ['Field', 'BaseRequest', 'BaseResponse', 'RequesterEndpoint', 'ResponderEndpoint']


class BaseRequest(FieldHolder):
    """Base class for requests. A subclass names its ``RESPONSE_CLASS``, and has a :class:`Field` for each value."""

    RESPONSE_CLASS: type | None = None

    request_id = Field('UUID for this request.  Will be automatically generated.')

    #: The endpoints that have requests of this class, and the requests of this hook by relation, unit and id;
    #: each subclass gets its own.
    _endpoints: dict | None = None
    _known: dict | None = None

    @classmethod
    def _register(cls, endpoint: Endpoint) -> None:
        """Take note of an endpoint whose requests are of this class; they are read when they are asked for."""
        if '_known' not in vars(cls) or cls._known is None:
            cls._known, cls._endpoints = {}, {}
        cls._endpoints[endpoint.endpoint_name] = endpoint
        cls._known.pop(endpoint.endpoint_name, None)

    @classmethod
    def _of(cls, endpoint: Endpoint) -> dict:
        """The requests on an endpoint's relations."""
        if endpoint.endpoint_name not in cls._known:
            found = cls._known[endpoint.endpoint_name] = {}
            for request_id, relation_id, unit_name in ask('requests', endpoint.endpoint_name):
                relation = endpoint.relations[relation_id]
                source = relation if unit_name is None else relation.joined_units[unit_name]
                found[(relation_id, unit_name, request_id)] = cls(source, request_id)
        return cls._known[endpoint.endpoint_name]

    @classmethod
    def _all(cls, relation=None, endpoint_name: str | None = None) -> list:
        endpoints = cls._endpoints or {}
        names = endpoints if endpoint_name is None else [endpoint_name]
        parts = [cls._of(endpoints[name]) for name in names]
        wanted = None if relation is None else relation.relation_id
        requests = [
            request
            for part in parts
            for (relation_id, _, _), request in part.items()
            if wanted is None or relation_id == wanted
        ]
        return sorted(requests, key=lambda request: request._id)

    @classmethod
    def create(cls, relation, **fields):
        """Create a request on a relation; it is sent at the end of the hook (documentation 2.6)."""
        is_new = 'request_id' not in fields
        request_id = fields.setdefault('request_id', _new_id())
        relation.to_publish['request_' + request_id] = fields
        ask('request_created', relation.relation_id, request_id, is_new)
        if relation.endpoint_name not in (cls._endpoints or {}):
            cls._register(relation.endpoint)
        known = cls._of(cls._endpoints[relation.endpoint_name])
        return known.setdefault((relation.relation_id, None, request_id), cls(relation, request_id))

    @classmethod
    def get(cls, request_id, *default):
        """A request by its id. (Of an instance: the value of a field.)"""
        for request in cls._all():
            if request._id == request_id:
                return request
        return None

    @classmethod
    def get_all(cls) -> list:
        """All requests, in the order of their ids."""
        return cls._all()

    @classmethod
    def find(cls, relation=None, **fields):
        """The first request whose fields have these values, or None."""
        found = cls.find_all(relation=relation, **fields)
        return found[0] if found else None

    @classmethod
    def find_all(cls, relation=None, **fields) -> list:
        """All requests whose fields have these values."""
        return [request for request in cls._all(relation) if request._matches(fields)]

    @classmethod
    def create_or_update(cls, match_fields, relation, **fields):
        """Change the first request of the relation that has the same values in ``match_fields``, or create one."""
        request = cls.find(relation, **{name: fields[name] for name in match_fields})
        if request is None:
            return cls.create(relation, **fields)
        for name, value in fields.items():
            if dict.get(request, name) != value:
                request._update_field(name, value)
        return request

    def __init__(self, source, request_id: str):
        if self.RESPONSE_CLASS is None:
            raise TypeError('RESPONSE_CLASS must be defined by subclass')
        super().__init__()
        self._id = request_id
        self._source = source
        self._load_fields()
        self.response = self.RESPONSE_CLASS._load(self)

    def _data(self):
        return self._source.received if self.is_received else self._source.to_publish

    def _matches(self, fields: dict) -> bool:
        return all(getattr(self, name) == value for name, value in fields.items())

    def __repr__(self) -> str:
        return '<{} {}>'.format(type(self).__name__, self._id)

    def __hash__(self):  # type: ignore[override]
        return hash(self._id)

    @property
    def _key(self) -> str:
        return 'request_{}'.format(self._id)

    @property
    def is_created(self) -> bool:
        """Whether this unit has made it."""
        return hasattr(self._source, 'to_publish')

    @property
    def is_received(self) -> bool:
        """Whether a remote unit has made it."""
        return not self.is_created

    def create_response(self, **fields):
        """Respond to this request, and give the response."""
        self.response = self.RESPONSE_CLASS.create(self, **fields)
        return self.response

    def respond(self, **fields):
        """Respond to this request, and give the response (documentation 2.6)."""
        return self.create_response(**fields)

    def _update_field(self, name: str, value) -> None:
        if self.is_received:
            raise AttributeError("can't change field for received request")
        if name == 'request_id':
            raise AttributeError("request_id can't be modified")
        super()._update_field(name, value)

    @property
    def ingress_address(self):
        """Address to use if a connection to the requester is required."""
        return self._data()['ingress-address']

    @property
    def egress_subnets(self):
        """Subnets over which network traffic to the requester will flow."""
        return self._data()['egress-subnets']


class BaseResponse(FieldHolder):
    """Base class for responses."""

    @classmethod
    def _load(cls, request):
        response = cls(request)
        return response if isinstance(response._data().get(response._key), dict) else None

    @classmethod
    def create(cls, request, **fields):
        """Respond to a request of a remote unit."""
        if request.is_created:
            raise ValueError("can't respond to requests we created")
        relation = request._source.relation
        relation.to_publish['response_' + request._id] = fields
        request.response = cls(request)
        ask('request_answered', relation.endpoint_name)
        return request.response

    def __init__(self, request):
        super().__init__()
        self.request = request
        self._load_fields()

    def _data(self):
        if self.request.is_received:
            return self.request._source.relation.to_publish
        for unit in self.request._source.joined_units:
            if isinstance(unit.received.get(self._key), dict):
                return unit.received
        return {}

    def __repr__(self) -> str:
        return '<{} {}>'.format(type(self).__name__, self.request._id)

    @property
    def _key(self) -> str:
        return 'response_{}'.format(self.request._id)

    @property
    def is_received(self) -> bool:
        """Whether the other side has made it."""
        return self.request.is_created

    def _update_field(self, name: str, value) -> None:
        if self.is_received:
            raise AttributeError("can't change field for received response")
        super()._update_field(name, value)


def _new_id() -> str:
    """A random UUID (version 4), as the original makes; the module ``uuid`` takes its time to load."""
    digits = '%032x' % (int.from_bytes(os.urandom(16), 'big') & ~(0xF << 76) & ~(3 << 62) | 4 << 76 | 2 << 62)
    return '-'.join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
