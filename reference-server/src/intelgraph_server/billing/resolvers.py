"""The GraphQL edge of billing."""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from intelgraph_server import jobs, lake
from intelgraph_server.controls import SwitchName
from intelgraph_server.engine.errors import DomainError
from intelgraph_server.engine.pagination import Connection, ListKind
from intelgraph_server.engine.switches import require
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.texts import LOCALES

from . import books, invoices, rules, sbom, store
from .model import (
    Invoice,
    Money,
    Order,
    OrderStatus,
    Plugin,
    PluginRelease,
    Reconciliation,
    UsageEvent,
)
from .payments import PaymentRefusedError, ProviderAwayError
from .settle import move

if TYPE_CHECKING:
    from intelgraph_server.engine.context import Context

INVOICE_LIST: Final[ListKind[Invoice]] = ListKind("invoices", store.NEWEST_FIRST)
PLUGIN_LIST: Final[ListKind[Plugin]] = ListKind("plugins", store.BY_NAME)
ORDER_LIST: Final[ListKind[Order]] = ListKind("orders", books.NEWEST_FIRST)
RECONCILIATION_LIST: Final[ListKind[Reconciliation]] = ListKind(
    "reconciliations", books.NEWEST_DAY_FIRST
)
LONGEST_NAME: Final = 100
LONGEST_SUMMARY: Final = 500
MOST_UNITS: Final = 1_000_000


def resolve_invoices(_source: None, context: Context) -> list[Invoice]:
    invoices = store.invoices(context.connection, context.tenant_id)
    context.loaders.expect("plugin", (i.plugin_id for i in invoices if i.plugin_id))
    return invoices


def resolve_invoice_history(
    _source: None, context: Context, first: int, after: str | None = None
) -> Connection[Invoice]:
    page = INVOICE_LIST.page(first, after)
    part = store.invoice_page(context.connection, context.tenant_id, page)
    context.loaders.expect("plugin", (i.plugin_id for i in part.items if i.plugin_id))
    return Connection(INVOICE_LIST, page, part)


def resolve_invoice_plugin(invoice: Invoice, context: Context) -> Plugin | None:
    return None if invoice.plugin_id is None else resolve_plugin(None, context, invoice.plugin_id)


def resolve_plugin(_source: None, context: Context, id_: str) -> Plugin | None:
    return context.loaders.load(
        "plugin", "by id", id_, lambda ids: store.plugins_by_id(context.connection, ids)
    )


def resolve_plugins(
    _source: None, context: Context, first: int, after: str | None = None
) -> Connection[Plugin]:
    page = PLUGIN_LIST.page(first, after)
    return Connection(PLUGIN_LIST, page, store.plugin_page(context.connection, page))


def resolve_orders(
    _source: None, context: Context, first: int, after: str | None = None
) -> Connection[Order]:
    page = ORDER_LIST.page(first, after)
    part = books.order_page(context.connection, context.tenant_id, page)
    return Connection(ORDER_LIST, page, part)


def resolve_order(_source: None, context: Context, id_: str) -> Order | None:
    known = rules.order_id(id_)
    if known is None:
        return None
    return books.order_by_id(context.connection, context.tenant_id, known)


def resolve_order_invoice(order: Order, context: Context) -> Invoice | None:
    if order.invoice_uri is None:
        return None
    return store.invoice_by_uri(context.connection, order.tenant_id, order.invoice_uri)


def resolve_reconciliations(
    _source: None, context: Context, first: int, after: str | None = None
) -> Connection[Reconciliation]:
    page = RECONCILIATION_LIST.page(first, after)
    part = books.reconciliation_page(context.connection, context.tenant_id, page)
    return Connection(RECONCILIATION_LIST, page, part)


