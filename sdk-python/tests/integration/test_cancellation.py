"""A call that is given up at any point leaves nothing running, and no retry behind."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest
from socket_server import PATIENCE, SocketServer, http_reply, socket_server

from intelgraph import (
    AsyncIntelGraph,
    AttemptFinished,
    CallFinished,
    Event,
    IntelGraph,
    RetryPolicy,
    RetryScheduled,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from socket_server import Answer

GOOD = http_reply(b'{"data":{"trustTiles":[]}}')
BUSY = http_reply(b"", status="503 Service Unavailable", retry_after="20")
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
PATIENT = RetryPolicy(deadline=60.0)
STARTED = ["CallStarted", "AttemptStarted"]


def silent() -> Iterator[bytes]:
    """Nothing, for as long as the client stays."""
    yield b""
    yield from dripping_on()


def half() -> Iterator[bytes]:
    yield HEAD + b"1\r\n{\r\n"
    yield from dripping_on()


def dripping_on() -> Iterator[bytes]:
    for _ in range(1500):
        time.sleep(0.02)
        yield b""


POINTS: dict[str, tuple[Answer, list[str], type[Event]]] = {
    "before the reply": (silent, [*STARTED, "AttemptFinished", "CallFinished"], AttemptFinished),
    "in the body": (half, [*STARTED, "AttemptFinished", "CallFinished"], AttemptFinished),
    "between two attempts": (
        BUSY,
        [*STARTED, "AttemptFinished", "RetryScheduled", "CallFinished"],
        RetryScheduled,
    ),
}


class Told:
    """What hooks heard, and a moment to wait for."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.sleeps = threading.Event()

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, RetryScheduled):
            self.sleeps.set()

    def check(self, names: list[str], error: type[BaseException], last: type[Event]) -> None:
        assert [type(event).__name__ for event in self.events] == names
        finished = self.events[-1]
        assert isinstance(finished, CallFinished)
        assert type(finished.error) is error
        attempt = next(each for each in self.events if isinstance(each, AttemptFinished))
        is_ended_by_it = attempt.error is finished.error
        assert is_ended_by_it == (last is AttemptFinished)


def wait_until_reached(server: SocketServer, told: Told, last: type[Event]) -> None:
    if last is RetryScheduled:
        assert told.sleeps.wait(PATIENCE)
    else:
        assert server.has_request.wait(PATIENCE)
    # The client is somewhere behind the point by then.
    time.sleep(0.03)


@pytest.mark.parametrize("point", POINTS)
async def test_a_task_that_is_cancelled_sends_nothing_more(point: str) -> None:
    answer, names, last = POINTS[point]
    told = Told()

    with socket_server(answer, GOOD) as server:
        options = {"hooks": [told], "retry_policy": PATIENT}
        async with AsyncIntelGraph(url=server.url, api_key=None, **options) as client:  # type: ignore[arg-type]
            task = asyncio.create_task(client.trust_tiles())
            await asyncio.to_thread(wait_until_reached, server, told, last)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert asyncio.all_tasks() == {asyncio.current_task()}
            told.check(names, asyncio.CancelledError, last)
            assert len(server.requests) == 1
            # The client itself is none the worse for it.
            assert await client.trust_tiles() == []


async def test_a_call_that_runs_out_of_its_callers_time_sends_nothing_more() -> None:
    told, limit = Told(), asyncio.timeout(None)

    def run_out(event: Event) -> None:
        if isinstance(event, RetryScheduled):
            limit.reschedule(0.0)

    with socket_server(BUSY) as server:
        options = {"hooks": [told, run_out], "retry_policy": PATIENT}
        async with AsyncIntelGraph(url=server.url, api_key=None, **options) as client:  # type: ignore[arg-type]
            with pytest.raises(TimeoutError):
                async with limit:
                    await client.trust_tiles()
        assert len(server.requests) == 1

    told.check(POINTS["between two attempts"][1], asyncio.CancelledError, RetryScheduled)


@pytest.mark.parametrize("point", POINTS)
def test_an_interrupt_of_the_keyboard_sends_nothing_more(point: str) -> None:
    answer, names, last = POINTS[point]
    told = Told()
    main = threading.main_thread().ident
    assert main is not None

    def interrupt(server: SocketServer) -> None:
        wait_until_reached(server, told, last)
        signal.pthread_kill(main, signal.SIGINT)

    with socket_server(answer, GOOD) as server:
        options = {"hooks": [told], "retry_policy": PATIENT}
        with IntelGraph(url=server.url, api_key=None, **options) as client:  # type: ignore[arg-type]
            interrupting = threading.Thread(target=interrupt, args=[server])
            interrupting.start()
            with pytest.raises(KeyboardInterrupt):
                client.trust_tiles()
            interrupting.join()
            told.check(names, KeyboardInterrupt, last)
            assert len(server.requests) == 1
            assert client.trust_tiles() == []
