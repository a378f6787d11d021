"""Enrolments, signals, alerts and incidents in SQL; every statement is bound to one tenant."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, or_, select, update

from intelgraph_server.database.anomaly_tables import (
    ALERTS,
    ANOMALY_ENROLLMENTS,
    ANOMALY_SIGNALS,
    INCIDENTS,
)
from intelgraph_server.database.keyset import Key, Keyset
from intelgraph_server.database.once import insert_once
from intelgraph_server.database.tables import EXPORTS, TENANTS

from .detectors import Ewma, Judgement, Seasonal
from .model import Alert, Enrollment, Incident, IncidentStatus, Signal, SignalKind, Watch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping, Table

    from intelgraph_server.database.keyset import Page, Slice

ALERTS_NEWEST_FIRST: Final = Keyset(
    (Key(ALERTS.c.raised_at, descending=True), Key(ALERTS.c.id, descending=True))
)
INCIDENTS_NEWEST_FIRST: Final = Keyset(
    (Key(INCIDENTS.c.opened_at, descending=True), Key(INCIDENTS.c.id, descending=True))
)


def is_tenant(connection: Connection, tenant_id: str) -> bool:
    query = select(TENANTS.c.id).where(TENANTS.c.id == tenant_id)
    return connection.execute(query).one_or_none() is not None


def enrollment(connection: Connection, tenant_id: str, *, is_locked: bool = False) -> Enrollment:
    """Locked, nobody else measures for the tenant or enrols it until the transaction ends."""
    columns = (ANOMALY_ENROLLMENTS.c.is_enrolled, ANOMALY_ENROLLMENTS.c.changed_at)
    query = select(*columns).where(ANOMALY_ENROLLMENTS.c.tenant_id == tenant_id)
    # SQLite has one writer at a time, and no need of such a lock.
    locked = query.with_for_update() if is_locked else query
    row = connection.execute(locked).mappings().one_or_none()
    return Enrollment() if row is None else Enrollment(**row)


def keep_enrollment(connection: Connection, tenant_id: str, kept: Enrollment) -> None:
    _put(connection, ANOMALY_ENROLLMENTS, {"tenant_id": tenant_id}, asdict(kept))


def signals(connection: Connection, tenant_id: str) -> dict[SignalKind, Signal]:
    """Every signal that can be watched, in the order of the schema."""
    query = select(ANOMALY_SIGNALS).where(ANOMALY_SIGNALS.c.tenant_id == tenant_id)
    known = {row["kind"]: _signal(row) for row in connection.execute(query).mappings()}
    return {kind: known.get(kind) or Signal(kind=kind) for kind in SignalKind}


def keep_signal(connection: Connection, tenant_id: str, signal: Signal) -> None:
    values = asdict(signal)
    key = {"tenant_id": tenant_id, "kind": values.pop("kind")}
    _put(connection, ANOMALY_SIGNALS, key, values)


def add_alert(connection: Connection, tenant_id: str, alert: Alert) -> None:
    """Writes the alert unless it is there."""
    insert_once(connection, ALERTS, {"tenant_id": tenant_id, **asdict(alert)})


def alert_page(connection: Connection, tenant_id: str, page: Page) -> Slice[Alert]:
    own = ALERTS.c.tenant_id == tenant_id
    return ALERTS_NEWEST_FIRST.read(connection, ALERTS, own, page, _alert)


def alerts(connection: Connection, tenant_id: str, ids: Iterable[str]) -> list[Alert]:
    return _alerts(connection, tenant_id, ALERTS.c.id.in_(tuple(ids)))


def alerts_of(
    connection: Connection, tenant_id: str, incident_ids: Iterable[str]
) -> dict[str, list[Alert]]:
    """The alerts of each incident, the first ones first."""
    ids = tuple(incident_ids)
    found: dict[str, list[Alert]] = {incident_id: [] for incident_id in ids}
    for alert in _alerts(connection, tenant_id, ALERTS.c.incident_id.in_(ids)):
        found[alert.incident_id or ""].append(alert)
    return found


def alerts_since(connection: Connection, tenant_id: str, since: datetime) -> int:
    own = and_(ALERTS.c.tenant_id == tenant_id, ALERTS.c.raised_at > since)
    return connection.execute(select(func.count()).select_from(ALERTS).where(own)).scalar_one()


def join(
    connection: Connection, tenant_id: str, alert_ids: Iterable[str], incident_id: str
) -> None:
    own = and_(ALERTS.c.tenant_id == tenant_id, ALERTS.c.id.in_(tuple(alert_ids)))
    connection.execute(update(ALERTS).where(own).values(incident_id=incident_id))


def add_incident(connection: Connection, tenant_id: str, incident: Incident) -> None:
    insert_once(connection, INCIDENTS, {"tenant_id": tenant_id, **asdict(incident)})


def incident(connection: Connection, tenant_id: str, incident_id: str) -> Incident | None:
    row = connection.execute(select(INCIDENTS).where(_own_incident(tenant_id, incident_id)))
    found = row.mappings().one_or_none()
    return None if found is None else _incident(found)


def incident_to_join(
    connection: Connection, tenant_id: str, template: str, *, opened_after: datetime
) -> str | None:
    """The newest incident of the template that is open, or that was opened lately."""
    lately = or_(INCIDENTS.c.status == IncidentStatus.OPEN, INCIDENTS.c.opened_at > opened_after)
    own = and_(INCIDENTS.c.tenant_id == tenant_id, INCIDENTS.c.template == template, lately)
    query = select(INCIDENTS.c.id).where(own).order_by(*INCIDENTS_NEWEST_FIRST.order_by()).limit(1)
    return connection.execute(query).scalar_one_or_none()


def incident_page(
    connection: Connection, tenant_id: str, page: Page, status: str | None
) -> Slice[Incident]:
    own = INCIDENTS.c.tenant_id == tenant_id
    where = own if status is None else and_(own, INCIDENTS.c.status == status)
    return INCIDENTS_NEWEST_FIRST.read(connection, INCIDENTS, where, page, _incident)


def acknowledge(
    connection: Connection, tenant_id: str, incident_id: str, *, by: str, at: datetime,
    note: str | None,
) -> bool:  # fmt: skip
    """False when somebody has done so before."""
    is_open = INCIDENTS.c.status == IncidentStatus.OPEN
    values = {
        "status": IncidentStatus.ACKNOWLEDGED,
        "acknowledged_by": by,
        "acknowledged_at": at,
        "note": note,
    }
    own = _own_incident(tenant_id, incident_id)
    return connection.execute(update(INCIDENTS).where(own, is_open).values(values)).rowcount == 1


def waits_of_exports(
    connection: Connection, tenant_id: str, since: datetime, until: datetime
) -> list[float]:
    """How many seconds the exports that were recorded from `since` on had been waiting for it."""
    query = select(EXPORTS.c.exported_at, EXPORTS.c.recorded_at).where(
        EXPORTS.c.tenant_id == tenant_id,
        EXPORTS.c.recorded_at >= since,
        EXPORTS.c.recorded_at < until,
    )
    return [max(0.0, (end - begin).total_seconds()) for begin, end in connection.execute(query)]


def _put(
    connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    own = and_(*(table.c[name] == value for name, value in key.items()))
    if connection.execute(update(table).where(own).values(dict(values))).rowcount == 0:
        insert_once(connection, table, {**key, **values})


def _own_incident(tenant_id: str, incident_id: str) -> ColumnElement[bool]:
    return and_(INCIDENTS.c.tenant_id == tenant_id, INCIDENTS.c.id == incident_id)


def _alerts(connection: Connection, tenant_id: str, which: ColumnElement[bool]) -> list[Alert]:
    own = and_(ALERTS.c.tenant_id == tenant_id, which)
    query = select(ALERTS).where(own).order_by(ALERTS.c.since, ALERTS.c.id)
    return [_alert(row) for row in connection.execute(query).mappings()]


def _signal(row: RowMapping) -> Signal:
    watch: dict[str, Any] = dict(row["watch"])
    seasonal: dict[str, Any] = dict(watch["seasonal"])
    seasonal["rest"] = Ewma(**seasonal["rest"])
    watch |= {"ewma": Ewma(**watch["ewma"]), "seasonal": Seasonal(**seasonal)}
    judged = None if row["judged"] is None else Judgement(**row["judged"])
    return Signal(**_own(row, kind=SignalKind(row["kind"]), judged=judged, watch=Watch(**watch)))


def _alert(row: RowMapping) -> Alert:
    return Alert(**_own(row, kind=SignalKind(row["kind"])))


def _incident(row: RowMapping) -> Incident:
    return Incident(**_own(row, status=IncidentStatus(row["status"])))


def _own(row: RowMapping, **read: object) -> dict[str, Any]:
    own = {name: value for name, value in row.items() if name != "tenant_id"}
    return own | read
