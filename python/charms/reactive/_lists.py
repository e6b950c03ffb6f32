"""Lists whose items are also found by a key (documentation 2.7, Endpoint)."""

from __future__ import annotations

from ._databags import JSONUnitDataView, UnitDataView
from ._engine import ask


class KeyList(list):
    """A list that finds items by an attribute, too: the first one where several have it."""

    def __init__(self, items, key_attr: str):
        super().__init__(items)
        self._key_attr = key_attr

    def _translate_key(self, key):
        if isinstance(key, (int, slice)):
            return key
        for index, item in enumerate(self):
            if getattr(item, self._key_attr) == key:
                return index
        raise KeyError(key)

    def __getitem__(self, key):
        return super().__getitem__(self._translate_key(key))

    def __delitem__(self, key) -> None:
        super().__delitem__(self._translate_key(key))

    def pop(self, key=-1):
        """Take an item out, by its index or key."""
        return super().pop(self._translate_key(key))

    def keys(self) -> list:
        """The keys of all items, in their order."""
        return [getattr(item, self._key_attr) for item in self]

    def values(self) -> list:
        """All items."""
        return list(self)

    def items(self):
        """Pairs of key and item."""
        return ((getattr(item, self._key_attr), item) for item in self)

    def __contains__(self, key_or_value) -> bool:
        return key_or_value in self.keys() or key_or_value in self.values()


class DepartedUnits(KeyList):
    """Units that have left an endpoint, until the charm takes them out; kept from hook to hook."""

    def __init__(self, endpoint_name: str, units):
        super().__init__(units, 'unit_name')
        self._endpoint_name = endpoint_name

    def _save(self) -> None:
        kept = [[unit.relation.relation_id, unit.unit_name, dict(unit.received_raw)] for unit in self]
        ask('keep_departed', self._endpoint_name, kept)

    def __setitem__(self, key, value) -> None:
        super().__setitem__(self._translate_key(key), value)
        self._save()

    def __delitem__(self, key) -> None:
        super().__delitem__(key)
        self._save()

    def pop(self, key=-1):
        """Take a unit out, by its index or name."""
        unit = super().pop(key)
        self._save()
        return unit

    def remove(self, value) -> None:
        """Take a unit out."""
        super().remove(value)
        self._save()

    def clear(self) -> None:
        """Take all units out."""
        super().clear()
        self._save()

    def append(self, value) -> None:
        """Add a unit."""
        super().append(value)
        self._save()

    def extend(self, values) -> None:
        """Add units."""
        super().extend(values)
        self._save()


class CombinedUnitsView(KeyList):
    """Units by relation and number, and their data as one: the first unit that has a key has the last word."""

    def __init__(self, items):
        super().__init__(sorted(items, key=_order), key_attr='unit_name')
        self._data = None

    @property
    def received(self) -> JSONUnitDataView:
        """The data of all units as JSON values."""
        if self._data is None:
            load_data(self)
            merged = {key: value for unit in reversed(self) for key, value in unit.received_raw.items()}
            self._data = JSONUnitDataView(merged)
        return self._data

    @property
    def received_raw(self) -> UnitDataView:
        """The data of all units as texts."""
        return self.received.raw_data


def load_data(units) -> None:
    """Read the data of units that was not read yet, all at once."""
    missing = [unit for unit in units if unit._data is None]
    found = ask('received', [[unit.relation.relation_id, unit.unit_name] for unit in missing]) if missing else []
    for unit, data in zip(missing, found):
        unit._data = JSONUnitDataView(data)


def _order(unit) -> tuple:
    return (*numbered(unit.relation.relation_id, ':'), *numbered(unit.unit_name, '/'))


def numbered(name: str, separator: str) -> tuple[str, int]:
    """Name and number: ``db:2`` comes before ``db:10``."""
    head, _, number = name.partition(separator)
    return head, int(number) if number.isdigit() else -1
