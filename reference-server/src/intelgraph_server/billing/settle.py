"""What the provider tells, into the order that it is about: once, in one transaction.

A webhook, an answer and a replay all come here, so that it does not matter which is first.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from intelgraph_server import jobs

from . import books, rules
from .model import OrderStatus

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.services import Services

    from .model import Order, PaymentEvent

Outcome: TypeAlias = Literal["applied", "duplicate", "ignored"]
LOG: Final = logging.getLogger(__name__)


def settle(
    connection: Connection, services: Services, event: PaymentEvent, now: datetime
) -> Outcome:
    """Takes an event in; what belongs to no order of ours is ignored, and leaves no trace."""
    order_id = rules.order_id(event.order_id)
    order = None if order_id is None else books.lock_order(connection, order_id)
    if order is None:
        return "ignored"
    if not books.receive(connection, event, order, now):
        return "duplicate"
    if event.target is not OrderStatus.VOID and event.amount != order.price:
        # Not what was agreed: left as it is, for the reconciliation to show.
        LOG.error("event %s tells another amount than its order", event.id)
        return "ignored"
    return "applied" if move(connection, services, order, event.target, now) else "ignored"


def move(
    connection: Connection, services: Services, order: Order, target: OrderStatus, now: datetime
) -> bool:
    """Moves the order to the state, if it may go there, with all that follows from it."""
    states = rules.steps(order.state, target)
    for state in states:
        books.move_order(connection, order, state, now)
        services.metrics.payments.labels(state).inc()
        if state is OrderStatus.PAID:
            jobs.enqueue(
                connection,
                "billing.invoice",
                run_at=now,
                tenant_id=order.tenant_id,
                payload={"order_id": order.id},
                once=f"billing.invoice:{order.id}",
            )
    return bool(states)
