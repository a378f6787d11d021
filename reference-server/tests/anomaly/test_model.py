from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING

import pytest

from intelgraph_server.anomaly import model
from intelgraph_server.anomaly.detectors import Tuning
from intelgraph_server.anomaly.model import Signal
from intelgraph_server.generated.enums import SignalKind, SignalState

if TYPE_CHECKING:
    from intelgraph_server.anomaly.model import Alert

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TUNING = Tuning(warm_up=20)
GOOD, BAD = 10.0, 1000.0


class Feed:
    """A signal that is measured once a minute; of what it raises, the ids are kept as taken."""

    def __init__(self, kind: SignalKind = SignalKind.INGEST_LAG) -> None:
        self.signal = Signal(kind=kind)
        self.raised: list[Alert] = []
        self.now = START
        self._random = Random(1)  # noqa: S311
        self.give(*[GOOD] * 25)

    def give(self, *values: float, after: timedelta = MINUTE, both_sides: bool = False) -> None:
        for value in values:
            self.now += after
            noisy = value + self._random.gauss(0, 1)
            raised = model.measure(self.signal, self.now, noisy, TUNING, both_sides=both_sides)
            if raised is not None:
                self.raised.append(raised)
                self.signal.watch.alert_id = f"alr_{len(self.raised)}"

    @property
    def state(self) -> SignalState:
        return model.state(self.signal, self.now)


def test_four_values_out_of_bounds_are_pending_and_the_fifth_raises() -> None:
    feed = Feed()

    feed.give(BAD, BAD, BAD, BAD)
    pending = feed.state
    early = list(feed.raised)
    feed.give(BAD)

    assert pending == SignalState.PENDING
    assert early == []
    assert feed.state == SignalState.ANOMALOUS
    assert len(feed.raised) == 1


def test_five_of_the_last_nine_are_enough_and_five_of_ten_are_not() -> None:
    nine, ten = Feed(), Feed()

    nine.give(BAD, GOOD, BAD, GOOD, BAD, GOOD, BAD, GOOD, BAD)
    ten.give(BAD, GOOD, GOOD, BAD, GOOD, BAD, GOOD, BAD, GOOD, BAD)

    assert len(nine.raised) == 1
    assert ten.raised == []
    assert ten.state == SignalState.PENDING


def test_an_alert_tells_since_when_what_was_expected_and_who_voted() -> None:
    feed = Feed()
    first_bad = feed.now + MINUTE

    feed.give(BAD, BAD, BAD, BAD, BAD)

    assert feed.raised[0].since == first_bad
    assert feed.raised[0].expected == pytest.approx(GOOD, abs=5)
    assert feed.raised[0].lower < GOOD < feed.raised[0].upper < BAD
    # The seasonal detector has not seen enough days to vote.
    assert feed.raised[0].detectors == ["ewma"]


def test_an_alert_that_goes_on_is_not_raised_again() -> None:
    feed = Feed()

    feed.give(*[BAD] * 30)

    assert len(feed.raised) == 1


def test_an_alert_ends_when_nine_values_in_a_row_are_well_within_bounds() -> None:
    feed = Feed()
    feed.give(*[BAD] * 5)

    feed.give(*[GOOD] * 8)
    before = feed.state
    feed.give(GOOD)

    assert before == SignalState.ANOMALOUS
    assert feed.state == SignalState.NORMAL


def test_a_value_just_within_bounds_holds_an_alert_open() -> None:
    feed = Feed()
    feed.give(*[BAD] * 5)
    feed.give(*[GOOD] * 8)
    judged = feed.signal.judged
    assert judged is not None

    feed.give(judged.expected + 0.9 * (judged.upper - judged.expected))

    assert feed.signal.watch.calm == 0
    assert feed.state == SignalState.ANOMALOUS


def test_a_flapping_signal_raises_one_alert() -> None:
    feed = Feed()

    feed.give(*[BAD, BAD, BAD, GOOD, GOOD] * 8)

    assert len(feed.raised) == 1


def test_a_signal_learns_before_it_is_judged() -> None:
    signal = Signal(kind=SignalKind.API_P95)
    for minute in range(20):
        model.measure(signal, START + minute * MINUTE, GOOD, TUNING)

    assert model.state(signal, START + 20 * MINUTE) == SignalState.LEARNING


def test_a_signal_that_says_nothing_is_neither_good_nor_bad() -> None:
    feed = Feed()
    feed.give(*[BAD] * 5)

    just, beyond = feed.now + model.STALE, feed.now + model.STALE + timedelta(seconds=1)

    assert model.state(Signal(kind=SignalKind.API_P95), START) == SignalState.NO_DATA
    assert model.state(feed.signal, just) == SignalState.ANOMALOUS
    assert model.state(feed.signal, beyond) == SignalState.NO_DATA


def test_a_signal_that_speaks_once_an_hour_is_silent_only_after_five_hours() -> None:
    signal = Signal(kind=SignalKind.INGEST_LAG)
    for hour in range(30):
        model.measure(signal, START + timedelta(hours=hour), GOOD, TUNING)
    last = START + timedelta(hours=29)

    assert model.state(signal, last + timedelta(hours=5)) == SignalState.NORMAL
    assert model.state(signal, last + timedelta(hours=5, seconds=1)) == SignalState.NO_DATA


