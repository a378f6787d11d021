from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph import (
    AsyncIntelGraph,
    ConnectError,
    IntelGraph,
    OperationError,
    ResponseError,
    TransportError,
)
from intelgraph._drive_stream import drive_stream
from intelgraph._operation import ad_hoc_operation
from intelgraph._options import endpoint
from intelgraph._retry import RetryPolicy
from intelgraph._settings import Settings
from intelgraph._stream import stream
from intelgraph.testing import Events, FakeTransport, events, failure, reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intelgraph.testing import Outcome

SUBSCRIPTION = ad_hoc_operation("subscription Changed { changed }")
BY_ID = replace(SUBSCRIPTION, document_id="sha256:0")
MISS = reply(
    {"errors": [{"message": "?", "extensions": {"code": "PERSISTED_DOCUMENT_NOT_FOUND"}}]},
    status=400,
)


class World:
    """A scripted transport, a clock that only sleeping moves, and what was slept."""

    def __init__(self, *outcomes: Outcome, budget: float | None = 500.0) -> None:
        self.transport = FakeTransport(outcomes)
        self.sleeps: list[float] = []
        self.now = 0.0
        self.settings = Settings(
            endpoint(
                url="http://graph/graphql",
                api_key=None,
                headers=None,
                timeout=None,
                max_response_bytes=1000,
            ),
            policy=RetryPolicy(base_delay=0.2, budget=budget),
            clock=lambda: self.now,
            random=lambda: 0.5,
        )

    def sleep(self, delay: float) -> None:
        self.sleeps.append(delay)
        self.now += delay

    def read(self, operation: Any = SUBSCRIPTION) -> Iterator[dict[str, Any]]:
        return drive_stream(stream(operation, {}, self.settings), self.transport, self.sleep)

    @property
    def last_ids(self) -> list[str | None]:
        return [request.headers.get("last-event-id") for request in self.transport.requests]


def changed(*numbers: int) -> list[dict[str, Any]]:
    return [{"data": {"changed": number}} for number in numbers]


def test_each_event_is_handed_on_and_the_end_is_the_servers() -> None:
    world = World(events(*changed(1, 2)))

    assert list(world.read()) == [{"changed": 1}, {"changed": 2}]
    assert world.transport.requests[0].headers["accept"] == "text/event-stream"
    assert world.sleeps == []


def test_a_broken_connection_is_made_again_behind_the_last_event() -> None:
    world = World(events(*changed(1, 2), is_complete=False), events(*changed(3), first_id=3))

    assert list(world.read()) == [{"changed": 1}, {"changed": 2}, {"changed": 3}]
    assert world.last_ids == [None, "2"]
    assert world.sleeps == [0.1]


def test_an_end_that_nobody_announced_is_a_broken_connection() -> None:
    silent = Events([b'id: 5\nevent: next\ndata: {"data":{"changed":5}}\n\n'], None)
    world = World(silent, events())

    assert list(world.read()) == [{"changed": 5}]
    assert world.last_ids == [None, "5"]


def test_an_event_makes_the_attempts_count_anew() -> None:
    broken = [events(*changed(n), first_id=n, is_complete=False) for n in range(1, 8)]
    world = World(*broken, events())

    assert len(list(world.read())) == 7
    assert world.sleeps == [0.1] * 7


def test_a_connection_that_brought_something_gives_back_what_it_cost() -> None:
    broken = [events(*changed(n), first_id=n, is_complete=False) for n in range(1, 8)]
    world = World(*broken, events(), budget=10.0)

    assert len(list(world.read())) == 7


def test_a_subscription_that_ends_well_gives_back_what_its_connections_cost() -> None:
    script = [each for _ in range(3) for each in (failure("read"), events())]
    world = World(*script, budget=10.0)

    for _ in range(3):
        assert list(world.read()) == []


def test_connections_that_bring_nothing_are_paid_for() -> None:
    world = World(failure("read"), failure("read"), budget=10.0)

    with pytest.raises(TransportError):
        list(world.read())

    assert world.sleeps == [0.1]


