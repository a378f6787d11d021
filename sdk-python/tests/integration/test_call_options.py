"""What is chosen for one call, as a server sees it, and nothing of it on the client's own calls."""

from __future__ import annotations

import inspect
import time
from typing import TYPE_CHECKING, Any

import pytest
from socket_server import http_reply, socket_server

from intelgraph import AsyncIntelGraph, IntelGraph, RetryPolicy, TimeoutError  # noqa: A004 - ours.

if TYPE_CHECKING:
    from collections.abc import Iterator

GOOD = http_reply(b'{"data":{"pay":true}}')
PAY = "mutation Pay { pay }"


def silent() -> Iterator[bytes]:
    """Nothing, for as long as the client stays."""
    for _ in range(250):
        time.sleep(0.02)
        yield b""


def headers_of(request: bytes) -> dict[bytes, bytes]:
    lines = request.partition(b"\r\n\r\n")[0].lower().split(b"\r\n")[1:]
    return dict(line.split(b": ", 1) for line in lines)


async def told(method: Any, *arguments: object) -> Any:
    answer = method(*arguments)
    return await answer if inspect.isawaitable(answer) else answer


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
async def test_each_option_of_a_call_is_seen_on_the_wire_and_on_no_other_call(client: Any) -> None:
    policy = RetryPolicy(base_delay=0.0, max_attempts=1)
    with socket_server(silent, silent, GOOD) as server:
        made = client(url=server.url, api_key="key", headers={"x-a": "own"}, retry_policy=policy)
        copy = made.with_options(
            timeout=0.5, max_retries=1, headers={"X-A": "call"}, idempotency_key="order-7"
        )

        began = time.monotonic()
        with pytest.raises(TimeoutError) as caught:
            await told(copy.execute, PAY)
        took = time.monotonic() - began
        assert await told(made.execute, PAY) == {"pay": True}
        await told(made.close)

    sent = [headers_of(request) for request in server.requests]
    seen = [(each[b"x-a"], each.get(b"idempotency-key")) for each in sent]
    assert seen == [(b"call", b"order-7")] * 2 + [(b"own", None)]
    assert [each[b"authorization"] for each in sent] == [b"bearer key"] * 3
    # Two attempts of half a second, far from the ten seconds of the client's own.
    assert caught.value.attempts == 2
    assert 1.0 <= took < 9
