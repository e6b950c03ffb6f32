"""Questions outside of a dispatch: each is a transaction of its own, by a process of the toolkit."""

from __future__ import annotations

import os
import subprocess


def program() -> str:
    """The launcher of the toolkit that this package belongs to."""
    here = os.path.dirname(os.path.abspath(__file__))
    shell = os.environ.get('CHARMS_REACTIVE_SHELL') or os.path.join(here, '..', '..', '..', 'shell')
    return os.path.join(shell, 'charms.reactive')


def request(text: str) -> str:
    """Ask the engine, and give the text of its answer."""
    done = subprocess.run([program(), 'python', '-'], input=text, stdout=subprocess.PIPE, universal_newlines=True)
    if done.stdout:
        return done.stdout
    from ._engine import EngineError

    raise EngineError('the toolkit ended with status %d' % done.returncode)
