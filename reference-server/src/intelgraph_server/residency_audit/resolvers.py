"""The GraphQL edge of the residency audit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.engine.errors import bad_input, check_input
from intelgraph_server.engine.ids import NO_ID, is_id
from intelgraph_server.engine.pagination import hanging, listed, listed_by_status

from . import reports, rules, store
from .model import Dataset, DatasetExport, ResidencySchedule, ResidencySummary

if TYPE_CHECKING:
    from intelgraph_server.engine.context import Context

NO_REGION: Final = "A region has up to 64 lower case letters, digits and `-`."
NO_DATASET: Final = "The dataset is not recorded; record it before its exports."
NO_LOCALE: Final = f"A report is written in {' or '.join(rules.LOCALES)}."
NO_EMAIL: Final = "The e-mail address is not one that this service writes to."
NO_WEBHOOK: Final = "A webhook's address begins with `https://` and holds no credentials."

resolve_datasets = listed("datasets", store.DATASETS)
resolve_residency_audit = listed_by_status("residency audit", store.AUDIT)
resolve_residency_reports = listed("residency reports", store.REPORTS)
resolve_residency_report_deliveries = hanging("residency reports", store.DELIVERIES, "report_id")


def resolve_residency_summary(_source: None, context: Context) -> ResidencySummary:
    return ResidencySummary.of(store.counts_by_status(*context.own))


def resolve_dataset_jurisdiction(dataset: Dataset, _context: Context) -> str | None:
    return rules.JURISDICTIONS.get(dataset.region)


def resolve_record_dataset(_source: None, context: Context, input_: dict[str, Any]) -> Dataset:
    dataset = Dataset(dataset_id=input_["id"], region=input_["region"], recorded_at=context.now)
    check_input({NO_ID: is_id(dataset.id), NO_REGION: rules.is_region(dataset.region)})
    context.require_tenant()
    stored = store.DATASETS.add(*context.own, dataset)
    if stored.region != dataset.region:
        raise bad_input(f"The dataset `{dataset.id}` is already recorded, in another region.")
    return stored


def resolve_record_export(_source: None, context: Context, input_: dict[str, Any]) -> DatasetExport:
    export = DatasetExport(export_id=input_.pop("id"), recorded_at=context.now, **input_)
    region = export.dest_region
    check_input({NO_ID: is_id(export.id), NO_REGION: region is None or rules.is_region(region)})
    check_input({NO_DATASET: store.DATASETS.one(*context.own, dataset_id=export.dataset_id)})
    stored = store.EXPORTS.add(*context.own, export)
    if stored != replace(export, recorded_at=stored.recorded_at):
        raise bad_input(f"The export `{export.id}` is already recorded, and it is another one.")
    return stored


def resolve_residency_schedule(_source: None, context: Context) -> ResidencySchedule | None:
    return store.SCHEDULES.one(*context.own)


def resolve_residency_schedule_webhook_secret(
    schedule: ResidencySchedule, context: Context
) -> str | None:
    key = context.services.settings.signing_key
    return schedule.webhook_url and rules.webhook_secret(key, context.tenant_id)


def resolve_schedule_residency_reports(
    _source: None, context: Context, input_: dict[str, Any]
) -> ResidencySchedule:
    context.require_tenant()
    due = input_.pop("first_run_at", None) or rules.next_quarter_start(context.now)
    # What has passed is due now, and no quarter before the last one is made up for.
    wanted = ResidencySchedule(next_run_at=max(due, context.now), **input_)
    email, url = wanted.email, wanted.webhook_url
    is_local = rules.leads_here(context.services.settings.public_url)
    check_input(
        {
            NO_LOCALE: wanted.locale in rules.LOCALES,
            NO_EMAIL: email is None or rules.is_email(email),
            NO_WEBHOOK: url is None or rules.is_webhook(url, is_local=is_local),
        }
    )
    stored = store.SCHEDULES.one(*context.own)
    if stored is not None and stored == replace(wanted, revision=stored.revision):
        return stored
    schedule = store.replace_schedule(*context.own, wanted)
    reports.enqueue_run(*context.own, schedule)
    context.record("residency.schedule", f"revision {schedule.revision}")
    return schedule


def resolve_download_residency_report(_source: None, context: Context, id_: str) -> str:
    report = store.REPORTS.one(*context.own, id=id_)
    if report is None:
        raise bad_input("There is no such report; `residencyReports` lists those there are.")
    return context.services.links.issue(context.tenant_id, report.document)
