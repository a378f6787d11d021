"""One HTTP request and what came of it, as values, and what a transport of them has to be.

Nothing here knows a library for HTTP.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

FailureKind = Literal["connect", "timeout", "read"]

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# In ASCII, for beyond it every server guesses what is meant.
_HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?|")


def is_sendable(name: object, value: object) -> bool:
    """Whether the two are text, and can be sent as a header."""
    return (
        isinstance(name, str)
        and isinstance(value, str)
        and _HEADER_NAME.fullmatch(name) is not None
        and _HEADER_VALUE.fullmatch(value) is not None
    )


def bare(url: str) -> str:
    """An address as it may be shown: what stands behind its path may be a secret."""
    return url.partition("#")[0].partition("?")[0]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, ready to be sent as it is."""

    method: str
    url: str
    # Kept out of `repr` with the body, because they hold the credential and the caller's values.
    headers: Mapping[str, str]
    """Lower-case names to values."""
    body: bytes
    timeout: float | None
    """Seconds until the whole reply must have arrived; None waits for ever."""
    max_response_bytes: int
    """The most bytes of a decoded body to read."""

    def __repr__(self) -> str:
        return f"Request(method={self.method!r}, url={bare(self.url)!r}, timeout={self.timeout!r})"

    @property
    def json(self) -> Any:
        """The body read as JSON; None where there is none, as in a GET."""
        return json.loads(self.body) if self.body else None


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP reply of any status."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Lower-case names to values, or any mapping that ignores case."""
    body: bytes = field(repr=False)
    """The decoded body; empty when `problem` says why there is none."""
    problem: str | None = None
    """Why the body could not be read to its end, such as `the body is larger than 9 bytes`."""


@dataclass(frozen=True, slots=True)
class Failure:
    """No complete reply: what the transport knows about how far the request came.

    `connect`: nothing was sent. `timeout`: no complete reply in time. `read`: the
    connection broke after something may have been sent.
    """

    kind: FailureKind
    cause: Exception | None = None
    """What the transport's own library raised."""


class Transport(Protocol):
    """Sends requests by blocking; it returns failures and raises only what is a mistake."""

    def send(self, request: Request) -> Reply | Failure: ...
    def close(self) -> None: ...


class AsyncTransport(Protocol):
    """Sends requests by awaiting; it returns failures and raises only what is a mistake."""

    async def send_async(self, request: Request) -> Reply | Failure: ...
    async def close_async(self) -> None: ...


class Connection(Protocol):
    """An open stream of bytes, read by blocking."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    def receive(self) -> bytes | Failure | None:
        """The next bytes; None at the end."""
        ...

    def close(self) -> None: ...


class AsyncConnection(Protocol):
    """An open stream of bytes, read by awaiting."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    async def receive(self) -> bytes | Failure | None:
        """The next bytes; None at the end."""
        ...

    async def close(self) -> None: ...


class StreamingTransport(Transport, Protocol):
    """A transport that subscriptions can be opened on."""

    def open(self, request: Request) -> Connection | Reply | Failure: ...


class AsyncStreamingTransport(AsyncTransport, Protocol):
    """A transport that subscriptions can be opened on."""

    async def open_async(self, request: Request) -> AsyncConnection | Reply | Failure: ...
