"""The GraphQL edge of the residency audit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from intelgraph_server.engine.errors import bad_input
from intelgraph_server.engine.ids import NO_ID, is_id
from intelgraph_server.engine.pagination import hanging, listed, listed_by_status

from . import reports, rules, store
from .model import Dataset, DatasetExport, ResidencySchedule, ResidencySummary

if TYPE_CHECKING:
    from intelgraph_server.engine.context import Context

resolve_datasets = listed("datasets", store.DATASETS)
resolve_residency_audit = listed_by_status("residency audit", store.AUDIT)
resolve_residency_reports = listed("residency reports", store.REPORTS)
resolve_residency_report_deliveries = hanging("residency reports", store.DELIVERIES, "report_id")


def resolve_residency_summary(_source: None, context: Context) -> ResidencySummary:
    return rules.summary(store.counts_by_status(context.connection, context.tenant_id))


def resolve_dataset_jurisdiction(dataset: Dataset, _context: Context) -> str | None:
    return rules.JURISDICTIONS.get(dataset.region)


def resolve_record_dataset(_source: None, context: Context, input_: dict[str, Any]) -> Dataset:
    dataset = Dataset(dataset_id=input_["id"], region=input_["region"], recorded_at=context.now)
    _check(dataset.id, dataset.region)
    context.require_tenant()
    stored = store.DATASETS.add(context.connection, context.tenant_id, dataset)
    if stored.region != dataset.region:
        raise bad_input(f"The dataset `{dataset.id}` is already recorded, in another region.")
    return stored


def resolve_record_export(_source: None, context: Context, input_: dict[str, Any]) -> DatasetExport:
    export = DatasetExport(export_id=input_.pop("id"), recorded_at=context.now, **input_)
    _check(export.id, export.dest_region)
    connection, tenant_id = context.connection, context.tenant_id
    if store.DATASETS.one(connection, tenant_id, dataset_id=export.dataset_id) is None:
        raise bad_input("The dataset is not recorded; record it before its exports.")
    stored = store.EXPORTS.add(connection, tenant_id, export)
    if stored != replace(export, recorded_at=stored.recorded_at):
        raise bad_input(f"The export `{export.id}` is already recorded, and it is another one.")
    return stored


def _check(record_id: str, region: str | None) -> None:
    if not is_id(record_id):
        raise bad_input(NO_ID)
    if region is not None and not rules.is_region(region):
        raise bad_input("A region has up to 64 lower case letters, digits and `-`.")


def resolve_residency_schedule(_source: None, context: Context) -> ResidencySchedule | None:
    return store.SCHEDULES.one(context.connection, context.tenant_id)


def resolve_residency_schedule_webhook_secret(
    schedule: ResidencySchedule, context: Context
) -> str | None:
    if schedule.webhook_url is None:
        return None
    return rules.webhook_secret(context.services.settings.signing_key, context.tenant_id)


def resolve_schedule_residency_reports(
    _source: None, context: Context, input_: dict[str, Any]
) -> ResidencySchedule:
    context.require_tenant()
    due = input_.pop("first_run_at", None) or rules.next_quarter_start(context.now)
    # What has passed is due now, and no quarter before the last one is made up for.
    wanted = ResidencySchedule(next_run_at=max(due, context.now), **input_)
    _check_schedule(wanted, context.services.settings.public_url)
    stored = store.SCHEDULES.one(context.connection, context.tenant_id)
    if stored is not None and stored == replace(wanted, revision=stored.revision):
        return stored
    schedule = store.replace_schedule(context.connection, context.tenant_id, wanted)
    reports.enqueue_run(context.connection, context.tenant_id, schedule)
    context.record("residency.schedule", f"revision {schedule.revision}")
    return schedule


def _check_schedule(wanted: ResidencySchedule, public_url: str) -> None:
    if wanted.locale not in rules.LOCALES:
        raise bad_input(f"A report is written in {' or '.join(rules.LOCALES)}.")
    if wanted.email is not None and not rules.is_email(wanted.email):
        raise bad_input("The e-mail address is not one that this service writes to.")
    url, is_local = wanted.webhook_url, rules.leads_here(public_url)
    if url is not None and not rules.is_webhook(url, is_local=is_local):
        raise bad_input("A webhook's address begins with `https://` and holds no credentials.")


def resolve_download_residency_report(_source: None, context: Context, id_: str) -> str:
    report = store.REPORTS.one(context.connection, context.tenant_id, id=id_)
    if report is None:
        raise bad_input("There is no such report; `residencyReports` lists those there are.")
    return context.services.links.issue(context.tenant_id, report.document)
