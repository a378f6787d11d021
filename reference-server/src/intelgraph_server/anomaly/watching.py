"""A measurement into what follows from it: what is learnt, an alert, an incident, an event.

Pushed and sampled measurements both come through `take`, in a transaction whose caller has
locked the tenant's enrolment, so that two of them cannot miss each other. What is sampled once a
minute is what a tenant's last whole minute came to:

    API_P95      the bound of the bucket that 95 % of the answers of the minute stay within
    ERROR_RATE   the failed share of the requests of the minute
    INGEST_LAG   the median wait of the exports recorded in the minute, from leaving to record

A minute without enough of what is measured has no value: absent is not zero.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Final

from intelgraph_server import controls
from intelgraph_server.controls import SwitchName
from intelgraph_server.jobs import PostponedError, enqueue
from intelgraph_server.observe.requests import BOUNDS, percentile, totals
from intelgraph_server.outbox import publish

from . import rules, store
from .model import AnomalyEnrollment, Incident, SignalKind

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intelgraph_server.jobs import Job, Shift
    from intelgraph_server.services import Services

    from .model import Alert, Signal

LOG: Final = logging.getLogger(__name__)
EVENT: Final = "incidentChanged"
JOB: Final = "anomaly.sample"
HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)
GRACE: Final = timedelta(seconds=10)  # What was counted is in the database by then.
FEWEST_REQUESTS: Final = 5


@dataclass(frozen=True, slots=True)
class Watcher:
    """Watches one tenant within one transaction."""

    connection: Connection
    services: Services
    tenant_id: str
    now: datetime

    def take(self, kind: SignalKind, value: float, at: datetime, *, is_pushed: bool) -> Signal:
        """The signal as it then stands; of two values of one instant the first counts."""
        signals = store.signals(self.connection, self.tenant_id)
        signal = signals[kind]
        if signal.measured_at is not None and at <= signal.measured_at:
            return signal
        signal.is_pushed = signal.is_pushed or is_pushed
        raised = rules.measure(signal, at, value, rules.TUNING[kind])
        if raised is not None:
            signal.watch.alert_id = rules.alert_id(self.tenant_id, kind, raised.since)
            alert = replace(raised, id=signal.watch.alert_id, raised_at=self.now)
            store.ALERTS.add(self.connection, self.tenant_id, alert)
        store.SIGNALS.put(self.connection, self.tenant_id, signal)
        is_routed = self._route(signals, signal, at)
        if raised is not None:
            outcome = "routed" if is_routed else "suppressed"
            self.services.metrics.anomaly_alerts.labels(kind, outcome).inc()
        return signal

    def _route(self, signals: dict[SignalKind, Signal], signal: Signal, at: datetime) -> bool:
        """Whether the alert of this signal is part of an incident, which may be a new one."""
        own = signal.watch.alert_id
        if own is None or not controls.is_on(self.connection, SwitchName.ANOMALY_ALERTS):
            return False
        agreeing = rules.agreeing(signals.values(), at)
        template, opened_after = rules.template_of(agreeing), self.now
        budget = self.services.objectives.alerts["anomalyAlertsPerHour"]
        if store.alerts_since(self.connection, self.tenant_id, self.now - HOUR) > budget:
            agreeing, template, opened_after = {signal.kind: own}, rules.STORM, self.now - HOUR
        if template is None:
            return False
        by_id = store.ONSETS.table.c.id.in_(agreeing.values())
        alerts = store.ONSETS.all(self.connection, self.tenant_id, by_id)
        loose = [alert for alert in alerts if alert.incident_id is None]
        if loose:
            incident_id = (
                next((alert.incident_id for alert in alerts if alert.incident_id), None)
                or store.incident_to_join(
                    self.connection, self.tenant_id, template, opened_after=opened_after
                )
                or self._open(template, loose[0])
            )
            joined = {"incident_id": incident_id}
            for alert in loose:
                store.ALERTS.change(self.connection, self.tenant_id, joined, id=alert.id)
            publish(self.connection, self.tenant_id, EVENT, {"id": incident_id}, self.now)
        return True

    def _open(self, template: str, first: Alert) -> str:
        incident_id = rules.incident_id(template, first.id)
        incident = Incident(
            id=incident_id, template=template, since=first.since, opened_at=self.now
        )
        store.INCIDENTS.add(self.connection, self.tenant_id, incident)
        return incident_id


def enrol(
    connection: Connection, tenant_id: str, now: datetime, *, is_enrolled: bool = True
) -> AnomalyEnrollment:
    """Enrols a tenant, with the one job that samples as long as this lasts, or withdraws it."""
    enrollment = AnomalyEnrollment(is_enrolled=is_enrolled, changed_at=now)
    store.ENROLLMENTS.put(connection, tenant_id, enrollment)
    if is_enrolled:
        payload = {"enrolledAt": now.isoformat()}
        enqueue(connection, JOB, run_at=now, tenant_id=tenant_id, payload=payload)
    return enrollment


def sample(job: Job, shift: Shift) -> None:
    """Gives itself back for the next minute until the tenant withdraws."""
    until = (shift.now - GRACE).replace(second=0, microsecond=0)
    try:
        goes_on = _sample_minute(job, shift, until)
    except Exception:
        # The next minute is another chance; eight failures would end the job for good.
        LOG.exception("the signals of a minute could not be sampled")
        goes_on = True
    if goes_on:
        raise PostponedError(until + MINUTE + GRACE)


def _sample_minute(job: Job, shift: Shift, until: datetime) -> bool:
    tenant_id = job.tenant_id or ""
    with shift.database.writing() as connection:
        enrolled = store.enrollment(connection, tenant_id, is_locked=True)
        began = datetime.fromisoformat(job.payload["enrolledAt"])
        if not enrolled.is_enrolled or enrolled.changed_at != began:
            return False
        known = store.signals(connection, tenant_id)
        watcher = Watcher(connection, shift.services, tenant_id, shift.now)
        for kind, value in measured(connection, tenant_id, until).items():
            if not known[kind].is_pushed:
                watcher.take(kind, value, until, is_pushed=False)
    return True


def measured(connection: Connection, tenant_id: str, until: datetime) -> dict[SignalKind, float]:
    """The values of the minute that ends at `until`."""
    values: dict[SignalKind, float] = {}
    minute = totals(connection, tenant_id, until - MINUTE, until)
    if minute.requests >= FEWEST_REQUESTS:
        values[SignalKind.ERROR_RATE] = minute.failures / minute.requests
        p95 = percentile(minute.durations, 0.95)
        if p95 is not None:
            values[SignalKind.API_P95] = min(p95, 2.0 * BOUNDS[-1])
    waits = store.waits_of_exports(connection, tenant_id, until - MINUTE, until)
    if waits:
        values[SignalKind.INGEST_LAG] = median(waits)
    return values
