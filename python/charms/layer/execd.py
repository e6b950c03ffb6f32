"""exec.d: the engine has run ``charm-pre-install`` before any handler (documentation 2.3.6)."""

from __future__ import annotations


def execd_preinstall(execd_dir=None) -> None:
    """Nothing: the engine has run the scripts."""


def default_execd_dir() -> str:
    """The directory of the scripts."""
    import os

    return os.path.join(os.environ.get('CHARM_DIR', ''), 'exec.d')
