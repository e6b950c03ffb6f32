"""What the engine calls for in its Python process: imports, handlers, predicates, callbacks, methods."""

from __future__ import annotations

import os
import sys

from . import _modules, bus

#: The environment as the engine knows it.
_environment: dict[str, str] = {}

#: Callbacks of triggers, by the numbers that the engine knows.
_callbacks: list = []

#: Handlers, by the numbers that the engine knows.
_reported: list[bus.Handler] = []


def perform(name: str, args: list) -> list:
    """Do what the engine calls for: ``['done', RESULT]`` or ``['failed', FAILURE]``."""
    try:
        return ['done', _result(_CALLS[name](*args))]
    except SystemExit as end:
        return ['failed', _failure(end, {'exit': _exit_status(end)})]
    except BaseException as error:  # noqa: B902 - KeyboardInterrupt of a child's Ctrl-C is a failure like any other
        return ['failed', _failure(error, {})]


def number_of(callback) -> int:
    """The number of a callback; the same for one that is registered again."""
    if callback not in _callbacks:
        _callbacks.append(callback)
    return _callbacks.index(callback)


def callbacks(numbers: list[int]) -> None:
    """Run callbacks of triggers that have fired."""
    for number in numbers:
        _callbacks[number]()


def _start(given: dict) -> None:
    """Take on what the engine says of this hook or action: the process may have begun before it was known."""
    for descriptor, path in enumerate(given['output'], start=1):
        if path is not None:
            _print_to(descriptor, path)
    os.chdir(given['directory'])
    sys.argv[:] = [given['event']]
    _environment.update(given['environment'])
    if 'LC_CTYPE' in os.environ:
        # Python sets it at its start where the system's locale is C.
        _environment.setdefault('LC_CTYPE', os.environ['LC_CTYPE'])
    if given['event'].startswith('actions/') or not _environment.get('JUJU_HOOK_NAME'):
        # As in the original: the name of the program is that of the action.
        _environment.pop('JUJU_HOOK_NAME', None)
    if os.environ != _environment:
        os.environ.clear()
        os.environ.update(_environment)
    _modules.begin(given['files'])


def _print_to(descriptor: int, path: str) -> None:
    file = os.open(path, os.O_WRONLY)
    os.dup2(file, descriptor)
    os.close(file)


def _import(file: str) -> dict:
    _modules.load(file)
    found = [handler for handler in bus.Handler.get_handlers() if handler not in _reported]
    due = [handler for handler in found if _modules.is_due(handler.file)]
    due.sort(key=lambda handler: (handler.file != file, handler.file, handler.line))
    entries = []
    for handler in due:
        entries.append(handler.report(len(_reported)))
        _reported.append(handler)
    return {'handlers': entries, 'classes': _modules.classes_of(file)}


def _run(number: int, endpoint: str | None) -> None:
    _reported[number].invoke(endpoint)


def _ask(number: int) -> list[dict]:
    return _reported[number].ask()


def _has_callbacks(phase: str) -> bool:
    hookenv = sys.modules.get('charmhelpers.core.hookenv')
    return bool(hookenv and getattr(hookenv, '_at' + phase, None))


def _run_callbacks(phase: str) -> None:
    hookenv = sys.modules['charmhelpers.core.hookenv']
    getattr(hookenv, '_run_at' + phase)()


def _endpoint(name: str, method: str) -> None:
    from .relations import endpoint_from_name

    getattr(endpoint_from_name(name), method)()


def _method(subject: dict, method: str, args: list[str]):
    from .relations import call_method

    return call_method(subject, method, args)


_CALLS = {
    'start': _start,
    'import': _import,
    'run': _run,
    'ask': _ask,
    'callbacks': callbacks,
    'has_callbacks': _has_callbacks,
    'run_callbacks': _run_callbacks,
    'endpoint': _endpoint,
    'method': _method,
}


def _result(value) -> dict:
    result = {'value': value}
    if dict(os.environ) != _environment:
        changed = {name: text for name, text in os.environ.items() if _environment.get(name) != text}
        changed.update({name: None for name in _environment if name not in os.environ})
        _environment.clear()
        _environment.update(os.environ)
        result['environment'] = changed
    return result


def _exit_status(end: SystemExit) -> int:
    """The status of a process that ends so."""
    if end.code is None:
        return 0
    if isinstance(end.code, int):
        return end.code & 0xFF
    print(end.code, file=sys.stderr)
    return 1


def _failure(error: BaseException, failure: dict) -> dict:
    """What the engine tells: the error in a line, where it is in the charm, and the whole traceback."""
    import traceback

    name = type(error).__name__
    try:
        text = str(error)
    except Exception:  # noqa: B902 - an error that cannot even be shown
        text = ''
    failure['message'] = '%s: %s' % (name, text) if text else name
    failure.update(_place(error, traceback))
    failure['traceback'] = ''.join(traceback.format_exception(type(error), error, error.__traceback__))
    return failure


def _place(error: BaseException, traceback) -> dict:
    """The innermost line below the charm dir that is no package's; a syntax error knows its own."""
    if isinstance(error, SyntaxError) and error.filename:
        return {'file': _modules.relative(error.filename), 'line': error.lineno or 1}
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = _modules.relative(frame.filename)
        if _modules.is_of_charm(file):
            return {'file': file, 'line': frame.lineno}
    return {}
