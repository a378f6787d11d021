"""The two transports over httpx.

This is the only module that knows httpx, and the only border where its exceptions become
failures of ours. Redirects are not followed, because a credential would follow them.
"""

from __future__ import annotations

import os
from functools import lru_cache, partial
from math import inf
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar
from weakref import WeakSet

import httpx

from ._exchange import Failure, FailureKind, Reply
from ._sse import EVENTS_TYPE
from ._time_left import OutOfTimeError, TimeLeft, share_time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._exchange import AsyncConnection, Connection, Request

HttpClient: TypeAlias = httpx.Client
AsyncHttpClient: TypeAlias = httpx.AsyncClient
C = TypeVar("C", httpx.Client, httpx.AsyncClient)

HTTP_OK = 200
SILENCE = 60.0
"""Seconds that a stream may say nothing, not even a comment, before it counts as lost."""
CONNECT_TIMEOUT = 5.0
"""Seconds to wait for a connection, unless the whole timeout is shorter."""


class HttpxTransport:
    """Sends over an `httpx.Client`: its own, or the caller's, which it never closes."""

    def __init__(self, client: HttpClient | None = None) -> None:
        self._http = _Http(client, httpx.Client)

    def send(self, request: Request) -> Reply | Failure:
        client, build = self._http.ready()
        incoming = _Incoming(request)
        try:
            response = client.send(build(request), stream=True, follow_redirects=False)
            return _read(response, incoming)
        except _ENDINGS as error:
            return _failure(error)

    def open(self, request: Request) -> Connection | Reply | Failure:
        client, build = self._http.ready()
        incoming = _Incoming(request)
        try:
            response = client.send(build(request), stream=True, follow_redirects=False)
            if not _is_stream(response):
                return _read(response, incoming)
            if incoming.is_in_time():
                return _Stream(_patient(response))
            response.close()
            return Failure("timeout")
        except _ENDINGS as error:
            return _failure(error)

    def close(self) -> None:
        if self._http.is_ours:
            self._http.ready()[0].close()


class AsyncHttpxTransport:
    """Sends over an `httpx.AsyncClient`: its own, or the caller's, which it never closes."""

    def __init__(self, client: AsyncHttpClient | None = None) -> None:
        self._http = _Http(client, httpx.AsyncClient)

    async def send_async(self, request: Request) -> Reply | Failure:
        client, build = self._http.ready()
        incoming = _Incoming(request)
        try:
            response = await client.send(build(request), stream=True, follow_redirects=False)
            return await _read_async(response, incoming)
        except _ENDINGS as error:
            return _failure(error)

    async def open_async(self, request: Request) -> AsyncConnection | Reply | Failure:
        client, build = self._http.ready()
        incoming = _Incoming(request)
        try:
            response = await client.send(build(request), stream=True, follow_redirects=False)
            if not _is_stream(response):
                return await _read_async(response, incoming)
            if incoming.is_in_time():
                return _AsyncStream(_patient(response))
            await response.aclose()
            return Failure("timeout")
        except _ENDINGS as error:
            return _failure(error)

    async def close_async(self) -> None:
        if self._http.is_ours:
            await self._http.ready()[0].aclose()


class _Stream:
    """The body of a reply that goes on, bound to the thread that reads it."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self._response = response
        self._chunks = response.iter_bytes()

    def receive(self) -> bytes | Failure | None:
        try:
            return next(self._chunks, None)
        except _ENDINGS as error:
            return _failure(error)

    def close(self) -> None:
        self._response.close()


class _AsyncStream:
    """As `_Stream`, bound to the task that reads it."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self._response = response
        self._chunks = response.aiter_bytes()

    async def receive(self) -> bytes | Failure | None:
        try:
            return await anext(self._chunks, None)
        except _ENDINGS as error:
            return _failure(error)

    async def close(self) -> None:
        await self._response.aclose()


def _is_stream(response: httpx.Response) -> bool:
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return response.status_code == HTTP_OK and media_type == EVENTS_TYPE


def _patient(response: httpx.Response) -> httpx.Response:
    # A stream may be silent for as long as its server's sign of life may take, while its head
    # comes as any reply's does. httpx takes the time of a read from here when it begins to read.
    response.request.extensions.setdefault("timeout", {})["read"] = SILENCE
    return response


class _Http(Generic[C]):
    """A client of httpx, and what builds its requests: the caller's, or ours once it is needed."""

    def __init__(self, client: C | None, kind: type[C]) -> None:
        _check_kind(client, kind)
        self.is_ours = client is None
        self._client: C | None = client
        self._kind: type[C] = kind
        self._ready: tuple[C, Callable[[Request], httpx.Request]] | None = None
        self._left: list[object] = []
        self._opening = Lock()
        _EVERY.add(self)

    def begin_anew(self) -> None:
        """Leaves the connections to the process that was forked, and forgets who held the lock."""
        self._opening = Lock()
        if self.is_ours and self._ready is not None and not self._ready[0].is_closed:
            # Kept, for to collect them would warn of sockets that nobody closed.
            self._left.append(self._ready)
            self._ready = None

    def ready(self) -> tuple[C, Callable[[Request], httpx.Request]]:
        if self._ready is None:
            with self._opening:
                self._ready = self._ready or self._open()
        return self._ready

    def _open(self) -> tuple[C, Callable[[Request], httpx.Request]]:
        # A client of ours reads all certificates that it trusts, which takes longer than all
        # else that is done before a call.
        client = self._kind() if self._client is None else self._client
        if self.is_ours:
            share_time(client)
        return client, _builder(client, is_ours=self.is_ours)


