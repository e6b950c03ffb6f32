"""The objects that stand for endpoints, by name or flag, and their classes in interface layers (documentation 2.7)."""

from __future__ import annotations

import sys
from importlib import import_module

from ._conversation import TOGGLE, Conversation, conversations_of  # noqa: F401
from ._engine import ask
from ._factory import RelationFactory
from ._relation_base import RelationBase, scopes  # noqa: F401

__all__ = [
    'endpoint_from_name',
    'endpoint_from_flag',
    'relation_from_flag',
    'relation_from_name',
    'relation_from_state',
    'scopes',
    'RelationBase',
]

_factories: dict = {}


def endpoint_from_name(endpoint_name):
    """The object used for interacting with the named relations, or None (documentation 2.7)."""
    factory = None if endpoint_name is None else relation_factory(endpoint_name)
    return None if factory is None else factory.from_name(endpoint_name)


def endpoint_from_flag(flag):
    """The object used for interacting with relations tied to a flag, or None (documentation 2.7)."""
    subject = ask('subject_of_flag', str(flag))
    if subject is None:
        return None
    factory = relation_factory(subject['endpoint'])
    if factory is None:
        return None
    if subject['conversations'] is None:
        return factory.from_name(subject['endpoint'])
    return factory.from_name(subject['endpoint'], conversations_of(subject['conversations']))


def relation_from_name(relation_name):
    """Deprecated name of :func:`endpoint_from_name`."""
    return endpoint_from_name(relation_name)


def relation_from_flag(flag):
    """Deprecated name of :func:`endpoint_from_flag`."""
    return endpoint_from_flag(flag)


def relation_from_state(state):
    """Deprecated name of :func:`endpoint_from_flag`."""
    return endpoint_from_flag(state)


def relation_call(method, relation_name=None, flag=None, state=None, *args):
    """Call a method of the object for an endpoint, given by its name or by a flag."""
    name = relation_name or flag or state
    if not name:
        raise ValueError('Must specify either relation_name or flag')
    relation = endpoint_from_name(name) if relation_name else endpoint_from_flag(name)
    if relation is None:
        raise ValueError('Relation not found: %s' % name)
    result = getattr(relation, method)(*args)
    if isinstance(relation, RelationBase) and method == 'conversations':
        return [conversation.scope for conversation in result]
    return result


def relation_factory(relation_name: str):
    """The class for the endpoint of this name, or None."""
    if relation_name not in _factories:
        declared = ask('endpoint', relation_name)
        module = None if declared is None else _relation_module(declared['role'], declared['interface'])
        factory = None if module is None else _find_relation_factory(module)
        if factory is None and declared is not None and declared['is_implemented']:
            from ._foreign import ForeignEndpoint

            factory = ForeignEndpoint
        _factories[relation_name] = factory
    return _factories[relation_name]


def _relation_module(role: str, interface: str):
    """The module of an interface layer; the new place counts before the old one."""
    for package in ('reactive.relations', 'relations'):
        name = '%s.%s.%s' % (package, interface, role)
        try:
            return sys.modules.get(name) or import_module(name)
        except ModuleNotFoundError as error:
            # Whatever else is missing is a fault of the layer.
            if error.name is None or not name.startswith(error.name):
                raise
    return None


def _find_relation_factory(module):
    """The class that a module has for its endpoints: one that another one extends is only its base."""
    from .endpoints import Endpoint

    bases = (RelationFactory, RelationBase, Endpoint)
    values = [getattr(module, name) for name in dir(module)]
    classes = {value for value in values if isinstance(value, type) and issubclass(value, RelationFactory)}
    own = [value for value in classes if value not in bases and not _is_pattern(value)]
    own = [value for value in own if not any(other is not value and issubclass(other, value) for other in own)]
    if len(own) > 1:
        names = ', '.join(sorted(value.__name__ for value in own))
        raise RuntimeError('Too many RelationFactory found in %s: %s' % (module.__name__, names))
    return own[0] if own else None


def _is_pattern(value: type) -> bool:
    return value.__module__.startswith('charms.reactive.patterns.')


def describe_factory(module) -> dict | None:
    """What the engine has to know of the class in a module."""
    factory = _find_relation_factory(module)
    if factory is None:
        return None
    if issubclass(factory, RelationBase):
        return {'name': factory.__name__, 'kind': 'relation', 'scope': str(factory.scope), 'role': None, 'calls': []}
    from .endpoints import Endpoint

    calls = [name for name in ('register_triggers', 'manage_flags') if getattr(factory, name) is not getattr(Endpoint, name)]
    role = getattr(factory, '_request_role', None)
    return {'name': factory.__name__, 'kind': 'endpoint', 'scope': '', 'role': role, 'calls': calls}


def call_method(subject: dict, method: str, args: list):
    """Call a method for ``relation_call``: its result as JSON tells it."""
    name = subject['endpoint']
    conversations = subject.get('conversations')
    factory = relation_factory(name)
    found = factory.from_name(name) if conversations is None else factory.from_name(name, conversations_of(conversations))
    if method.startswith('_') or not hasattr(found, method):
        from ._engine import EngineError

        raise EngineError('the endpoint %s has no method: %s' % (name, method))
    member = getattr(found, method)
    return _plain(member(*args) if callable(member) else member)


def _plain(value):
    """A JSON value: the toolkit's own objects become their names."""
    if isinstance(value, dict) or hasattr(value, 'raw_data'):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)) or hasattr(value, '__next__'):
        return [_plain(item) for item in value]
    for attribute in ('scope', 'unit_name', 'relation_id', 'endpoint_name'):
        if type(value).__module__.startswith('charms.reactive') and hasattr(value, attribute):
            return getattr(value, attribute)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)

