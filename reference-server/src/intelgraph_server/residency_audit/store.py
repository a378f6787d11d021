"""Datasets, exports and the audit of both in SQL; every statement is bound to one tenant."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, case, func, or_, select

from intelgraph_server.database.keyset import Key, Keyset
from intelgraph_server.database.once import insert_once
from intelgraph_server.database.tables import DATASETS, EXPORTS, RESIDENCY_OF_TENANTS, TENANTS

from . import rules
from .model import AuditRow, Dataset, DatasetExport, Status

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from intelgraph_server.database.keyset import Page, Slice

ROWS: Final = RESIDENCY_OF_TENANTS
BY_ID: Final = Keyset((Key(DATASETS.c.dataset_id),))
# A dataset that was never exported has one row, so nothing stands beside its missing export.
BY_DATASET: Final = Keyset((Key(ROWS.c.dataset_id), Key(func.coalesce(ROWS.c.export_id, ""))))


def is_tenant(connection: Connection, tenant_id: str) -> bool:
    query = select(TENANTS.c.id).where(TENANTS.c.id == tenant_id)
    return connection.execute(query).one_or_none() is not None


def exporting_tenants(connection: Connection) -> list[str]:
    return list(connection.execute(select(EXPORTS.c.tenant_id).distinct()).scalars())


def dataset_by_id(connection: Connection, tenant_id: str, dataset_id: str) -> Dataset | None:
    own = and_(DATASETS.c.tenant_id == tenant_id, DATASETS.c.dataset_id == dataset_id)
    row = connection.execute(select(DATASETS).where(own)).mappings().one_or_none()
    return None if row is None else _dataset(row)


def dataset_page(connection: Connection, tenant_id: str, page: Page) -> Slice[Dataset]:
    own = DATASETS.c.tenant_id == tenant_id
    return BY_ID.read(connection, DATASETS, own, page, _dataset)


def record_dataset(connection: Connection, tenant_id: str, dataset: Dataset) -> Dataset:
    """Writes the dataset unless its id is taken; gives what stands under the id."""
    values = {
        "tenant_id": tenant_id,
        "dataset_id": dataset.id,
        "region": dataset.region,
        "recorded_at": dataset.recorded_at,
    }
    insert_once(connection, DATASETS, values)
    own = and_(DATASETS.c.tenant_id == tenant_id, DATASETS.c.dataset_id == dataset.id)
    return _dataset(connection.execute(select(DATASETS).where(own)).mappings().one())


def record_export(connection: Connection, tenant_id: str, export: DatasetExport) -> DatasetExport:
    """Writes the export unless its id is taken; gives what stands under the id."""
    values = {
        "tenant_id": tenant_id,
        "export_id": export.id,
        "dataset_id": export.dataset_id,
        "dest_region": export.dest_region,
        "exported_at": export.exported_at,
        "recorded_at": export.recorded_at,
    }
    insert_once(connection, EXPORTS, values)
    own = and_(EXPORTS.c.tenant_id == tenant_id, EXPORTS.c.export_id == export.id)
    return _export(connection.execute(select(EXPORTS).where(own)).mappings().one())


def audit_page(
    connection: Connection, tenant_id: str, page: Page, status: Status | None
) -> Slice[AuditRow]:
    own = ROWS.c.tenant_id == tenant_id
    where = own if status is None else and_(own, _status() == status)
    return BY_DATASET.read(connection, ROWS, where, page, _audit_row)


def counts_by_status(connection: Connection, tenant_id: str) -> Counter[Status]:
    status = _status()
    query = select(status, func.count()).where(ROWS.c.tenant_id == tenant_id).group_by("status")
    return Counter({Status(row[0]): row[1] for row in connection.execute(query)})


def snapshot(connection: Connection, tenant_id: str, end: datetime) -> list[AuditRow]:
    """The audit of what happened before an instant, as far as it is recorded by now.

    In are the exports that left before `end`, whenever they were recorded, and the datasets
    without any that were recorded before `end`.
    """
    left = and_(
        EXPORTS.c.tenant_id == DATASETS.c.tenant_id,
        EXPORTS.c.dataset_id == DATASETS.c.dataset_id,
        EXPORTS.c.exported_at < end,
    )
    query = (
        select(DATASETS.c.dataset_id, DATASETS.c.region, EXPORTS.c.export_id)
        .add_columns(EXPORTS.c.dest_region, EXPORTS.c.exported_at.label("when"))
        .select_from(DATASETS.outerjoin(EXPORTS, left))
        .where(DATASETS.c.tenant_id == tenant_id)
        .where(or_(EXPORTS.c.export_id.is_not(None), DATASETS.c.recorded_at < end))
        .order_by(DATASETS.c.dataset_id, EXPORTS.c.exported_at, EXPORTS.c.export_id)
    )
    return [_audit_row(row) for row in connection.execute(query).mappings()]


def _status() -> ColumnElement[str]:
    """`rules.status` in SQL, to filter and to count by; a test holds the two together."""
    home = case(rules.JURISDICTIONS, value=ROWS.c.region)
    there = case(rules.JURISDICTIONS, value=ROWS.c.dest_region)
    # Neither comparison holds where a jurisdiction is NULL, so what is left is unknown.
    return case(
        (ROWS.c.export_id.is_(None), Status.NO_EXPORTS),
        (home == there, Status.COMPLIANT),
        (home != there, Status.VIOLATION),
        else_=Status.UNKNOWN,
    ).label("status")


def _dataset(row: RowMapping) -> Dataset:
    return Dataset(
        id=row["dataset_id"],
        region=row["region"],
        jurisdiction=rules.jurisdiction(row["region"]),
        recorded_at=row["recorded_at"],
    )


def _export(row: RowMapping) -> DatasetExport:
    return DatasetExport(
        id=row["export_id"],
        dataset_id=row["dataset_id"],
        dest_region=row["dest_region"],
        exported_at=row["exported_at"],
        recorded_at=row["recorded_at"],
    )


def _audit_row(row: RowMapping) -> AuditRow:
    region, dest_region = row["region"], row["dest_region"]
    return AuditRow(
        dataset_id=row["dataset_id"],
        region=region,
        jurisdiction=rules.jurisdiction(region),
        export_id=row["export_id"],
        dest_region=dest_region,
        dest_jurisdiction=rules.jurisdiction(dest_region),
        exported_at=row["when"],
        status=rules.status(region, row["export_id"], dest_region),
    )
