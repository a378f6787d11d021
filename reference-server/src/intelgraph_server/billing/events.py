"""What the provider tells, into the order that it is about: once, in one transaction.

The webhook, an answer and a replay all come here, so that it does not matter which is first.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import anyio.to_thread
from starlette.responses import JSONResponse
from starlette.routing import Route

from intelgraph_server.database.engine import is_unavailable
from intelgraph_server.http import HttpError, read_body
from intelgraph_server.jobs import store as jobs
from intelgraph_server.sandbox import edge as sandbox

from . import rules, store
from .model import OrderStatus
from .payments import BadSignatureError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from intelgraph_server.auth import Clock
    from intelgraph_server.database.engine import Database
    from intelgraph_server.jobs.store import Job
    from intelgraph_server.jobs.worker import Shift
    from intelgraph_server.services import Services

    from .model import Order, PaymentEvent

LOG: Final = logging.getLogger(__name__)
LARGEST: Final = 262_144  # Bytes.


def routes(database: Database, services: Services, clock: Clock) -> list[Route]:
    """The webhook, and where there is a sandbox, the sandbox."""
    webhook = WebhookEndpoint(database, services, clock)
    found = [Route("/stripe/webhook", webhook.respond, methods=["POST"])]
    provider = services.payments.sandbox
    return found if provider is None else found + sandbox.routes(provider, webhook.receive)


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """Takes in what the provider tells, from the bytes as they came."""

    database: Database
    services: Services
    clock: Clock

    async def respond(self, http: Request) -> Response:
        try:
            body = await read_body(http, LARGEST)
        except HttpError as error:
            return JSONResponse({"outcome": "refused"}, error.status)
        signature = http.headers.get("stripe-signature", "")
        status, outcome = await anyio.to_thread.run_sync(self.receive, body, signature)
        return JSONResponse({"outcome": outcome}, status)

    def receive(self, body: bytes, signature: str) -> tuple[int, str]:
        """The status to answer, and the outcome; the provider tells again what is not answered."""
        began, now = time.monotonic(), self.clock()
        try:
            event = self.services.payments.read_event(body, signature, now)
            status, outcome = 200, take_in(self.database, self.services, event, now)
        except BadSignatureError:
            status, outcome = 400, "refused"
        except Exception as error:
            if not is_unavailable(error):
                raise
            status, outcome = 503, "refused"
        latency = self.services.metrics.webhook_latency.labels(outcome)
        latency.observe(time.monotonic() - began)
        return status, outcome


def replay(_job: Job, shift: Shift) -> None:
    """Takes in what the provider could not deliver; what is known already has no second effect."""
    for event in shift.services.payments.undelivered():
        outcome = take_in(shift.database, shift.services, event, shift.now)
        LOG.info("replayed %s: %s", event.id, outcome)


def take_in(
    database: Database, services: Services, event: PaymentEvent | None, now: datetime
) -> str:
    """Gives what became of it; what belongs to no order of ours is ignored, and leaves no trace."""
    order_id = None if event is None else rules.order_id(event.order_id)
    if event is None or order_id is None:
        return "ignored"
    with database.writing() as connection:
        order = store.order_told(connection, order_id)
        if order is None:
            return "ignored"
        if not store.receive(connection, event, order, now):
            return "duplicate"
        if event.target is not OrderStatus.VOID and event.amount != order.price_usd:
            # Not what was agreed: left as it is, for the reconciliation to show.
            LOG.error("event %s tells another amount than its order", event.id)
            return "ignored"
        moved = move(connection, services, order, event.target, now)
    return "ignored" if moved is order else "applied"


def move(
    connection: Connection, services: Services, order: Order, target: OrderStatus, now: datetime
) -> Order:
    """The order in the state, if it may go there, with all that follows from it."""
    for status in rules.steps(order.status, target):
        order = store.move(connection, order, status, now)
        services.metrics.payments.labels(status).inc()
        if status is OrderStatus.PAID:
            jobs.enqueue(
                connection,
                "billing.invoice",
                run_at=now,
                tenant_id=order.tenant_id,
                payload={"order_id": order.id},
                once=f"billing.invoice:{order.id}",
            )
    return order
