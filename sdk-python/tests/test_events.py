from __future__ import annotations

import logging
from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING

import pytest

from intelgraph import CallStarted, Event
from intelgraph._events import Hooks

if TYPE_CHECKING:
    from typing import NoReturn

EVENT = CallStarted("GetThing", "getThing:v1", "query")


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


def test_an_interruption_in_a_hook_passes_through() -> None:
    with pytest.raises(KeyboardInterrupt):
        Hooks([interrupt]).tell(EVENT)


def test_an_event_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        EVENT.operation = "other"  # type: ignore[misc]
