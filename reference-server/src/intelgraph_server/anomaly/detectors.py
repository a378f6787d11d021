"""A stream of values into what each should have been and how far from it each was.

Two detectors, each O(1) a value and without a look ahead: `Ewma` knows one level, `Seasonal` one
for each hour of working days and of weekends. They are judged first and learn afterwards. Their
fields are numbers, text and lists, so that JSON carries them through a restart exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import accumulate
from sys import float_info
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

# A score is finite even where a constant series changes, because JSON has no infinity.
LARGEST_SCORE: Final = 1e6
# Differences that are this small a share of the level are rounding, not news.
ROUNDING: Final = 1e-9
# Keeps a deviation from being zero; whatever differs from a constant then has the largest score.
SMALLEST: Final = float_info.min
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """How a detector learns; one default for every signal."""

    alpha: float = 0.01  # The weight of a new value, once enough were seen.
    warm_up: int = 60  # Values before anything is judged.
    clip: float = 3.0  # A value counts as no more deviations than this when it is learnt.
    patience: int = 60  # Values beyond the clip on one side before they are the new level.
    threshold: float = 4.0  # Deviations at which a value is out of bounds.
    visits: int = 3  # Days on which an hour was seen before it is judged.
    season_alpha: float = 0.25  # The weight of an hour's newest day.
    resolution: float = 0.0  # What one deviation is at least, in the signal's unit.


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a value should have been; `score` is its distance from that in deviations."""

    expected: float
    lower: float
    upper: float
    score: float


def ewma(series: Iterable[float], alpha: float = 0.3) -> list[float]:
    """The exponentially weighted moving average after each value; it begins at the first one."""
    if not 0 < alpha <= 1:
        raise ValueError("alpha is above 0 and at most 1")
    return list(accumulate(map(finite, series), lambda mean, v: mean + alpha * (v - mean)))


def finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("a value is a finite number")
    return value


@dataclass(slots=True)
class Ewma:
    """A level and its variance, both exponentially weighted, which outliers move but little.

    A plain average is dragged along by what it should find, and one that ignores outliers never
    finds its way after a shift of the level. So a value is clipped before it is learnt, and a
    run of `patience` clipped values on one side becomes the new level.
    """

    count: int = 0
    mean: float = 0.0
    variance: float = 0.0
    run: int = 0  # Its sign is the side.
    run_mean: float = 0.0
    run_squares: float = 0.0

    def judge(self, value: float, tuning: Tuning, base: float = 0.0) -> Judgement | None:
        """Told above a base; None as long as too few values were learnt."""
        if self.count < tuning.warm_up:
            return None
        scale, score = self._away(value, tuning)
        expected, far = self.mean + base, tuning.threshold * scale
        return Judgement(expected, expected - far, expected + far, score)

    def learn(self, value: float, tuning: Tuning) -> float:
        """Gives the value as it was learnt, which is the clipped one; ValueError unless finite."""
        scale, away = self._away(finite(value), tuning)
        if self.count < tuning.warm_up or abs(away) <= tuning.clip:
            self.run = 0
        else:
            side = 1 if away > 0 else -1
            self._lengthen_run(value, side)
            if abs(self.run) >= tuning.patience:
                self.count, self.run = tuning.warm_up, 0
                self.mean, self.variance = self.run_mean, self.run_squares / tuning.patience
                return value
            value = self.mean + side * tuning.clip * scale
        self.count += 1
        gain, away = max(tuning.alpha, 1 / self.count), value - self.mean
        self.mean += gain * away
        self.variance = (1 - gain) * (self.variance + gain * away * away)
        return value

    def _lengthen_run(self, value: float, side: int) -> None:
        if self.run * side <= 0:
            self.run, self.run_mean, self.run_squares = 0, 0.0, 0.0
        self.run += side
        away = value - self.run_mean
        self.run_mean += away / abs(self.run)
        self.run_squares += away * (value - self.run_mean)

    def _away(self, value: float, tuning: Tuning) -> tuple[float, float]:
        """One deviation, and how many of them the value is from the level."""
        least = max(tuning.resolution, ROUNDING * abs(self.mean), SMALLEST)
        scale = max(math.sqrt(self.variance), least)
        away = (value - self.mean) / scale
        return scale, max(-LARGEST_SCORE, min(LARGEST_SCORE, away))


@dataclass(slots=True)
class Seasonal:
    """The shape of a day, and an `Ewma` of what is left when it is taken away.

    An hour's level is the average of its days rather than of its values, so that it means the
    same however often a signal is measured.
    """

    # By the hour: how often it was visited, and its level.
    levels: dict[str, list[float]] = field(default_factory=dict[str, "list[float]"])
    visit: str = ""
    visit_count: int = 0
    visit_mean: float = 0.0
    rest: Ewma = field(default_factory=Ewma)

    def judge(self, at: datetime, value: float, tuning: Tuning) -> Judgement | None:
        level = self._level(at, tuning)
        return None if level is None else self.rest.judge(value - level, tuning, level)

    def learn(self, at: datetime, value: float, tuning: Tuning) -> None:
        finite(value)
        self._turn_to(f"{hour_of(at)} {at.date()}", tuning)
        level = self._level(at, tuning)
        if level is not None:
            value = level + self.rest.learn(value - level, tuning)
        self.visit_count += 1
        # The shape only: a shift of the whole day is what `rest` has learnt.
        self.visit_mean += (value - self.rest.mean - self.visit_mean) / self.visit_count

    def _level(self, at: datetime, tuning: Tuning) -> float | None:
        visits, level = self.levels.get(hour_of(at), (0, 0.0))
        return level if visits >= tuning.visits else None

    def _turn_to(self, visit: str, tuning: Tuning) -> None:
        if visit == self.visit:
            return
        if self.visit_count:
            hour = self.visit.split(" ")[0]
            visits, level = self.levels.get(hour, (0, 0.0))
            gain = max(tuning.season_alpha, 1 / (visits + 1))
            self.levels[hour] = [visits + 1, level + gain * (self.visit_mean - level)]
        self.visit, self.visit_count, self.visit_mean = visit, 0, 0.0


def hour_of(at: datetime) -> str:
    return f"{'e' if at.weekday() >= SATURDAY else 'w'}{at.hour}"
