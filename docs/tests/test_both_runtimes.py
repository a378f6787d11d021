"""Both runtimes do the same with the same faults: to the byte, to the moment and to the word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from both_runtimes import Python, TypeScript
from fault_schedules import schedule
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stream_schedules import stream_schedule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from both_runtimes import Schedule
    from fault_schedules import T


class Drawn:
    """Choices of hypothesis, which shrink to the first option and to the least number."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def one_of(self, options: Sequence[T]) -> T:
        return self._draw(st.sampled_from(options))

    def below(self, limit: int) -> int:
        return self._draw(st.integers(0, limit - 1))


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    return schedule(Drawn(draw))


@st.composite
def stream_schedules(draw: st.DrawFn) -> Schedule:
    return stream_schedule(Drawn(draw))


@pytest.fixture(scope="module")
def typescript() -> Iterator[TypeScript]:
    with TypeScript() as runtime:
        yield runtime


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=False
)
@given(schedule=schedules())
def test_both_runtimes_see_the_same_of_a_schedule(
    typescript: TypeScript, schedule: Schedule
) -> None:
    assert Python().play(schedule) == typescript.play(schedule)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schedule=schedules())
def test_the_blocking_and_the_awaiting_client_see_the_same(schedule: Schedule) -> None:
    assert Python().play(schedule) == Python().play_async(schedule)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=False
)
@given(schedule=stream_schedules())
def test_both_runtimes_see_the_same_of_a_schedule_of_subscriptions(
    typescript: TypeScript, schedule: Schedule
) -> None:
    seen = Python().play(schedule)

    assert seen == Python().play_async(schedule)
    assert seen == typescript.play(schedule)
