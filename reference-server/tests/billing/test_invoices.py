"""A paid order has one invoice: a PDF that verifies without us, and a bill of materials."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from pikepdf import Pdf

from intelgraph_server import jobs
from intelgraph_server.database.tables import INVOICES, JOBS, LAKE_OBJECTS
from intelgraph_server.documents.sign import verify_pdf
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    Shop = Any

DOWNLOAD = """mutation($id:ID!,$document:InvoiceDocument!=PDF,$locale:String!="en"){
  downloadInvoice(id:$id,document:$document,locale:$locale)}"""
ORDER = "query($id:ID!){order(id:$id){status invoice{id amount{value} plugin{id} uri}}}"


async def invoice_of(shop: Shop, order_id: str) -> Any:
    return (await shop.ask(ORDER, id=order_id))["data"]["order"]["invoice"]


async def download(shop: Shop, invoice_id: str, **more: str) -> bytes:
    url = (await shop.ask(DOWNLOAD, id=invoice_id, **more))["data"]["downloadInvoice"]
    reply = await shop.http.get(url)
    assert reply.status_code == 200
    return bytes(reply.content)


async def verifies(shop: Shop, document: bytes) -> bool:
    """Whether the document is as it was signed, by what the issuer gives to everybody."""
    root = shop.demo.server.services.identity.root_pem
    # In a thread of its own, because the verification runs a loop of its own.
    return (await anyio.to_thread.run_sync(verify_pdf, document, root)).is_valid


def new_invoices(shop: Shop) -> int:
    return sum(row["id"].startswith("inv_acme") is False for row in shop.rows(INVOICES)) - 3


async def test_a_payment_is_followed_by_its_invoice(shop: Shop) -> None:
    order_id = await shop.bought()

    await shop.work()

    assert await invoice_of(shop, order_id) == {
        "id": f"inv_{order_id}",
        "amount": {"value": "199.00"},
        "plugin": {"id": "plg_ship_tracker"},
        "uri": f"lake://acme/invoices/inv_{order_id}.pdf",
    }


async def test_the_invoice_verifies_offline_and_a_flipped_byte_does_not(shop: Shop) -> None:
    order_id = await shop.bought()
    await shop.work()

    document = await download(shop, f"inv_{order_id}")

    assert await verifies(shop, document)
    place = document.index(b"stream") + 20
    flipped = document[:place] + bytes([document[place] ^ 1]) + document[place + 1 :]
    assert not await verifies(shop, flipped)


async def test_the_invoice_is_there_in_both_languages(shop: Shop) -> None:
    order_id = await shop.bought()
    await shop.work()

    languages = []
    for locale in ("en", "es"):
        document = await download(shop, f"inv_{order_id}", locale=locale)
        with Pdf.open(BytesIO(document)) as opened:
            languages.append((str(opened.Root.Lang), str(opened.docinfo["/Title"])))

    assert languages == [("en", "Invoice"), ("es", "Factura")]


async def test_the_bill_of_materials_is_valid_and_names_the_artefact(shop: Shop) -> None:
    release = await shop.offer()
    order_id = await shop.bought("plg_radar")
    await shop.work()

    content = (await download(shop, f"inv_{order_id}", document="SBOM")).decode()

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(content) is None
    bill = json.loads(content)
    component = bill["metadata"]["component"]
    assert (component["name"], component["version"]) == ("Radar", "1.0.0")
    assert component["hashes"] == [{"alg": "SHA-256", "content": release["artifactSha256"]}]
    assert [one["purl"] for one in bill["components"]] == ["pkg:pypi/httpx"]


async def test_an_invoice_is_issued_once_however_often_its_job_runs(shop: Shop) -> None:
    order_id = await shop.bought()
    await shop.work()
    before = {row["name"]: row["sha256"] for row in shop.rows(LAKE_OBJECTS)}

    with shop.demo.server.database.writing() as connection:
        for _ in range(2):
            jobs.enqueue(
                connection,
                "billing.invoice",
                run_at=DEFAULT_CLOCK,
                tenant_id="acme",
                payload={"order_id": order_id},
            )
    assert await shop.work() == 2

    assert new_invoices(shop) == 1
    assert {row["name"]: row["sha256"] for row in shop.rows(LAKE_OBJECTS)} == before
    assert {row["error"] for row in shop.rows(JOBS)} == {None}


async def test_a_lake_that_is_away_delays_the_invoice_and_not_the_payment(
    shop: Shop, away: str
) -> None:
    order_id = await shop.bought()

    await shop.work(settings=replace(shop.settings, lake_url=away))

    assert await shop.status(order_id) == "PAID"
    assert await invoice_of(shop, order_id) is None
    job = next(row for row in shop.rows(JOBS) if row["kind"] == "billing.invoice")
    assert (job["ended_at"], job["error"]) == (None, "LakeAwayError")
    await shop.work(after=timedelta(minutes=1))
    assert await invoice_of(shop, order_id) is not None


async def test_an_order_that_is_not_paid_has_no_invoice(shop: Shop) -> None:
    order_id, _ = await shop.order()

    with shop.demo.server.database.writing() as connection:
        jobs.enqueue(
            connection,
            "billing.invoice",
            run_at=DEFAULT_CLOCK,
            tenant_id="acme",
            payload={"order_id": order_id},
        )
    await shop.work()

    assert await invoice_of(shop, order_id) is None
    assert new_invoices(shop) == 0


async def test_an_invoice_of_another_tenant_cannot_be_fetched(shop: Shop) -> None:
    order_id = await shop.bought()
    await shop.work()

    for tenant in ("globex", "initech"):
        code = await shop.code(DOWNLOAD, id=f"inv_{order_id}", tenant=tenant)
        assert code == "BAD_USER_INPUT"
    assert await shop.code(DOWNLOAD, id=f"inv_{order_id}", locale="fr") == "BAD_USER_INPUT"


async def test_a_seeded_invoice_gets_its_documents_when_they_are_first_asked_for(
    shop: Shop,
) -> None:
    first = await download(shop, "inv_acme_0014")
    again = await download(shop, "inv_acme_0014")
    bill = json.loads(await download(shop, "inv_acme_0014", document="SBOM"))

    assert first == again
    assert await verifies(shop, first)
    names = {row["name"]: row["sha256"] for row in shop.rows(LAKE_OBJECTS)}
    assert names["invoices/inv_acme_0014.pdf"] == hashlib.sha256(first).hexdigest()
    assert [one["name"] for one in bill["components"]] == ["httpx"]


async def test_an_invoice_that_is_for_no_plugin_has_no_bill_of_materials(shop: Shop) -> None:
    assert await download(shop, "inv_acme_0003")
    assert await shop.code(DOWNLOAD, id="inv_acme_0003", document="SBOM") == "BAD_USER_INPUT"