# Two processes on one connection would read each the other's answers.
_EVERY: WeakSet[_Http[Any]] = WeakSet()


def _begin_anew_in_child() -> None:
    for http in tuple(_EVERY):
        http.begin_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew_in_child)


def _check_kind(client: object, kind: type) -> None:
    # The clients of httpx look alike, and the wrong one would only fail in the first call.
    if client is not None and not isinstance(client, kind):
        raise TypeError(f"http_client= is an httpx.{kind.__name__}, not a {type(client).__name__}")


class _Incoming:
    """A body on its way in, bounded in bytes and, between its chunks, in time."""

    def __init__(self, request: Request) -> None:
        self._limit = request.max_response_bytes
        self._deadline = inf if request.timeout is None else monotonic() + request.timeout
        self._chunks: list[bytes] = []
        self._size = 0
        self._is_late = False

    def takes(self, chunk: bytes) -> bool:
        """Keep a chunk and say whether to read on."""
        self._chunks.append(chunk)
        self._size += len(chunk)
        return self._size <= self._limit and self.is_in_time()

    def is_in_time(self) -> bool:
        """Whether the time for the whole reply is not over yet."""
        # In a caller's client, a timeout holds for each read, so that a slow drip would never end.
        self._is_late = monotonic() > self._deadline
        return not self._is_late

    def outcome(self, response: httpx.Response) -> Reply | Failure:
        if self._is_late:
            return Failure("timeout")
        if self._size > self._limit:
            return _without_body(response, f"the body is larger than {self._limit} bytes")
        return Reply(response.status_code, response.headers, b"".join(self._chunks))


def _read(response: httpx.Response, incoming: _Incoming) -> Reply | Failure:
    try:
        for chunk in response.iter_bytes():
            if not incoming.takes(chunk):
                break
        return incoming.outcome(response)
    except httpx.DecodingError:
        return _without_body(response, "the body does not fit its content-encoding")
    finally:
        response.close()


async def _read_async(response: httpx.Response, incoming: _Incoming) -> Reply | Failure:
    try:
        async for chunk in response.aiter_bytes():
            if not incoming.takes(chunk):
                break
        return incoming.outcome(response)
    except httpx.DecodingError:
        return _without_body(response, "the body does not fit its content-encoding")
    finally:
        await response.aclose()


def _without_body(response: httpx.Response, problem: str) -> Reply:
    return Reply(response.status_code, response.headers, b"", problem)


def _own_request(defaults: Mapping[str, str], request: Request) -> httpx.Request:
    # `Client.build_request` also merges cookies, parameters and a base URL, which nobody can
    # have set on a client of ours; leaving that out saves half of what building costs.
    return httpx.Request(
        request.method,
        _parsed(request.url),
        headers=_written({**defaults, **request.headers}),
        content=request.body,
        extensions={"timeout": _timeout(request).as_dict()},
    )


def _callers_request(client: HttpClient | AsyncHttpClient, request: Request) -> httpx.Request:
    return client.build_request(
        request.method,
        _parsed(request.url),
        headers=_written(request.headers),
        content=request.body,
        timeout=_timeout(request),
    )


def _builder(
    client: HttpClient | AsyncHttpClient, *, is_ours: bool
) -> Callable[[Request], httpx.Request]:
    if is_ours:
        return partial(_own_request, dict(client.headers))
    return partial(_callers_request, client)


def _written(headers: Mapping[str, str]) -> httpx.Headers | Mapping[str, str]:
    # A character is one byte, as in the headers that were read; left to itself, httpx writes ASCII.
    is_ascii = all(map(str.isascii, headers.values()))
    return headers if is_ascii else httpx.Headers(headers, encoding="latin-1")


_parsed = lru_cache(maxsize=16)(httpx.URL)


def _timeout(request: Request) -> httpx.Timeout:
    if request.timeout is None:
        return httpx.Timeout(None, connect=CONNECT_TIMEOUT)
    connect = TimeLeft(min(request.timeout, CONNECT_TIMEOUT))
    return httpx.Timeout(TimeLeft(request.timeout), connect=connect)


def _failure(error: httpx.RequestError | OutOfTimeError) -> Failure:
    if isinstance(error, httpx.RequestError):
        _forget_secrets(error)
    for kind, classes in _FAILURES:
        if isinstance(error, classes):
            return Failure(kind, error)
    return Failure("read", error)


def _forget_secrets(error: httpx.RequestError) -> None:
    # It becomes the cause of an error of ours, which programs report with all that hangs on it.
    sent: httpx.Request | None = getattr(error, "_request", None)
    if sent is not None:
        error.request = httpx.Request(sent.method, sent.url.copy_with(query=None))


# What ends an exchange without a reply; whatever else is raised is a mistake.
_ENDINGS = (httpx.RequestError, OutOfTimeError)
# A connection that was never made, not even taken from the pool, has carried nothing.
_FAILURES: tuple[tuple[FailureKind, tuple[type[Exception], ...]], ...] = (
    (
        "connect",
        (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.PoolTimeout,
            httpx.ProxyError,
            httpx.UnsupportedProtocol,
        ),
    ),
    ("timeout", (httpx.TimeoutException, OutOfTimeError)),
)
