"""One time for all that an attempt waits for, where httpx has one for each wait.

httpx gives each read of a socket its whole timeout anew, so that a reply which drips in would
never be late. A `TimeLeft` passes through httpx as the number it is, and the connections of a
client that we made read what is left of it before each wait.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Self

LEAST = 0.001
"""Seconds; with none at all, a socket would not wait but refuse."""


class OutOfTimeError(Exception):
    """An attempt's time ended between two waits, after something may have been sent."""


class TimeLeft(float):
    """The seconds it was made with, which run out from then on."""

    __slots__ = ("_clock", "_ends")
    _clock: Callable[[], float]
    _ends: float

    def __new__(cls, seconds: float, clock: Callable[[], float] = monotonic) -> Self:
        made = super().__new__(cls, seconds)
        made._clock = clock
        made._ends = clock() + seconds
        return made

    def left(self) -> float:
        """The seconds that are left, which are negative after the end."""
        return self._ends - self._clock()


def share_time(client: object) -> None:
    """Let a timeout of an httpx client that nobody else has hold for all waits together."""
    # httpx has no public place for this. Should the private ones move, each wait would have its
    # own time again, and the tests of replies that drip in would say so.
    mounts: dict[object, object] = getattr(client, "_mounts", {})
    for transport in (getattr(client, "_transport", None), *mounts.values()):
        pool: Any = getattr(transport, "_pool", None)
        if pool is not None:
            kind = AsyncBackend if hasattr(pool, "aclose") else Backend
            pool._network_backend = kind(pool._network_backend)  # noqa: SLF001 - see above.


class Backend:
    """Opens blocking connections as the given backend of httpcore does."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def connect_tcp(self, *, timeout: float | None = None, **to: Any) -> _Stream:
        return _Stream(self._inner.connect_tcp(timeout=_at_least_some(timeout), **to))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class AsyncBackend:
    """As `Backend`, for connections that are awaited."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    # httpcore names the arguments.
    async def connect_tcp(self, *, timeout: float | None = None, **to: Any) -> _AsyncStream:  # noqa: ASYNC109
        return _AsyncStream(await self._inner.connect_tcp(timeout=_at_least_some(timeout), **to))

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _Stream:
    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.get_extra_info = inner.get_extra_info
        self.close = inner.close

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data: bytes = self._inner.read(max_bytes, _unless_over(timeout))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _unless_over(timeout))

    def start_tls(self, *, timeout: float | None = None, **to: Any) -> _Stream:
        return _Stream(self._inner.start_tls(timeout=_at_least_some(timeout), **to))


class _AsyncStream:
    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.get_extra_info = inner.get_extra_info
        self.aclose = inner.aclose

    def read(self, max_bytes: int, timeout: float | None = None) -> Awaitable[bytes]:
        data: Awaitable[bytes] = self._inner.read(max_bytes, _unless_over(timeout))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> Awaitable[None]:
        done: Awaitable[None] = self._inner.write(buffer, _unless_over(timeout))
        return done

    async def start_tls(self, *, timeout: float | None = None, **to: Any) -> _AsyncStream:  # noqa: ASYNC109
        return _AsyncStream(await self._inner.start_tls(timeout=_at_least_some(timeout), **to))


def _at_least_some(timeout: float | None) -> float | None:
    # Until a connection is made nothing was sent, which only httpcore's own error says.
    return max(timeout.left(), LEAST) if isinstance(timeout, TimeLeft) else timeout


def _unless_over(timeout: float | None) -> float | None:
    if isinstance(timeout, TimeLeft) and timeout.left() <= 0:
        raise OutOfTimeError
    return _at_least_some(timeout)
