"""The handler files of a charm as modules: their names, their order, the classes of interface layers in them."""

from __future__ import annotations

import os
import sys
from importlib import import_module

#: Directories of handler files, and the package that each is in (documentation 2.8.4, discover).
ROOTS = (('hooks/reactive/', 'reactive'), ('hooks/relations/', 'relations'), ('reactive/', 'reactive'))

_waiting: set[str] = set()

#: Where the charm dir really is, by its path.
_real: dict[str, str] = {}


def begin(files: list[str]) -> None:
    """Take note of the files whose turn will come, and import what layers offer to each other."""
    _waiting.update(files)
    _import_layers()


def load(file: str) -> None:
    """Import a handler file, by its path in the charm dir."""
    _waiting.discard(file)
    import_module(module_name(file))


def is_due(file: str) -> bool:
    """Whether handlers of a file count now: a file that another one imports waits for its turn."""
    return file not in _waiting


def module_name(file: str) -> str:
    """The name under which the charm's code imports a file."""
    for root, package in ROOTS:
        if file.startswith(root):
            name = '.'.join([package, *file[len(root) : -len('.py')].split('/')])
            return name[: -len('.__init__')] if name.endswith('.__init__') else name
    raise ValueError('no handler file: %s' % file)


def charm_dir() -> str:
    """The charm dir."""
    return os.environ.get('JUJU_CHARM_DIR') or os.environ.get('CHARM_DIR') or os.getcwd()


def relative(path: str) -> str:
    """A path as the charm names it; one outside of the charm dir stays as it is."""
    base = charm_dir()
    if base not in _real:
        _real[base] = os.path.realpath(base)
    for root in (base, _real[base]):
        whole = os.path.normpath(os.path.join(root, path))
        if whole.startswith(root.rstrip('/') + '/'):
            return whole[len(root.rstrip('/')) + 1 :]
    return path


def is_of_charm(file: str) -> bool:
    """Whether a path is of code that the charm's author wrote, and of no package that is installed there."""
    return not file.startswith(('/', '<')) and 'site-packages' not in file and '/charmhelpers/' not in '/' + file


def role_of(file: str) -> tuple[str, str] | None:
    """Role and interface of a file of an interface layer, by the names of file and directory."""
    directory, name = os.path.split(file)
    role = os.path.splitext(name)[0]
    interface = os.path.basename(directory)
    return (role, interface) if role in ('requires', 'provides', 'peers') and interface else None


def classes_of(file: str) -> list[dict]:
    """The class for the endpoints of an interface layer, if the file is one and has it."""
    if role_of(file) is None:
        return []
    from .relations import describe_factory

    found = describe_factory(sys.modules[module_name(file)])
    return [dict(found, file=file)] if found else []


def _import_layers() -> None:
    """Import ``charms.layer.*``, so that ``layer.status.active()`` needs no import of its own."""
    directory = os.path.join(charm_dir(), 'lib', 'charms', 'layer')
    names = {'options'}
    if os.path.isdir(directory):
        for name in os.listdir(directory):
            stem, ending = os.path.splitext(name)
            if ending == '.py' or os.path.isdir(os.path.join(directory, name)):
                names.add(stem)
    elif 'charms.layer' not in sys.modules and not _uses_layers():
        return
    for name in sorted(names - {'__init__', '__pycache__', 'basic', 'execd'}):
        import_module('charms.layer.' + name)


def _uses_layers() -> bool:
    return os.path.exists(os.path.join(charm_dir(), 'layer.yaml'))
