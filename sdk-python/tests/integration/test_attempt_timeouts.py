"""That an attempt ends in its time on a real socket, however little and often something comes."""

from __future__ import annotations

import inspect
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from socket_server import socket_server

from intelgraph import (
    AsyncIntelGraph,
    IntelGraph,
    TimeoutError,  # noqa: A004 - ours.
)

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-padding: "
# Each wait ends long before the timeout, and all of them long after it.
TIMEOUT, WAIT, WAITS = 0.5, 0.02, 500


def dripping_head() -> Iterator[bytes]:
    yield HEAD
    for _ in range(WAITS):
        time.sleep(WAIT)
        yield b"x"


def interim_heads() -> Iterator[bytes]:
    for _ in range(WAITS):
        time.sleep(WAIT)
        yield b"HTTP/1.1 102 Processing\r\n\r\n"


def dripping_body() -> Iterator[bytes]:
    yield HEAD + b"\r\ntransfer-encoding: chunked\r\n\r\n"
    for _ in range(WAITS):
        time.sleep(WAIT)
        yield b"1\r\n \r\n"


async def done(told: Any) -> Any:
    return await told if inspect.isawaitable(told) else told


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
@pytest.mark.parametrize("answer", [dripping_head, interim_heads, dripping_body])
async def test_a_reply_that_only_drips_in_is_late_after_the_timeout(
    answer: Any, client: Any
) -> None:
    with socket_server(answer) as server:
        made = client(url=server.url, api_key=None, timeout=TIMEOUT, max_retries=0)
        began = time.monotonic()
        with pytest.raises(TimeoutError, match="had no reply from"):
            await done(made.trust_tiles())
        took = time.monotonic() - began
        was_closed = server.closed_early.wait(30)
        await done(made.close())

    assert took >= TIMEOUT
    assert was_closed


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
async def test_a_callers_client_ends_a_dripping_body_at_the_timeout(client: Any) -> None:
    made_by_caller = httpx.Client() if client is IntelGraph else httpx.AsyncClient()
    with socket_server(dripping_body) as server:
        made = client(
            url=server.url,
            api_key=None,
            timeout=TIMEOUT,
            max_retries=0,
            http_client=made_by_caller,
        )
        with pytest.raises(TimeoutError, match="had no reply from"):
            await done(made.trust_tiles())
    if isinstance(made_by_caller, httpx.Client):
        made_by_caller.close()
    else:
        await made_by_caller.aclose()
