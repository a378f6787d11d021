"""Datasets, exports and the attestations of both in SQL; every statement is bound to one tenant."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import and_, case, func, or_, select

from intelgraph_server.database import tables
from intelgraph_server.database.rows import Rows, in_order_of, newest_first
from intelgraph_server.generated.enums import ResidencyStatus as Status

from . import rules
from .model import (
    Dataset,
    DatasetExport,
    ReportDelivery,
    ResidencyAuditRow,
    ResidencyReport,
    ResidencySchedule,
    ResidencySummary,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table


def _report(*, summary: dict[str, Any], **row: Any) -> ResidencyReport:
    return ResidencyReport(summary=ResidencySummary(**summary), **row)


def _judged(
    datasets: FromClause, exports: FromClause, exported_at: ColumnElement[datetime]
) -> Select[Any]:
    """Judged by the jurisdictions of both ends, and not by names as the view's `compliant` is."""
    kept, sent = datasets.c, exports.c
    home = case(rules.JURISDICTIONS, value=kept.region).label("jurisdiction")
    there = case(rules.JURISDICTIONS, value=sent.dest_region).label("dest_jurisdiction")
    status = case(
        (sent.export_id.is_(None), Status.NO_EXPORTS),
        (home == there, Status.COMPLIANT),
        (home != there, Status.VIOLATION),
        # Neither comparison holds where a jurisdiction is NULL.
        else_=Status.UNKNOWN,
    ).label("status")
    export_key = func.coalesce(sent.export_id, "").label("export_key")
    return (
        select(kept.tenant_id, kept.dataset_id, kept.region, home)
        .add_columns(sent.export_id, export_key, sent.dest_region, there)
        .add_columns(exported_at.label("exported_at"), status)
    )


_VIEW: Final = tables.RESIDENCY_OF_TENANTS
_DATASETS: Final = tables.DATASETS.c
_EXPORTS: Final = tables.EXPORTS.c
_REPORTS: Final = tables.RESIDENCY_REPORTS.c
_DELIVERIES: Final = tables.RESIDENCY_DELIVERIES.c
# Read like a table, and never written to.
_AUDIT: Final = cast("Table", _judged(_VIEW, _VIEW, _VIEW.c.when).subquery("audit"))

DATASETS: Final = Rows(tables.DATASETS, Dataset, in_order_of(_DATASETS.dataset_id))
EXPORTS: Final = Rows(tables.EXPORTS, DatasetExport)
# A dataset that was never exported has one row, so nothing stands beside its missing export.
AUDIT: Final = Rows(
    _AUDIT, ResidencyAuditRow, in_order_of(_AUDIT.c.dataset_id, _AUDIT.c.export_key)
)
SCHEDULES: Final = Rows(tables.RESIDENCY_SCHEDULES, ResidencySchedule)
REPORTS: Final = Rows(
    tables.RESIDENCY_REPORTS, _report, newest_first(_REPORTS.created_at, _REPORTS.id)
)
DELIVERIES: Final = Rows(
    tables.RESIDENCY_DELIVERIES,
    ReportDelivery,
    in_order_of(_DELIVERIES.channel, _DELIVERIES.recipient),
)


def exporting_tenants(connection: Connection) -> list[str]:
    return list(connection.execute(select(_EXPORTS.tenant_id).distinct()).scalars())


def counts_by_status(connection: Connection, tenant_id: str) -> Counter[str]:
    status = _AUDIT.c.status
    query = select(status, func.count()).where(AUDIT.own(tenant_id)).group_by(status)
    return Counter({row[0]: row[1] for row in connection.execute(query)})


def snapshot(connection: Connection, tenant_id: str, end: datetime) -> list[ResidencyAuditRow]:
    """The audit of what happened before an instant, as far as it is recorded by now.

    In are the exports that left before `end`, whenever they were recorded, and the datasets
    without any that were recorded before `end`.
    """
    left = and_(
        _EXPORTS.tenant_id == _DATASETS.tenant_id,
        _EXPORTS.dataset_id == _DATASETS.dataset_id,
        _EXPORTS.exported_at < end,
    )
    query = (
        _judged(tables.DATASETS, tables.EXPORTS, _EXPORTS.exported_at)
        .select_from(tables.DATASETS.outerjoin(tables.EXPORTS, left))
        .where(DATASETS.own(tenant_id))
        .where(or_(_EXPORTS.export_id.is_not(None), _DATASETS.recorded_at < end))
        .order_by(_DATASETS.dataset_id, _EXPORTS.exported_at, _EXPORTS.export_id)
    )
    return [AUDIT.read(row) for row in connection.execute(query).mappings()]


def replace_schedule(
    connection: Connection, tenant_id: str, wanted: ResidencySchedule
) -> ResidencySchedule:
    """Writes the schedule in place of the one before; gives it with a revision of its own."""
    SCHEDULES.add(connection, tenant_id, wanted)
    next_revision = {"revision": SCHEDULES.table.c.revision + 1}
    (schedule,) = SCHEDULES.change(connection, tenant_id, asdict(wanted) | next_revision)
    return schedule


def begin_attempt(
    connection: Connection, tenant_id: str, wanted: ReportDelivery
) -> ReportDelivery | None:
    """Counts an attempt at a sending; None when it is done, or not to be done at all."""
    counted, is_open = {"attempts": _DELIVERIES.attempts + 1}, _DELIVERIES.delivered_at.is_(None)
    begun = DELIVERIES.change(connection, tenant_id, counted, is_open, **wanted.key)
    return begun[0] if begun else None
