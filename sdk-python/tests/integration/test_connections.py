"""What becomes of real connections: copies share them, and a client closes them."""

from __future__ import annotations

import gc
import inspect
import time
import warnings
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from socket_server import SocketServer, http_reply, socket_server

from intelgraph import AsyncIntelGraph, IntelGraph

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENTS = pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
TILES = b'{"data":{"trustTiles":[]}}'


def kept_open() -> Iterator[bytes]:
    """A whole reply on a connection that stays, until the client is gone."""
    yield http_reply(TILES)
    for _ in range(250):
        time.sleep(0.02)
        yield b""


async def told(answer: Any) -> Any:
    return await answer if inspect.isawaitable(answer) else answer


async def closed_by(way: str, made: Any, server: SocketServer) -> None:
    """One call, behind which the client is closed in some way."""
    if way == "close":
        assert await told(made.trust_tiles()) == []
        assert not server.closed_early.is_set()
        await told(made.close())
    elif isinstance(made, AsyncIntelGraph):
        async with made:
            await made.trust_tiles()
            raise_if(way)
    else:
        with made:
            made.trust_tiles()
            raise_if(way)


def raise_if(way: str) -> None:
    if way == "an error":
        raise LookupError(way)


@CLIENTS
@pytest.mark.parametrize("way", ["close", "a block", "an error"])
async def test_a_client_that_is_closed_leaves_no_socket_and_no_warning(
    client: Any, way: str
) -> None:
    with socket_server(kept_open) as server, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        made = client(url=server.url, api_key=None)
        try:
            await closed_by(way, made, server)
        except LookupError:
            assert way == "an error"
        assert server.closed_early.wait(5)
        del made
        gc.collect()

    assert [str(each.message) for each in warned if each.category is ResourceWarning] == []


class Counted(BaseHTTPRequestHandler):
    """Answers any number of requests on one connection."""

    protocol_version = "HTTP/1.1"
    connections = 0

    def setup(self) -> None:
        super().setup()
        type(self).connections += 1

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(TILES)))
        self.end_headers()
        self.wfile.write(TILES)

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 - as it is named.


@contextmanager
def counting_server() -> Iterator[tuple[str, type[Counted]]]:
    handler = type("CountedOnce", (Counted,), {"connections": 0})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/graphql", handler
        finally:
            server.shutdown()
            thread.join()


@CLIENTS
async def test_copies_of_a_client_call_over_its_one_connection(client: Any) -> None:
    with counting_server() as (url, seen):
        made = client(url=url, api_key=None)
        copy = made.with_options(timeout=5, headers={"x-a": "1"}).with_options(max_retries=0)
        for each in (made, copy, made, copy):
            assert await told(each.trust_tiles()) == []
        # What is not its own, a copy leaves open.
        await told(copy.close())
        assert await told(made.trust_tiles()) == []
        await told(made.close())

    assert seen.connections == 1
