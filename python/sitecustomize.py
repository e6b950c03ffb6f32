"""Let every Python process of a charm find our ``charms.reactive``, whatever the charm brings itself.

Python imports this module at its start where the directory is on PYTHONPATH; the ``sitecustomize`` of the system,
which it hides, comes next.
"""

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


def _chain() -> None:
    """Run the ``sitecustomize`` that would have been found without this one."""
    from importlib.machinery import PathFinder

    others = [entry for entry in sys.path if os.path.abspath(entry or '.') != _HERE]
    spec = PathFinder.find_spec('sitecustomize', others)
    if spec is None or spec.loader is None or spec.origin == __file__:
        return
    module = type(sys)('sitecustomize')
    module.__spec__ = spec
    module.__file__ = spec.origin
    spec.loader.exec_module(module)


try:
    import charms_reactive_imports

    charms_reactive_imports.install()
finally:
    _chain()
