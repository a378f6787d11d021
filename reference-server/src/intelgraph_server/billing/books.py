"""A payment's way through the books: taken in once, whoever tells of it, and compared once a day.

A webhook, an answer and a replay all come here, so that it does not matter which is first.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, or_, select

from intelgraph_server import jobs

from . import rules, store
from .model import OrderStatus, Reconciliation, UsageLineItem
from .store import LEDGER, ORDERS, RELEASES, USES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Column, ColumnElement, Connection

    from intelgraph_server.database.engine import Database
    from intelgraph_server.jobs import Job, Shift
    from intelgraph_server.payments.provider import PaymentEvent
    from intelgraph_server.services import Services

    from .model import Drift, Order

LOG: Final = logging.getLogger(__name__)
# The provider's clock is another one, so a session of midnight may be of either day.
MARGIN: Final = timedelta(minutes=5)
DAY: Final = timedelta(days=1)
_ENTRY: Final = LEDGER.c
_ORDER: Final = ORDERS.table.c


def take_in(database: Database, services: Services, event: PaymentEvent, now: datetime) -> str:
    """What becomes of an event; of one that is about no order of ours nothing is kept."""
    order_id = rules.order_id(event.order_id)
    with database.writing() as connection:
        order = None if order_id is None else store.order_told(connection, order_id)
        if order is None:
            return "ignored"
        if not store.receive(connection, event, order, now):
            return "duplicate"
        told, agreed = (event.amount, event.currency), (order.price_usd, "usd")
        if event.target != OrderStatus.VOID and told != agreed:
            # Not what was agreed: left as it is, for the reconciliation to show.
            LOG.error("event %s tells another amount than its order", event.id)
            return "ignored"
        moved = move(connection, services, order, OrderStatus(event.target), now)
    return "ignored" if moved is order else "applied"


def replay(_job: Job, shift: Shift) -> None:
    """Takes in what the provider could not deliver; what is known already has no second effect."""
    for event in shift.services.payments.undelivered():
        outcome = take_in(shift.database, shift.services, event, shift.now)
        LOG.info("replayed %s: %s", event.id, outcome)


def move(
    connection: Connection, services: Services, order: Order, target: OrderStatus, now: datetime
) -> Order:
    """The order in the state, if it may go there, with all that follows from it."""
    for status in rules.steps(order.status, target):
        order = store.move(connection, order, status, now)
        services.metrics.payments.labels(status).inc()
        if status is OrderStatus.PAID:
            payload, once = {"order_id": order.id}, f"billing.invoice:{order.id}"
            jobs.enqueue(connection, "billing.invoice", run_at=now, tenant_id=order.tenant_id,
                         payload=payload, once=once)  # fmt: skip
    return order


def reconcile(job: Job, shift: Shift) -> None:
    """Compares the day's books of every tenant that has any; the provider is asked first, and once.

    A payment that nobody told us of is drift here, and caught up by the replay, which comes after.
    """
    begin = datetime.fromisoformat(f"{job.payload['day']}T00:00:00+00:00")
    payments = shift.services.payments
    paid = payments.paid(begin - MARGIN, begin + DAY + MARGIN)
    with shift.database.reading() as connection:
        tenants = connection.execute(select(_ORDER.tenant_id).distinct()).scalars().all()
    for tenant_id in tenants:
        with shift.database.writing() as connection:
            of_tenant = paid.get(payments.customer(tenant_id), {})
            Day(connection, tenant_id, begin).reconcile(of_tenant, shift.now)


@dataclass(frozen=True, slots=True)
class Day:
    """The books of one tenant on one day."""

    connection: Connection
    tenant_id: str
    begin: datetime

    def reconcile(self, paid: Mapping[str, Decimal], now: datetime) -> None:
        """Keeps what is found of the day, unless it was looked at before."""
        items = self._line_items()
        found = [*self._drifts_of_uses(items), *self._drifts_of_orders(paid)]
        result = Reconciliation(day=self.begin, reconciled_at=now, line_items=items, drifts=found)
        store.RECONCILIATIONS.add(self.connection, self.tenant_id, result)

    def _line_items(self) -> list[UsageLineItem]:
        """What was recorded on the day, by plugin and unit price."""
        used, price = USES.table.c, RELEASES.c.unit_price_usd
        query = (
            select(used.plugin_id, func.sum(used.quantity), price)
            .select_from(USES.table.join(ORDERS.table).join(RELEASES))
            .where(USES.own(self.tenant_id, self._holds(used.recorded_at)))
            .group_by(used.plugin_id, price)
            .order_by(used.plugin_id, price)
        )
        rows = [(p, int(n), u or Decimal(0)) for p, n, u in self.connection.execute(query)]
        return [UsageLineItem(p, n, str(u), str(n * u)) for p, n, u in rows]

    def _drifts_of_uses(self, items: list[UsageLineItem]) -> list[Drift]:
        """Where what was used and what was booked of it differ, by plugin."""
        charged: dict[str, Decimal] = defaultdict(Decimal)
        for item in items:
            charged[item.plugin_id] += Decimal(item.amount)
        on_day = _ENTRY.kind == "usage", self._holds(_ENTRY.booked_at)
        return rules.drifts("usage", charged, self._booked(_ENTRY.plugin_id, *on_day))

    def _drifts_of_orders(self, paid: Mapping[str, Decimal]) -> list[Drift]:
        """Where the day's orders differ from the ledger, and from what the provider was paid."""
        of_orders = _ENTRY.kind != "usage"
        booked = self._booked(_ENTRY.subject, of_orders, self._holds(_ENTRY.booked_at))
        named = _ORDER.order_id.in_({*booked, *paid})
        wanted = or_(self._holds(_ORDER.created_at), named)
        orders = ORDERS.all(self.connection, self.tenant_id, wanted)
        placed = {o.id for o in orders if self.begin <= o.created_at < self.begin + DAY}
        # Placed, paid or paid back on the day; the ledger is asked about all days of theirs.
        touched = placed | booked.keys()
        net = self._booked(_ENTRY.subject, of_orders, _ENTRY.subject.in_(touched))
        due = {
            o.id: o.price_usd for o in orders if o.id in touched and o.status == OrderStatus.PAID
        }
        sold = {o.id: o.price_usd for o in orders if o.id in placed and o.paid_at}
        of_other_days = {o.id for o in orders} - placed
        told = {o: amount for o, amount in paid.items() if o not in of_other_days}
        return [*rules.drifts("order", due, net), *rules.drifts("payment", told, sold)]

    def _booked(self, subject: Column[Any], *where: ColumnElement[bool]) -> dict[str, Decimal]:
        """What the ledger holds by subject, less what was paid back."""
        query = select(subject, _ENTRY.kind, _ENTRY.amount_usd)
        own = query.where(_ENTRY.tenant_id == self.tenant_id, *where)
        # Not added up in SQL: SQLite would take exact amounts for binary numbers.
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for about, kind, amount in self.connection.execute(own):
            sums[about] += -amount if kind == "refund" else amount
        return sums

    def _holds(self, instant: Column[Any]) -> ColumnElement[bool]:
        return and_(instant >= self.begin, instant < self.begin + DAY)
