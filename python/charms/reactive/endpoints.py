"""The base class of interface layers (documentation 2.7, Endpoint). What is related, and the flags, the engine knows."""

from __future__ import annotations

from itertools import chain

from ._databags import JSONUnitDataView, PublishedData, UnitDataView
from ._engine import ask
from ._lists import CombinedUnitsView, DepartedUnits, KeyList, load_data
from .flags import is_flag_set
from .relations import RelationFactory, relation_factory

__all__ = ['Endpoint']


class Endpoint(RelationFactory):
    """New base class for creating interface layers (documentation 2.7).

    The flags ``endpoint.{endpoint_name}.joined``, ``.changed``, ``.changed.{field}`` and ``.departed`` are the
    engine's; all but ``joined`` are cleared by the interface layer.
    """

    _endpoints: dict[str, Endpoint] = {}

    @classmethod
    def from_name(cls, endpoint_name: str):
        """The object for the endpoint of this name."""
        if endpoint_name not in Endpoint._endpoints:
            factory = relation_factory(endpoint_name)
            if factory is None or not issubclass(factory, Endpoint):
                return None
            Endpoint._endpoints[endpoint_name] = factory(endpoint_name)
        return Endpoint._endpoints[endpoint_name]

    @classmethod
    def from_flag(cls, flag: str):
        """The object for the endpoint in a flag, ``endpoint.NAME.…`` or ``NAME.…``; None if the flag is not set."""
        if not is_flag_set(flag) or '.' not in flag:
            return None
        parts = flag.split('.')
        return cls.from_name(parts[1] if parts[0] == 'endpoint' else parts[0])

    @classmethod
    def _startup(cls) -> None:
        """Nothing: the engine has made all endpoints and managed their flags."""

    def __init__(self, endpoint_name: str, relation_ids=None):
        self._endpoint_name = endpoint_name
        self._given_ids = relation_ids
        self._forget()

    def _forget(self) -> None:
        """Ask again what is related."""
        self._relations = None
        self._all_joined_units = None
        self._all_departed_units = None

    def register_triggers(self) -> None:
        """Called once in each hook, before the endpoint's automatic flags change."""

    def manage_flags(self) -> None:
        """Called once in each hook, when the endpoint's automatic flags have changed."""

    @property
    def endpoint_name(self) -> str:
        """Relation name of this endpoint."""
        return self._endpoint_name

    @property
    def relations(self) -> KeyList:
        """The relations of this endpoint, by number; also found by their id."""
        if self._relations is None:
            ids = self._given_ids
            if ids is None:
                ids = ask('relation_ids', self.endpoint_name)
            self._relations = KeyList(map(Relation, ids), key_attr='relation_id')
        return self._relations

    @property
    def is_joined(self) -> bool:
        """Whether this endpoint has remote applications attached to it."""
        return len(self.all_joined_units) > 0

    @property
    def joined(self) -> bool:
        """Deprecated name of :attr:`is_joined`."""
        return self.is_joined

    def expand_name(self, flag: str) -> str:
        """A flag of this endpoint: ``endpoint.{endpoint_name}.`` stands in front unless the name is in it."""
        if '{endpoint_name}' not in flag:
            flag = 'endpoint.{endpoint_name}.' + flag
        return flag.replace('{endpoint_name}', self.endpoint_name)

    @property
    def all_units(self) -> CombinedUnitsView:
        """Deprecated name of :attr:`all_joined_units`."""
        return self.all_joined_units

    @property
    def all_joined_units(self) -> CombinedUnitsView:
        """The units of all relations, and their data merged."""
        if self._all_joined_units is None:
            units = chain.from_iterable(relation.joined_units for relation in self.relations)
            self._all_joined_units = CombinedUnitsView(units)
        return self._all_joined_units

    @property
    def all_departed_units(self) -> DepartedUnits:
        """Units that have left, with the data that they had, until they are taken out."""
        if self._all_departed_units is None:
            units = [self._departed(kept) for kept in ask('departed', self.endpoint_name)]
            self._all_departed_units = DepartedUnits(self.endpoint_name, units)
        return self._all_departed_units

    def _departed(self, kept: dict) -> RelatedUnit:
        known = kept['relation'] in self.relations.keys()
        relation = self.relations[kept['relation']] if known else Relation(kept['relation'])
        return RelatedUnit(relation, kept['unit_name'], JSONUnitDataView(kept['data']))


class Relation:
    """A relation of an endpoint."""

    def __init__(self, relation_id: str):
        self._relation_id = relation_id
        self._endpoint_name = relation_id.split(':')[0]
        self._units = None
        self._remote_app_data = None
        self._data = JSONUnitDataView(PublishedData(relation_id, 'unit'), writeable=True)
        self._app_data = JSONUnitDataView(PublishedData(relation_id, 'application'), writeable=True)

    @property
    def relation_id(self) -> str:
        """``db:1``."""
        return self._relation_id

    @property
    def endpoint_name(self) -> str:
        """The name of the endpoint."""
        return self._endpoint_name

    @property
    def endpoint(self):
        """The endpoint's object."""
        return Endpoint.from_name(self.endpoint_name)

    @property
    def application_name(self) -> str | None:
        """The name of the remote application; of a peer relation this application."""
        return ask('remote_application', self.relation_id) or None

    @property
    def units(self) -> CombinedUnitsView:
        """Deprecated name of :attr:`joined_units`."""
        return self.joined_units

    @property
    def joined_units(self) -> CombinedUnitsView:
        """The remote units that are joined, and their data merged."""
        if self._units is None:
            names = ask('joined_units', self.relation_id)
            self._units = CombinedUnitsView([RelatedUnit(self, name) for name in names])
        return self._units

    @property
    def to_publish(self) -> JSONUnitDataView:
        """What this unit publishes, as JSON values, when the hook succeeds."""
        return self._data

    @property
    def to_publish_raw(self) -> UnitDataView:
        """What this unit publishes, as texts, for interfaces that do not use JSON."""
        return self.to_publish.raw_data

    @property
    def to_publish_app(self) -> JSONUnitDataView:
        """What this application publishes, if the unit leads, as JSON values."""
        return self._app_data

    @property
    def to_publish_app_raw(self) -> UnitDataView:
        """What this application publishes, if the unit leads, as texts."""
        return self.to_publish_app.raw_data

    @property
    def received_app(self) -> JSONUnitDataView:
        """What the remote application has published, as JSON values."""
        if self._remote_app_data is None:
            name = self.application_name
            found = ask('received', [[self.relation_id, name]])[0] if name else {}
            self._remote_app_data = JSONUnitDataView(found)
        return self._remote_app_data

    @property
    def received_app_raw(self) -> UnitDataView:
        """What the remote application has published, as texts."""
        return self.received_app.raw_data


class RelatedUnit:
    """A remote unit on a relation."""

    def __init__(self, relation: Relation, unit_name: str, data: JSONUnitDataView | None = None):
        self._relation = relation
        self._unit_name = unit_name
        self._data = data

    @property
    def relation(self) -> Relation:
        """The relation to which this unit belongs."""
        return self._relation

    @property
    def unit_name(self) -> str:
        """``mysql/0``."""
        return self._unit_name

    @property
    def application_name(self) -> str:
        """The application to which this unit belongs."""
        return self._unit_name.split('/')[0]

    @property
    def received(self) -> JSONUnitDataView:
        """What the unit has published, as JSON values."""
        load_data([self])
        return self._data

    @property
    def received_raw(self) -> UnitDataView:
        """What the unit has published, as texts."""
        return self.received.raw_data
