"""The program of the process with the Python files of a charm. It is short: Python compiles a program at every start."""

import sys

import charms_reactive_imports

# This directory is on the path already, by PYTHONPATH.
if sys.path and sys.path[0] == charms_reactive_imports.HERE:
    del sys.path[0]
charms_reactive_imports.install()

if __name__ == '__main__':
    from charms.reactive import _host

    _host.main()
