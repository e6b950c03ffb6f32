"""Fields of requests and responses (documentation 2.6)."""

from __future__ import annotations


class Field(property):
    """A value of a request or response: an attribute of it, and a JSON value in relation data."""

    def __init__(self, description: str = ''):
        super().__init__()
        self.__doc__ = description
        self._class = None
        self._name = None

    def __repr__(self) -> str:
        return '<Field {}.{}>'.format(self._class, self._name)

    def __set_name__(self, owner, name: str) -> None:
        self._class = owner.__name__
        self._name = name

    def __set__(self, instance, value) -> None:
        instance._update_field(self._name, value)

    def __get__(self, instance, owner=None):
        return self if instance is None else dict.get(instance, self._name)


def fields_of(cls: type) -> list[str]:
    """The names of the fields that a class has."""
    return [name for name in dir(cls) if isinstance(getattr(cls, name), Field)]


class FieldHolder(dict):
    """A request or a response: a dict of its fields, too, so that it serializes easily."""

    #: Why it cannot be changed; None where it can.
    _refusal: str | None = None

    def _load_fields(self) -> None:
        found = self._map()
        self.clear()
        super().update({name: found.get(name) for name in fields_of(type(self))})

    def _data(self):
        """The relation data that holds it."""
        raise NotImplementedError

    @property
    def _key(self) -> str:
        raise NotImplementedError

    def _map(self) -> dict:
        found = self._data().get(self._key)
        return found if isinstance(found, dict) else {}

    def _update_field(self, name: str, value) -> None:
        if self._refusal is not None:
            raise AttributeError(self._refusal)
        self._data()[self._key] = dict(self._map(), **{name: value})
        self[name] = value
