"""What errors say: one line that names the operation, the host and the attempt.

The words are the same in every language's SDK, and hold neither variables nor credentials
nor bodies, so that they can be logged anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple

from ._errors import (
    RETRYABLE_STATUSES,
    Circumstances,
    ConnectError,
    OperationError,
    ResponseError,
    TimeoutError,  # noqa: A004 - ours.
    TransportError,
)
from ._operation import D, Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._errors import ErrorDetail
    from ._exchange import Failure, Reply


class Attempt(NamedTuple, Generic[D]):
    """Which attempt of which call this is, as messages tell it."""

    operation: Operation[D]
    host: str
    number: int
    limit: int
    elapsed: float = 0.0
    """Seconds since the call began."""
    retryable_codes: frozenset[str] = frozenset()


def failure_error(
    failure: Failure, attempt: Attempt[Any], opened: Reply | None = None
) -> TransportError:
    """The error that says what a failed exchange means for the caller, behind a head or not."""
    kind, text = _FAILURES[failure.kind]
    message = _line(f"{attempt.operation.name} {text.format(host=attempt.host)}", attempt, opened)
    error = kind(message, **_where(attempt))
    if opened is not None:
        error.status, error.request_id = opened.status, opened.headers.get("x-request-id")
    error.__cause__ = failure.cause
    return error


def not_graphql_error(reply: Reply, attempt: Attempt[Any], problem: str) -> ResponseError:
    """The error of a reply that is no GraphQL response."""
    told = (
        f"{attempt.operation.name} got HTTP {reply.status} from {attempt.host}, "
        f"which is not a GraphQL response: {problem}"
    )
    message = _line(told, attempt, reply)
    return ResponseError(message, **_where(attempt, reply))


def wrong_data_error(
    reply: Reply, attempt: Attempt[Any], path: tuple[str | int, ...], reason: str
) -> ResponseError:
    """The error of data that does not fit its type at a response path."""
    told = (
        f"{attempt.operation.name} got data from {attempt.host} that does not fit its type"
        f"{_at(path)}: {reason}"
    )
    message = _line(told, attempt, reply)
    return ResponseError(message, path=path, **_where(attempt, reply))


def operation_error(
    reply: Reply,
    attempt: Attempt[Any],
    details: tuple[ErrorDetail, ...],
    data: dict[str, Any] | None,
) -> OperationError:
    """The error of a response with GraphQL errors, told by the first of them."""
    first = details[0]
    with_code = f" with {first.code}" if first.code else ""
    told = (
        f"{attempt.operation.name} failed on {attempt.host}{with_code}{_at(first.path)}"
        f": {first.message}"
    )
    message = _line(told, attempt, reply)
    where = _where(attempt, reply, first.code)
    return OperationError(message, errors=details, data=data, **where)


def _at(path: Sequence[str | int] | None) -> str:
    return f" at {'.'.join(map(str, path))}" if path else ""


def _line(text: str, attempt: Attempt[Any], reply: Reply | None = None) -> str:
    # What a server says may span lines, and may end with the period that follows here anyway.
    line = " ".join(text.split())
    return f"{line[:-1] if line.endswith(('.', ':')) else line} {_tries(attempt, reply)}."


def _tries(attempt: Attempt[Any], reply: Reply | None = None) -> str:
    request_id = reply.headers.get("x-request-id") if reply is not None else None
    mention = f", request id {request_id}" if request_id else ""
    return f"(attempt {attempt.number} of {attempt.limit}{mention})"


def _where(
    attempt: Attempt[Any], reply: Reply | None = None, code: str | None = None
) -> Circumstances:
    return {
        "operation": attempt.operation.name,
        "op_id": attempt.operation.op_id,
        "attempts": attempt.number,
        "elapsed": attempt.elapsed,
        "request_id": reply.headers.get("x-request-id") if reply is not None else None,
        "status": reply.status if reply is not None else None,
        "retryable": (
            reply is None or reply.status in RETRYABLE_STATUSES or code in attempt.retryable_codes
        ),
    }


_FAILURES: dict[str, tuple[type[TransportError], str]] = {
    "connect": (ConnectError, "could not connect to {host}"),
    "timeout": (TimeoutError, "had no reply from {host} within its timeout"),
    "read": (TransportError, "lost the connection to {host} before the reply was complete"),
}
