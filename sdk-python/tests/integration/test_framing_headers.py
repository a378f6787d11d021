"""Headers that the connection writes itself, put there by a hook, over a real socket."""

from __future__ import annotations

import inspect
import logging
from typing import Any

import pytest
from socket_server import http_reply, socket_server

from intelgraph import AsyncIntelGraph, AttemptStarted, Event, IntelGraph

FRAMING = {
    "Content-Length": "5",
    "Transfer-Encoding": "chunked",
    "Host": "other.example",
    "Connection": "upgrade",
    "Upgrade": "websocket",
    "Expect": "100-continue",
}


def add(event: Event) -> None:
    if isinstance(event, AttemptStarted):
        event.headers.update({**FRAMING, "x-mine": "1"})


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
async def test_a_header_that_frames_the_request_breaks_no_call_and_is_logged_once(
    client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    answer = http_reply(b'{"data":{"thing":1}}')
    with caplog.at_level(logging.ERROR, "intelgraph"), socket_server(answer, answer) as server:
        made = client(url=server.url, api_key=None, max_retries=0, hooks=[add])
        for _ in range(2):
            data = made.execute("{ thing }")
            assert (await data if inspect.isawaitable(data) else data) == {"thing": 1}
        closed = made.close()
        if inspect.isawaitable(closed):
            await closed

    for sent in server.requests:
        head, _, body = sent.lower().partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        assert body == b'{"query":"{ thing }"}'
        assert b"x-mine: 1" in lines
        assert f"host: 127.0.0.1:{server.port}".encode() in lines
        assert f"content-length: {len(body)}".encode() in lines
        assert not [line for line in lines if line.startswith((b"transfer-", b"upgr", b"expect"))]
    assert [record.args for record in caplog.records] == [("Content-Length",)]
