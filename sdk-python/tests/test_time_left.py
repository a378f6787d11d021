from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from intelgraph._time_left import LEAST, AsyncBackend, Backend, OutOfTimeError, TimeLeft, share_time

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Inner:
    """What httpcore has, backend and connection in one; each wait takes two seconds."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.waits: list[tuple[str, float | None]] = []

    def wait(self, name: str, timeout: float | None) -> Inner:
        self.waits.append((name, timeout))
        self.clock.now += 2.0
        return self

    def connect_tcp(self, *, host: str, timeout: float | None) -> Inner:
        return self.wait(f"connect {host}", timeout)

    def start_tls(self, *, server_hostname: str, timeout: float | None) -> Inner:
        return self.wait(f"tls {server_hostname}", timeout)

    def read(self, max_bytes: int, timeout: float | None) -> bytes:
        return b"x" if self.wait(f"read {max_bytes}", timeout) else b""

    def write(self, buffer: bytes, timeout: float | None) -> None:
        self.wait(f"write {buffer!r}", timeout)

    def get_extra_info(self, name: str) -> str:
        return f"the {name}"

    def close(self) -> None:
        self.wait("close", None)


class AsyncInner:
    """As `Inner`, awaited."""

    def __init__(self, clock: Clock) -> None:
        self.blocking = Inner(clock)
        self.waits = self.blocking.waits
        self.get_extra_info = self.blocking.get_extra_info

    async def connect_tcp(self, **given: Any) -> AsyncInner:
        self.blocking.connect_tcp(**given)
        return self

    async def start_tls(self, **given: Any) -> AsyncInner:
        self.blocking.start_tls(**given)
        return self

    async def read(self, *given: Any) -> bytes:
        return self.blocking.read(*given)

    async def write(self, *given: Any) -> None:
        self.blocking.write(*given)

    async def aclose(self) -> None:
        self.blocking.close()


async def done(told: Any) -> Any:
    return await told if inspect.isawaitable(told) else told


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["blocking", "awaiting"])
def backend(request: pytest.FixtureRequest, clock: Clock) -> tuple[Any, Inner | AsyncInner]:
    if request.param == "blocking":
        return Backend(blocking := Inner(clock)), blocking
    return AsyncBackend(awaiting := AsyncInner(clock)), awaiting


def test_it_is_the_number_it_began_with_and_knows_what_is_left(clock: Clock) -> None:
    time_left = TimeLeft(5.0, clock)

    clock.now += 7.0

    assert time_left == 5.0
    assert min(time_left, 9.0) is time_left
    assert time_left.left() == -2.0


async def test_each_wait_has_what_the_waits_before_it_have_left(backend: Any, clock: Clock) -> None:
    opening, inner = backend
    connect, whole = TimeLeft(5.0, clock), TimeLeft(10.0, clock)

    stream = await done(opening.connect_tcp(host="h", timeout=connect))
    stream = await done(stream.start_tls(server_hostname="h", timeout=connect))
    await done(stream.write(b"asked", whole))
    assert await done(stream.read(9, whole)) == b"x"

    assert inner.waits == [
        ("connect h", 5.0),
        ("tls h", 3.0),
        ("write b'asked'", 6.0),
        ("read 9", 4.0),
    ]


async def test_a_wait_that_would_begin_after_the_end_is_none(backend: Any, clock: Clock) -> None:
    opening, inner = backend
    whole = TimeLeft(3.0, clock)
    stream = await done(opening.connect_tcp(host="h", timeout=None))
    await done(stream.read(1, whole))

    for wait in (lambda: stream.read(2, whole), lambda: stream.write(b"more", whole)):
        clock.now = 103.0
        with pytest.raises(OutOfTimeError):
            await done(wait())

    assert inner.waits == [("connect h", None), ("read 1", 1.0)]


async def test_a_connection_that_is_late_is_left_to_httpcore_to_name(
    backend: Any, clock: Clock
) -> None:
    opening, inner = backend
    connect = TimeLeft(1.0, clock)
    stream = await done(opening.connect_tcp(host="h", timeout=connect))

    await done(stream.start_tls(server_hostname="h", timeout=connect))

    assert inner.waits == [("connect h", 1.0), ("tls h", LEAST)]


async def test_any_other_timeout_is_handed_on(backend: Any) -> None:
    opening, inner = backend
    stream = await done(opening.connect_tcp(host="h", timeout=4.0))
    await done(stream.read(1, 4.0))
    await done(stream.read(1, None))
    await done((stream.close if hasattr(stream, "close") else stream.aclose)())

    assert inner.waits == [("connect h", 4.0), ("read 1", 4.0), ("read 1", None), ("close", None)]
    assert stream.get_extra_info("socket") == "the socket"


@pytest.mark.parametrize(
    ("make", "kind"), [(httpx.Client, Backend), (httpx.AsyncClient, AsyncBackend)]
)
def test_every_connection_of_a_client_shares_its_time_those_over_proxies_too(
    make: Callable[..., Any], kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "example.com")
    client = make()

    share_time(client)

    ways = ["http://a.test", "https://a.test", "https://example.com"]
    transports = {client._transport_for_url(httpx.URL(way)) for way in ways}
    assert len(transports) == 2
    assert all(isinstance(each._pool._network_backend, kind) for each in transports)


def test_a_client_without_connections_is_left_as_it_is() -> None:
    share_time(httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))))
