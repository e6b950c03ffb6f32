"""The base class of interface layers of the old style (documentation 2.7, RelationBase)."""

from __future__ import annotations

from ._conversation import TOGGLE, Conversation, conversations_of
from ._engine import ask
from ._factory import RelationFactory
from .flags import StateList


class scopes:  # noqa: N801 - the name is the documentation's
    """The recommended values of :attr:`RelationBase.scope`."""

    #: One conversation for all units of all relations.
    GLOBAL = 'global'
    #: One for each application of a relation.
    SERVICE = 'service'
    #: One for each unit.
    UNIT = 'unit'


class AutoAccessors(type):
    """Makes a method for each field that ``auto_accessors`` names: it gives what the other side has sent."""

    def __new__(cls, name, parents, members):
        for field in members.get('auto_accessors', []):
            members[field.replace('-', '_')] = cls._accessor(field, members.get('__module__'))
        return super().__new__(cls, name, parents, members)

    @staticmethod
    def _accessor(field: str, module):
        def accessor(self):
            return self.get_remote(field)

        accessor.__name__ = field.replace('-', '_')
        accessor.__module__ = module
        accessor.__doc__ = 'Get the %s, if available, or None.' % field
        return accessor


class RelationBase(RelationFactory, metaclass=AutoAccessors):
    """A base class for relation implementations (deprecated since Endpoint came)."""

    scope = scopes.UNIT
    auto_accessors: list = []

    class states(StateList):  # noqa: N801 - the name is the documentation's
        """The flags that this relation may set."""

    @classmethod
    def _startup(cls) -> None:
        """Nothing: the engine keeps the conversations."""

    def __init__(self, relation_name: str, conversations=None):
        self._relation_name = relation_name
        self._conversations = conversations

    @classmethod
    def from_name(cls, relation_name, conversations=None):
        """The object for the endpoint of this name, with the conversations of this hook."""
        if relation_name is None:
            return None
        from .relations import relation_factory

        factory = relation_factory(relation_name)
        return None if factory is None else factory(relation_name, conversations)

    @classmethod
    def from_flag(cls, flag):
        """The object for the endpoint that a flag belongs to, with the conversations that have set it."""
        from .relations import endpoint_from_flag

        return endpoint_from_flag(flag)

    @classmethod
    def from_state(cls, state):
        """Deprecated name of :meth:`from_flag`."""
        return cls.from_flag(state)

    @property
    def relation_name(self) -> str:
        """The name of the endpoint."""
        return self._relation_name

    @property
    def endpoint_name(self) -> str:
        """The name of the endpoint."""
        return self._relation_name

    def conversations(self) -> list:
        """The conversations that this object is about: those of the hook, or of the flag, else all."""
        if self._conversations is None:
            view = ask('conversations', self._relation_name)
            self._conversations = conversations_of(view['conversations'])
        return list(self._conversations)

    def conversation(self, scope: str | None = None) -> Conversation:
        """The conversation of a scope; by default that of the hook, or the only one of a global scope."""
        if scope is None:
            scope = ask('conversations', self._relation_name)['scope']
        if scope is None:
            raise ValueError('Unable to determine default scope: no current hook or global scope')
        for conversation in self.conversations():
            if conversation.scope == scope:
                return conversation
        raise ValueError("Conversation with scope '%s' not found" % scope)

    def set_state(self, state: str, scope: str | None = None) -> None:
        """Set a flag for a conversation."""
        self.conversation(scope).set_state(state)

    def remove_state(self, state: str, scope: str | None = None) -> None:
        """Take a conversation from a flag."""
        self.conversation(scope).remove_state(state)

    def is_state(self, state: str, scope: str | None = None) -> bool:
        """Whether a conversation has the flag."""
        return self.conversation(scope).is_state(state)

    def toggle_state(self, state: str, active=TOGGLE, scope: str | None = None) -> None:
        """Set or remove the flag of a conversation, or turn it around."""
        self.conversation(scope).toggle_state(state, active)

    set_flag = set_state
    remove_flag = clear_flag = remove_state
    is_flag_set = is_state
    toggle_flag = toggle_state

    def set_remote(self, key=None, value=None, data=None, scope=None, **kwdata) -> None:
        """Set data for the other side of a conversation."""
        self.conversation(scope).set_remote(key, value, data, **kwdata)

    def get_remote(self, key: str, default=None, scope: str | None = None):
        """A value that the other side of a conversation has sent."""
        return self.conversation(scope).get_remote(key, default)

    def set_local(self, key=None, value=None, data=None, scope=None, **kwdata) -> None:
        """Keep JSON values for a conversation."""
        self.conversation(scope).set_local(key, value, data, **kwdata)

    def get_local(self, key: str, default=None, scope: str | None = None):
        """A value that was kept for a conversation."""
        return self.conversation(scope).get_local(key, default)
