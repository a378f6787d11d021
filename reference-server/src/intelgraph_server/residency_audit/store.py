"""Datasets, exports and the attestations of both in SQL; every statement is bound to one tenant."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, func, or_, select

from intelgraph_server.database import residency_tables, tables
from intelgraph_server.database.keyset import Key, Keyset
from intelgraph_server.database.rows import Rows, newest_first

from . import rules
from .model import (
    Channel,
    Dataset,
    DatasetExport,
    ReportDelivery,
    ResidencyAuditRow,
    ResidencyReport,
    ResidencySchedule,
    ResidencySummary,
    Status,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from intelgraph_server.database.keyset import Page, Slice


def _dataset(*, region: str, **row: Any) -> Dataset:
    return Dataset(region=region, jurisdiction=rules.jurisdiction(region), **row)


def _audit_row(
    *, dataset_id: str, region: str, export_id: str | None, dest_region: str | None,
    when: datetime | None, **_compliant: bool | None,
) -> ResidencyAuditRow:  # fmt: skip
    """Judged by the rules, not by the view, which compares names."""
    return ResidencyAuditRow(
        dataset_id=dataset_id,
        region=region,
        jurisdiction=rules.jurisdiction(region),
        export_id=export_id,
        dest_region=dest_region,
        dest_jurisdiction=rules.jurisdiction(dest_region),
        exported_at=when,
        status=rules.status(region, export_id, dest_region),
    )


def _report(*, summary: dict[str, Any], **row: Any) -> ResidencyReport:
    return ResidencyReport(summary=ResidencySummary(**summary), **row)


def _delivery(*, channel: str, **row: Any) -> ReportDelivery:
    return ReportDelivery(channel=Channel(channel), **row)


_DATASETS: Final = tables.DATASETS.c
_EXPORTS: Final = tables.EXPORTS.c
_AUDIT: Final = tables.RESIDENCY_OF_TENANTS.c
_REPORTS: Final = residency_tables.RESIDENCY_REPORTS.c
_DELIVERIES: Final = residency_tables.RESIDENCY_DELIVERIES.c

DATASETS: Final = Rows(tables.DATASETS, _dataset, Keyset((Key(_DATASETS.dataset_id.label("id")),)))
EXPORTS: Final = Rows(tables.EXPORTS, DatasetExport)
AUDIT: Final = Rows(
    tables.RESIDENCY_OF_TENANTS,
    _audit_row,
    # A dataset that was never exported has one row, so nothing stands beside its missing export.
    Keyset((Key(_AUDIT.dataset_id), Key(func.coalesce(_AUDIT.export_id, "").label("export_key")))),
)
SCHEDULES: Final = Rows(residency_tables.RESIDENCY_SCHEDULES, ResidencySchedule)
REPORTS: Final = Rows(
    residency_tables.RESIDENCY_REPORTS, _report, newest_first(_REPORTS.created_at, _REPORTS.id)
)
DELIVERIES: Final = Rows(
    residency_tables.RESIDENCY_DELIVERIES,
    _delivery,
    Keyset((Key(_DELIVERIES.channel), Key(_DELIVERIES.recipient))),
)


def exporting_tenants(connection: Connection) -> list[str]:
    return list(connection.execute(select(_EXPORTS.tenant_id).distinct()).scalars())


def audit_page(
    connection: Connection, tenant_id: str, page: Page, status: Status | None
) -> Slice[ResidencyAuditRow]:
    wanted = [] if status is None else [_status() == status]
    return AUDIT.page(connection, tenant_id, page, *wanted)


def counts_by_status(connection: Connection, tenant_id: str) -> Counter[Status]:
    query = select(_status(), func.count()).where(AUDIT.own(tenant_id)).group_by("status")
    return Counter({Status(row[0]): row[1] for row in connection.execute(query)})


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
        select(_DATASETS.dataset_id, _DATASETS.region, _EXPORTS.export_id)
        .add_columns(_EXPORTS.dest_region, _EXPORTS.exported_at.label("when"))
        .select_from(tables.DATASETS.outerjoin(tables.EXPORTS, left))
        .where(DATASETS.own(tenant_id))
        .where(or_(_EXPORTS.export_id.is_not(None), _DATASETS.recorded_at < end))
        .order_by(_DATASETS.dataset_id, _EXPORTS.exported_at, _EXPORTS.export_id)
    )
    return [AUDIT.read(row) for row in connection.execute(query).mappings()]


def _status() -> ColumnElement[str]:
    """`rules.status` in SQL, to filter and to count by; a test holds the two together."""
    home = case(rules.JURISDICTIONS, value=_AUDIT.region)
    there = case(rules.JURISDICTIONS, value=_AUDIT.dest_region)
    # Neither comparison holds where a jurisdiction is NULL, so what is left is unknown.
    return case(
        (_AUDIT.export_id.is_(None), Status.NO_EXPORTS),
        (home == there, Status.COMPLIANT),
        (home != there, Status.VIOLATION),
        else_=Status.UNKNOWN,
    ).label("status")


def replace_schedule(
    connection: Connection, tenant_id: str, wanted: ResidencySchedule
) -> ResidencySchedule:
    """Writes the schedule in place of the one before; gives it with a revision of its own."""
    SCHEDULES.add(connection, tenant_id, wanted)
    next_revision = {"revision": SCHEDULES.table.c.revision + 1}
    (schedule,) = SCHEDULES.change(connection, tenant_id, asdict(wanted) | next_revision)
    return schedule


def advance(
    connection: Connection, tenant_id: str, before: ResidencySchedule, after: ResidencySchedule
) -> bool:
    """Moves a schedule on to its next run; False when it was replaced or run meanwhile."""
    revision = before.revision
    return bool(SCHEDULES.change(connection, tenant_id, asdict(after), revision=revision))


def begin_attempt(
    connection: Connection, tenant_id: str, wanted: ReportDelivery
) -> ReportDelivery | None:
    """Counts an attempt at a sending; None when it is done, or not to be done at all."""
    counted, is_open = {"attempts": _DELIVERIES.attempts + 1}, _DELIVERIES.delivered_at.is_(None)
    begun = DELIVERIES.change(connection, tenant_id, counted, is_open, **wanted.key)
    return begun[0] if begun else None


def confirm(
    connection: Connection, tenant_id: str, delivery: ReportDelivery, receipt: str, at: datetime
) -> None:
    confirmed = {"receipt": receipt, "delivered_at": at}
    DELIVERIES.change(connection, tenant_id, confirmed, **delivery.key)
