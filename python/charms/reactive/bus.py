"""Handlers as the engine knows them (documentation 2.8.4, ``charms.reactive.bus``).

Discovery, tests and dispatch are the engine's; a :class:`Handler` here holds what only Python can: the function,
its arguments, its predicates.
"""

from __future__ import annotations

from . import _functions
from ._engine import ask


class BrokenHandlerException(Exception):
    """A file is marked as executable, but cannot be executed (documentation 2.8.4)."""

    def __init__(self, path: str):
        super().__init__(
            "File at '{}' is marked as executable but execution failed. "
            'Only handler files may be marked as executable.'.format(path)
        )


def _action_id(action, suffix=None) -> str:
    """The identity of an action, without its line: an edited charm does not run it again."""
    file, _ = _functions.place_of(action)
    return ':'.join([file, _functions.name_of(action), *([] if suffix is None else [str(suffix)])])


def _short_action_id(action, suffix=None) -> str:
    """``FILE:LINE:NAME``, as log messages name an action."""
    file, line = _functions.place_of(action)
    return ':'.join([file, str(line), _functions.name_of(action), *([] if suffix is None else [str(suffix)])])


class Handler:
    """A reactive handler (documentation 2.8.4, Handler)."""

    _HANDLERS: dict = {}
    _CONSUMED_FLAGS: set = set()

    @classmethod
    def get(cls, action, suffix=None) -> Handler:
        """Get or register the handler of an action; decorated again, it is the same one."""
        # A guard of `not_unless` is what runs, under the identity of the function that it guards.
        inner = getattr(action, '_reactive_action', action)
        handler = Handler._HANDLERS.get((id(inner), suffix)) or cls(action, suffix)
        if inner is not action:
            handler._action = action
        Handler._HANDLERS[(id(inner), suffix)] = handler
        return handler

    @classmethod
    def get_handlers(cls) -> list[Handler]:
        """All registered handlers."""
        return list(Handler._HANDLERS.values())

    @classmethod
    def clear(cls) -> None:
        """Forget all handlers."""
        Handler._HANDLERS = {}

    def __init__(self, action, suffix=None):
        self._action = action
        self._suffix = suffix
        self._action_id = _short_action_id(action, suffix)
        self.file, self.line = _functions.place_of(action)
        #: Decorators that the engine tests: their names and words.
        self._conditions: list[tuple[str, list[str]]] = []
        #: What only Python can tell: predicates, and lists of files of ``when_file_changed``.
        self._predicates: list = []
        self._args: list = []
        self._post_callbacks: list = []
        self._flags: set = set()

    def id(self) -> str:
        """``FILE:LINE:NAME``."""
        return self._action_id

    def add_condition(self, name: str, words) -> None:
        """Add a decorator that the engine tests."""
        self._conditions.append((name, [str(word) for word in words]))

    def add_args(self, args) -> None:
        """Add arguments for the action, from an iterable that is evaluated when it runs, or from a function."""
        self._args.append(args)

    @property
    def has_args(self) -> bool:
        """Whether arguments were added."""
        return len(self._args) > 0

    def add_predicate(self, predicate) -> None:
        """Add a function that has to be true for the handler to run."""
        self._predicates.append(predicate)

    def add_files(self, files) -> None:
        """Add files of which one has to be changed; a callable gives its name."""
        self._predicates.append(list(files))

    def add_post_callback(self, callback) -> None:
        """Add a function that is called after the action."""
        self._post_callbacks.append(callback)

    def register_flags(self, flags) -> None:
        """Let a change of these flags run the handler again in the same dispatch."""
        Handler._CONSUMED_FLAGS.update(flags)
        self._flags.update(flags)

    def test(self) -> bool:
        """Whether the handler would run now."""
        if not all(ask('holds', name, words, self._action_id) for name, words in self._conditions):
            return False
        return all(
            ask('any_file_changed', answer['files'], 'md5') if 'files' in answer else answer['holds']
            for answer in self.ask()
        )

    def invoke(self, endpoint: str | None = None) -> None:
        """Run the action, for one endpoint of an interface layer or for none."""
        args = []
        for source in self._args:
            args.extend(source(endpoint) if callable(source) else source)
        self._action(*args)
        for callback in self._post_callbacks:
            callback()

    def ask(self) -> list[dict]:
        """What the predicates say, up to the first that says no."""
        answers: list[dict] = []
        for predicate in self._predicates:
            if isinstance(predicate, list):
                names = [str(name() if callable(name) else name) for name in predicate]
                answers.append({'condition': ' '.join(['@when_file_changed', *names]), 'files': names})
                continue
            holds = bool(predicate())
            name = getattr(predicate, '__name__', None) or repr(predicate)
            answers.append({'condition': 'predicate ' + name, 'holds': holds})
            if not holds:
                break
        return answers

    def report(self, number: int) -> dict:
        """What the engine has to know."""
        name = _functions.name_of(self._action)
        return {
            'number': number,
            'name': name if self._suffix is None else '%s:%s' % (name, self._suffix),
            'file': self.file,
            'line': self.line,
            'conditions': [{'name': kind, 'args': words} for kind, words in self._conditions],
            'flags': sorted(str(flag) for flag in self._flags),
            'asks': bool(self._predicates),
        }


class ExternalHandler(Handler):
    """Handlers that are executables are the engine's; the name is here for ``isinstance``."""


def discover() -> None:
    """Nothing: the engine has discovered all handlers (documentation 2.8.4, discover)."""


def dispatch(restricted: bool = False) -> None:
    """Nothing: the engine dispatches (documentation 2.8.4, dispatch)."""


def __getattr__(name: str):
    """Names that once were here, and live in ``flags`` now."""
    from . import flags

    moved = {
        'StateList': 'StateList',
        'State': 'State',
        'set_state': 'set_flag',
        'remove_state': 'clear_flag',
        'get_state': 'get_state',
        'get_states': 'get_states',
    }
    if name in moved:
        return getattr(flags, moved[name])
    raise AttributeError('module %r has no attribute %r' % (__name__, name))
