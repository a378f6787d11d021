"""What servers, and what stands before them, do wrong on a real socket, told apart one by one."""

from __future__ import annotations

import gzip
import inspect
import itertools
import socket
import time
import zlib
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from socket_server import PATIENCE, http_reply, socket_server

from intelgraph import (
    AsyncIntelGraph,
    ConnectError,
    IntelGraph,
    IntelGraphError,
    OperationError,
    ResponseError,
    TimeoutError,  # noqa: A004 - ours.
    TransportError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

GOOD = b'{"data":{"trustTiles":[]}}'
TILE = b'{"kind":5,"status":"met","updatedAt":"2026-04-15T09:30:00Z"}'
CHUNKED = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
UNTIL_CLOSED = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n"
BOMB = gzip.compress(bytes(8_000_000), compresslevel=9)


def endless() -> Iterator[bytes]:
    yield CHUNKED
    yield from itertools.repeat(b"400\r\n" + b" " * 1024 + b"\r\n")


def dripping() -> Iterator[bytes]:
    yield CHUNKED
    for byte in itertools.repeat(b"1\r\n \r\n", 600):
        time.sleep(0.05)
        yield byte


LOST = "lost the connection to {host} before the reply was complete"
NOT_GRAPHQL = "got HTTP {status} from {host}, which is not a GraphQL response: "
REPLIES: dict[str, tuple[Any, type[IntelGraphError], int | None, str]] = {
    "a redirect": (
        http_reply(b"", status="302 Found", location="http://127.0.0.1:9/"),
        ResponseError,
        302,
        NOT_GRAPHQL + "it redirects to another address",
    ),
    "a redirect that keeps the method": (
        http_reply(b"", status="307 Temporary Redirect", location="/elsewhere"),
        ResponseError,
        307,
        NOT_GRAPHQL + "it redirects to another address",
    ),
    "a body shorter than its length": (
        http_reply(GOOD, length=len(GOOD) + 10),
        TransportError,
        None,
        LOST,
    ),
    "a chunk that never ends": (CHUNKED + b"1a\r\n{", TransportError, None, LOST),
    "chunks that never end": (CHUNKED + b"1a\r\n" + GOOD + b"\r\n", TransportError, None, LOST),
    "no reply at all": (b"", TransportError, None, LOST),
    "half a head": (b"HTTP/1.1 200 OK\r\ncontent-ty", TransportError, None, LOST),
    "another protocol": (b"SSH-2.0-OpenSSH_9.2\r\n", TransportError, None, LOST),
    "a body that is cut where nothing tells its length": (
        UNTIL_CLOSED + GOOD[:-1],
        ResponseError,
        200,
        NOT_GRAPHQL + "the body is not JSON",
    ),
    "a body that is longer than allowed": (
        http_reply(b" " * 1001),
        ResponseError,
        200,
        NOT_GRAPHQL + "the body is larger than 1000 bytes",
    ),
    "a body without an end": (
        endless,
        ResponseError,
        200,
        NOT_GRAPHQL + "the body is larger than 1000 bytes",
    ),
    "a small body that unpacks to a large one": (
        http_reply(BOMB, content_encoding="gzip"),
        ResponseError,
        200,
        NOT_GRAPHQL + "the body is larger than 1000 bytes",
    ),
    "a body that is not packed as it says": (
        http_reply(GOOD, content_encoding="gzip"),
        ResponseError,
        200,
        NOT_GRAPHQL + "the body does not fit its content-encoding",
    ),
    "a packed body that is damaged": (
        http_reply(zlib.compress(GOOD)[:-4] + b"????", content_encoding="deflate"),
        ResponseError,
        200,
        NOT_GRAPHQL + "the body does not fit its content-encoding",
    ),
    "a packed body that is cut": (
        http_reply(gzip.compress(GOOD)[:20], content_encoding="gzip"),
        ResponseError,
        200,
        NOT_GRAPHQL + "the body is not JSON",
    ),
    "an empty body": (
        http_reply(b""),
        ResponseError,
        200,
        NOT_GRAPHQL + "the body is empty",
    ),
    "malformed JSON": (
        http_reply(b'{"data":'),
        ResponseError,
        200,
        NOT_GRAPHQL + "the body is not JSON",
    ),
    "bytes that are not UTF-8": (
        http_reply(b'{"data":{"trustTiles":"\xff"}}'),
        ResponseError,
        200,
        NOT_GRAPHQL + "the body is not JSON",
    ),
    "JSON that is no response": (
        http_reply(b'{"ok":true}'),
        ResponseError,
        200,
        NOT_GRAPHQL + "the JSON has neither data nor errors",
    ),
    "a page of a proxy": (
        http_reply(b"<html>", status="502 Bad Gateway", content_type="text/html"),
        ResponseError,
        502,
        NOT_GRAPHQL + "the media type is text/html",
    ),
    "data of another type": (
        http_reply(b'{"data":{"trustTiles":[' + TILE + b"]}}"),
        ResponseError,
        200,
        "got data from {host} that does not fit its type at trustTiles.0.kind: Input should be",
    ),
    "errors with status 400": (
        http_reply(b'{"errors":[{"message":"No."}]}', status="400 Bad Request"),
        OperationError,
        400,
        "failed on {host}: No",
    ),
    "a body that drips": (
        dripping,
        TimeoutError,
        None,
        "had no reply from {host} within its timeout",
    ),
}


async def ask_once(client: Any, url: str, **options: Any) -> Any:
    """What a client of either kind answers, which it is closed after."""
    made = client(url=url, api_key=None, **options)
    try:
        told = made.trust_tiles()
        return await told if inspect.isawaitable(told) else told
    finally:
        closed = made.close()
        if inspect.isawaitable(closed):
            await closed


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
@pytest.mark.parametrize("name", REPLIES)
async def test_each_wrong_reply_is_an_error_that_says_what_it_was(name: str, client: Any) -> None:
    answer, kind, status, message = REPLIES[name]
    options = {"max_response_bytes": 1000, "max_retries": 0}
    timeout = 0.5 if kind is TimeoutError else PATIENCE

    with socket_server(answer) as server, pytest.raises(IntelGraphError) as caught:
        await ask_once(client, server.url, timeout=timeout, **options)

    error = caught.value
    assert type(error) is kind
    assert (error.status, error.attempts) == (status, 1)
    assert message.format(host=f"127.0.0.1:{server.port}", status=status) in str(error)
    assert str(error).endswith("(attempt 1 of 1).")
    assert error.elapsed > 0


@pytest.fixture
def full_port() -> Iterator[int]:
    """A port whose queue is full, so that a connection to it never comes about."""
    with ExitStack() as sockets:
        listening = sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        port: int = listening.getsockname()[1]
        for _ in range(4):
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        yield port


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
async def test_a_connection_that_takes_too_long_has_sent_nothing(
    client: Any, full_port: int
) -> None:
    url = f"http://127.0.0.1:{full_port}/graphql"

    with pytest.raises(ConnectError, match=f"could not connect to 127.0.0.1:{full_port}"):
        await ask_once(client, url, timeout=0.2, max_retries=0)


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
async def test_a_good_reply_on_the_same_socket_is_an_answer(client: Any) -> None:
    with socket_server(http_reply(gzip.compress(GOOD), content_encoding="gzip")) as server:
        assert await ask_once(client, server.url) == []


def test_reading_of_an_endless_body_stops_at_the_limit() -> None:
    with socket_server(endless) as server:
        with (
            IntelGraph(url=server.url, api_key=None, max_response_bytes=100_000) as client,
            pytest.raises(ResponseError, match="larger than 100000 bytes"),
        ):
            client.trust_tiles()
        assert server.closed_early.wait(PATIENCE)
