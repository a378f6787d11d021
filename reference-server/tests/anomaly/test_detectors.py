from __future__ import annotations

import json
import math
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelgraph_server.anomaly.detectors import (
    LARGEST_SCORE,
    Ewma,
    Judgement,
    Seasonal,
    Tuning,
    ewma,
)

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
QUICK = Tuning(warm_up=3, alpha=0.1, patience=5, visits=2)
VALUES = st.lists(st.floats(-1e6, 1e6).map(lambda v: round(v, 3)), min_size=4, max_size=60)


def scores(series: list[float], tuning: Tuning) -> list[float | None]:
    detector, found = Ewma(), list[float | None]()
    for value in series:
        judged = detector.judge(value, tuning)
        detector.learn(value, tuning)
        found.append(None if judged is None else judged.score)
    return found


def hours(days: int) -> list[datetime]:
    return [MONDAY + timedelta(hours=hour) for hour in range(24 * days)]


def daily(at: datetime) -> float:
    return 100.0 + 50 * math.sin(at.hour / 24 * 2 * math.pi)


def test_the_average_begins_at_the_first_value_and_forgets_by_alpha() -> None:
    assert ewma([10, 20, 20]) == [10, 13, pytest.approx(15.1)]
    assert ewma([10, 20, 20], alpha=0.5) == [10, 15, 17.5]
    assert ewma([]) == []


@pytest.mark.parametrize("alpha", [0, -0.1, 1.1, math.nan])
def test_an_alpha_that_is_no_weight_is_refused(alpha: float) -> None:
    with pytest.raises(ValueError, match="alpha"):
        ewma([1], alpha)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        ewma([1, value])
    with pytest.raises(ValueError, match="finite"):
        Ewma().learn(value, QUICK)
    with pytest.raises(ValueError, match="finite"):
        Seasonal().learn(MONDAY, value, QUICK)


def test_the_first_values_are_averaged_plainly_and_judged_by_nobody() -> None:
    detector = Ewma()

    judged = [detector.judge(value, QUICK) for value in (1, 2, 6)]
    for value in (1, 2, 6):
        detector.learn(value, QUICK)

    assert judged == [None, None, None]
    assert detector.mean == pytest.approx(3)
    # ((1-3)² + (2-3)² + (6-3)²) / 3
    assert detector.variance == pytest.approx(14 / 3)


def test_a_value_is_judged_by_the_deviations_it_is_away() -> None:
    detector = Ewma(count=3, mean=10, variance=4)

    assert detector.judge(16, QUICK) == Judgement(expected=10, lower=2, upper=18, score=3)


def test_a_later_value_weighs_alpha_or_more_while_few_are_known() -> None:
    early, late = Ewma(count=3, mean=10, variance=4), Ewma(count=1000, mean=10, variance=4)

    early.learn(14, QUICK)
    late.learn(14, QUICK)

    assert (early.mean, early.variance) == (11, pytest.approx(0.75 * (4 + 0.25 * 16)))
    assert (late.mean, late.variance) == (pytest.approx(10.4), pytest.approx(0.9 * (4 + 1.6)))


def test_an_outlier_is_learnt_as_no_more_than_the_clip() -> None:
    detector = Ewma(count=1000, mean=10, variance=4)

    assert detector.learn(1000, QUICK) == 16
    assert detector.mean == pytest.approx(10.6)


def test_a_run_of_outliers_on_one_side_becomes_the_new_level() -> None:
    detector = Ewma(count=1000, mean=10, variance=4)

    for value in (99, 101, 100, 99, 101):
        detector.learn(value, QUICK)

    assert detector.mean == pytest.approx(100)
    assert detector.variance == pytest.approx(0.8)
    assert detector.count == QUICK.warm_up


def test_outliers_on_both_sides_or_with_a_pause_are_no_new_level() -> None:
    swinging, pausing = (Ewma(count=1000, mean=10, variance=4) for _ in range(2))

    for value in (100, -80) * 5:
        swinging.learn(value, QUICK)
    for value in (100, 100, 100, 100, 10) * 3:
        pausing.learn(value, QUICK)

    assert abs(swinging.mean) < 30
    assert pausing.mean < 50


def test_a_constant_series_that_changes_has_the_largest_score_and_not_infinity() -> None:
    found = scores([0.0] * 5 + [1.0], QUICK)

    assert found == [None, None, None, 0, 0, LARGEST_SCORE]


def test_a_difference_below_the_resolution_or_of_rounding_is_no_news() -> None:
    coarse = Tuning(warm_up=3, resolution=25.0)

    assert scores([25.0] * 3 + [100.0], coarse)[-1] == 3
    assert scores([0.1 + 0.2] * 3 + [0.3], QUICK)[-1] == pytest.approx(0, abs=1e-6)


@given(st.floats(-1e9, 1e9), st.integers(4, 200))
def test_a_constant_series_never_scores(value: float, count: int) -> None:
    assert set(scores([value] * count, Tuning(warm_up=3))) <= {None, 0.0}


@given(VALUES, st.sampled_from([2.0**-10, 0.5, 4.0, 2.0**20]))
def test_a_series_in_another_unit_scores_alike(series: list[float], factor: float) -> None:
    # Powers of two scale exactly, so that nothing is left to tolerance.
    assert scores([value * factor for value in series], QUICK) == scores(series, QUICK)