def resolve_register_plugin(
    _source: None, context: Context, input_: dict[str, Any]
) -> PluginRelease:
    artifact = _artifact(input_["artifact"])
    price, unit_price = input_["price_usd"], input_.get("unit_price_usd")
    _check_release(input_, price, unit_price)
    wanted = PluginRelease(
        **{name: input_[name] for name in ("plugin_id", "version", "publisher", "kind")},
        name=input_["name"].strip(),
        summary=input_["summary"].strip(),
        price=Money(price),
        unit_price=None if unit_price is None else Money(unit_price),
        artifact_sha256=sha256(artifact).hexdigest(),
        contents=_contents(artifact),
        registered_at=context.now,
        published_at=None,
    )
    _check_tenant(context)
    claimed = store.claim_plugin(
        context.connection, context.tenant_id, wanted.plugin_id, wanted.name
    )
    if claimed is not None and claimed[0] != context.tenant_id:
        raise DomainError(ErrorCode.FORBIDDEN, "The plugin belongs to another tenant.")
    if claimed is None or claimed[1] != wanted.name:
        raise DomainError(ErrorCode.CONFLICT, "A plugin keeps its name, and no two have the same.")
    if store.add_release(context.connection, wanted):
        context.services.lake.put(artifact)
        _record(context, "plugin.register", f"{wanted.plugin_id}@{wanted.version}")
        return wanted
    there = store.release(context.connection, wanted.plugin_id, wanted.version)
    as_before = there and replace(
        wanted, registered_at=there.registered_at, published_at=there.published_at
    )
    if there is None or there != as_before:
        raise DomainError(ErrorCode.CONFLICT, "This version is registered, and is another release.")
    return there


def resolve_publish_plugin(
    _source: None, context: Context, plugin_id: str, version: str
) -> Plugin | None:
    release = store.release(context.connection, plugin_id, version)
    if release is None:
        raise _bad_input("There is no such release; register it first.")
    if store.owner_of(context.connection, plugin_id) != context.tenant_id:
        raise DomainError(ErrorCode.FORBIDDEN, "The plugin belongs to another tenant.")
    if store.offered_release(context.connection, plugin_id) != release:
        store.publish(context.connection, release, context.now)
        _record(context, "plugin.publish", f"{plugin_id}@{version}")
    return store.plugins_by_id(context.connection, [plugin_id])[plugin_id]


def resolve_create_checkout(_source: None, context: Context, plugin_id: str) -> str:
    require(context, SwitchName.CHECKOUT)
    context.services.limiter.spend(context.tenant_id, "checkoutsPerMinute")
    _check_tenant(context)
    release = store.offered_release(context.connection, plugin_id)
    if release is None:
        raise _bad_input("No plugin of this id is on offer.")
    cents = rules.cents(release.price.value)
    if cents is None:
        raise DomainError(
            ErrorCode.CONFLICT, "The plugin's price has a fraction of a cent, which nobody can pay."
        )
    order = Order(
        id=str(uuid4()),
        tenant_id=context.tenant_id,
        plugin_id=plugin_id,
        plugin_version=release.version,
        price=release.price,
        state=OrderStatus.CREATED,
        session=None,
        invoice_uri=None,
        created_at=context.now,
        paid_at=None,
    )
    try:
        checkout = context.services.payments.open_checkout(order, cents, release.name)
    except (PaymentRefusedError, ProviderAwayError):
        context.services.metrics.payments.labels("failed").inc()
        raise
    books.add_order(context.connection, replace(order, session=checkout.id))
    return checkout.url


def resolve_refund_order(_source: None, context: Context, id_: str) -> Order | None:
    order = _own_order(context, id_)
    if order.state is OrderStatus.REFUNDED:
        return order
    if order.state is not OrderStatus.PAID:
        raise DomainError(ErrorCode.CONFLICT, "The order is not paid, so nothing is paid back.")
    return _ask_provider(context, order, OrderStatus.REFUNDED)


def resolve_void_order(_source: None, context: Context, id_: str) -> Order | None:
    order = _own_order(context, id_)
    if order.state is OrderStatus.VOID:
        return order
    if order.state is not OrderStatus.CREATED:
        raise DomainError(ErrorCode.CONFLICT, "The order was paid; refund it instead.")
    return _ask_provider(context, order, OrderStatus.VOID)


