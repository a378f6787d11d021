"""A paid order into its invoice: signed PDFs and a bill of materials in the audit lake."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.database.rows import tenant_name
from intelgraph_server.documents.sbom import bill_of_materials
from intelgraph_server.lake import store as lake
from intelgraph_server.texts import LOCALES, texts

from . import store
from .model import Invoice

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.jobs.store import Job
    from intelgraph_server.jobs.worker import Shift
    from intelgraph_server.services import Services

    from .model import Order

PDF_TYPE: Final = "application/pdf"
SBOM_TYPE: Final = "application/vnd.cyclonedx+json"


def document_name(invoice_id: str, document: str, locale: str) -> str:
    """The name in the lake; the English PDF is the one that `Invoice.uri` names."""
    if document == "SBOM":
        return f"invoices/{invoice_id}.cdx.json"
    return f"invoices/{invoice_id}{'' if locale == 'en' else f'.{locale}'}.pdf"


def issue(job: Job, shift: Shift) -> None:
    """The job that follows a payment. However often it runs, an order has one invoice."""
    tenant_id, order_id = job.tenant_id or "", job.payload["order_id"]
    with shift.database.reading() as connection:
        order = store.ORDERS.one(connection, tenant_id, order_id=order_id)
        if order is None or order.invoice_uri is not None or order.paid_at is None:
            return
        number = f"inv_{order_id}"
        invoice = Invoice(
            id=number,
            created_at=order.paid_at,
            amount=order.price_usd,
            currency="USD",
            amount_usd=order.price_usd,
            uri=f"lake://{tenant_id}/{document_name(number, 'PDF', 'en')}",
            plugin_id=order.plugin_id,
        )
        documents = _documents(connection, shift.services, tenant_id, invoice, order)
    with shift.database.writing() as connection:
        _keep(connection, shift.services, tenant_id, documents, shift.now)
        store.INVOICES.add(connection, tenant_id, invoice)
        changed = {"invoice_uri": invoice.uri}
        store.ORDERS.change(connection, tenant_id, changed, order_id=order_id)


def make_up(
    connection: Connection, services: Services, tenant_id: str, invoice: Invoice, now: datetime
) -> None:
    """The documents of an invoice that came without any, as those of the demonstration do."""
    order = store.ORDERS.one(connection, tenant_id, invoice_uri=invoice.uri)
    documents = _documents(connection, services, tenant_id, invoice, order)
    _keep(connection, services, tenant_id, documents, now)


def _documents(
    connection: Connection,
    services: Services,
    tenant_id: str,
    invoice: Invoice,
    order: Order | None,
) -> list[dict[str, Any]]:
    """Names, contents and media types, as the lake takes them."""
    from intelgraph_server.documents import pdf, sign  # noqa: PLC0415

    made: list[dict[str, Any]] = []
    values: dict[str, Any] = {
        "at": invoice.created_at,
        "issued": invoice.created_at.date(),
        "number": invoice.id,
        "customer": tenant_name(connection, tenant_id) or tenant_id,
        "amount": invoice.amount,
        "currency": invoice.currency,
    }
    values |= {"order": "", "item": "—", "version": "—", "artifact": "", "sbom": ""}
    release = order and store.release(connection, order.plugin_id, order.plugin_version)
    if order and release:
        bill = bill_of_materials(
            release.contents,
            invoice.created_at,
            ref=f"{release.plugin_id}@{release.version}",
            name=release.name,
            version=release.version,
            digest=release.artifact_sha256,
        )
        name = document_name(invoice.id, "SBOM", "en")
        made.append({"name": name, "content": bill, "media_type": SBOM_TYPE})
        values |= {"order": order.order_id, "item": release.name, "version": release.version}
        values |= {"artifact": release.artifact_sha256, "sbom": sha256(bill).hexdigest()}
    for locale in LOCALES:
        reason = texts(locale).say("invoice-reason", number=invoice.id)
        document = pdf.render("invoice", values, locale=locale)
        signed = sign.sign_pdf(document, services.identity, reason=reason, at=invoice.created_at)
        name = document_name(invoice.id, "PDF", locale)
        made.append({"name": name, "content": signed, "media_type": PDF_TYPE})
    return made


def _keep(
    connection: Connection,
    services: Services,
    tenant_id: str,
    documents: list[dict[str, Any]],
    now: datetime,
) -> None:
    for document in documents:
        # What somebody was quicker to write stays.
        with suppress(lake.NameTakenError):
            lake.keep(connection, services.lake, tenant_id=tenant_id, now=now, **document)
