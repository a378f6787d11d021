"""Calls as lines of a logger of the standard library.

    GetEntity finished: op=getEntity:v1 call=8ad6 attempts=2 status=200 ms=142 host=graph:443

A call that ends is INFO, one that failed ERROR, a retry WARNING, and all else DEBUG. Neither
variables nor credentials nor what a server says in its messages are ever in a line.
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Final, TypeAlias

from intelgraph._errors import ConfigurationError, IntelGraphError
from intelgraph._events import (
    AttemptFinished,
    AttemptStarted,
    CallFinished,
    CallStarted,
    RetryScheduled,
)
from intelgraph._naming import error_type, host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intelgraph._events import Event, Hook

__all__ = ["Logging"]

LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}

Facts: TypeAlias = "Mapping[str, str | int | None]"


class Logging:
    """A hook that logs what calls go through, with the logger `intelgraph` unless told.

    A record has the same facts as its attribute `intelgraph`, for formatters that print fields.
    """

    def __init__(self, logger: logging.Logger | None = None) -> None:
        if not hasattr(logger, "isEnabledFor") and logger is not None:
            raise TypeError(f"logger is one of the module logging, not {logger!r}")
        self._logger = logging.getLogger("intelgraph") if logger is None else logger
        self._hosts: dict[str, str] = {}

    def __call__(self, event: Event) -> None:
        if isinstance(event, AttemptStarted):
            self._hosts[event.call_id] = host_of(event.url)
        host = self._hosts.get(event.call_id)
        if isinstance(event, CallFinished):
            self._hosts.pop(event.call_id, None)
        level, what, facts = _told(event)
        if not self._logger.isEnabledFor(level):
            return
        all_facts = {"op": event.op_id, "call": event.call_id, **facts, "host": host}
        known = {name: fact for name, fact in all_facts.items() if fact is not None}
        line = f"{event.operation} {what}: " + " ".join(f"{k}={v}" for k, v in known.items())
        # As an argument, because a format that is data would be read as one.
        self._logger.log(level, "%s", line, extra={"intelgraph": known})


def _told(event: Event) -> tuple[int, str, Facts]:
    """How much an event matters, what happened, and its own facts."""
    if isinstance(event, CallStarted):
        return logging.DEBUG, "started", {}
    if isinstance(event, AttemptStarted):
        return logging.DEBUG, "attempt started", {"attempt": event.attempt}
    if isinstance(event, AttemptFinished):
        what = "attempt finished" if event.error is None else "attempt failed"
        facts = {"attempt": event.attempt, **_result(event), "request": event.request_id}
        return logging.DEBUG, what, facts
    if isinstance(event, RetryScheduled):
        facts = {"attempt": event.attempt, "ms": _milliseconds(event.delay)}
        return logging.WARNING, "waits to try again", facts
    facts = {"attempts": event.retries + 1, **_result(event)}
    if event.error is None:
        return logging.INFO, "finished", facts
    # Whoever cancels a call has nothing to be warned of.
    is_cancelled = not isinstance(event.error, IntelGraphError)
    return (logging.INFO, "cancelled", facts) if is_cancelled else (logging.ERROR, "failed", facts)


def _result(event: AttemptFinished | CallFinished) -> Facts:
    return {
        "status": event.status,
        "ms": _milliseconds(event.duration),
        "error": None if event.error is None else error_type(event.error),
    }


def _milliseconds(seconds: float) -> int:
    return math.floor(round(seconds * 1000, 6) + 0.5)


def hooks_with_log(hooks: Iterable[Hook], level: str) -> tuple[Hook, ...]:
    """The hooks and one that logs from a level on, to stderr if nobody takes what is logged."""
    hooks = tuple(hooks)
    threshold = LEVELS.get(level.strip().lower())
    if threshold is None:
        raise ConfigurationError(f"INTELGRAPH_LOG is {', '.join(LEVELS)} or empty, not {level!r}.")
    logger = logging.getLogger("intelgraph")
    logger.setLevel(threshold)
    if not logger.hasHandlers():
        to_stderr = logging.StreamHandler()
        to_stderr.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
        logger.addHandler(to_stderr)
    is_there = any(isinstance(hook, Logging) for hook in hooks)
    return hooks if is_there else (*hooks, Logging())
