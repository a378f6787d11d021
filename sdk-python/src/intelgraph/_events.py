"""What a call tells its hooks: frozen events, in the order in which things happen.

    CallStarted (AttemptStarted AttemptFinished RetryScheduled)… CallFinished

A hook is any callable of one event. It runs in between, so it must be quick, and what it
raises is logged once and never reaches the call. No event holds variables or credentials.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from ._operation import Operation, OperationKind

logger = logging.getLogger("intelgraph")


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A client's method was called, and nothing was sent yet."""

    operation: str
    op_id: str | None
    """The operation's versioned name; None for ad-hoc text."""
    kind: OperationKind


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """A request is about to be sent."""

    operation: str
    op_id: str | None
    attempt: int
    """The attempt's number in its call, from 1."""


@dataclass(frozen=True, slots=True)
class AttemptFinished:
    """An attempt came to its end; a document that was missed and sent again is one attempt."""

    operation: str
    op_id: str | None
    attempt: int
    status: int | None
    """The HTTP status of the attempt's last reply; None when nothing arrived."""
    error: BaseException | None
    """How the attempt failed, also by being cancelled; None when it succeeded."""
    duration: float
    """Seconds."""


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """An attempt failed in a way that may pass, and another will follow."""

    operation: str
    op_id: str | None
    attempt: int
    """The attempt that failed."""
    delay: float
    """Seconds until the next attempt."""


@dataclass(frozen=True, slots=True)
class CallFinished:
    """A call came to its end, with data or with an error."""

    operation: str
    op_id: str | None
    duration: float
    """Seconds from the call's start, with all its attempts and waits."""
    status: int | None
    """The HTTP status of the last attempt's last reply; None when nothing arrived in it."""
    retries: int
    """The attempts after the first."""
    error: BaseException | None
    """What the call raises, also when it was cancelled; None when it returns data."""


Event: TypeAlias = CallStarted | AttemptStarted | AttemptFinished | RetryScheduled | CallFinished
Hook: TypeAlias = Callable[[Event], object]


class Hooks:
    """The hooks of a client."""

    def __init__(self, hooks: Iterable[Hook] = ()) -> None:
        self._hooks = tuple(hooks)
        self._reported: set[int] = set()

    def of_call(self, operation: Operation[Any]) -> Telling:
        return Telling(self, operation)

    def tell(self, event: Event) -> None:
        for number, hook in enumerate(self._hooks):
            try:
                hook(event)
            except Exception:
                # Once for each hook, because one that always fails would drown the log.
                if number not in self._reported:
                    self._reported.add(number)
                    logger.exception("A hook failed; further failures of it are not logged.")


class Telling:
    """What the hooks are told of one call."""

    def __init__(self, hooks: Hooks, operation: Operation[Any]) -> None:
        self._tell = hooks.tell
        self._operation = operation
        self._names = operation.name, operation.op_id

    def call_started(self) -> None:
        self._tell(CallStarted(*self._names, self._operation.kind))

    def attempt_started(self, attempt: int) -> None:
        self._tell(AttemptStarted(*self._names, attempt))

    def attempt_finished(
        self, attempt: int, status: int | None, error: BaseException | None, duration: float
    ) -> None:
        self._tell(AttemptFinished(*self._names, attempt, status, error, duration))

    def retry_scheduled(self, attempt: int, delay: float) -> None:
        self._tell(RetryScheduled(*self._names, attempt, delay))

    def call_finished(
        self, duration: float, status: int | None, retries: int, error: BaseException | None
    ) -> None:
        self._tell(CallFinished(*self._names, duration, status, retries, error))
