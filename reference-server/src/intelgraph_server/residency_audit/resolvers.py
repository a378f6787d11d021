"""The GraphQL edge of the residency audit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.engine.errors import DomainError
from intelgraph_server.engine.pagination import Connection, Edge, ListKind
from intelgraph_server.engine.schema import Domain
from intelgraph_server.generated.error_codes import ErrorCode

from . import rules, store
from .model import AuditRow, Dataset, DatasetExport, Status, Summary

if TYPE_CHECKING:
    from intelgraph_server.engine.context import Context

DATASET_LIST: Final[ListKind[Dataset]] = ListKind("datasets", lambda dataset: (dataset.id,), (str,))
AUDIT_LIST: Final[ListKind[AuditRow]] = ListKind(
    "residency audit", lambda row: (row.dataset_id, row.export_id or ""), (str, str)
)


def resolve_datasets(
    _source: None, context: Context, first: int, after: str | None = None
) -> Connection[Dataset]:
    page = DATASET_LIST.page(first, after)
    part = store.dataset_page(context.connection, context.tenant_id, page)
    return Connection(DATASET_LIST, page, part)


def resolve_residency_audit(
    _source: None,
    context: Context,
    first: int,
    after: str | None = None,
    status: str | None = None,
) -> Connection[AuditRow]:
    page = AUDIT_LIST.page(first, after)
    wanted = None if status is None else Status(status)
    part = store.audit_page(context.connection, context.tenant_id, page, wanted)
    return Connection(AUDIT_LIST, page, part)


def resolve_residency_summary(_source: None, context: Context) -> Summary:
    return rules.summary(store.counts_by_status(context.connection, context.tenant_id))


def resolve_record_dataset(_source: None, context: Context, input_: dict[str, Any]) -> Dataset:
    dataset_id, region = input_["id"], input_["region"]
    _check_id(dataset_id)
    _check_region(region)
    if not store.is_tenant(context.connection, context.tenant_id):
        raise DomainError(ErrorCode.FORBIDDEN, "The token's tenant is not one of this server's.")
    dataset = Dataset(
        id=dataset_id,
        region=region,
        jurisdiction=rules.jurisdiction(region),
        recorded_at=context.now,
    )
    stored = store.record_dataset(context.connection, context.tenant_id, dataset)
    if stored != replace(dataset, recorded_at=stored.recorded_at):
        raise _bad_input(f"The dataset `{dataset_id}` is already recorded, in another region.")
    return stored


def resolve_record_export(_source: None, context: Context, input_: dict[str, Any]) -> DatasetExport:
    export = DatasetExport(
        id=input_["id"],
        dataset_id=input_["dataset_id"],
        dest_region=input_.get("dest_region"),
        exported_at=input_["exported_at"],
        recorded_at=context.now,
    )
    _check_id(export.id)
    if export.dest_region is not None:
        _check_region(export.dest_region)
    if store.dataset_by_id(context.connection, context.tenant_id, export.dataset_id) is None:
        raise _bad_input("The dataset is not recorded; record it before its exports.")
    stored = store.record_export(context.connection, context.tenant_id, export)
    if stored != replace(export, recorded_at=stored.recorded_at):
        raise _bad_input(f"The export `{export.id}` is already recorded, and it is another one.")
    return stored


def _check_id(text: str) -> None:
    if not rules.is_id(text):
        raise _bad_input(
            "An id has up to 64 letters, digits, `.`, `_` and `-`,"
            " and begins with a letter or a digit."
        )


def _check_region(text: str) -> None:
    if not rules.is_region(text):
        raise _bad_input("A region has up to 64 lower case letters, digits and `-`.")


def _bad_input(message: str) -> DomainError:
    return DomainError(ErrorCode.BAD_USER_INPUT, message)


DOMAIN: Final = Domain(
    name="residency_audit",
    types={
        "Dataset": Dataset,
        "DatasetConnection": Connection,
        "DatasetEdge": Edge,
        "DatasetExport": DatasetExport,
        "ResidencyAuditConnection": Connection,
        "ResidencyAuditEdge": Edge,
        "ResidencyAuditRow": AuditRow,
        "ResidencySummary": Summary,
    },
    resolvers={
        "Query": {
            "datasets": resolve_datasets,
            "residencyAudit": resolve_residency_audit,
            "residencySummary": resolve_residency_summary,
        },
        "Mutation": {
            "recordDataset": resolve_record_dataset,
            "recordExport": resolve_record_export,
        },
    },
)
