"""Orders, uses and what the provider told, in SQL, and the ledger, which is only ever added to."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import TEXT, and_, cast, func, insert, select, update

from intelgraph_server.database.billing_tables import (
    LEDGER_ENTRIES,
    MARKETPLACE_ORDERS,
    PAYMENT_INBOX,
    PLUGIN_RELEASES,
    RECONCILIATIONS,
    USAGE_EVENTS,
)
from intelgraph_server.database.keyset import Key, Keyset
from intelgraph_server.database.rows import insert_once

from .model import Drift, Money, Order, OrderStatus, Reconciliation, UsageEvent, UsageLineItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from intelgraph_server.database.keyset import Page, Slice

    from .model import PaymentEvent

ORDERS: Final = MARKETPLACE_ORDERS
# An id as hexadecimal digits, which both databases can order.
_HEX = func.replace(cast(ORDERS.c.order_id, TEXT), "-", "", type_=TEXT)
ORDER_KEY: Final = _HEX.label("hex_id")
NEWEST_FIRST: Final = Keyset((Key(ORDERS.c.created_at, descending=True), Key(ORDER_KEY)))
NEWEST_DAY_FIRST: Final = Keyset((Key(RECONCILIATIONS.c.day, descending=True),))

# From which account to which: the provider's cash, what tenants owe, what is earned.
_ACCOUNTS: Final = {
    "payment": ("cash", "sales"),
    "refund": ("sales", "cash"),
    "usage": ("receivable", "usage_sales"),
}
_BOOKED: Final = {OrderStatus.PAID: "payment", OrderStatus.REFUNDED: "refund"}


def add_order(connection: Connection, order: Order) -> None:
    values = {name: getattr(order, name) for name in ("tenant_id", "plugin_id", "plugin_version")}
    values |= {"order_id": order.id, "price_usd": order.price.value, "status": order.state}
    values |= {"stripe_session": order.session, "invoice_uri": order.invoice_uri}
    values |= {"created_at": order.created_at, "paid_at": order.paid_at}
    connection.execute(insert(ORDERS).values(values))


def order_page(connection: Connection, tenant_id: str, page: Page) -> Slice[Order]:
    return NEWEST_FIRST.read(connection, ORDERS, ORDERS.c.tenant_id == tenant_id, page, _order)


def order_by_id(connection: Connection, tenant_id: str, order_id: str) -> Order | None:
    own = and_(ORDERS.c.tenant_id == tenant_id, ORDERS.c.order_id == order_id)
    row = connection.execute(select(ORDERS).where(own)).mappings().one_or_none()
    return None if row is None else _order(row)


def order_of_invoice(connection: Connection, tenant_id: str, uri: str) -> Order | None:
    own = and_(ORDERS.c.tenant_id == tenant_id, ORDERS.c.invoice_uri == uri)
    row = connection.execute(select(ORDERS).where(own)).mappings().one_or_none()
    return None if row is None else _order(row)


def receive(connection: Connection, event: PaymentEvent, order: Order, now: datetime) -> bool:
    """Whether the event is news; it is not when it is received again."""
    values = {"event_id": event.id, "order_id": order.id, "type": event.type}
    return insert_once(connection, PAYMENT_INBOX, values | {"received_at": now})


def lock_order(connection: Connection, order_id: str) -> Order | None:
    """The order of whichever tenant, as the provider names it, kept from others' changes."""
    query = select(ORDERS).where(ORDERS.c.order_id == order_id).with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _order(row)


def move_order(connection: Connection, order: Order, state: OrderStatus, now: datetime) -> None:
    """Writes the order's new state, and books what was paid or paid back."""
    values: dict[str, Any] = {"status": state}
    if state is OrderStatus.PAID:
        values["paid_at"] = now
    connection.execute(update(ORDERS).where(ORDERS.c.order_id == order.id).values(values))
    if state in _BOOKED:
        amount = order.price.value
        book(connection, order, _BOOKED[state], subject=order.id, amount=amount, now=now)


def set_invoice(connection: Connection, order: Order, uri: str) -> None:
    statement = update(ORDERS).where(ORDERS.c.order_id == order.id).values(invoice_uri=uri)
    connection.execute(statement)


def book(
    connection: Connection, order: Order, kind: str, *, subject: str, amount: Decimal, now: datetime
) -> None:
    """Adds an entry to the ledger, about a purchase and what was used of it."""
    debit, credit = _ACCOUNTS[kind]
    values: dict[str, Any] = {"tenant_id": order.tenant_id, "plugin_id": order.plugin_id}
    values |= {"kind": kind, "subject": subject, "debit": debit, "credit": credit}
    values |= {"amount_usd": amount, "booked_at": now}
    connection.execute(insert(LEDGER_ENTRIES).values(values))


def last_paid_order(connection: Connection, tenant_id: str, plugin_id: str) -> Order | None:
    own = and_(ORDERS.c.tenant_id == tenant_id, ORDERS.c.plugin_id == plugin_id)
    query = select(ORDERS).where(own, ORDERS.c.status == OrderStatus.PAID)
    newest = ORDERS.c.paid_at.desc(), ORDER_KEY
    row = connection.execute(query.order_by(*newest)).mappings().first()
    return None if row is None else _order(row)


def record_usage(connection: Connection, tenant_id: str, event: UsageEvent) -> bool:
    """Writes the use unless its id is taken; gives whether it did."""
    names = ("id", "plugin_id", "quantity", "used_at", "recorded_at", "order_id")
    values = {"tenant_id": tenant_id} | {name: getattr(event, name) for name in names}
    return insert_once(connection, USAGE_EVENTS, values)


