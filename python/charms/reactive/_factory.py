"""The base of all that interface layers make for endpoints."""

from __future__ import annotations


class RelationFactory:
    """What interface layers make: :class:`Endpoint`, or :class:`RelationBase` of the old style."""

    @classmethod
    def from_name(cls, relation_name):
        """The object for the endpoint of this name."""
        raise NotImplementedError

    @classmethod
    def from_flag(cls, flag):
        """The object for the endpoint that a flag belongs to."""
        raise NotImplementedError