def test_one_long_silence_is_not_taken_for_a_habit() -> None:
    feed = Feed()
    feed.give(GOOD, after=timedelta(days=2))
    feed.give(GOOD)

    assert model.state(feed.signal, feed.now + model.STALE) == SignalState.NORMAL
    assert model.state(feed.signal, feed.now + 2 * model.STALE) == SignalState.NO_DATA


def test_a_signal_that_comes_to_speak_less_often_is_judged_all_the_same() -> None:
    feed = Feed()

    feed.give(*[GOOD] * 40, after=timedelta(hours=1))
    feed.give(*[BAD] * 5, after=timedelta(hours=1))

    assert len(feed.raised) == 1


def test_values_from_before_a_silence_are_no_evidence_after_it() -> None:
    feed = Feed()
    feed.give(*[BAD] * 4)

    feed.give(BAD, after=timedelta(minutes=30))

    assert feed.raised == []
    assert feed.state == SignalState.PENDING


def test_less_is_worse_only_where_both_sides_count() -> None:
    one, both = Feed(), Feed()

    one.give(*[-BAD] * 9)
    both.give(*[-BAD] * 9, both_sides=True)

    assert one.raised == []
    assert one.state == SignalState.NORMAL
    assert len(both.raised) == 1


def test_a_detector_that_knows_better_keeps_an_alert_from_being_raised() -> None:
    # A peak each day at noon: the level alone finds it odd, the shape of the day does not.
    signal = Signal(kind=SignalKind.API_P95)
    raised = []
    random = Random(3)  # noqa: S311
    for minute in range(12 * 24 * 60):
        at = START + minute * MINUTE
        value = (300 if at.hour == 12 else 100) + random.gauss(0, 4)
        found = model.measure(signal, at, value, Tuning())
        if found is not None:
            raised.append(at)
            signal.watch.alert_id = "alr"

    assert raised
    assert max(raised) < START + timedelta(days=8)


@pytest.mark.parametrize(
    ("kind", "value", "is_possible"),
    [
        ("ERROR_RATE", 0.0, True),
        ("ERROR_RATE", 1.0, True),
        ("ERROR_RATE", 1.000001, False),
        ("API_P95", -0.001, False),
        ("API_P95", 1e12, True),
        ("INGEST_LAG", 1e12 + 1, False),
        ("INGEST_LAG", math.nan, False),
        ("INGEST_LAG", math.inf, False),
        ("INGEST_LAG", -math.inf, False),
    ],
)
def test_a_value_is_finite_and_within_its_kind(
    kind: str,
    value: float,
    is_possible: bool,  # noqa: FBT001
) -> None:
    assert model.is_possible(SignalKind(kind), value) is is_possible


def anomalous(kind: SignalKind, *, last_out: datetime, alert_id: str | None = "alr") -> Signal:
    signal = Signal(kind=kind, measured_at=last_out)
    signal.watch.alert_id = alert_id
    signal.watch.recent = [last_out.isoformat(), None]
    return signal


def test_signals_agree_within_two_minutes_and_not_later() -> None:
    lag = anomalous(SignalKind.INGEST_LAG, last_out=START - timedelta(minutes=2))
    slow = anomalous(SignalKind.API_P95, last_out=START - timedelta(minutes=2, seconds=1))
    failing = anomalous(SignalKind.ERROR_RATE, last_out=START, alert_id=None)

    assert model.agreeing([lag, slow, failing], START) == {SignalKind.INGEST_LAG: "alr"}


@pytest.mark.parametrize(
    ("kinds", "template"),
    [
        (["INGEST_LAG", "API_P95"], "ingest-degraded"),
        (["API_P95", "ERROR_RATE"], "api-slow"),
        (["INGEST_LAG", "ERROR_RATE"], "errors-elevated"),
        (["INGEST_LAG", "API_P95", "ERROR_RATE"], "service-degraded"),
    ],
)
def test_which_signals_agree_decides_the_template(kinds: list[str], template: str) -> None:
    assert model.template_of(map(SignalKind, reversed(kinds))) == template


def test_no_signal_and_one_signal_alone_are_no_incident() -> None:
    assert model.template_of([]) is None
    assert [model.template_of([kind]) for kind in SignalKind] == [None, None, None]


def test_every_two_signals_have_one_template() -> None:
    wanted = [frozenset(pair) for pair in combinations(SignalKind, 2)]

    assert [sum(t.signals == w for t in model.TEMPLATES.values()) for w in wanted] == [1, 1, 1]


def test_an_alert_has_one_id_wherever_it_is_found() -> None:
    own = model.alert_id("acme", SignalKind.API_P95, START)

    assert own == model.alert_id("acme", SignalKind.API_P95, START)
    assert len(own) == 24
    others = {
        model.alert_id("globex", SignalKind.API_P95, START),
        model.alert_id("acme", SignalKind.INGEST_LAG, START),
        model.alert_id("acme", SignalKind.API_P95, START + MINUTE),
    }
    assert len(others - {own}) == 3
