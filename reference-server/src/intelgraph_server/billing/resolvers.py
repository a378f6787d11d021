"""The GraphQL edge of billing."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server import jobs, lake
from intelgraph_server.documents import sbom
from intelgraph_server.engine.errors import DomainError, bad_input, conflict
from intelgraph_server.engine.ids import NO_ID, is_id
from intelgraph_server.engine.pagination import listed
from intelgraph_server.engine.switches import require
from intelgraph_server.generated.enums import SwitchName
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.payments.provider import Payments
from intelgraph_server.texts import LOCALES

from . import invoices, rules, store
from .books import move
from .model import Drift, Invoice, Money, Order, OrderStatus, Plugin, PluginRelease, UsageLineItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from intelgraph_server.engine.context import Context

    from .model import Reconciliation, UsageEvent

MOST_UNITS: Final = 1_000_000
# What an order must be to end so, what is said of one that is not, and how the provider is asked.
_ENDINGS: Final = {
    OrderStatus.REFUNDED: (
        OrderStatus.PAID,
        "is not paid, so nothing is paid back",
        Payments.refund,
    ),
    OrderStatus.VOID: (OrderStatus.CREATED, "was paid; refund it instead", Payments.expire),
}


def _money(name: str) -> Callable[[object, Context], Money | None]:
    """The resolver of an amount, in dollars unless its object says another currency."""

    def resolve(source: object, _context: Context) -> Money | None:
        amount, currency = getattr(source, name), getattr(source, "currency", "USD")
        return None if amount is None else Money(Decimal(amount), currency)

    return resolve


resolve_plugin_price = _money("price")
resolve_invoice_amount = resolve_usage_line_item_amount = _money("amount")
resolve_order_price = resolve_plugin_release_price = _money("price_usd")
resolve_plugin_release_unit_price = _money("unit_price_usd")
resolve_usage_line_item_unit_price = _money("unit_price")
resolve_drift_expected = _money("expected")
resolve_drift_found = _money("found")

resolve_plugins = listed("plugins", store.PLUGINS)
resolve_orders = listed("orders", store.ORDERS)
resolve_reconciliations = listed("reconciliations", store.RECONCILIATIONS)
resolve_invoice_history = listed("invoices", store.INVOICES, plugin="plugin_id")


def resolve_invoices(_source: None, context: Context) -> list[Invoice]:
    invoices = store.INVOICES.all(context.connection, context.tenant_id)
    context.loaders.expect("plugin", (i.plugin_id for i in invoices if i.plugin_id))
    return invoices


def resolve_invoice_plugin(invoice: Invoice, context: Context) -> Plugin | None:
    return None if invoice.plugin_id is None else resolve_plugin(None, context, invoice.plugin_id)


def resolve_plugin(_source: None, context: Context, id_: str) -> Plugin | None:
    own = partial(store.PLUGINS.by, context.connection, context.tenant_id, "id")
    return next(iter(context.loaders.load("plugin", "by id", id_, own)), None)


def resolve_order(_source: None, context: Context, id_: str) -> Order | None:
    order_id = rules.order_id(id_)
    return store.ORDERS.one(context.connection, context.tenant_id, order_id=order_id)


def resolve_order_status(order: Order, _context: Context) -> str:
    return order.status.upper()


def resolve_order_invoice(order: Order, context: Context) -> Invoice | None:
    return store.INVOICES.one(context.connection, order.tenant_id, uri=order.invoice_uri)


def resolve_reconciliation_line_items(found: Reconciliation, _: Context) -> list[UsageLineItem]:
    return [UsageLineItem(**item) for item in found.line_items]


def resolve_reconciliation_drifts(found: Reconciliation, _: Context) -> list[Drift]:
    return [Drift(**drift) for drift in found.drifts]


def resolve_register_plugin(
    _source: None, context: Context, input_: dict[str, Any]
) -> PluginRelease:
    connection, given = context.connection, dict(input_)
    try:
        artifact = b64decode(given.pop("artifact"), validate=True)
        contents = sbom.contents(artifact)
    except sbom.ArtifactError as error:
        raise bad_input(str(error)) from None
    except ValueError:
        raise bad_input("The artefact is not base64.") from None
    for problem in rules.problems(given):
        raise bad_input(problem)
    context.require_tenant()
    wanted = PluginRelease(
        **given | {name: given[name].strip() for name in ("name", "summary")},
        tenant_id=context.tenant_id,
        artifact_sha256=sha256(artifact).hexdigest(),
        contents=contents,
        registered_at=context.now,
    )
    owner = store.claim(connection, wanted)
    if owner and owner[0] != wanted.tenant_id:
        raise DomainError(ErrorCode.FORBIDDEN, "The plugin belongs to another tenant.")
    if owner != (wanted.tenant_id, wanted.name):
        raise conflict("A plugin keeps its name, and no two have the same.")
    if store.add_release(connection, wanted):
        context.services.lake.put(artifact)
        context.record("plugin.register", f"{wanted.plugin_id}@{wanted.version}")
    there = store.release(connection, wanted.plugin_id, wanted.version)
    if there is None or replace(there, registered_at=context.now, published_at=None) != wanted:
        raise conflict("This version is registered, and is another release.")
    return there


def resolve_publish_plugin(
    _source: None, context: Context, plugin_id: str, version: str
) -> Plugin | None:
    release = store.release(context.connection, plugin_id, version)
    if release is None:
        raise bad_input("There is no such release; register it first.")
    if release.tenant_id != context.tenant_id:
        raise DomainError(ErrorCode.FORBIDDEN, "The plugin belongs to another tenant.")
    if store.release(context.connection, plugin_id) != release:
        store.publish(context.connection, release, context.now)
        context.record("plugin.publish", f"{plugin_id}@{version}")
    return store.PLUGINS.one(context.connection, context.tenant_id, id=plugin_id)


def resolve_create_checkout(_source: None, context: Context, plugin_id: str) -> str:
    require(context, SwitchName.CHECKOUT)
    context.services.limiter.spend(context.tenant_id, "checkoutsPerMinute")
    context.require_tenant()
    release = store.release(context.connection, plugin_id)
    if release is None:
        raise bad_input("No plugin of this id is on offer.")
    cents = rules.cents(release.price_usd)
    if cents is None:
        raise conflict("The plugin's price has a fraction of a cent, which nobody can pay.")
    order_id, payments = _new_order_id(context), context.services.payments
    try:
        session, url = payments.open_checkout(order_id, context.tenant_id, cents, release.name)
    except (DomainError, ConnectionError):
        context.services.metrics.payments.labels("failed").inc()
        raise
    order = Order(
        order_id=order_id,
        tenant_id=context.tenant_id,
        plugin_id=plugin_id,
        plugin_version=release.version,
        price_usd=release.price_usd,
        stripe_session=session,
        created_at=context.now,
    )
    store.ORDERS.add(context.connection, context.tenant_id, order)
    return url


def _new_order_id(context: Context) -> str:
    # Should the server die before it commits, the repetition finds the page that was opened: the
    # provider knows it by the order's id. A key that is used anew after a day makes another order.
    ids = iter(context.new_id, None)
    return next(i for i in ids if store.ORDERS.one(*context.own, order_id=i) is None)


def resolve_refund_order(_source: None, context: Context, id_: str) -> Order:
    return _ended(context, id_, OrderStatus.REFUNDED)


def resolve_void_order(_source: None, context: Context, id_: str) -> Order:
    return _ended(context, id_, OrderStatus.VOID)


def resolve_record_usage(_source: None, context: Context, input_: dict[str, Any]) -> UsageEvent:
    if not is_id(input_["id"]):
        raise bad_input(NO_ID)
    if not 1 <= input_["quantity"] <= MOST_UNITS or input_["used_at"] > context.now:
        raise bad_input(f"A use is of 1 to {MOST_UNITS} units, and not in the future.")
    there = store.record_use(context.connection, context.tenant_id, input_, context.now)
    if there is None:
        raise conflict("The tenant has no paid order for this plugin.")
    if any(getattr(there, name) != value for name, value in input_.items()):
        raise conflict("The id stands for another use.")
    return there


def resolve_download_invoice(
    _source: None, context: Context, id_: str, document: str, locale: str
) -> str:
    connection, tenant_id = context.connection, context.tenant_id
    invoice = store.INVOICES.one(connection, tenant_id, id=id_)
    if invoice is None or locale not in LOCALES:
        raise bad_input(f"No such invoice, or a language that is not of {', '.join(LOCALES)}.")
    name = invoices.document_name(invoice.id, document, locale)
    if lake.find(connection, tenant_id, name) is None:
        invoices.make_up(connection, context.services, tenant_id, invoice, context.now)
        if lake.find(connection, tenant_id, name) is None:
            raise bad_input("The invoice is for no plugin, so it has no bill of materials.")
    return context.services.links.issue(tenant_id, name)


def _ended(context: Context, id_: str, target: OrderStatus) -> Order:
    """Has the provider close or pay back; what it agreed to at once is written at once."""
    must_be, otherwise, ask = _ENDINGS[target]
    connection, order_id = context.connection, rules.order_id(id_)
    order = store.ORDERS.one(connection, context.tenant_id, is_locked=True, order_id=order_id)
    if order is None:
        raise bad_input("There is no such order.")
    if order.status == target:
        return order
    if order.status != must_be:
        raise conflict(f"The order {otherwise}.")
    if order.stripe_session is None:
        raise conflict("The payment provider does not know this order.")
    if ask(context.services.payments, order.stripe_session, order.id):
        order = move(connection, context.services, order, target, context.now)
    # The provider tells of it too. Should that be lost, it is asked.
    jobs.enqueue(connection, "billing.replay", run_at=context.now)
    context.record(f"order.{target}", order.id)
    return order
