"""How long a subscription waits on a real socket: briefly for its head, long for what follows."""

from __future__ import annotations

import inspect
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from socket_server import PATIENCE, http_reply, socket_server

from intelgraph import (
    AsyncIntelGraph,
    Failure,
    IntelGraph,
    Request,
    RetryPolicy,
    TimeoutError,  # noqa: A004 - ours.
)
from intelgraph._transport import AsyncHttpxTransport, HttpxTransport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    Open = Callable[..., Awaitable[Any]]

TIMEOUT = 0.3
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
COMPLETE = b"event: complete\ndata:\n\n"


def silent() -> Iterator[bytes]:
    for _ in range(1500):
        time.sleep(0.02)
        # Nothing is sent; it only looks whether the client is still there.
        yield b""


def dripped_head() -> Iterator[bytes]:
    for line in HEAD.splitlines(keepends=True):
        time.sleep(TIMEOUT * 0.6)
        yield line
    yield from silent()


def stalled_body() -> Iterator[bytes]:
    yield http_reply(b"{", status="503 Service Unavailable", length=2)
    yield from silent()


def late_event(timeout: float) -> Iterator[bytes]:
    yield HEAD
    time.sleep(timeout * 2)
    yield COMPLETE


async def done(told: Any) -> Any:
    return await told if inspect.isawaitable(told) else told


@pytest.fixture(params=["blocking", "awaiting"])
async def open_stream(request: pytest.FixtureRequest) -> AsyncIterator[Open]:
    """Either transport with a client of its own, opening a stream by one and the same call."""
    blocking, awaiting = HttpxTransport(), AsyncHttpxTransport()

    async def open_stream(url: str, patience: float = TIMEOUT) -> Any:
        asked = Request("POST", url, {}, b'{"query":"subscription{a}"}', patience, 1000)
        return await done(
            blocking.open(asked) if request.param == "blocking" else awaiting.open_async(asked)
        )

    yield open_stream
    blocking.close()
    await awaiting.close_async()


@pytest.mark.parametrize("answer", [silent, dripped_head, stalled_body])
async def test_a_head_and_what_is_no_stream_come_within_the_timeout(
    answer: Any, open_stream: Open
) -> None:
    with socket_server(answer) as server:
        outcome = await open_stream(server.url)
        was_closed = server.closed_early.wait(PATIENCE)

    assert isinstance(outcome, Failure)
    assert outcome.kind == "timeout"
    assert was_closed


async def test_a_stream_may_be_silent_for_longer_than_the_timeout(open_stream: Open) -> None:
    # The head has to come in time, for which a busy machine is given longer.
    for timeout in (TIMEOUT, TIMEOUT * 10, PATIENCE):
        with socket_server(partial(late_event, timeout)) as server:
            connection = await open_stream(server.url, timeout)
            if not isinstance(connection, Failure):
                received = await done(connection.receive())
                await done(connection.close())
                break

    assert (connection.status, received) == (200, COMPLETE)


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
async def test_a_subscription_whose_head_does_not_come_is_opened_again_or_told(client: Any) -> None:
    # A busy machine may be too late more than once.
    with socket_server(silent, *[HEAD + COMPLETE] * 20) as server:
        policy = RetryPolicy(max_attempts=20, base_delay=0.0, deadline=None)
        made = client(url=server.url, api_key=None, timeout=TIMEOUT, retry_policy=policy)

        assert await changes(made) == []
        assert len(server.requests) >= 2
        server.answers[:] = [silent]
        with pytest.raises(TimeoutError, match="IncidentChanged"):
            await changes(made.with_options(max_retries=0))
        await done(made.close())


async def changes(client: Any) -> list[object]:
    told = client.incident_changed()
    return [each async for each in told] if hasattr(told, "__aiter__") else list(told)
