"""Every error a call, or the reading of a webhook, can end with, by what was reached.

    IntelGraphError              the root: catch it to catch all of them
    ├── ConfigurationError       nothing was tried: an option is missing or wrong
    ├── TransportError           no reply arrived, and the request may have been received
    │   ├── ConnectError         the request was provably not sent
    │   └── TimeoutError         no reply arrived in time
    ├── ResponseError            a reply arrived that is not GraphQL, or does not fit its type
    ├── OperationError           the server answered with GraphQL errors
    └── WebhookError             a genuine webhook arrived whose body is no event
        └── WebhookSignatureError    a webhook arrived that may be forged, or repeated

GraphQL error codes are values (`OperationError.code`), not classes. Messages name the
operation, the host and the attempts, and never hold variables, tokens or bodies. All can be
copied and pickled, for the sake of worker processes; a cause stays where it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack


ErrorPolicy: TypeAlias = Literal["raise", "partial"]
"""What becomes of an answer with errors and data: an error, or its data."""

DOCS = "docs/explanation/errors.md"
"""Where each class has a section, in this project and in its documentation."""

RETRYABLE_STATUSES = frozenset({408, 425, 429, 502, 503, 504})


class Circumstances(TypedDict, total=False):
    """Where an error came about; what is not known is left out."""

    operation: str | None
    op_id: str | None
    attempts: int
    request_id: str | None
    status: int | None
    elapsed: float
    retryable: bool


class IntelGraphError(Exception):
    """The root of all errors of this package, with where and how often it was tried.

    `operation` is the operation's name and `op_id` its versioned name, both None before a
    call. `attempts` counts the attempts made, and `elapsed` the seconds they took with the
    waits between them. `request_id` is the server's `x-request-id` and `status` the HTTP
    status of the last reply, both None when nothing arrived. `code` and `path` are None unless
    the server, or the data's type, names a field. `retryable` says that the same call may do
    better later; whether it may be sent twice is the operation's to say.
    """

    code: str | None = None
    path: tuple[str | int, ...] | None = None

    def __init__(self, message: str, **where: Unpack[Circumstances]) -> None:
        super().__init__(message)
        self.operation = where.get("operation")
        self.op_id = where.get("op_id")
        self.attempts = where.get("attempts", 0)
        self.request_id = where.get("request_id")
        self.status = where.get("status")
        self.elapsed = where.get("elapsed", 0.0)
        self.retryable = where.get("retryable", False)

    @property
    def docs_url(self) -> str:
        """Where the documentation says what this class means, and what to do."""
        return f"{DOCS}#{type(self).__name__.lower()}"


class ConfigurationError(IntelGraphError):
    """An option of the client is missing or cannot work; raised before anything is sent."""


class TransportError(IntelGraphError):
    """The connection was lost before the reply was complete; the server may have acted."""


class ConnectError(TransportError):
    """No connection came about, so that the server has received nothing."""


class TimeoutError(TransportError):  # noqa: A001 - the field's own name, reached by its package.
    """No complete reply arrived within the attempt's timeout; the server may have acted."""


class ResponseError(IntelGraphError):
    """A reply arrived that is not a GraphQL response, or whose data does not fit its type.

    `path` leads to the value that does not fit; None when the reply is not GraphQL.
    """

    def __init__(
        self,
        message: str,
        *,
        path: tuple[str | int, ...] | None = None,
        **where: Unpack[Circumstances],
    ) -> None:
        super().__init__(message, **where)
        self.path = path


class OperationError(IntelGraphError):
    """The server answered with GraphQL errors; `data` holds what it answered beside them.

    `code` and `path` are those of the first error. `data` is the response's JSON, with the
    names of the wire; None when the operation failed as a whole.
    """

    def __init__(
        self,
        message: str,
        *,
        errors: tuple[ErrorDetail, ...] = (),
        data: dict[str, Any] | None = None,
        **where: Unpack[Circumstances],
    ) -> None:
        super().__init__(message, **where)
        self.errors = errors
        self.data = data
        if errors:
            self.code, self.path = errors[0].code, errors[0].path


class WebhookError(IntelGraphError):
    """A webhook cannot be taken; of this very class, it is genuine and its body is no event."""


class WebhookSignatureError(WebhookError):
    """It is not proved that the sender sent this webhook, or that it did so just now."""


@dataclass(frozen=True, slots=True)
class ErrorDetail:
    """One error of a GraphQL response, as the server sent it."""

    message: str
    """What the server says went wrong."""
    code: str | None
    """`extensions.code`; None when the server sent none."""
    path: tuple[str | int, ...] | None
    """The response path of the field that failed; None when the whole request did."""
    extensions: Mapping[str, Any]
    """All that the server sent beside, in JSON."""
