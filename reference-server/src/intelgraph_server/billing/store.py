"""Releases, orders, uses and invoices in SQL, and the ledger, which is only ever added to.

A plugin is on offer by its row in `plugins`; its releases stay, for the orders of them.
"""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import TEXT, cast, func, insert, select, update

from intelgraph_server.database import billing_tables, tables
from intelgraph_server.database.keyset import Key, Keyset
from intelgraph_server.database.rows import Rows, insert_once, newest_first

from . import model
from .model import OrderStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.payments.provider import PaymentEvent

    from .model import Order, PluginRelease, UsageEvent

OWNERS: Final = billing_tables.PLUGIN_OWNERS
RELEASES: Final = billing_tables.PLUGIN_RELEASES
LEDGER: Final = billing_tables.LEDGER_ENTRIES
_ORDER: Final = billing_tables.MARKETPLACE_ORDERS.c
_INVOICE: Final = tables.INVOICES.c
_PLUGIN: Final = tables.PLUGINS.c
# An id as hexadecimal digits, which both databases can order.
_HEX: Final = func.replace(cast(_ORDER.order_id, TEXT), "-", "", type_=TEXT).label("hex_id")

PLUGINS: Final = Rows(
    tables.PLUGINS, model.Plugin, Keyset((Key(_PLUGIN.name_folded), Key(_PLUGIN.id)))
)
INVOICES: Final = Rows(
    tables.INVOICES,
    model.Invoice,
    Keyset((Key(_INVOICE.created_at, descending=True), Key(_INVOICE.id))),
)
ORDERS: Final = Rows(
    billing_tables.MARKETPLACE_ORDERS,
    model.Order,
    Keyset((Key(_ORDER.created_at, descending=True), Key(_HEX))),
)
USES: Final = Rows(billing_tables.USAGE_EVENTS, model.UsageEvent)
RECONCILIATIONS: Final = Rows(
    billing_tables.RECONCILIATIONS,
    model.Reconciliation,
    newest_first(billing_tables.RECONCILIATIONS.c.day),
)
# From which account to which: the provider's cash, what tenants owe, what is earned.
_ACCOUNTS: Final = {
    "payment": ("cash", "sales"),
    "refund": ("sales", "cash"),
    "usage": ("receivable", "usage_sales"),
}
_BOOKED: Final = {OrderStatus.PAID: "payment", OrderStatus.REFUNDED: "refund"}


def claim(connection: Connection, release: PluginRelease) -> tuple[str, str] | None:
    """Gives a new plugin to the tenant; then whose it is and its name. None: the name is taken."""
    owner = {"plugin_id": release.plugin_id, "tenant_id": release.tenant_id, "name": release.name}
    insert_once(connection, OWNERS, owner | {"name_folded": release.name.casefold()})
    query = select(OWNERS.c.tenant_id, OWNERS.c.name).where(OWNERS.c.plugin_id == release.plugin_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.tenant_id, row.name)


def add_release(connection: Connection, release: PluginRelease) -> bool:
    """Writes the release unless its version is taken; gives whether it did."""
    values = {name: v for name, v in asdict(release).items() if name in RELEASES.c}
    return insert_once(connection, RELEASES, values)


def release(
    connection: Connection, plugin_id: str, version: str | None = None
) -> PluginRelease | None:
    """The release of that version, or else the one that is on offer."""
    wanted = OWNERS.c.offered_version if version is None else version
    query = select(RELEASES, OWNERS.c.name, OWNERS.c.tenant_id).join(OWNERS)
    one = query.where(RELEASES.c.plugin_id == plugin_id, RELEASES.c.version == wanted)
    row = connection.execute(one).mappings().one_or_none()
    return None if row is None else model.PluginRelease(**row)


def publish(connection: Connection, release: PluginRelease, now: datetime) -> None:
    """Puts the release on offer; `plugins` keeps the day on which the plugin first was."""
    plugin_id, version = release.plugin_id, release.version
    one = RELEASES.c.plugin_id == plugin_id, RELEASES.c.version == version
    connection.execute(update(RELEASES).where(*one).values(published_at=now))
    owner = OWNERS.c.plugin_id == plugin_id
    connection.execute(update(OWNERS).where(owner).values(offered_version=version))
    there = PLUGINS.one(connection, release.tenant_id, id=plugin_id)
    shown = model.Plugin(
        **{name: getattr(release, name) for name in ("name", "summary", "publisher", "kind")},
        id=plugin_id,
        name_folded=release.name.casefold(),
        price=release.price_usd,
        currency="USD",
        published_at=there.published_at if there else now,
    )
    PLUGINS.put(connection, release.tenant_id, shown)


def receive(connection: Connection, event: PaymentEvent, order: Order, now: datetime) -> bool:
    """Whether the event is news; it is not when it is received again."""
    values = {"event_id": event.id, "order_id": order.id, "type": event.type, "received_at": now}
    return insert_once(connection, billing_tables.PAYMENT_INBOX, values)


def order_told(connection: Connection, order_id: str) -> Order | None:
    """The order of whichever tenant, as the provider names it, kept from others' changes."""
    query = select(ORDERS.table).where(_ORDER.order_id == order_id).with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else ORDERS.read(row)


def move(connection: Connection, order: Order, status: OrderStatus, now: datetime) -> Order:
    """Writes the order's new state, and books what was paid or paid back."""
    changed = {"status": status} | ({"paid_at": now} if status is OrderStatus.PAID else {})
    (moved,) = ORDERS.change(connection, order.tenant_id, changed, order_id=order.id)
    if status in _BOOKED:
        _book(connection, order, _BOOKED[status], order.id, amount=order.price_usd, now=now)
    return moved


def record_use(
    connection: Connection, tenant_id: str, used: Mapping[str, Any], now: datetime
) -> UsageEvent | None:
    """Charges a use once and gives what its id stands for; None without a paid order for it."""
    own = ORDERS.own(tenant_id, plugin_id=used["plugin_id"], status=OrderStatus.PAID)
    last = select(ORDERS.table).where(own).order_by(_ORDER.paid_at.desc(), _HEX)
    row = connection.execute(last).mappings().first()
    if row is not None:
        order = ORDERS.read(row)
        event = model.UsageEvent(**used, recorded_at=now, order_id=order.id)
        if insert_once(connection, USES.table, asdict(event) | {"tenant_id": tenant_id}):
            bought = release(connection, order.plugin_id, order.plugin_version)
            amount = event.quantity * ((bought and bought.unit_price_usd) or Decimal(0))
            _book(connection, order, "usage", event.id, amount=amount, now=now)
    return USES.one(connection, tenant_id, id=used["id"])


def _book(
    connection: Connection, order: Order, kind: str, subject: str, *, amount: Decimal, now: datetime
) -> None:
    """Adds an entry about a purchase or a use of it; a second about the same is an error."""
    debit, credit = _ACCOUNTS[kind]
    about = {"tenant_id": order.tenant_id, "plugin_id": order.plugin_id, "subject": subject}
    moved = {"kind": kind, "debit": debit, "credit": credit, "amount_usd": amount}
    connection.execute(insert(LEDGER).values(about | moved | {"booked_at": now}))
