"""What a call tells its hooks: frozen events, in the order in which things happen.

    CallStarted (AttemptStarted AttemptFinished RetryScheduled)… CallFinished

A hook is any plain callable of one event. It runs in between, so it must be quick, and what it
raises is logged once and never reaches the call. No event holds variables or credentials.
The events of one call share a call id, because calls of other threads and tasks come between.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from ._exchange import bare, is_sendable

if TYPE_CHECKING:
    from ._operation import Operation, OperationKind

logger = logging.getLogger("intelgraph")


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A client's method was called, and nothing was sent yet."""

    operation: str
    op_id: str | None
    """The operation's versioned name; None for ad-hoc text."""
    call_id: str
    """Unique to the call, and the same in all its events."""
    kind: OperationKind


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """A request is about to be sent."""

    operation: str
    op_id: str | None
    call_id: str
    attempt: int
    """The attempt's number in its call, from 1."""
    method: str
    """`POST` or `GET`."""
    url: str
    """The endpoint's, without a query string."""
    headers: dict[str, str] = field(default_factory=dict[str, str], repr=False, hash=False)
    """Empty, for hooks to add headers such as `traceparent`; the client's own go before them.

    What frames the request, such as `content-length` or `host`, is not sent.
    """


@dataclass(frozen=True, slots=True)
class AttemptFinished:
    """An attempt came to its end; a document that was missed and sent again is one attempt."""

    operation: str
    op_id: str | None
    call_id: str
    attempt: int
    status: int | None
    """The HTTP status of the attempt's last reply; None when nothing arrived."""
    request_id: str | None
    """The server's name for the request of that reply."""
    error: BaseException | None
    """How the attempt failed, also by being cancelled; None when it succeeded."""
    duration: float
    """Seconds."""


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """An attempt failed in a way that may pass, and another will follow."""

    operation: str
    op_id: str | None
    call_id: str
    attempt: int
    """The attempt that failed."""
    delay: float
    """Seconds until the next attempt."""


@dataclass(frozen=True, slots=True)
class CallFinished:
    """A call came to its end, with data or with an error."""

    operation: str
    op_id: str | None
    call_id: str
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


# The flag of a coroutine function's code, and that of a generator which awaits.
_COROUTINE = 0x80 | 0x200
# Beside the numbers of hooks.
_OF_HEADERS = -1
# What says where a request ends, to whom it goes and what becomes of its connection: all this is
# the transport's to write, and a second opinion breaks the request or smuggles another into it.
_FRAMING = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-connection",
        "transfer-encoding",
        "upgrade",
    }
)


class Hooks:
    """The hooks of a client."""

    def __init__(self, hooks: Iterable[Hook] = ()) -> None:
        self._hooks = tuple(hooks)
        for hook in self._hooks:
            _check_is_called(hook)
        self._reported: set[int] = set()

    def of_call(self, operation: Operation[Any], call_id: str) -> Telling:
        return Telling(self, operation, call_id)

    def tell(self, event: Event) -> None:
        for number, hook in enumerate(self._hooks):
            try:
                hook(event)
            except Exception:
                if self._is_news(number):
                    logger.exception("A hook failed; further failures of it are not logged.")

    def sendable(self, headers: dict[str, str]) -> dict[str, str]:
        """The headers that may be sent, with their names in lower case; others are logged once."""
        sendable: dict[str, str] = {}
        for name, value in headers.items():
            if is_sendable(name, value) and name.lower() not in _FRAMING:
                sendable[name.lower()] = value
            elif self._is_news(_OF_HEADERS):
                logger.error(
                    "The header %r of a hook cannot be sent; further ones are not logged.", name
                )
        return sendable

    def _is_news(self, number: int) -> bool:
        # What goes wrong once often does always, and would drown the log.
        if number in self._reported:
            return False
        self._reported.add(number)
        return True


def _check_is_called(hook: Any) -> None:
    # As `inspect` tells it, which is slow to import; of an object, its method says it.
    function: Any = hook if hasattr(hook, "__code__") else hook.__call__
    code = getattr(function, "__code__", None)
    if getattr(code, "co_flags", 0) & _COROUTINE:
        raise TypeError(
            "hooks= are called and not awaited, so nothing would run of the coroutine function "
            f"{hook!r}; start a task in a plain one"
        )


class Telling:
    """What the hooks are told of one call."""

    def __init__(self, hooks: Hooks, operation: Operation[Any], call_id: str) -> None:
        self._hooks = hooks
        self._tell = hooks.tell
        self._operation = operation
        self._names = operation.name, operation.op_id, call_id

    def call_started(self) -> None:
        self._tell(CallStarted(*self._names, self._operation.kind))

    def attempt_started(self, attempt: int, method: str, url: str) -> dict[str, str]:
        """Tells it, and returns the headers that hooks want to be sent."""
        event = AttemptStarted(*self._names, attempt, method, bare(url))
        self._tell(event)
        return self._hooks.sendable(event.headers) if event.headers else event.headers

    def attempt_finished(
        self,
        attempt: int,
        status: int | None,
        request_id: str | None,
        error: BaseException | None,
        duration: float,
    ) -> None:
        self._tell(AttemptFinished(*self._names, attempt, status, request_id, error, duration))

    def retry_scheduled(self, attempt: int, delay: float) -> None:
        self._tell(RetryScheduled(*self._names, attempt, delay))

    def call_finished(
        self, duration: float, status: int | None, retries: int, error: BaseException | None
    ) -> None:
        self._tell(CallFinished(*self._names, duration, status, retries, error))
