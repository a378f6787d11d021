"""Schedules, reports and deliveries in SQL; every statement is bound to one tenant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, select, update

from intelgraph_server.database.keyset import Key, Keyset
from intelgraph_server.database.once import insert_once
from intelgraph_server.database.residency_tables import (
    RESIDENCY_DELIVERIES,
    RESIDENCY_REPORTS,
    RESIDENCY_SCHEDULES,
)
from intelgraph_server.database.tables import TENANTS

from .model import Channel, Delivery, Report, Schedule, Summary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from intelgraph_server.database.keyset import Page, Slice

SCHEDULES: Final = RESIDENCY_SCHEDULES
REPORTS: Final = RESIDENCY_REPORTS
DELIVERIES: Final = RESIDENCY_DELIVERIES
NEWEST_FIRST: Final = Keyset(
    (Key(REPORTS.c.created_at, descending=True), Key(REPORTS.c.id, descending=True))
)


def tenant_name(connection: Connection, tenant_id: str) -> str:
    return str(connection.execute(select(TENANTS.c.name).where(TENANTS.c.id == tenant_id)).scalar())


def schedule(connection: Connection, tenant_id: str) -> Schedule | None:
    query = select(SCHEDULES).where(SCHEDULES.c.tenant_id == tenant_id)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Schedule(**_own(row))


def replace_schedule(connection: Connection, tenant_id: str, wanted: Schedule) -> Schedule:
    """Writes the schedule in place of the one before; gives it with a revision of its own."""
    values = asdict(wanted)
    insert_once(connection, SCHEDULES, {"tenant_id": tenant_id, **values})
    values["revision"] = SCHEDULES.c.revision + 1
    own = SCHEDULES.c.tenant_id == tenant_id
    statement = update(SCHEDULES).where(own).values(values).returning(SCHEDULES.c.revision)
    return replace(wanted, revision=connection.execute(statement).scalar_one())


def advance(connection: Connection, tenant_id: str, before: Schedule, after: Schedule) -> bool:
    """Moves a schedule on to its next run; False when it was replaced or run meanwhile."""
    own = and_(SCHEDULES.c.tenant_id == tenant_id, SCHEDULES.c.revision == before.revision)
    statement = update(SCHEDULES).where(own).values(asdict(after))
    return connection.execute(statement).rowcount == 1


def report(connection: Connection, tenant_id: str, report_id: str) -> Report | None:
    query = select(REPORTS).where(REPORTS.c.tenant_id == tenant_id, REPORTS.c.id == report_id)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _report(row)


def report_page(connection: Connection, tenant_id: str, page: Page) -> Slice[Report]:
    return NEWEST_FIRST.read(connection, REPORTS, REPORTS.c.tenant_id == tenant_id, page, _report)


def add_report(connection: Connection, tenant_id: str, made: Report) -> None:
    insert_once(connection, REPORTS, {"tenant_id": tenant_id, **asdict(made)})


def add_delivery(connection: Connection, tenant_id: str, delivery: Delivery) -> None:
    """Adds a sending that is not yet there."""
    insert_once(connection, DELIVERIES, {"tenant_id": tenant_id, **asdict(delivery)})


def deliveries(
    connection: Connection, tenant_id: str, report_ids: Sequence[str]
) -> dict[str, list[Delivery]]:
    """The sendings by report; each report asked for has a list."""
    query = (
        select(DELIVERIES)
        .where(DELIVERIES.c.tenant_id == tenant_id, DELIVERIES.c.report_id.in_(report_ids))
        .order_by(DELIVERIES.c.channel, DELIVERIES.c.recipient)
    )
    found = defaultdict[str, list[Delivery]](list)
    for row in connection.execute(query).mappings():
        found[row["report_id"]].append(_delivery(row))
    return {report_id: found[report_id] for report_id in report_ids}


def begin_attempt(connection: Connection, tenant_id: str, wanted: Delivery) -> Delivery | None:
    """Counts an attempt at a sending; None when it is done, or not to be done at all."""
    open_ = and_(_this(tenant_id, wanted), DELIVERIES.c.delivered_at.is_(None))
    statement = update(DELIVERIES).where(open_).values(attempts=DELIVERIES.c.attempts + 1)
    row = connection.execute(statement.returning(*DELIVERIES.c)).mappings().one_or_none()
    return None if row is None else _delivery(row)


def confirm(
    connection: Connection, tenant_id: str, delivery: Delivery, receipt: str, at: datetime
) -> None:
    values = {"receipt": receipt, "delivered_at": at}
    connection.execute(update(DELIVERIES).where(_this(tenant_id, delivery)).values(values))


def _this(tenant_id: str, delivery: Delivery) -> ColumnElement[bool]:
    return and_(
        DELIVERIES.c.tenant_id == tenant_id,
        DELIVERIES.c.report_id == delivery.report_id,
        DELIVERIES.c.channel == delivery.channel,
        DELIVERIES.c.recipient == delivery.recipient,
    )


def _own(row: RowMapping, **changed: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "tenant_id"} | changed


def _report(row: RowMapping) -> Report:
    return Report(**_own(row, summary=Summary(**row["summary"])))


def _delivery(row: RowMapping) -> Delivery:
    return Delivery(**_own(row, channel=Channel(row["channel"])))
