from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from intelgraph import (
    AttemptFinished,
    AttemptStarted,
    CallFinished,
    CallStarted,
    ConnectError,
    Event,
    Failure,
    IntelGraphError,
    Operation,
    OperationError,
    Reply,
    Request,
    ResponseError,
    RetryPolicy,
    RetryScheduled,
)
from intelgraph._call import Send, Sleep, Wish, call
from intelgraph._drive import drive
from intelgraph._events import Hooks
from intelgraph._settings import Settings
from intelgraph._wire import Endpoint, Message
from intelgraph.testing import FakeTransport, failure, reply

ENDPOINT = Endpoint("https://api.example/graphql", "api.example:443", {"a": "b"}, 30.0, 1000)
SETTINGS = Settings(ENDPOINT)
MISS = reply({"errors": [{"message": "?", "extensions": {"code": "PERSISTED_DOCUMENT_NOT_FOUND"}}]})
BUSY = reply(status=503, text="")
THING = reply({"data": {"thing": 5}})


class World:
    """A clock that only sleeping and sending move, and what hooks were told in it."""

    def __init__(self, **options: Any) -> None:
        self.now = 0.0
        self.told: list[Event] = []
        self.settings = Settings(
            ENDPOINT,
            policy=options.get("policy", RetryPolicy()),
            hooks=Hooks([self.told.append]),
            retryable_codes=frozenset({"UNAVAILABLE"}),
            clock=lambda: self.now,
            wall_clock=lambda: 0.0,
            random=lambda: 0.5,
            new_id=lambda: "call-1",
        )

    def sleep(self, delay: float) -> None:
        self.now += delay

    def taking(self, seconds: float, outcome: Reply | Failure) -> Any:
        def answer(_request: Request) -> Reply | Failure:
            self.now += seconds
            return outcome

        return answer

    def run(self, operation: Operation[Any], *outcomes: Any) -> list[Request]:
        transport = FakeTransport(outcomes)
        with suppress(IntelGraphError):
            drive(call(operation, {}, self.settings), transport, self.sleep)
        return transport.requests


def request_of(wish: Wish) -> Request:
    assert isinstance(wish, Send)
    return wish.request


def test_a_call_wishes_for_one_request_and_returns_its_data(get_thing: Operation[Any]) -> None:
    running = call(get_thing, {"id": "1"}, SETTINGS)

    request = request_of(next(running))
    with pytest.raises(StopIteration) as end:
        running.send(THING)

    assert (request.method, request.url) == ("POST", ENDPOINT.url)
    assert request.headers == {"a": "b"}
    assert request.json == {"documentId": "sha256:abc", "variables": {"id": "1"}}
    assert end.value.value == {"thing": 5}


def test_a_miss_is_asked_again_with_the_text_in_the_same_attempt(
    get_thing: Operation[Any],
) -> None:
    running = call(get_thing, {"id": "1"}, SETTINGS)

    next(running)
    request = request_of(running.send(MISS))

    assert request.json == {
        "documentId": "sha256:abc",
        "query": get_thing.document,
        "variables": {"id": "1"},
    }


def test_a_second_miss_is_the_answer(get_thing: Operation[Any]) -> None:
    running = call(get_thing, {}, SETTINGS)

    next(running)
    running.send(MISS)
    with pytest.raises(OperationError) as caught:
        running.send(MISS)

    assert caught.value.code == "PERSISTED_DOCUMENT_NOT_FOUND"
    assert caught.value.attempts == 1
    assert caught.value.__context__ is None


def test_a_variable_that_cannot_be_sent_fails_before_anything_is_sent(
    get_thing: Operation[Any],
) -> None:
    running = call(get_thing, {"id": object()}, SETTINGS)

    with pytest.raises(TypeError, match="id: object has no JSON form"):
        next(running)


def test_a_transport_that_returns_something_else_is_a_type_error(
    get_thing: Operation[Any],
) -> None:
    running = call(get_thing, {}, SETTINGS)

    next(running)
    with pytest.raises(TypeError, match="a transport returns a Reply or a Failure"):
        running.send("data")  # type: ignore[arg-type]


def test_a_failure_that_may_pass_is_slept_over_and_tried_again(get_thing: Operation[Any]) -> None:
    running = call(get_thing, {"id": "1"}, World().settings)

    first = request_of(next(running))
    wish = running.send(BUSY)
    second = request_of(running.send(None))

    assert wish == Sleep(0.1)
    assert first.body == second.body


