"""Signals and what is remembered of them, alerts, and the incidents that alerts open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from intelgraph_server.generated.enums import IncidentStatus, SignalKind

from .detectors import Ewma, Judgement, Seasonal

if TYPE_CHECKING:
    from datetime import datetime


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
