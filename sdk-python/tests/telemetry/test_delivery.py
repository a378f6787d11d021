from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph import Failure, RetryPolicy
from intelgraph._options import endpoint
from intelgraph.telemetry._delivery import MOST_BYTES, Delivery, bodies
from intelgraph.testing import FakeTransport, failure, reply

if TYPE_CHECKING:
    from intelgraph.telemetry.json_lines import Telemetry
    from intelgraph.testing import Outcome

TAKEN = reply(status=204, text="")
BUSY = reply(status=503, text="")
EVENT: Telemetry = {"opId": "getThing:v1", "durationMs": 5, "status": 200, "retries": 0}


class World:
    """A delivery over a script, and what it slept; a sleep may be cut short."""

    def __init__(self, *outcomes: Outcome, is_cut_short: bool = False) -> None:
        self.transport = FakeTransport(outcomes)
        self.sleeps: list[float] = []
        self._is_cut_short = is_cut_short
        target = endpoint(
            url="http://graph.example/telemetry",
            api_key="key-1",
            headers=None,
            timeout=10.0,
            max_response_bytes=1000,
        )
        self._delivery = Delivery(
            target, RetryPolicy(), self._sleep, clock=lambda: 0.0, random=lambda: 0.5
        )

    def send(self) -> str | None:
        return self._delivery.send(b"[]", self.transport)

    def _sleep(self, delay: float) -> bool:
        self.sleeps.append(delay)
        return self._is_cut_short


def test_a_body_is_posted_with_the_key() -> None:
    world = World(TAKEN)

    assert world.send() is None

    (request,) = world.transport.requests
    assert (request.method, request.url) == ("POST", "http://graph.example/telemetry")
    assert (request.body, request.headers["authorization"]) == (b"[]", "Bearer key-1")


def test_what_a_server_did_not_take_is_tried_again_as_a_call_is() -> None:
    world = World(BUSY, reply(status=429, text="", headers={"retry-after": "2"}), TAKEN)

    assert world.send() is None
    assert world.sleeps == [0.1, 2.0]


@pytest.mark.parametrize(
    ("outcomes", "reason"),
    [
        ([BUSY] * 3, "it answered with HTTP 503"),
        ([reply(status=401, text="canary")], "it answered with HTTP 401"),
        ([reply(status=302, text="")], "it answered with HTTP 302"),
        ([failure("connect")] * 3, "it was not reached"),
        ([failure("timeout")], "it had no reply in time"),
        ([Failure("read", ValueError("canary"))], "the connection was lost"),
    ],
)
def test_what_is_not_taken_is_given_up_with_the_reason(
    outcomes: list[Outcome], reason: str
) -> None:
    world = World(*outcomes)

    assert world.send() == reason
    assert world.transport.outcomes_left == 0


def test_a_wait_that_is_cut_short_ends_it() -> None:
    world = World(BUSY, TAKEN, is_cut_short=True)

    assert world.send() == "it answered with HTTP 503"
    assert world.transport.outcomes_left == 1


def test_lists_are_as_long_as_the_platform_takes() -> None:
    lists = list(bodies([EVENT] * 250))

    assert [count for count, _ in lists] == [100, 100, 50]
    assert [len(json.loads(body)) for _, body in lists] == [100, 100, 50]
    assert json.loads(lists[0][1])[0] == EVENT


def test_lists_are_as_large_as_the_platform_takes() -> None:
    event: Telemetry = {**EVENT, "opId": "\N{SNOWMAN}" * 200}

    lists = list(bodies([event] * 100))

    assert len(lists) > 1
    assert all(len(body) <= MOST_BYTES for _, body in lists)
    assert sum(len(json.loads(body)) for _, body in lists) == 100


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"opId": "x" * 201}, {"opId": None}),
        ({"durationMs": 10**10}, {"durationMs": 10**9}),
        ({"status": 999}, {"status": None}),
        ({"retries": 101}, {"retries": 100}),
    ],
)
def test_what_the_platform_would_refuse_is_told_as_far_as_it_goes(
    changed: dict[str, Any], told: dict[str, Any]
) -> None:
    event: Any = EVENT | changed

    ((_, body),) = bodies([event])

    assert json.loads(body) == [EVENT | told]