def test_an_error_after_retries_stands_alone_and_counts_them(get_thing: Operation[Any]) -> None:
    world = World()
    transport = FakeTransport([failure("connect"), BUSY, BUSY])

    with pytest.raises(ResponseError, match=r"\(attempt 3 of 3\)") as caught:
        drive(call(get_thing, {}, world.settings), transport, world.sleep)

    assert caught.value.attempts == 3
    assert caught.value.__context__ is None


def test_an_attempts_timeout_ends_with_the_deadline(get_thing: Operation[Any]) -> None:
    world = World(policy=RetryPolicy(deadline=40.0))

    requests = world.run(
        get_thing, world.taking(15.0, failure("timeout")), world.taking(24.0, MISS), THING
    )

    assert [request.timeout for request in requests] == pytest.approx([30.0, 24.9, 0.9])


def test_an_attempt_past_the_deadline_has_a_moment_to_fail_in() -> None:
    assert ENDPOINT.request(Message(b"{}"), time_left=-5.0).timeout == 0.001


def test_without_a_deadline_an_attempt_has_its_whole_timeout(get_thing: Operation[Any]) -> None:
    world = World(policy=RetryPolicy(deadline=None))

    requests = world.run(get_thing, world.taking(500.0, BUSY), THING)

    assert [request.timeout for request in requests] == [30.0, 30.0]


def test_hooks_are_told_all_that_a_call_goes_through(get_thing: Operation[Any]) -> None:
    world = World()

    world.run(get_thing, world.taking(0.25, failure("connect")), world.taking(0.5, THING))

    started, first, failed, scheduled, second, succeeded, finished = world.told
    names = ("GetThing", "getThing:v1", "call-1")
    to = ("POST", "https://api.example/graphql")
    assert started == CallStarted(*names, "query")
    assert (first, second) == (AttemptStarted(*names, 1, *to), AttemptStarted(*names, 2, *to))
    assert isinstance(failed, AttemptFinished)
    assert isinstance(failed.error, ConnectError)
    assert (failed.attempt, failed.status, failed.duration) == (1, None, 0.25)
    assert scheduled == RetryScheduled(*names, 1, 0.1)
    assert succeeded == AttemptFinished(*names, 2, 200, None, None, 0.5)
    assert finished == CallFinished(*names, 0.85, 200, 1, None)


def test_hooks_are_told_the_error_that_the_call_raises(get_thing: Operation[Any]) -> None:
    world = World(policy=RetryPolicy(max_attempts=1))

    with pytest.raises(ResponseError) as caught:
        drive(call(get_thing, {}, world.settings), FakeTransport([BUSY]))

    finished = world.told[-1]
    assert isinstance(finished, CallFinished)
    assert (finished.error, finished.status, finished.retries) == (caught.value, 503, 0)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ZeroDivisionError()], ids=repr)
def test_hooks_are_told_when_a_call_is_interrupted(
    error: BaseException, get_thing: Operation[Any]
) -> None:
    world = World()
    running = call(get_thing, {}, world.settings)
    next(running)

    with pytest.raises(type(error)):
        running.throw(error)

    attempt, finished = world.told[-2:]
    assert isinstance(attempt, AttemptFinished)
    assert isinstance(finished, CallFinished)
    assert attempt.error is finished.error is error


def test_an_attempt_that_is_interrupted_has_not_the_status_of_the_one_before(
    get_thing: Operation[Any],
) -> None:
    world = World()
    running = call(get_thing, {}, world.settings)
    next(running)
    running.send(BUSY)
    running.send(None)

    with pytest.raises(KeyboardInterrupt):
        running.throw(KeyboardInterrupt())

    attempt, finished = world.told[-2:]
    assert isinstance(attempt, AttemptFinished)
    assert isinstance(finished, CallFinished)
    assert (attempt.attempt, attempt.status, finished.status) == (2, None, None)


def test_hooks_are_told_when_a_call_is_given_up_while_it_sleeps(get_thing: Operation[Any]) -> None:
    world = World()
    running = call(get_thing, {}, world.settings)
    next(running)
    running.send(BUSY)

    running.close()

    finished = world.told[-1]
    assert isinstance(finished, CallFinished)
    assert isinstance(finished.error, GeneratorExit)
    assert finished.retries == 0


def test_there_is_no_status_when_nothing_arrived_after_a_miss(
    get_thing: Operation[Any],
) -> None:
    world = World(policy=RetryPolicy(max_attempts=2))

    world.run(get_thing, BUSY, MISS, failure("connect"))

    finished = world.told[-1]
    assert isinstance(finished, CallFinished)
    assert finished.status is None
