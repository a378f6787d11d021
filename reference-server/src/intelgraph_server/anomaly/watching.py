"""A measurement into what follows from it: what is learnt, an alert, an incident, an event.

Pushed and sampled measurements both come through `take`, in a transaction whose caller has
locked the tenant's enrolment, so that two of them cannot miss each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from intelgraph_server.controls import switches
from intelgraph_server.controls.switches import SwitchName
from intelgraph_server.outbox.store import publish

from . import rules, store
from .model import Alert, Incident, IncidentStatus

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.services import Services

    from .model import Signal, SignalKind
    from .rules import Raised

EVENT: Final = "incidentChanged"
HOUR: Final = timedelta(hours=1)


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
            alert = self._alert(signal, raised, value)
            signal.watch.alert_id = alert.id
            store.ALERTS.add(self.connection, self.tenant_id, alert)
        store.SIGNALS.put(self.connection, self.tenant_id, signal)
        is_routed = self._route(signals, signal, at)
        if raised is not None:
            outcome = "routed" if is_routed else "suppressed"
            self.services.metrics.anomaly_alerts.labels(kind, outcome).inc()
        return signal

    def _alert(self, signal: Signal, raised: Raised, value: float) -> Alert:
        return Alert(
            id=rules.alert_id(self.tenant_id, signal.kind, raised.since),
            kind=signal.kind,
            since=raised.since,
            raised_at=self.now,
            observed=value,
            expected=raised.judged.expected,
            lower=raised.judged.lower,
            upper=raised.judged.upper,
            detectors=raised.detectors,
        )

    def _route(self, signals: dict[SignalKind, Signal], signal: Signal, at: datetime) -> bool:
        """Whether the alert of this signal is part of an incident, which may be a new one."""
        own = signal.watch.alert_id
        if own is None or not switches.is_on(self.connection, SwitchName.ANOMALY_ALERTS):
            return False
        agreeing = rules.agreeing(signals.values(), at)
        template = rules.template_of(agreeing)
        budget = self.services.objectives.alerts["anomalyAlertsPerHour"]
        an_hour_ago = self.now - HOUR
        if store.alerts_since(self.connection, self.tenant_id, an_hour_ago) > budget:
            agreeing, template = {signal.kind: own}, rules.STORM
        if template is None:
            return False
        by_id = store.ONSETS.table.c.id.in_(tuple(agreeing.values()))
        alerts = store.ONSETS.all(self.connection, self.tenant_id, by_id)
        loose = [alert for alert in alerts if alert.incident_id is None]
        if loose:
            incident_id = (
                next((alert.incident_id for alert in alerts if alert.incident_id), None)
                or store.incident_to_join(
                    self.connection,
                    self.tenant_id,
                    template,
                    opened_after=an_hour_ago if template == rules.STORM else self.now,
                )
                or self._open(template, loose[0])
            )
            joined = {"incident_id": incident_id}
            for alert in loose:
                store.ALERTS.change(self.connection, self.tenant_id, joined, id=alert.id)
            publish(self.connection, self.tenant_id, EVENT, {"id": incident_id}, self.now)
        return True

    def _open(self, template: str, first: Alert) -> str:
        incident = Incident(
            id=rules.incident_id(template, first.id),
            template=template,
            status=IncidentStatus.OPEN,
            since=first.since,
            opened_at=self.now,
        )
        store.INCIDENTS.add(self.connection, self.tenant_id, incident)
        return incident.id
