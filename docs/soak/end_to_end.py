"""The end-to-end lines: each from the first call to what a person holds in hand."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import story
from reference_server import CLOCK

from intelgraph import IntelGraph
from intelgraph.generated.enums import EvidenceTopic
from intelgraph.generated.inputs import PublishEvidenceInput, ScheduleResidencyReportsInput
from intelgraph_server.documents.bundle import verify_bundle
from intelgraph_server.documents.sign import verify_pdf

if TYPE_CHECKING:
    from pathlib import Path

    from reference_server import ReferenceServer

    from intelgraph.generated.fragments import ResidencyReport


def root_of(server: ReferenceServer) -> bytes:
    return httpx.get(server.url.replace("/graphql", "/issuer.pem")).content


def purchase(folder: Path) -> dict[str, Any]:
    with story.kept_server(folder) as server, story.client_of(server) as client:
        begun = time.monotonic()
        order = story.buy(client)
        taken = time.monotonic() - begun
        assert order.invoice is not None
        pdf = story.download(client.download_invoice(id=order.invoice.id))
        assert verify_pdf(pdf, root_of(server)).is_valid
    return {"status": order.status, "invoice bytes": len(pdf), "seconds": round(taken, 2)}


def evidence(folder: Path) -> dict[str, Any]:
    document = base64.b64encode(b"Nothing was found.").decode()
    with story.kept_server(folder) as server, story.client_of(server) as client:
        item = PublishEvidenceInput(
            id="pentest",
            topic=EvidenceTopic.SECURITY,
            title="Test",
            media_type="text/plain",
            content=document,
        )
        client.publish_evidence(input=item)
        client.set_trust_page(is_public=True)
        with IntelGraph(url=server.url, api_key=None) as anonymous:
            page = anonymous.public_trust(slug="acme")
        bundle = story.download(client.download_evidence_bundle(version="v15"))
        assert page is not None
        assert "pentest" in {item.id for item in page.items}
        assert verify_bundle(bundle, root_of(server)).is_valid
    return {"items shown": len(page.items), "bundle bytes": len(bundle)}


def incident(folder: Path) -> dict[str, Any]:
    start = datetime(2026, 4, 14, 22, tzinfo=UTC)
    with story.kept_server(folder, clock=CLOCK) as server, story.client_of(server) as client:
        client.set_anomaly_enrollment(is_enrolled=True)
        at = story.push(client, start, story.calm(story.LEARNT))
        story.push(client, at, story.calm(12, API_P95=2000.0, ERROR_RATE=0.4))
        (edge,) = client.list_incidents().edges
    return {"template": edge.node.template, "alerts": len(edge.node.alerts)}


def scheduled_report(folder: Path) -> dict[str, Any]:
    with (
        story.recipients() as sinks,
        story.kept_server(folder, INTELGRAPH_SMTP_URL=sinks.smtp_url) as server,
        story.client_of(server) as client,
    ):
        request = ScheduleResidencyReportsInput(
            first_run_at=datetime(2026, 7, 1, tzinfo=UTC),
            email="admin@acme.example",
            webhook_url=sinks.webhook_url,
        )
        client.schedule_residency_reports(input=request)

        def look() -> ResidencyReport | None:
            reports = [edge.node for edge in client.list_residency_reports().edges]
            return next((r for r in reports if all(d.delivered_at for d in r.deliveries)), None)

        report = story.until(look)
        pdf = story.download(client.download_residency_report(id=report.id))
        assert verify_pdf(pdf, root_of(server)).is_valid
        assert (len(sinks.mails), len(sinks.webhooks)) == (1, 1)
    return {"quarter": report.quarter, "deliveries": len(report.deliveries)}