def resolve_record_usage(_source: None, context: Context, input_: dict[str, Any]) -> UsageEvent:
    connection, tenant_id = context.connection, context.tenant_id
    if not rules.is_usage_id(input_["id"]):
        raise _bad_input(
            "An id has up to 64 letters, digits, `.`, `_` and `-`,"
            " and begins with a letter or a digit."
        )
    if not 1 <= input_["quantity"] <= MOST_UNITS or input_["used_at"] > context.now:
        raise _bad_input(f"A use is of 1 to {MOST_UNITS} units, and not in the future.")
    there = books.usage_by_id(connection, tenant_id, input_["id"])
    if there is None:
        order = books.last_paid_order(connection, tenant_id, input_["plugin_id"])
        if order is None:
            raise DomainError(ErrorCode.CONFLICT, "The tenant has no paid order for this plugin.")
        event = UsageEvent(**input_, recorded_at=context.now, order_id=order.id)
        if books.record_usage(connection, tenant_id, event):
            release = store.release(connection, order.plugin_id, order.plugin_version)
            unit_price = release and release.unit_price
            amount = event.quantity * (unit_price.value if unit_price else Decimal(0))
            now = context.now
            books.book(connection, order, "usage", subject=event.id, amount=amount, now=now)
        there = books.usage_by_id(connection, tenant_id, input_["id"])
    if there is None or any(getattr(there, name) != value for name, value in input_.items()):
        raise DomainError(ErrorCode.CONFLICT, "The id stands for another use.")
    return there


def resolve_download_invoice(
    _source: None, context: Context, id_: str, document: str, locale: str
) -> str:
    invoice = store.invoice_by_id(context.connection, context.tenant_id, id_)
    if invoice is None or locale not in LOCALES:
        raise _bad_input(f"No such invoice, or a language that is not of {', '.join(LOCALES)}.")
    name = invoices.document_name(invoice.id, document, locale)
    if lake.find(context.connection, context.tenant_id, name) is None:
        invoices.make_up(
            context.connection, context.services, context.tenant_id, invoice, context.now
        )
        if lake.find(context.connection, context.tenant_id, name) is None:
            raise _bad_input("The invoice is for no plugin, so it has no bill of materials.")
    return context.services.links.issue(context.tenant_id, name)


def _ask_provider(context: Context, order: Order, target: OrderStatus) -> Order | None:
    """Has the provider close or pay back; what it agreed to at once is written at once."""
    payments = context.services.payments
    if order.session is None:
        raise DomainError(ErrorCode.CONFLICT, "The payment provider does not know this order.")
    try:
        if target is OrderStatus.VOID:
            payments.expire(order.session)
            is_done = True
        else:
            is_done = payments.refund(order)
    except PaymentRefusedError as error:
        raise DomainError(ErrorCode.CONFLICT, str(error)) from None
    if is_done:
        move(context.connection, context.services, order, target, context.now)
    # The provider tells of it too. Should that be lost, it is asked.
    jobs.enqueue(context.connection, "billing.replay", run_at=context.now)
    _record(context, f"order.{target}", order.id)
    return books.order_by_id(context.connection, order.tenant_id, order.id)


def _own_order(context: Context, order_id: str) -> Order:
    known = rules.order_id(order_id)
    order = None if known is None else books.lock_order(context.connection, known)
    if order is None or order.tenant_id != context.tenant_id:
        raise _bad_input("There is no such order.")
    return order


def _artifact(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _bad_input("The artefact is not base64.") from None


def _contents(artifact: bytes) -> dict[str, Any]:
    try:
        return sbom.contents(artifact)
    except sbom.ArtifactError as error:
        raise _bad_input(str(error)) from None


def _check_release(input_: dict[str, Any], price: Decimal, unit_price: Decimal | None) -> None:
    problem = rules.problem_of_release(
        input_["plugin_id"], input_["version"], price, unit_price or Decimal(0)
    )
    if problem is not None:
        raise _bad_input(problem)
    for name, most in (
        ("name", LONGEST_NAME),
        ("publisher", LONGEST_NAME),
        ("summary", LONGEST_SUMMARY),
    ):
        if not 0 < len(input_[name].strip()) <= most:
            raise _bad_input(f"The {name} has from 1 to {most} characters.")


def _check_tenant(context: Context) -> None:
    if store.tenant_name(context.connection, context.tenant_id) is None:
        raise DomainError(ErrorCode.FORBIDDEN, "The token's tenant is not one of this server's.")


def _record(context: Context, action: str, subject: str) -> None:
    context.record(action, subject)


def _bad_input(message: str) -> DomainError:
    return DomainError(ErrorCode.BAD_USER_INPUT, message)
