from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph import CallFinished, ConnectError
from intelgraph._call import Call, Send, call
from intelgraph._drive import drive, drive_async
from intelgraph._events import Hooks
from intelgraph._settings import Settings
from intelgraph._wire import Endpoint, Message
from intelgraph.testing import FakeTransport, failure, reply

if TYPE_CHECKING:
    from intelgraph import Event, Operation, Reply, Request
    from intelgraph.testing import Outcome

ENDPOINT = Endpoint("https://api.example/graphql", "api.example:443", {}, 30.0, 1000)
SETTINGS = Settings(ENDPOINT)


class Interrupted(BaseException):
    """What a signal might raise."""


def raise_interrupted(_request: Request) -> Reply:
    raise Interrupted


class RecordedCall:
    """A call that says what it was ended by."""

    def __init__(self) -> None:
        self.ended_by: BaseException | None = None

    def run(self) -> Call[None]:
        try:
            yield Send(ENDPOINT.request(Message(b"{}")))
        except BaseException as error:
            self.ended_by = error
            raise


def test_wishes_are_granted_until_the_data_is_there(get_thing: Operation[Any]) -> None:
    transport = FakeTransport([reply({"data": {"thing": 1}})])

    assert drive(call(get_thing, {}, SETTINGS), transport) == {"thing": 1}


def test_a_wish_to_sleep_is_granted_by_sleeping(get_thing: Operation[Any]) -> None:
    slept: list[float] = []
    transport = FakeTransport([failure("connect"), reply({"data": {"thing": 1}})])

    drive(call(get_thing, {}, SETTINGS), transport, slept.append)

    assert len(slept) == 1


async def test_a_wish_to_sleep_is_granted_by_awaiting(get_thing: Operation[Any]) -> None:
    slept: list[float] = []
    transport = FakeTransport([failure("connect"), reply({"data": {"thing": 1}})])

    async def sleep(delay: float) -> None:
        slept.append(delay)

    await drive_async(call(get_thing, {}, SETTINGS), transport, sleep)

    assert len(slept) == 1


async def test_both_drivers_really_sleep_unless_told_otherwise(get_thing: Operation[Any]) -> None:
    settings = replace(SETTINGS, random=lambda: 0.05)
    outcomes: list[Outcome] = [failure("connect"), reply({"data": {"thing": 1}})]

    started = time.monotonic()
    drive(call(get_thing, {}, settings), FakeTransport(outcomes))
    await drive_async(call(get_thing, {}, settings), FakeTransport(outcomes))

    assert time.monotonic() - started >= 0.019


async def test_wishes_are_awaited_until_the_data_is_there(get_thing: Operation[Any]) -> None:
    transport = FakeTransport([reply({"data": {"thing": 1}})])

    assert await drive_async(call(get_thing, {}, SETTINGS), transport) == {"thing": 1}


def test_an_interruption_ends_the_call_and_passes_through() -> None:
    recorded = RecordedCall()

    with pytest.raises(Interrupted) as caught:
        drive(recorded.run(), FakeTransport([raise_interrupted]))

    assert recorded.ended_by is caught.value


class StuckTransport:
    """Never answers."""

    async def send_async(self, _request: Request) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError

    async def close_async(self) -> None:
        """Nothing to close."""


async def test_a_cancellation_ends_the_call_and_passes_through() -> None:
    recorded = RecordedCall()
    task = asyncio.create_task(drive_async(recorded.run(), StuckTransport()))
    await asyncio.sleep(0)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert isinstance(recorded.ended_by, asyncio.CancelledError)


def raise_connect_error(_request: Request) -> Reply:
    raise ConnectError("not returned as a failure")


def test_a_call_is_over_once_its_transport_raised_what_another_attempt_might_have_cured(
    get_thing: Operation[Any],
) -> None:
    told: list[Event] = []
    settings = replace(SETTINGS, hooks=Hooks([told.append]))

    with pytest.raises(ConnectError) as caught:
        drive(call(get_thing, {}, settings), FakeTransport([raise_connect_error]))

    # The error is held, so that nothing but the driver can have closed the call.
    assert caught.value.__traceback__ is not None
    assert isinstance(told[-1], CallFinished)


async def test_an_awaited_call_is_over_once_its_transport_raised_what_might_be_cured(
    get_thing: Operation[Any],
) -> None:
    told: list[Event] = []
    settings = replace(SETTINGS, hooks=Hooks([told.append]))

    with pytest.raises(ConnectError) as caught:
        await drive_async(call(get_thing, {}, settings), FakeTransport([raise_connect_error]))

    assert caught.value.__traceback__ is not None
    assert isinstance(told[-1], CallFinished)
