"""Relation data as handlers see it: raw texts, and JSON values (documentation 2.7, Endpoint)."""

from __future__ import annotations

import json
from collections import UserDict
from collections.abc import MutableMapping

from ._engine import ask


class PublishedData(MutableMapping):
    """What this unit, or its application, publishes on a relation: the engine has it, and hands it to Juju."""

    def __init__(self, relation_id: str, own: str):
        self._where = (relation_id, own)

    def _read(self) -> dict:
        return ask('published', *self._where)

    def __getitem__(self, key):
        return self._read()[key]

    def __setitem__(self, key, value) -> None:
        ask('publish_data', *self._where, {str(key): None if value is None else str(value)})

    def __delitem__(self, key) -> None:
        ask('publish_data', *self._where, {str(key): None})

    def __iter__(self):
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


class UnitDataView(UserDict):
    """Data as texts: a missing key is None, and only the other side can change its data."""

    def __init__(self, data, writeable: bool = False):
        self.data = data
        self._writeable = writeable
        self._modified = False

    @property
    def modified(self) -> bool:
        """Whether this collection has been modified."""
        return self._modified

    @property
    def writeable(self) -> bool:
        """Whether this collection can be modified."""
        return self._writeable

    def get(self, key, default=None):
        """The value of a key, or the default."""
        return default if self.data is None else self.data.get(key, default)

    def __getitem__(self, key):
        return self.data.get(key)

    def __setitem__(self, key, value) -> None:
        if not self._writeable:
            raise ValueError('Remote unit data cannot be modified')
        self._modified = True
        self.data[key] = value

    def __delitem__(self, key) -> None:
        if not self._writeable:
            raise ValueError('Remote unit data cannot be modified')
        self._modified = True
        del self.data[key]

    def setdefault(self, key, value=None):
        """The value of a key; set first where there is none."""
        if key not in self:
            self[key] = value
        return self[key]


class JSONUnitDataView(UserDict):
    """Data as JSON values: what does not decode comes back as text, and keys of maps are sorted."""

    def __init__(self, data, writeable: bool = False):
        self.data = UnitDataView(data, writeable)

    @property
    def raw_data(self) -> UnitDataView:
        """The data as texts."""
        return self.data

    @property
    def modified(self) -> bool:
        """Whether this collection has been modified."""
        return self.raw_data.modified

    @property
    def writeable(self) -> bool:
        """Whether this collection can be modified."""
        return self.raw_data.writeable

    def get(self, key, default=None):
        """The value of a key, or the default."""
        return self[key] if key in self.raw_data else default

    def __getitem__(self, key):
        value = self.raw_data[key]
        if not value:
            return value
        try:
            return json.loads(value)
        except (ValueError, TypeError, RecursionError):
            return value

    def __setitem__(self, key, value) -> None:
        self.raw_data[key] = json.dumps(value, sort_keys=True)

    def setdefault(self, key, value=None):
        """The value of a key; set first where there is none."""
        if key not in self:
            self[key] = value
        return self[key]
