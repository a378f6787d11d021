from __future__ import annotations

import logging
from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph import AttemptStarted, CallStarted, Event, Operation
from intelgraph._events import Hooks

if TYPE_CHECKING:
    from typing import NoReturn

EVENT = CallStarted("GetThing", "getThing:v1", "call-1", "query")


def fail(_event: Event) -> NoReturn:
    raise ZeroDivisionError


def interrupt(_event: Event) -> NoReturn:
    raise KeyboardInterrupt


def test_every_hook_is_told_in_order() -> None:
    told: list[tuple[str, Event]] = []

    Hooks([lambda e: told.append(("a", e)), lambda e: told.append(("b", e))]).tell(EVENT)

    assert told == [("a", EVENT), ("b", EVENT)]


def test_a_hook_that_raises_is_logged_once_and_hides_nothing_from_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: list[Event] = []
    hooks = Hooks([fail, told.append])

    with caplog.at_level(logging.ERROR, logger="intelgraph"):
        hooks.tell(EVENT)
        hooks.tell(EVENT)

    assert told == [EVENT, EVENT]
    assert [record.name for record in caplog.records] == ["intelgraph"]
    assert caplog.records[0].exc_info is not None


def test_a_header_that_cannot_be_sent_is_left_out_and_logged_once_without_its_value(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hooks = Hooks()
    broken: dict[str, Any] = {
        "x-number": 5,
        "x-line": "canary\n",
        "x-accent": "canaré",
        "no name": "canary",
        "X-Whole": "1",
    }

    with caplog.at_level(logging.ERROR, logger="intelgraph"):
        sendable = [hooks.sendable(broken), hooks.sendable(broken)]

    assert sendable == [{"x-whole": "1"}] * 2
    assert len(caplog.records) == 1
    assert "x-number" in caplog.text
    assert "canary" not in caplog.text


def test_the_address_that_is_told_ends_before_its_query_string(get_thing: Operation[Any]) -> None:
    told: list[Event] = []

    telling = Hooks([told.append]).of_call(get_thing, "call-1")
    telling.attempt_started(1, "POST", "https://api.example/graphql?key=canary#canary")

    assert told == [
        AttemptStarted(
            "GetThing", "getThing:v1", "call-1", 1, "POST", "https://api.example/graphql"
        )
    ]


def test_what_hooks_add_to_the_headers_is_not_shown() -> None:
    event = AttemptStarted("GetThing", None, "call-1", 1, "POST", "https://api.example/graphql")

    event.headers["x-secret"] = "canary"

    assert "canary" not in repr(event)


class Awaited:
    async def __call__(self, event: Event) -> None:
        raise AssertionError(event)

    async def told(self, event: Event) -> None:
        raise AssertionError(event)


async def awaited(event: Event) -> None:
    raise AssertionError(event)


@pytest.mark.parametrize("hook", [awaited, Awaited(), Awaited().told], ids=type)
def test_a_hook_that_nobody_would_await_is_refused(hook: Any) -> None:
    with pytest.raises(TypeError, match="hooks= are called and not awaited"):
        Hooks([hook])


def test_an_interruption_in_a_hook_passes_through() -> None:
    with pytest.raises(KeyboardInterrupt):
        Hooks([interrupt]).tell(EVENT)


def test_an_event_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        EVENT.operation = "other"  # type: ignore[misc]
