from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from intelgraph import Failure
from intelgraph._call import Sleep
from intelgraph._drive_stream import drive_stream, drive_stream_async
from intelgraph._exchange import Request
from intelgraph._stream import Emit, Open, Receive, Stream

if TYPE_CHECKING:
    from intelgraph import Reply

REQUEST = Request("POST", "http://api.test/", {}, b"{}", None, 100)


class Connection:
    """An open stream of the given bytes, for both worlds."""

    status = 200

    def __init__(self, *chunks: bytes) -> None:
        self.headers: dict[str, str] = {}
        self.chunks = list(chunks)
        self.closed = 0

    def receive(self) -> bytes | Failure | None:
        return self.chunks.pop(0) if self.chunks else None

    def close(self) -> None:
        self.closed += 1


class AsyncConnection(Connection):
    """The same, to be awaited."""

    async def receive(self) -> bytes | Failure | None:  # type: ignore[override]
        return super().receive()

    async def close(self) -> None:  # type: ignore[override]
        super().close()


class Transport:
    """Hands out its connections in turn."""

    def __init__(self, *connections: Connection) -> None:
        self.connections = list(connections)

    def send(self, request: Request) -> Reply | Failure:
        raise NotImplementedError

    def open(self, _request: Request) -> Connection | Failure:
        return self.connections.pop(0) if self.connections else Failure("connect")

    def close(self) -> None: ...
    async def send_async(self, request: Request) -> Reply | Failure:
        raise NotImplementedError

    async def open_async(self, _request: Request) -> AsyncConnection | Failure:
        connection = self.open(_request)
        assert not isinstance(connection, Connection) or isinstance(connection, AsyncConnection)
        return connection

    async def close_async(self) -> None: ...


def twice(got: list[object]) -> Stream[bytes]:
    """Two connections, the second behind a wait, and all that comes on them."""
    for _ in range(2):
        got.append((yield Open(REQUEST)))
        while isinstance(chunk := (yield Receive()), bytes):
            yield Emit(chunk)
        yield Sleep(0.5)


def test_what_comes_is_handed_on_and_each_connection_is_closed_once() -> None:
    first, second = Connection(b"a", b"b"), Connection(b"c")
    slept: list[float] = []
    got: list[object] = []

    read = list(drive_stream(twice(got), Transport(first, second), slept.append))

    assert (read, got, slept) == ([b"a", b"b", b"c"], [first, second], [0.5, 0.5])
    assert (first.closed, second.closed) == (1, 1)


def test_whoever_stops_reading_closes_the_connection() -> None:
    connection = Connection(b"a", b"b")

    with closing(drive_stream(twice([]), Transport(connection))) as read:
        assert next(read) == b"a"

    assert connection.closed == 1
    assert connection.chunks == [b"b"]


def test_a_failure_to_connect_is_what_the_stream_is_told() -> None:
    got: list[object] = []

    assert list(drive_stream(twice(got), Transport(), lambda _: None)) == []
    assert got == [Failure("connect"), Failure("connect")]


async def test_to_await_is_to_be_told_the_same() -> None:
    first, second = AsyncConnection(b"a", b"b"), AsyncConnection(b"c")
    slept: list[float] = []

    async def sleep(delay: float) -> None:
        slept.append(delay)

    read = [each async for each in drive_stream_async(twice([]), Transport(first, second), sleep)]

    assert (read, slept) == ([b"a", b"b", b"c"], [0.5, 0.5])
    assert (first.closed, second.closed) == (1, 1)
