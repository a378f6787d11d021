"""A paid order into its invoice: signed PDFs and a bill of materials in the audit lake."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from intelgraph_server import lake
from intelgraph_server.database.rows import tenant_name
from intelgraph_server.documents.sbom import bill_of_materials
from intelgraph_server.texts import LOCALES, texts

from . import store
from .model import Invoice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.jobs import Job, Shift
    from intelgraph_server.services import Services

    from .model import Order


def document_name(invoice_id: str, document: str, locale: str) -> str:
    """The name in the lake; the English PDF is the one that `Invoice.uri` names."""
    of_locale = "pdf" if locale == "en" else f"{locale}.pdf"
    return f"invoices/{invoice_id}.{'cdx.json' if document == 'SBOM' else of_locale}"


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
        documents = [*_documents(connection, shift.services, tenant_id, invoice, order)]
    with shift.database.writing() as connection:
        _keep(connection, shift.services, tenant_id, documents, shift.now)
        store.INVOICES.add(connection, tenant_id, invoice)
        store.ORDERS.change(connection, tenant_id, {"invoice_uri": invoice.uri}, order_id=order_id)


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
) -> Iterator[dict[str, Any]]:
    """Names, contents and media types, as the lake takes them."""
    from intelgraph_server.documents import pdf, sign  # noqa: PLC0415

    at = invoice.created_at
    values = asdict(invoice) | {"at": at, "issued": at.date(), "number": invoice.id}
    values |= {"customer": tenant_name(connection, tenant_id) or tenant_id}
    values |= {"order": "", "item": "—", "version": "—", "artifact": "", "sbom": ""}
    release = order and store.release(connection, order.plugin_id, order.plugin_version)
    if order and release:
        ref, digest = f"{release.plugin_id}@{release.version}", release.artifact_sha256
        named = {"ref": ref, "name": release.name, "version": release.version, "digest": digest}
        bill = bill_of_materials(release.contents, at, **named)
        values |= {"order": order.id, "item": release.name, "version": release.version}
        values |= {"artifact": digest, "sbom": sha256(bill).hexdigest()}
        name = document_name(invoice.id, "SBOM", "en")
        yield {"name": name, "content": bill, "media_type": "application/vnd.cyclonedx+json"}
    for locale in LOCALES:
        reason = texts(locale).say("invoice-reason", number=invoice.id)
        document = pdf.render("invoice", values, locale=locale)
        signed = sign.sign_pdf(document, services.identity, reason=reason, at=at)
        name = document_name(invoice.id, "PDF", locale)
        yield {"name": name, "content": signed, "media_type": "application/pdf"}


def _keep(
    connection: Connection,
    services: Services,
    tenant_id: str,
    documents: Iterable[dict[str, Any]],
    now: datetime,
) -> None:
    for document in documents:
        # What somebody was quicker to write stays.
        with suppress(lake.NameTakenError):
            lake.keep(connection, services.lake, tenant_id=tenant_id, now=now, **document)
