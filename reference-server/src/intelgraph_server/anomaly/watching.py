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
from intelgraph_server.generated.enums import SignalKind, SwitchName
from intelgraph_server.jobs import PostponedError, enqueue
from intelgraph_server.observe.requests import BOUNDS, percentile, totals
from intelgraph_server.outbox import publish

from . import model, store
from .model import AnomalyEnrollment, Incident

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

    @property
    def own(self) -> tuple[Connection, str]:
        return self.connection, self.tenant_id

    def take(self, kind: SignalKind, value: float, at: datetime, *, is_pushed: bool) -> Signal:
        """The signal as it then stands; of two values of one instant the first counts."""
        signals = store.signals(*self.own)
        signal = signals[kind]
        if signal.measured_at is not None and at <= signal.measured_at:
            return signal
        signal.is_pushed |= is_pushed
        raised = model.measure(signal, at, value, model.TUNING[kind])
        if raised is not None:
            signal.watch.alert_id = model.alert_id(self.tenant_id, kind, raised.since)
            alert = replace(raised, id=signal.watch.alert_id, raised_at=self.now)
            store.ALERTS.add(*self.own, alert)
        store.SIGNALS.put(*self.own, signal)
        is_routed = self._route(signals, signal, at)
        if raised is not None:
            outcome = "routed" if is_routed else "suppressed"
            self.services.metrics.anomaly_alerts.labels(kind, outcome).inc()
        return signal

    def _route(self, signals: dict[SignalKind, Signal], signal: Signal, at: datetime) -> bool:
        """Whether the alert of this signal is part of an incident, which may be a new one."""
        alert_id = signal.watch.alert_id
        if alert_id is None or not controls.is_on(self.connection, SwitchName.ANOMALY_ALERTS):
            return False
        agreeing = model.agreeing(signals.values(), at)
        template, opened_after = model.template_of(agreeing), self.now
        budget = self.services.objectives.alerts["anomalyAlertsPerHour"]
        if store.alerts_since(*self.own, self.now - HOUR) > budget:
            agreeing, template, opened_after = {signal.kind: alert_id}, model.STORM, self.now - HOUR
        if template is None:
            return False
        alerts = store.ONSETS.all(*self.own, store.ONSETS.table.c.id.in_(agreeing.values()))
        loose = [alert for alert in alerts if alert.incident_id is None]
        if loose:
            joined = next((alert.incident_id for alert in alerts if alert.incident_id), None)
            joined = joined or store.incident_to_join(*self.own, template, opened_after)
            joined = joined or self._open(template, loose[0])
            for alert in loose:
                store.ALERTS.change(*self.own, {"incident_id": joined}, id=alert.id)
            publish(*self.own, EVENT, {"id": joined}, self.now)
        return True

    def _open(self, template: str, first: Alert) -> str:
        own_id, since = model.id_of("inc", template, first.id), first.since
        incident = Incident(id=own_id, template=template, since=since, opened_at=self.now)
        return store.INCIDENTS.add(*self.own, incident).id


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
        began = datetime.fromisoformat(job.payload["enrolledAt"])
        enrolled = AnomalyEnrollment(is_enrolled=True, changed_at=began)
        with shift.database.writing() as connection:
            own = connection, job.tenant_id or ""
            if store.enrollment(*own, is_locked=True) != enrolled:
                return
            known = store.signals(*own)
            watcher = Watcher(connection, shift.services, own[1], shift.now)
            for kind, value in measured(*own, until).items():
                if not known[kind].is_pushed:
                    watcher.take(kind, value, until, is_pushed=False)
    except Exception:
        # The next minute is another chance; eight failures would end the job for good.
        LOG.exception("the signals of a minute could not be sampled")
    raise PostponedError(until + MINUTE + GRACE)


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