def usage_by_id(connection: Connection, tenant_id: str, usage_id: str) -> UsageEvent | None:
    own = and_(USAGE_EVENTS.c.tenant_id == tenant_id, USAGE_EVENTS.c.id == usage_id)
    row = connection.execute(select(USAGE_EVENTS).where(own)).mappings().one_or_none()
    if row is None:
        return None
    return UsageEvent(**{name: value for name, value in row.items() if name != "tenant_id"})


def tenants_with_orders(connection: Connection) -> list[str]:
    query = select(ORDERS.c.tenant_id).distinct().order_by(ORDERS.c.tenant_id)
    return list(connection.execute(query).scalars())


def line_items(
    connection: Connection, tenant_id: str, day: datetime, end: datetime
) -> list[UsageLineItem]:
    """What was recorded on the day, by plugin and unit price."""
    used, price = USAGE_EVENTS, PLUGIN_RELEASES.c.unit_price_usd
    release = and_(
        PLUGIN_RELEASES.c.plugin_id == ORDERS.c.plugin_id,
        PLUGIN_RELEASES.c.version == ORDERS.c.plugin_version,
    )
    query = (
        select(used.c.plugin_id, func.sum(used.c.quantity), price)
        .join(ORDERS, ORDERS.c.order_id == used.c.order_id)
        .join(PLUGIN_RELEASES, release)
        .where(used.c.tenant_id == tenant_id, used.c.recorded_at >= day, used.c.recorded_at < end)
        .group_by(used.c.plugin_id, price)
        .order_by(used.c.plugin_id, price)
    )
    return [
        UsageLineItem(plugin, int(quantity), Money(price or Decimal(0)))
        for plugin, quantity, price in connection.execute(query)
    ]


def usage_booked(
    connection: Connection, tenant_id: str, day: datetime, end: datetime
) -> Mapping[str, Decimal]:
    entry = LEDGER_ENTRIES.c
    own = and_(entry.tenant_id == tenant_id, entry.booked_at >= day, entry.booked_at < end)
    query = select(entry.plugin_id, entry.amount_usd).where(own, entry.kind == "usage")
    return _sums((plugin_id, amount) for plugin_id, amount in connection.execute(query))


def orders_touched(
    connection: Connection, tenant_id: str, day: datetime, end: datetime
) -> dict[str, Order | None]:
    """The orders that were placed, paid or paid back on the day; None where there is no such."""
    entry = LEDGER_ENTRIES.c
    booked = and_(entry.tenant_id == tenant_id, entry.booked_at >= day, entry.booked_at < end)
    placed = and_(
        ORDERS.c.tenant_id == tenant_id, ORDERS.c.created_at >= day, ORDERS.c.created_at < end
    )
    subjects = select(entry.subject).where(booked, entry.kind != "usage").distinct()
    ids = {*connection.execute(subjects).scalars()}
    ids |= {*connection.execute(select(ORDERS.c.order_id).where(placed)).scalars()}
    return {one: order_by_id(connection, tenant_id, one) for one in sorted(ids)}


def paid_net(connection: Connection, tenant_id: str, order_ids: list[str]) -> Mapping[str, Decimal]:
    """What the ledger holds of the orders' payments after what was paid back, of all days."""
    entry = LEDGER_ENTRIES.c
    own = and_(entry.tenant_id == tenant_id, entry.kind != "usage", entry.subject.in_(order_ids))
    rows = connection.execute(select(entry.subject, entry.amount_usd, entry.kind).where(own))
    return _sums((s, -amount if kind == "refund" else amount) for s, amount, kind in rows)


def add_reconciliation(connection: Connection, tenant_id: str, found: Reconciliation) -> None:
    """Keeps what was found of a day; what was found first stays."""
    items = [[i.plugin_id, i.quantity, str(i.unit_price.value)] for i in found.line_items]
    drifts = [[d.kind, d.subject, str(d.expected.value), str(d.found.value)] for d in found.drifts]
    values = {"tenant_id": tenant_id, "day": found.day, "reconciled_at": found.reconciled_at}
    insert_once(connection, RECONCILIATIONS, values | {"line_items": items, "drifts": drifts})


def reconciliation_page(
    connection: Connection, tenant_id: str, page: Page
) -> Slice[Reconciliation]:
    own = RECONCILIATIONS.c.tenant_id == tenant_id
    return NEWEST_DAY_FIRST.read(connection, RECONCILIATIONS, own, page, _reconciliation)


def _sums(rows: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    # Not in SQL: SQLite would add exact amounts up as binary numbers.
    sums: dict[str, Decimal] = {}
    for subject, amount in rows:
        sums[subject] = sums.get(subject, Decimal(0)) + amount
    return sums


def _order(row: RowMapping) -> Order:
    return Order(
        id=row["order_id"],
        tenant_id=row["tenant_id"],
        plugin_id=row["plugin_id"],
        plugin_version=row["plugin_version"],
        price=Money(row["price_usd"]),
        state=OrderStatus(row["status"]),
        session=row["stripe_session"],
        invoice_uri=row["invoice_uri"],
        created_at=row["created_at"],
        paid_at=row["paid_at"],
    )


def _reconciliation(row: RowMapping) -> Reconciliation:
    return Reconciliation(
        day=row["day"],
        reconciled_at=row["reconciled_at"],
        line_items=[
            UsageLineItem(p, n, Money(Decimal(price))) for p, n, price in row["line_items"]
        ],
        drifts=[
            Drift(kind, subject, Money(Decimal(expected)), Money(Decimal(found)))
            for kind, subject, expected, found in row["drifts"]
        ],
    )
