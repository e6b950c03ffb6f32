"""Old place of endpoints."""

from .endpoints import Endpoint, KeyList  # noqa: F401
