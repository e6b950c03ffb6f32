"""Tracers of the original. The engine records each dispatch itself: ``charms.reactive trace``."""

from __future__ import annotations


class NullTracer:
    """A tracer that does nothing."""

    def start_dispatch(self) -> None:
        """Start of a dispatch."""

    def start_dispatch_phase(self, phase, handlers) -> None:
        """Start of a phase."""

    def start_dispatch_iteration(self, iteration, handlers) -> None:
        """Start of an iteration."""

    def set_flag(self, flag) -> None:
        """A flag is set."""

    def clear_flag(self, flag) -> None:
        """A flag is cleared."""


class LogTracer(NullTracer):
    """The tracer of the original that writes to the log. The engine's record takes its place."""


_tracer: NullTracer = NullTracer()


def install_tracer(tracer: NullTracer) -> None:
    """Make a tracer the present one."""
    global _tracer
    _tracer = tracer


def tracer() -> NullTracer:
    """The present tracer."""
    return _tracer
