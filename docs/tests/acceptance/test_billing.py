"""Billing: a purchase and a day's uses, from the API to the books."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import httpx
import story
from reference_server import CLOCK

from intelgraph.generated.enums import InvoiceDocument, PluginKind
from intelgraph.generated.inputs import RecordUsageInput, RegisterPluginInput
from intelgraph_server.documents.sign import verify_pdf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reference_server import ReferenceServer

NEXT_DAY = "2026-04-16T00:00:00Z"


def test_a_signed_invoice_is_stored(live: ReferenceServer, proved: Callable[[str], None]) -> None:
    with story.client_of(live) as client:
        order = story.buy(client)
        assert order.invoice is not None
        listed = {invoice.id: invoice for invoice in client.invoices()}
        pdf = story.download(client.download_invoice(id=order.invoice.id))
        link = client.download_invoice(id=order.invoice.id, document=InvoiceDocument.SBOM)
        sbom = json.loads(story.download(link))
    root = httpx.get(live.url.replace("/graphql", "/issuer.pem"), timeout=60).content

    whole = verify_pdf(pdf, root)
    damaged = verify_pdf(pdf[:600] + bytes([pdf[600] ^ 1]) + pdf[601:], root)

    assert order.status == "PAID"
    assert listed[order.invoice.id].uri.startswith("lake://acme/invoices/")
    assert listed[order.invoice.id].amount.value == order.price.value
    assert whole.is_valid, whole.problems
    assert not damaged.is_valid
    assert sbom["bomFormat"] == "CycloneDX"
    proved(
        f"order {order.id} paid on the sandbox page, {order.invoice.uri} of {len(pdf)} bytes"
        " verifies offline, one flipped bit does not; its SBOM is CycloneDX"
        f" {sbom['specVersion']}"
    )


def test_the_reconciliation_matches_the_usage_bridge(
    tmp_path: Path, proved: Callable[[str], None]
) -> None:
    used_at = datetime(2026, 4, 15, tzinfo=UTC)
    with story.kept_server(tmp_path, clock=CLOCK) as server, story.client_of(server) as client:
        release = RegisterPluginInput(
            plugin_id="plg_metered",
            version="1.0.0",
            name="Metered",
            summary="Counts what is counted.",
            publisher="Counters",
            kind=PluginKind.ENRICHMENT,
            price_usd=Decimal("10.00"),
            unit_price_usd=Decimal("0.25"),
            artifact=story.wheel("metered", "1.0.0"),
        )
        client.register_plugin(input=release)
        client.publish_plugin(plugin_id="plg_metered", version="1.0.0")
        story.buy(client, "plg_metered")
        for number, quantity in enumerate((3, 4), 1):
            use = RecordUsageInput(
                id=f"use_{number}", plugin_id="plg_metered", quantity=quantity, used_at=used_at
            )
            assert client.record_usage(input=use) == client.record_usage(input=use)
    with story.kept_server(tmp_path, clock=NEXT_DAY) as server, story.client_of(server) as client:
        day = story.until(
            lambda: next(
                (e.node for e in client.list_reconciliations().edges if e.node.day == used_at), None
            )
        )

    (item,) = day.line_items
    assert (item.plugin_id, item.quantity) == ("plg_metered", 7)
    assert item.amount.value == Decimal("1.75")
    assert day.is_balanced, day.drifts
    proved(f"7 uses at {item.unit_price.value} came to {item.amount.value}; no drift the next day")
