"""Conversations of interface layers of the old style. The engine keeps them, and knows when they begin and end."""

from __future__ import annotations

from ._engine import ask

#: What :meth:`Conversation.toggle_state` turns around.
TOGGLE = object()


class Conversation:
    """The units of the other side that share a scope, their flags, and what the charm keeps for them."""

    def __init__(self, namespace: str, units=(), scope: str = 'global'):
        self.namespace = namespace
        self.scope = scope
        self._units = set(units)

    @property
    def units(self) -> set:
        """The units that take part."""
        return set(self._ask('units')) or set(self._units)

    @property
    def key(self) -> str:
        """The name of the conversation in the values of flags."""
        return 'reactive.conversations.%s.%s' % (self.namespace, self.scope)

    @property
    def relation_name(self) -> str:
        """The endpoint's name."""
        return self.namespace.split(':')[0]

    @property
    def relation_ids(self) -> list:
        """The relations that it is about."""
        return self._ask('relation_ids')

    def _ask(self, what: str, *args):
        return ask('conversation', [self.namespace, self.scope], what, *args)

    def set_state(self, state: str) -> None:
        """Set a flag for this conversation; ``{relation_name}`` becomes the endpoint's name."""
        self._ask('set_state', str(state))

    def remove_state(self, state: str) -> None:
        """Take this conversation from a flag, which is cleared when no other has it."""
        self._ask('remove_state', str(state))

    def is_state(self, state: str) -> bool:
        """Whether this conversation has the flag."""
        return self._ask('is_state', str(state))

    def toggle_state(self, state: str, active=TOGGLE) -> None:
        """Set the flag if ``active``, else remove it; without ``active`` turn it around."""
        if active is TOGGLE:
            active = not self.is_state(state)
        if active:
            self.set_state(state)
        else:
            self.remove_state(state)

    set_flag = set_state
    remove_flag = clear_flag = remove_state
    is_flag_set = is_state
    toggle_flag = toggle_state

    def set_remote(self, key=None, value=None, data=None, **kwdata) -> None:
        """Set data for the other side, at once; None takes a key away."""
        fields = _fields(key, value, data, kwdata)
        if fields:
            texts = {str(name): None if item is None else str(item) for name, item in fields.items()}
            self._ask('set_remote', texts)

    def get_remote(self, key: str, default=None):
        """The first value that is not empty of what the units have published."""
        found = self._ask('get_remote', str(key))
        return default if found is None else found

    def set_local(self, key=None, value=None, data=None, **kwdata) -> None:
        """Keep JSON values as long as the conversation lasts."""
        fields = _fields(key, value, data, kwdata)
        if fields:
            self._ask('set_local', fields)

    def get_local(self, key: str, default=None):
        """A value that was kept."""
        found = self._ask('get_local', str(key))
        return found[0] if found else default


def _fields(key, value, data, kwdata: dict) -> dict:
    fields = dict(data or {})
    if key is not None:
        fields[key] = value
    fields.update(kwdata)
    return fields


def conversations_of(places: list) -> list:
    """Conversations, by namespace and scope."""
    return [Conversation(namespace, scope=scope) for namespace, scope in places]
