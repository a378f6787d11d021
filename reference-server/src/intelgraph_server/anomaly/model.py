"""Signals, when their values become an alert, and which alerts become what incident.

One value out of bounds is noise and one signal out of bounds is a coincidence. So an alert takes
several of the last values, and an incident takes several signals at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from intelgraph_server.generated.enums import IncidentStatus, SignalKind, SignalState

from .detectors import Ewma, Judgement, Seasonal, Tuning

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

NEEDED: Final = 5  # Values out of bounds, among …
WINDOW: Final = 9  # … the last so many, raise an alert.
EXIT: Final = 2 / 3  # An alert ends when WINDOW values have stayed below this share of the bounds.
AGREEMENT: Final = timedelta(minutes=2)
# After so long, or so many of its usual intervals, nothing is known of a signal any more.
STALE: Final = timedelta(minutes=5)
STALE_INTERVALS: Final = 5
LARGEST: Final = 1e12  # Far beyond any lag; its square is still an exact enough number.
LONGEST_NOTE: Final = 500

# Only the unit differs between signals: no difference below `resolution` deviations is news.
TUNING: Final = {
    SignalKind.INGEST_LAG: Tuning(resolution=1.0),
    SignalKind.API_P95: Tuning(resolution=25.0),
    SignalKind.ERROR_RATE: Tuning(resolution=0.005),
}


class Template(NamedTuple):
    """What an incident says; the page translates it as `incident-<template>`."""

    title: str
    signals: AbstractSet[SignalKind]


LAG, SLOW, FAILING = SignalKind
STORM: Final = "alert-storm"
TEMPLATES: Final = {
    "service-degraded": Template(
        "Ingestion lags, and the API is slow and fails", {LAG, SLOW, FAILING}
    ),
    "ingest-degraded": Template("Ingestion lags and slows the API down", {LAG, SLOW}),
    "api-slow": Template("The API is slow and requests fail", {SLOW, FAILING}),
    "errors-elevated": Template("Requests fail and data arrives late", {FAILING, LAG}),
    # For more alerts within an hour than anybody can look at.
    STORM: Template("More alerts than the hourly budget", set()),
}
RUNBOOKS: Final = "https://intelgraph.example/docs/guides/runbooks.html"


@dataclass(slots=True)
class Watch:
    """What the detectors and the debouncing remember; all of it can be carried by JSON."""

    ewma: Ewma = field(default_factory=Ewma)
    seasonal: Seasonal = field(default_factory=Seasonal)
    interval: float = 0.0  # The usual seconds between two values.
    # The last values: the instant of each that was out of bounds, as ISO 8601, else None.
    recent: list[str | None] = field(default_factory=list["str | None"])
    calm: int = 0  # Values since one was near the bounds.
    alert_id: str | None = None  # The alert that goes on.


@dataclass(slots=True, kw_only=True)
class Signal:
    """A signal as of its last value."""

    kind: SignalKind
    value: float | None = None
    measured_at: datetime | None = None
    judged: Judgement | None = None
    # What a tenant measures itself is not sampled beside it.
    is_pushed: bool = False
    watch: Watch = field(default_factory=Watch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    id: str = ""  # Until it is known whose it is.
    kind: str
    since: datetime
    raised_at: datetime
    observed: float
    expected: float
    lower: float
    upper: float
    detectors: list[str]
    incident_id: str | None = None

    @property
    def is_suppressed(self) -> bool:
        return self.incident_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    id: str
    template: str
    status: str = IncidentStatus.OPEN
    since: datetime
    opened_at: datetime
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnomalyEnrollment:
    is_enrolled: bool = False
    changed_at: datetime | None = None


def is_possible(kind: SignalKind, value: float) -> bool:
    """Whether a value is one of its kind; NaN is within no bounds, so it is none."""
    return 0 <= value <= (1.0 if kind == SignalKind.ERROR_RATE else LARGEST)


def measure(
    signal: Signal, at: datetime, value: float, tuning: Tuning, *, both_sides: bool = False
) -> Alert | None:
    """Judges a value that is newer than the signal's last one, and learns it; may raise an alert.

    All detectors that know enough must agree, so the one that sees the least decides. Only
    more is worse for the signals of the service; `both_sides` is for series where less is, too.
    """
    watch = signal.watch
    _pass_time(signal, at)
    votes = {
        "ewma": watch.ewma.judge(value, tuning),
        "seasonal": watch.seasonal.judge(at, value, tuning),
    }
    watch.ewma.learn(value, tuning)
    watch.seasonal.learn(at, value, tuning)
    known = {name: judged for name, judged in votes.items() if judged is not None}
    expected = min(known.values(), key=lambda judged: abs(judged.score), default=None)
    signal.value, signal.measured_at, signal.judged = value, at, expected
    scores = (abs(j.score) if both_sides else j.score for j in known.values())
    distance = min(scores, default=0.0)
    is_out = distance >= tuning.threshold
    watch.recent = [*watch.recent, at.isoformat() if is_out else None][-WINDOW:]
    watch.calm = watch.calm + 1 if distance < EXIT * tuning.threshold else 0
    out = list(filter(None, watch.recent))
    if watch.alert_id and watch.calm >= WINDOW:
        watch.alert_id = None
    elif expected is not None and not watch.alert_id and len(out) >= NEEDED:
        return Alert(kind=signal.kind, since=datetime.fromisoformat(out[0]), raised_at=at,
                     observed=value, expected=expected.expected, lower=expected.lower,
                     upper=expected.upper, detectors=list(known))  # fmt: skip
    return None


def _pass_time(signal: Signal, at: datetime) -> None:
    """What was seen before a silence is no evidence for what comes after it."""
    watch = signal.watch
    if signal.measured_at is None:
        return
    if is_stale(signal, at):
        watch.recent, watch.calm, watch.alert_id = [], 0, None
    gap = (at - signal.measured_at).total_seconds()
    # A long gap counts as twice the usual one: an outage is not a new habit.
    watch.interval += 0.1 * min(gap - watch.interval, watch.interval) if watch.interval else gap


def is_stale(signal: Signal, now: datetime) -> bool:
    limit = max(STALE, timedelta(seconds=STALE_INTERVALS * signal.watch.interval))
    return signal.measured_at is None or now - signal.measured_at > limit


def state(signal: Signal, now: datetime) -> SignalState:
    if is_stale(signal, now):
        return SignalState.NO_DATA
    if signal.judged is None:
        return SignalState.LEARNING
    if signal.watch.alert_id:
        return SignalState.ANOMALOUS
    return SignalState.PENDING if any(signal.watch.recent) else SignalState.NORMAL


def agreeing(signals: Iterable[Signal], at: datetime) -> dict[SignalKind, str]:
    """The alerts that go on and were out of bounds around this instant, by their signals."""

    def was_out(signal: Signal) -> bool:
        out = map(datetime.fromisoformat, filter(None, signal.watch.recent))
        return any(abs(instant - at) <= AGREEMENT for instant in out)

    return {s.kind: s.watch.alert_id for s in signals if s.watch.alert_id and was_out(s)}


def template_of(kinds: Iterable[SignalKind]) -> str | None:
    """The incident that these signals make together; None when they are too few."""
    wanted = set(kinds)
    return next((i for i, t in TEMPLATES.items() if wanted and t.signals == wanted), None)


def alert_id(tenant_id: str, kind: SignalKind, since: datetime) -> str:
    """The same for the same alert, however often and wherever it is found."""
    return id_of("alr", tenant_id, kind, since.isoformat())


def id_of(prefix: str, *parts: str) -> str:
    return f"{prefix}_{sha256(' '.join(parts).encode()).hexdigest()[:20]}"
