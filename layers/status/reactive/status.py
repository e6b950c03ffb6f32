"""Let statuses that other layers set by charmhelpers take the same way."""

from charmhelpers.core import hookenv
from charms import layer
from charms.layer import status

if layer.options.get('status', 'patch-hookenv'):
    hookenv.status_set = status.status_set
