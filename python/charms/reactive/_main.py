"""``main()``: the reactive part of a hook or action, from a script of the charm."""

from __future__ import annotations

import os
import sys

from ._engine import ask


#: Whether the script has called layer-basic's ``init_config_states()``: in an action nobody else does.
has_config_flags = False


def run() -> None:
    """Let the engine register and run handlers; a failure ends the script with the hook's status."""
    if os.environ.get('CHARMS_REACTIVE_CHANNEL'):
        from ._channel import command

        if not has_config_flags:
            ask('leave_config')
        status = command('main')
    else:
        import subprocess

        from ._outside import program

        # An action has done something itself by now: it is no stub that passes its name.
        name = [] if os.environ.get('JUJU_ACTION_NAME') else [os.path.basename(sys.argv[0])]
        status = subprocess.call([program(), 'main', *name])
    if status != 0:
        sys.exit(status)
