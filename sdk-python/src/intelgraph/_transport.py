"""Transports: whatever sends one request and returns one reply, and the two over httpx.

This is the only module that knows httpx, and the only border where its exceptions become
failures of ours. Redirects are not followed, because a credential would follow them.
"""

from __future__ import annotations

from functools import lru_cache, partial
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Protocol, TypeAlias

import httpx

from ._exchange import Failure, FailureKind, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._exchange import Request

HttpClient: TypeAlias = httpx.Client
AsyncHttpClient: TypeAlias = httpx.AsyncClient

CONNECT_TIMEOUT = 5.0
"""Seconds to wait for a connection, unless the whole timeout is shorter."""


class Transport(Protocol):
    """Sends requests by blocking; it returns failures and raises only what is a mistake."""

    def send(self, request: Request) -> Reply | Failure: ...
    def close(self) -> None: ...


class AsyncTransport(Protocol):
    """Sends requests by awaiting; it returns failures and raises only what is a mistake."""

    async def send_async(self, request: Request) -> Reply | Failure: ...
    async def close_async(self) -> None: ...


class HttpxTransport:
    """Sends over an `httpx.Client`: its own, or the caller's, which it never closes."""

    def __init__(self, client: HttpClient | None = None) -> None:
        _check_kind(client, httpx.Client)
        self._is_ours = client is None
        self._client = httpx.Client() if client is None else client
        self._build = _builder(self._client, is_ours=self._is_ours)

    def send(self, request: Request) -> Reply | Failure:
        incoming = _Incoming(request)
        try:
            response = self._client.send(self._build(request), stream=True, follow_redirects=False)
            try:
                for chunk in response.iter_bytes():
                    if not incoming.takes(chunk):
                        break
                return incoming.outcome(response)
            except httpx.DecodingError:
                return _without_body(response, "the body does not fit its content-encoding")
            finally:
                response.close()
        except httpx.RequestError as error:
            return _failure(error)

    def close(self) -> None:
        if self._is_ours:
            self._client.close()


class AsyncHttpxTransport:
    """Sends over an `httpx.AsyncClient`: its own, or the caller's, which it never closes."""

    def __init__(self, client: AsyncHttpClient | None = None) -> None:
        _check_kind(client, httpx.AsyncClient)
        self._is_ours = client is None
        self._client = httpx.AsyncClient() if client is None else client
        self._build = _builder(self._client, is_ours=self._is_ours)

    async def send_async(self, request: Request) -> Reply | Failure:
        incoming = _Incoming(request)
        try:
            response = await self._client.send(
                self._build(request), stream=True, follow_redirects=False
            )
            try:
                async for chunk in response.aiter_bytes():
                    if not incoming.takes(chunk):
                        break
                return incoming.outcome(response)
            except httpx.DecodingError:
                return _without_body(response, "the body does not fit its content-encoding")
            finally:
                await response.aclose()
        except httpx.RequestError as error:
            return _failure(error)

    async def close_async(self) -> None:
        if self._is_ours:
            await self._client.aclose()


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
        # The timeouts of httpx hold for each read, so that a slow drip would never end.
        self._is_late = monotonic() > self._deadline
        return self._size <= self._limit and not self._is_late

    def outcome(self, response: httpx.Response) -> Reply | Failure:
        if self._is_late:
            return Failure("timeout")
        if self._size > self._limit:
            return _without_body(response, f"the body is larger than {self._limit} bytes")
        return Reply(response.status_code, response.headers, b"".join(self._chunks))


def _without_body(response: httpx.Response, problem: str) -> Reply:
    return Reply(response.status_code, response.headers, b"", problem)


def _own_request(defaults: Mapping[str, str], request: Request) -> httpx.Request:
    # `Client.build_request` also merges cookies, parameters and a base URL, which nobody can
    # have set on a client of ours; leaving that out saves half of what building costs.
    return httpx.Request(
        request.method,
        _parsed(request.url),
        headers={**defaults, **request.headers},
        content=request.body,
        extensions={"timeout": _timeout(request).as_dict()},
    )


def _callers_request(client: HttpClient | AsyncHttpClient, request: Request) -> httpx.Request:
    return client.build_request(
        request.method,
        _parsed(request.url),
        headers=request.headers,
        content=request.body,
        timeout=_timeout(request),
    )


def _builder(
    client: HttpClient | AsyncHttpClient, *, is_ours: bool
) -> Callable[[Request], httpx.Request]:
    if is_ours:
        return partial(_own_request, dict(client.headers))
    return partial(_callers_request, client)


_parsed = lru_cache(maxsize=16)(httpx.URL)


def _timeout(request: Request) -> httpx.Timeout:
    if request.timeout is None:
        return httpx.Timeout(None, connect=CONNECT_TIMEOUT)
    return httpx.Timeout(request.timeout, connect=min(request.timeout, CONNECT_TIMEOUT))


def _failure(error: httpx.RequestError) -> Failure:
    for kind, classes in _FAILURES:
        if isinstance(error, classes):
            return Failure(kind, error)
    return Failure("read", error)


# A connection that was never made, not even taken from the pool, has carried nothing.
_FAILURES: tuple[tuple[FailureKind, tuple[type[httpx.RequestError], ...]], ...] = (
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
    ("timeout", (httpx.TimeoutException,)),
)