def test_a_server_that_stays_away_is_given_up_after_the_policys_attempts() -> None:
    world = World(failure("connect"), failure("connect"), failure("connect"))

    with pytest.raises(ConnectError) as caught:
        list(world.read())

    assert caught.value.attempts == 3
    assert world.transport.outcomes_left == 0


def test_a_connection_that_breaks_at_once_again_and_again_is_given_up() -> None:
    world = World(*(Events([], failure("read")) for _ in range(3)))

    with pytest.raises(TransportError):
        list(world.read())


def test_what_the_server_refuses_is_raised_at_once() -> None:
    body = {"errors": [{"message": "no", "extensions": {"code": "FORBIDDEN"}}]}
    world = World(reply(body, status=403))

    with pytest.raises(OperationError) as caught:
        list(world.read())

    assert caught.value.code == "FORBIDDEN"


def test_a_document_that_the_server_misses_is_sent_with_its_text() -> None:
    world = World(MISS, events(*changed(1)))

    assert list(world.read(BY_ID)) == [{"changed": 1}]
    assert ["query" in request.json for request in world.transport.requests] == [False, True]


def test_an_event_with_errors_raises_them() -> None:
    world = World(events({"errors": [{"message": "lost"}], "data": None}))

    with pytest.raises(OperationError, match="lost"):
        list(world.read())


def test_an_event_that_failed_for_a_passing_reason_is_not_skipped_in_silence() -> None:
    error = {"message": "away", "extensions": {"code": "UNAVAILABLE"}}
    world = World(events({"errors": [error], "data": None}))
    world.settings = replace(world.settings, retryable_codes=frozenset({"UNAVAILABLE"}))

    with pytest.raises(OperationError, match="away"):
        list(world.read())


def test_whoever_stops_reading_leaves_nothing_open() -> None:
    opened = events(*changed(1, 2))
    reading = World(opened).read()

    next(reading)
    reading.close()  # type: ignore[attr-defined]

    assert opened.is_closed


def test_nothing_is_read_ahead_of_the_reader() -> None:
    opened = events(*changed(1, 2))
    reading = World(opened).read()

    next(reading)

    assert opened.receive() is not None


def test_a_reply_where_events_were_asked_for_is_told() -> None:
    with pytest.raises(ResponseError, match="no stream of events"):
        list(World(reply({"data": {"changed": 1}})).read())


INCIDENT: dict[str, Any] = {
    "id": "inc_1",
    "template": "api-slow",
    "title": "The API is slow",
    "status": "OPEN",
    "since": "2026-04-15T00:00:00Z",
    "openedAt": "2026-04-15T00:01:00Z",
    "alerts": [],
    "runbook": "https://docs.example/runbooks#api-slow",
    "acknowledgedBy": None,
    "acknowledgedAt": None,
    "note": None,
}


def test_the_blocking_client_has_a_method_for_a_subscription() -> None:
    transport = FakeTransport([events({"data": {"incidentChanged": INCIDENT}})])
    client = IntelGraph(api_key=None, transport=transport)

    assert [incident.id for incident in client.incident_changed()] == ["inc_1"]


async def test_the_awaiting_client_has_a_method_for_a_subscription() -> None:
    transport = FakeTransport([events({"data": {"incidentChanged": INCIDENT}})])
    client = AsyncIntelGraph(api_key=None, transport=transport)

    assert [incident.id async for incident in client.incident_changed()] == ["inc_1"]


async def test_an_awaiting_reader_that_stops_leaves_nothing_open() -> None:
    opened = events(*[{"data": {"incidentChanged": INCIDENT}}] * 2)
    client = AsyncIntelGraph(api_key=None, transport=FakeTransport([opened]))

    reading = client.incident_changed()
    await anext(reading)
    await reading.aclose()

    assert opened.is_closed


def test_a_transport_without_streams_says_so() -> None:
    class OnlyCalls:
        def send(self, request: object) -> Any: ...
        def close(self) -> None: ...

    client = IntelGraph(api_key=None, transport=OnlyCalls())

    with pytest.raises(TypeError, match="no `open`"):
        next(client.incident_changed())
