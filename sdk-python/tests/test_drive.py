from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph._call import Call, Send, call
from intelgraph._drive import drive, drive_async
from intelgraph._wire import Endpoint
from intelgraph.testing import FakeTransport, reply

if TYPE_CHECKING:
    from intelgraph import Operation, Reply, Request

ENDPOINT = Endpoint("https://api.example/graphql", "api.example:443", {}, 30.0, 1000)


class Interrupted(BaseException):
    """What a signal might raise."""


def raise_interrupted(_request: Request) -> Reply:
    raise Interrupted


class RecordedCall:
    """A call that says whether it was closed."""

    def __init__(self) -> None:
        self.was_closed = False

    def run(self) -> Call[None]:
        try:
            yield Send(ENDPOINT.request(b"{}"))
        finally:
            self.was_closed = True


def test_wishes_are_granted_until_the_data_is_there(get_thing: Operation[Any]) -> None:
    transport = FakeTransport([reply({"data": {"thing": 1}})])

    assert drive(call(get_thing, {}, ENDPOINT), transport) == {"thing": 1}


async def test_wishes_are_awaited_until_the_data_is_there(get_thing: Operation[Any]) -> None:
    transport = FakeTransport([reply({"data": {"thing": 1}})])

    assert await drive_async(call(get_thing, {}, ENDPOINT), transport) == {"thing": 1}


def test_an_interruption_passes_through_and_closes_the_call() -> None:
    recorded = RecordedCall()

    with pytest.raises(Interrupted):
        drive(recorded.run(), FakeTransport([raise_interrupted]))

    assert recorded.was_closed


class StuckTransport:
    """Never answers."""

    async def send_async(self, _request: Request) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError

    async def close_async(self) -> None:
        """Nothing to close."""


async def test_a_cancellation_passes_through_and_closes_the_call() -> None:
    recorded = RecordedCall()
    task = asyncio.create_task(drive_async(recorded.run(), StuckTransport()))
    await asyncio.sleep(0)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert recorded.was_closed
