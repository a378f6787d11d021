"""A measurement into what follows from it: what is learnt, an alert, an incident, an event.

Pushed and sampled measurements both come through `take`, in a transaction whose caller has
locked the tenant's enrolment, so that two of them cannot miss each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from intelgraph_server.controls import switches
from intelgraph_server.controls.switches import SwitchName
from intelgraph_server.outbox.store import publish

from . import rules, store
from .model import Incident

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.services import Services

    from .model import Alert, Signal, SignalKind

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
        if own is None or not switches.is_on(self.connection, SwitchName.ANOMALY_ALERTS):
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