@given(st.integers(0, 2**32), st.floats(-1e4, 1e4))
def test_a_series_on_another_level_scores_alike(seed: int, shift: float) -> None:
    random = Random(seed)  # noqa: S311
    series = [random.gauss(0, 10) for _ in range(100)]

    moved = scores([value + shift for value in series], QUICK)

    assert moved == [s if s is None else pytest.approx(s, abs=1e-5) for s in scores(series, QUICK)]


@given(VALUES)
def test_a_detector_that_went_through_json_goes_on_exactly_as_before(series: list[float]) -> None:
    kept, fresh = Ewma(), Ewma()
    seasonal, other = Seasonal(), Seasonal()
    for place, value in enumerate(series):
        at = MONDAY + timedelta(hours=7 * place)
        kept.learn(value, QUICK)
        seasonal.learn(at, value, QUICK)
        fresh = Ewma(**json.loads(json.dumps(asdict(fresh))))
        fresh.learn(value, QUICK)
        state = json.loads(json.dumps(asdict(other)))
        other = Seasonal(**state | {"rest": Ewma(**state["rest"])})
        other.learn(at, value, QUICK)

    assert fresh == kept
    assert other == seasonal


@given(VALUES)
def test_the_memory_stays_small_and_finite_whatever_comes(series: list[float]) -> None:
    detector = Ewma()

    for value in series:
        detector.learn(value, QUICK)

    assert detector.variance >= 0
    assert all(map(math.isfinite, asdict(detector).values()))


def test_an_hour_is_judged_when_it_was_seen_on_enough_days() -> None:
    detector = Seasonal()
    judged = []
    for at in hours(5):
        judged.append(detector.judge(at, daily(at), QUICK))
        detector.learn(at, daily(at), QUICK)

    # Two days of visits, then three values until what is left is known as well.
    assert [j is not None for j in judged[:51]] == [False] * 51
    assert all(judged[51:])


def test_a_value_of_another_hour_is_out_of_bounds_for_the_seasonal_detector_alone() -> None:
    seasonal, plain = Seasonal(), Ewma()
    for at in hours(12):
        seasonal.learn(at, daily(at), Tuning())
        plain.learn(daily(at), Tuning())
    at_night, peak = MONDAY + timedelta(days=14, hours=18), daily(MONDAY + timedelta(hours=6))

    judged = seasonal.judge(at_night, peak, Tuning())
    flat = plain.judge(peak, Tuning())

    assert judged is not None
    assert judged.expected == pytest.approx(50)
    assert judged.score > Tuning().threshold
    assert flat is not None
    assert abs(flat.score) < Tuning().threshold


def test_weekends_have_a_shape_of_their_own() -> None:
    detector = Seasonal()
    tuning = Tuning(warm_up=3, visits=1)
    for at in hours(14):
        detector.learn(at, 10.0 if at.weekday() < 5 else 1.0, tuning)

    friday = detector.judge(MONDAY + timedelta(days=18, hours=9), 10.0, tuning)
    saturday = detector.judge(MONDAY + timedelta(days=19, hours=9), 10.0, tuning)

    assert friday is not None
    assert abs(friday.score) < tuning.threshold
    assert saturday is not None
    assert saturday.score > tuning.threshold


def test_an_hour_weighs_the_same_however_often_it_is_measured() -> None:
    rare, often = Seasonal(), Seasonal()
    for at in hours(3):
        rare.learn(at, daily(at), QUICK)
        for minute in range(60):
            often.learn(at + timedelta(minutes=minute), daily(at), QUICK)

    assert often.levels.keys() == rare.levels.keys()
    for hour, (visits, level) in rare.levels.items():
        assert often.levels[hour] == [visits, pytest.approx(level)]


def test_an_incident_of_an_hour_is_not_learnt_as_its_shape() -> None:
    detector, tuning = Seasonal(), Tuning(warm_up=10)
    random = Random(1)  # noqa: S311
    for at in hours(5):
        detector.learn(at, daily(at) + random.gauss(0, 1), tuning)
    before = dict(detector.levels)

    at = MONDAY + timedelta(days=7, hours=3)
    detector.learn(at, 100 * daily(at), tuning)
    detector.learn(at + timedelta(hours=1), daily(at + timedelta(hours=1)), tuning)

    assert detector.levels["w3"][1] == pytest.approx(before["w3"][1], rel=0.05)


def test_a_shift_of_the_whole_day_is_a_new_level_and_no_new_shape() -> None:
    detector, tuning = Seasonal(), Tuning(warm_up=10, patience=6, visits=2)
    # From the second Monday on, all hours are higher by as much.
    for at in hours(12):
        shift = 500 if at >= MONDAY + timedelta(days=7) else 0
        detector.learn(at, daily(at) + shift, tuning)

    # Without the hours of the way there, the shape is as it was.
    assert detector.levels["w20"][1] == pytest.approx(daily(MONDAY + timedelta(hours=20)), abs=5)
    judged = detector.judge(MONDAY + timedelta(days=14, hours=12), 600, tuning)
    assert judged is not None
    assert judged.expected == pytest.approx(600, abs=5)
