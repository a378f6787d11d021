"""What is done once a day: the books of a day are compared, and what was not told is caught up."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from . import books, rules
from .model import OrderStatus, Reconciliation
from .settle import settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intelgraph_server.jobs import Job, Shift

    from .model import Checkout, Order

LOG: Final = logging.getLogger(__name__)
# The provider's clock is another one, so a session of midnight may be of either day.
MARGIN: Final = timedelta(minutes=5)
SOLD: Final = {OrderStatus.PAID, OrderStatus.REFUNDED}


def reconcile(job: Job, shift: Shift) -> None:
    """Compares the day's books of every tenant that has any.

    The provider is asked first, and once. A payment that nobody told us of is drift here, and
    caught up by the replay, which is done after this.
    """
    day = datetime.fromisoformat(f"{job.payload['day']}T00:00:00+00:00")
    end = day + timedelta(days=1)
    checkouts = shift.services.payments.checkouts(day - MARGIN, end + MARGIN)
    with shift.database.reading() as connection:
        tenants = books.tenants_with_orders(connection)
    for tenant_id in tenants:
        customer = shift.services.payments.customer(tenant_id)
        own = [checkout for checkout in checkouts if checkout.customer == customer]
        _reconcile_tenant(shift, tenant_id, day, own)


def replay(_job: Job, shift: Shift) -> None:
    """Takes in what the provider could not deliver; what is known already has no second effect."""
    for event in shift.services.payments.undelivered():
        with shift.database.writing() as connection:
            outcome = settle(connection, shift.services, event, shift.now)
        LOG.info("replayed %s: %s", event.id, outcome)


def _reconcile_tenant(
    shift: Shift, tenant_id: str, day: datetime, checkouts: Iterable[Checkout]
) -> None:
    end = day + timedelta(days=1)
    with shift.database.writing() as connection:
        items = books.line_items(connection, tenant_id, day, end)
        charged: dict[str, Decimal] = {}
        for item in items:
            total = charged.get(item.plugin_id, Decimal(0)) + item.amount.value
            charged[item.plugin_id] = total
        booked = books.usage_booked(connection, tenant_id, day, end)
        orders = books.orders_touched(connection, tenant_id, day, end)
        drifts = rules.drifts("usage", charged, booked)
        drifts += rules.drifts(
            "order",
            _amounts(orders, {OrderStatus.PAID}),
            books.paid_net(connection, tenant_id, list(orders)),
        )
        placed = {one: o for one, o in orders.items() if o and day <= o.created_at < end}
        paid = {
            checkout.order_id: checkout.amount.value
            for checkout in checkouts
            if checkout.is_paid
            and (
                checkout.order_id in placed
                or books.order_by_id(connection, tenant_id, checkout.order_id) is None
            )
        }
        drifts += rules.drifts("payment", paid, _amounts(placed, SOLD))
        found = Reconciliation(day=day, reconciled_at=shift.now, line_items=items, drifts=drifts)
        books.add_reconciliation(connection, tenant_id, found)


def _amounts(orders: Mapping[str, Order | None], states: set[OrderStatus]) -> Mapping[str, Decimal]:
    return {
        one: order.price.value for one, order in orders.items() if order and order.state in states
    }
