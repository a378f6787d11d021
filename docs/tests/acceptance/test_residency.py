"""Residency: a schedule whose due run makes the report and delivers it."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import httpx
import story

from intelgraph.generated.inputs import (
    RecordDatasetInput,
    RecordExportInput,
    ScheduleResidencyReportsInput,
)
from intelgraph.webhooks import unwrap
from intelgraph_server.documents.sign import verify_pdf

if TYPE_CHECKING:
    from collections.abc import Callable

    from reference_server import ReferenceServer

    from intelgraph import IntelGraph
    from intelgraph.generated.fragments import ResidencyReport

PAST = datetime(2026, 7, 1, tzinfo=UTC)
# What is recorded below, and how each is judged.
EXPORTS = {"exp_stayed": "COMPLIANT", "exp_left": "VIOLATION", "exp_lost": "UNKNOWN"}


def schedule(sinks: story.Recipients, locale: str) -> ScheduleResidencyReportsInput:
    return ScheduleResidencyReportsInput(
        first_run_at=PAST,
        locale=locale,
        email="admin@acme.example",
        webhook_url=sinks.webhook_url,
    )


def record_exports(client: IntelGraph) -> None:
    dataset = RecordDatasetInput(id="dat_attested", region="eu-west-1")
    client.record_dataset(input=dataset)
    for export_id, region in zip(EXPORTS, ("eu-central-1", "us-east-1", None), strict=True):
        export = RecordExportInput(
            id=export_id,
            dataset_id="dat_attested",
            dest_region=region,
            exported_at=datetime(2026, 8, 1, tzinfo=UTC),
        )
        client.record_export(input=export)


def delivered_report(client: IntelGraph, locale: str) -> ResidencyReport:
    def look() -> ResidencyReport | None:
        for edge in client.list_residency_reports().edges:
            report = edge.node
            done = [d for d in report.deliveries if d.delivered_at is not None]
            if report.locale == locale and len(done) == 2:
                return report
        return None

    return story.until(look)


def text_of(pdf: bytes) -> str:
    from pdfminer.high_level import extract_text  # noqa: PLC0415

    return " ".join(extract_text(BytesIO(pdf)).split())


def test_the_pdf_lists_violations_and_compliance(
    live: ReferenceServer, sinks: story.Recipients, proved: Callable[[str], None]
) -> None:
    texts: dict[str, str] = {}
    root = httpx.get(live.url.replace("/graphql", "/issuer.pem"), timeout=60).content
    with story.client_of(live) as client:
        record_exports(client)
        for locale in ("en", "es"):
            client.schedule_residency_reports(input=schedule(sinks, locale))
            report = delivered_report(client, locale)
            pdf = story.download(client.download_residency_report(id=report.id))
            assert verify_pdf(pdf, root).is_valid
            texts[locale] = text_of(pdf)
        rows = [edge.node for edge in client.residency_audit(first=100).edges]

    judged = {row.export_id: row.status for row in rows if row.export_id in EXPORTS}
    listed = [export_id for export_id, status in judged.items() if status != "COMPLIANT"]
    assert judged == EXPORTS
    for text in texts.values():
        assert [export_id for export_id in listed if str(export_id) not in text] == []
    assert not report.is_compliant
    assert texts["en"] != texts["es"]
    proved(f"{' and '.join(listed)} stand in the English and the Spanish report, both signed")


def test_the_report_is_delivered_to_admins(
    live: ReferenceServer, sinks: story.Recipients, proved: Callable[[str], None]
) -> None:
    with story.client_of(live) as client:
        client.schedule_residency_reports(input=schedule(sinks, "en"))
        report = delivered_report(client, "en")
        order = client.residency_webhook_secret()
    mails = [m for m in sinks.mails if m["To"] == "admin@acme.example"]
    attached = [p.get_content_type() for m in mails for p in m.walk()]
    headers, body = sinks.webhooks[0]
    event = unwrap(body, headers, secret=order.webhook_secret if order else "")

    assert "application/pdf" in attached
    assert (event.type, event.data["id"]) == ("residency.report.created", report.id)
    receipts = {d.channel: d.receipt for d in report.deliveries}
    assert set(receipts) == {"EMAIL", "WEBHOOK"}
    assert all(receipts.values())
    proved(f"receipts {receipts}")


def test_a_quarterly_schedule_is_created(
    live: ReferenceServer, sinks: story.Recipients, proved: Callable[[str], None]
) -> None:
    with story.client_of(live, "globex") as client:
        assert client.residency_schedule() is None
        request = ScheduleResidencyReportsInput(locale="es", webhook_url=sinks.webhook_url)
        created = client.schedule_residency_reports(input=request)
        read = client.residency_schedule()

    assert read == created
    assert created.cadence == "quarterly"
    assert (created.next_run_at.month - 1) % 3 == 0
    assert (created.next_run_at.day, created.next_run_at.hour) == (1, 0)
    proved(f"{created.cadence}, next on {created.next_run_at:%Y-%m-%d}")
