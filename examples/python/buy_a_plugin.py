"""Buys a plugin in test mode: checkout, payment page, invoice, and the invoice's documents.

INTELGRAPH_URL and INTELGRAPH_API_KEY say where and as whom. A person would press the button of
the payment page; here the program does.
"""

from __future__ import annotations

import json
import time
import urllib.request

from intelgraph import IntelGraph
from intelgraph.generated.enums import InvoiceDocument, OrderStatus

PATIENCE = 30.0  # Seconds.


def main() -> None:
    with IntelGraph() as client:
        plugin = client.get_plugin(id="plg_geo_enrichment")
        assert plugin is not None
        page = client.create_checkout(plugin_id=plugin.id)
        orders = [edge.node for edge in client.list_orders().edges]
        order = next(order for order in orders if order.status == OrderStatus.CREATED)
        print(f"order    {plugin.name} for {order.price.value} {order.price.currency}")
        print(f"pay at   {page}")

        urllib.request.urlopen(page, data=b"", timeout=PATIENCE).close()  # noqa: S310

        invoice = None
        ends = time.monotonic() + PATIENCE
        while invoice is None and time.monotonic() < ends:
            time.sleep(0.1)
            paid = client.get_order(id=order.id)
            invoice = paid.invoice if paid else None
        assert invoice is not None, "the invoice did not come"
        print(f"invoice  {invoice.uri}")

        pdf = fetch(client.download_invoice(id=invoice.id))
        link = client.download_invoice(id=invoice.id, document=InvoiceDocument.SBOM)
        sbom = json.loads(fetch(link))
        print(f"signed   {len(pdf) // 1024} KiB of PDF, and a bill of materials in"
              f" {sbom['bomFormat']} {sbom['specVersion']}")  # fmt: skip


def fetch(link: str) -> bytes:
    with urllib.request.urlopen(link, timeout=PATIENCE) as reply:  # noqa: S310
        return bytes(reply.read())


if __name__ == "__main__":
    main()
