"""The job that makes the attestation of a quarter, once, and puts in what follows from it.

Everything is one transaction: the report and its document, the sendings, the next run. A crash
before its end leaves at most bytes without a name in the lake, which a retry passes over; after
it the job's revision has passed, and a retry does nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server import controls, jobs, lake
from intelgraph_server.database.rows import tenant_name
from intelgraph_server.generated.enums import DeliveryChannel as Channel
from intelgraph_server.generated.enums import ResidencyStatus as Status
from intelgraph_server.generated.enums import SwitchName
from intelgraph_server.jobs import PostponedError
from intelgraph_server.texts import texts

from . import rules, store
from .model import ReportDelivery, ResidencyReport, ResidencySummary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from intelgraph_server.jobs import Job, Shift

    from .model import ResidencyAuditRow, ResidencySchedule

RUN: Final = "residency.report"
DELIVERY: Final = "residency.delivery"
MEASURE: Final = "residency.measure"
PAUSE: Final = timedelta(minutes=1)


def enqueue_run(connection: Connection, tenant_id: str, schedule: ResidencySchedule) -> None:
    """Puts in the one run that this revision of a schedule asks for."""
    payload, once = {"revision": schedule.revision}, f"{RUN}:{tenant_id}:{schedule.revision}"
    jobs.enqueue(connection, RUN, run_at=schedule.next_run_at, tenant_id=tenant_id,
                 payload=payload, once=once)  # fmt: skip


def run(job: Job, shift: Shift) -> None:
    """Attests the quarter that had ended when the run was due, however late it is by now."""
    tenant_id = job.tenant_id or ""
    with shift.database.reading() as connection:
        own = connection, tenant_id
        schedule = store.SCHEDULES.one(*own)
        if schedule is None or schedule.revision != job.payload["revision"]:
            return
        if not controls.is_on(connection, SwitchName.RESIDENCY_SCHEDULER):
            raise PostponedError(shift.now + PAUSE)
        end = rules.quarter_start(schedule.next_run_at)
        quarter = rules.last_ended_quarter(end)
        report_id = f"{quarter}-{schedule.locale}"
        made = store.REPORTS.one(*own, id=report_id)
        rows = [] if made else store.snapshot(*own, end)
        about = {"tenant": tenant_name(*own), "end": end}
    report = made or ResidencyReport(
        id=report_id,
        quarter=quarter,
        locale=schedule.locale,
        summary=ResidencySummary.of(Counter(row.status for row in rows)),
        created_at=shift.now,
        uri=f"lake://{tenant_id}/residency/{report_id}.pdf",
    )
    content = None if made else _document(report, values(report, rows) | about, shift)
    with shift.database.writing() as connection:
        # Not where the schedule was replaced or run meanwhile.
        if _move_on(connection, tenant_id, schedule):
            _hand_over(connection, tenant_id, schedule, report)
            if content is not None:
                lake.keep(connection, shift.services.lake, tenant_id=tenant_id,
                          name=report.document, content=content, media_type="application/pdf",
                          now=shift.now)  # fmt: skip
    measure(job, shift)


def _document(report: ResidencyReport, given: dict[str, Any], shift: Shift) -> bytes:
    from intelgraph_server.documents import pdf, sign  # noqa: PLC0415

    plain = pdf.render("residency", given, locale=report.locale)
    reason = texts(report.locale).say("residency-reason", quarter=report.quarter)
    return sign.sign_pdf(plain, shift.services.identity, reason=reason, at=shift.now)


def _move_on(connection: Connection, tenant_id: str, schedule: ResidencySchedule) -> bool:
    due, revision = rules.next_quarter_start(schedule.next_run_at), schedule.revision
    following = replace(schedule, next_run_at=due, revision=revision + 1)
    moved = store.SCHEDULES.change(connection, tenant_id, asdict(following), revision=revision)
    if moved:
        enqueue_run(connection, tenant_id, following)
    return bool(moved)


def _hand_over(
    connection: Connection, tenant_id: str, schedule: ResidencySchedule, report: ResidencyReport
) -> None:
    store.REPORTS.add(connection, tenant_id, report)
    recipients = {Channel.EMAIL: schedule.email, Channel.WEBHOOK: schedule.webhook_url}
    for channel, recipient in recipients.items():
        if recipient is not None:
            delivery = ReportDelivery(report_id=report.id, channel=channel, recipient=recipient)
            store.DELIVERIES.add(connection, tenant_id, delivery)
            once = rules.delivery_id(tenant_id, delivery)
            jobs.enqueue(connection, DELIVERY, run_at=report.created_at, tenant_id=tenant_id,
                         payload=delivery.key, once=once)  # fmt: skip


def measure(_job: Job, shift: Shift) -> None:
    """Shows each tenant's share as it is now; daily too, because reports come by quarters."""
    gauge = shift.services.metrics.residency_compliance
    with shift.database.reading() as connection:
        for tenant_id in store.exporting_tenants(connection):
            counts = store.counts_by_status(connection, tenant_id)
            gauge.labels(tenant_id).set(ResidencySummary.of(counts).compliant_share or 0)


def values(report: ResidencyReport, rows: Sequence[ResidencyAuditRow]) -> dict[str, Any]:
    """What the template and its texts are given of the judgements."""
    summary, datasets = report.summary, dict[str, dict[str, Any]]()
    for row in rows:
        place = {"region": row.region, "jurisdiction": row.jurisdiction}
        counts = datasets.setdefault(row.dataset_id, place | dict.fromkeys(Status, 0))
        counts[row.status] += 1
    return asdict(summary) | {
        "at": report.created_at,
        "quarter": report.quarter,
        "verdict": summary.verdict,
        "exports": summary.compliant + summary.unknown + summary.violations,
        "share": summary.compliant_share or 0,
        "violation_rows": [asdict(row) for row in rows if row.status == Status.VIOLATION],
        "unknown_rows": [asdict(row) for row in rows if row.status == Status.UNKNOWN],
        "datasets": datasets,
        "regions": rules.REGIONS,
    }
