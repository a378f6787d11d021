"""Enrolments, signals, alerts and incidents in SQL; every statement is bound to one tenant."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select

from intelgraph_server.database import tables
from intelgraph_server.database.rows import Rows, in_order_of, newest_first
from intelgraph_server.database.tables import EXPORTS
from intelgraph_server.engine.scalars import serialize_datetime
from intelgraph_server.generated.enums import IncidentStatus, SignalKind

from .detectors import Ewma, Judgement, Seasonal
from .model import Alert, AnomalyEnrollment, Incident, Signal, Watch

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def _signal(
    *, kind: str, judged: dict[str, Any] | None, watch: dict[str, Any], **row: Any
) -> Signal:
    seasonal = watch["seasonal"] | {"rest": Ewma(**watch["seasonal"]["rest"])}
    detectors: dict[str, Any] = {"ewma": Ewma(**watch["ewma"]), "seasonal": Seasonal(**seasonal)}
    known = Judgement(**judged) if judged else None
    return Signal(kind=SignalKind(kind), judged=known, watch=Watch(**watch | detectors), **row)


_ALERTS: Final = tables.ALERTS.c
_INCIDENTS: Final = tables.INCIDENTS.c

ENROLLMENTS: Final = Rows(tables.ANOMALY_ENROLLMENTS, AnomalyEnrollment)
SIGNALS: Final = Rows(tables.ANOMALY_SIGNALS, _signal)
ALERTS: Final = Rows(tables.ALERTS, Alert, newest_first(_ALERTS.raised_at, _ALERTS.id))
# The same, the alert that began first standing first.
ONSETS: Final = replace(ALERTS, order=in_order_of(_ALERTS.since, _ALERTS.id))
INCIDENTS: Final = Rows(
    tables.INCIDENTS, Incident, newest_first(_INCIDENTS.opened_at, _INCIDENTS.id)
)


def enrollment(
    connection: Connection, tenant_id: str, *, is_locked: bool = False
) -> AnomalyEnrollment:
    """Locked, nobody else measures for the tenant or enrols it until the transaction ends."""
    return ENROLLMENTS.one(connection, tenant_id, is_locked=is_locked) or AnomalyEnrollment()


def signals(connection: Connection, tenant_id: str) -> dict[SignalKind, Signal]:
    """Every signal that can be watched, in the order of the schema."""
    known = {signal.kind: signal for signal in SIGNALS.all(connection, tenant_id)}
    return {kind: known.get(kind) or Signal(kind=kind) for kind in SignalKind}


def alerts_since(connection: Connection, tenant_id: str, since: datetime) -> int:
    own = ALERTS.own(tenant_id, _ALERTS.raised_at > since)
    return connection.execute(select(func.count()).where(own)).scalar_one()


def incident_to_join(
    connection: Connection, tenant_id: str, template: str, opened_after: datetime
) -> str | None:
    """The newest incident of the template that is open, or that was opened lately."""
    lately = or_(_INCIDENTS.status == IncidentStatus.OPEN, _INCIDENTS.opened_at > opened_after)
    found = INCIDENTS.all(connection, tenant_id, _INCIDENTS.template == template, lately)
    return found[0].id if found else None


def evidence(connection: Connection, tenant_id: str) -> dict[str, bytes]:
    """The tenant's incidents for its evidence bundle: their alerts, and who acknowledged when."""
    incidents = INCIDENTS.all(connection, tenant_id)
    alerts = ONSETS.by(connection, tenant_id, "incident_id", [one.id for one in incidents])
    told = [asdict(one) | {"alerts": list(map(asdict, alerts[one.id]))} for one in incidents]
    content = json.dumps(told, indent=1, sort_keys=True, default=serialize_datetime)
    return {"incidents.json": content.encode() + b"\n"} if told else {}


def waits_of_exports(
    connection: Connection, tenant_id: str, since: datetime, until: datetime
) -> list[float]:
    """How many seconds the exports that were recorded from `since` on had been waiting for it."""
    at = EXPORTS.c.recorded_at
    within = (EXPORTS.c.tenant_id == tenant_id, at >= since, at < until)
    query = select(EXPORTS.c.exported_at, at).where(*within)
    return [max(0.0, (end - begin).total_seconds()) for begin, end in connection.execute(query)]
