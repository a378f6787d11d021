"""A paid order into its invoice: signed PDFs and a bill of materials in the audit lake."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server import lake
from intelgraph_server.texts import LOCALES, texts

from . import books, store
from .model import Invoice
from .sbom import bill_of_materials

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.jobs import Job, Shift
    from intelgraph_server.services import Services

    from .model import Order, PluginRelease

    Documents = Mapping[str, tuple[bytes, str]]  # Content and media type by the document's name.

SBOM_TYPE: Final = "application/vnd.cyclonedx+json"


def document_name(invoice_id: str, document: str, locale: str) -> str:
    """The name in the lake; the English PDF is the one that `Invoice.uri` names."""
    if document == "SBOM":
        return f"invoices/{invoice_id}.cdx.json"
    return f"invoices/{invoice_id}{'' if locale == 'en' else f'.{locale}'}.pdf"


def issue(job: Job, shift: Shift) -> None:
    """The job that follows a payment. However often it runs, an order has one invoice."""
    with shift.database.reading() as connection:
        order = books.order_by_id(connection, job.tenant_id or "", job.payload["order_id"])
        if order is None or order.invoice_uri is not None or order.paid_at is None:
            return
        release = store.release(connection, order.plugin_id, order.plugin_version)
        customer = store.tenant_name(connection, order.tenant_id) or order.tenant_id
    number = f"inv_{order.id}"
    invoice = Invoice(
        id=number,
        created_at=order.paid_at,
        amount=order.price,
        exact_usd=order.price.value,
        uri=f"lake://{order.tenant_id}/{document_name(number, 'PDF', 'en')}",
        plugin_id=order.plugin_id,
    )
    documents = _documents(shift.services, invoice, order, release, customer)
    with shift.database.writing() as connection:
        # Of two that run at once the second finds the invoice there, and is undone.
        _keep(connection, shift.services, order.tenant_id, documents, shift.now)
        store.add_invoice(connection, order.tenant_id, invoice)
        books.set_invoice(connection, order, invoice.uri)


def make_up(
    connection: Connection, services: Services, tenant_id: str, invoice: Invoice, now: datetime
) -> None:
    """The documents of an invoice that came without any, as those of the demonstration do."""
    order = books.order_of_invoice(connection, tenant_id, invoice.uri)
    release = None
    if order is not None:
        release = store.release(connection, order.plugin_id, order.plugin_version)
    customer = store.tenant_name(connection, tenant_id) or tenant_id
    documents = _documents(services, invoice, order, release, customer)
    _keep(connection, services, tenant_id, documents, now)


def _documents(
    services: Services,
    invoice: Invoice,
    order: Order | None,
    release: PluginRelease | None,
    customer: str,
) -> Documents:
    from intelgraph_server.documents import pdf, sign  # noqa: PLC0415

    bill = None if release is None else bill_of_materials(release, invoice.created_at)
    values: dict[str, Any] = {
        "at": invoice.created_at,
        "issued": invoice.created_at.date(),
        "number": invoice.id,
        "customer": customer,
        "order": "" if order is None else order.id,
        "item": "—" if release is None else release.name,
        "version": "—" if release is None else release.version,
        "amount": invoice.amount.value,
        "currency": invoice.amount.currency,
        "artifact": "" if release is None else release.artifact_sha256,
        "sbom": "" if bill is None else sha256(bill).hexdigest(),
    }
    made: dict[str, tuple[bytes, str]] = {}
    for locale in LOCALES:
        reason = texts(locale).say("invoice-reason", number=invoice.id)
        document = pdf.render("invoice", values, locale=locale)
        signed = sign.sign_pdf(document, services.identity, reason=reason, at=invoice.created_at)
        made[document_name(invoice.id, "PDF", locale)] = signed, "application/pdf"
    if bill is not None:
        made[document_name(invoice.id, "SBOM", "en")] = bill, SBOM_TYPE
    return made


def _keep(
    connection: Connection,
    services: Services,
    tenant_id: str,
    documents: Documents,
    now: datetime,
) -> None:
    for name, (content, media_type) in documents.items():
        # What somebody was quicker to write stays.
        with suppress(lake.NameTakenError):
            lake.keep(
                connection,
                services.lake,
                tenant_id=tenant_id,
                name=name,
                content=content,
                media_type=media_type,
                now=now,
            )
