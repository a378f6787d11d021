"""The HTTP edge of payments: what the provider tells, or the sandbox in its place."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import anyio.to_thread
from starlette.responses import JSONResponse
from starlette.routing import Route

from intelgraph_server.database.engine import is_unavailable
from intelgraph_server.http import read_body
from intelgraph_server.sandbox.edge import SandboxEndpoint

from .provider import BadSignatureError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from intelgraph_server.auth import Clock
    from intelgraph_server.database.engine import Database
    from intelgraph_server.services import Services

    from .provider import PaymentEvent

# Has the event its effect, and gives in a word what became of it.
TakeIn: TypeAlias = "Callable[[Database, Services, PaymentEvent, datetime], str]"

LARGEST: Final = 262_144  # Bytes.


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """Takes in what the provider tells, from the bytes as they came."""

    database: Database
    services: Services
    clock: Clock
    take_in: TakeIn

    def routes(self) -> list[Route]:
        """The webhook, and where there is a sandbox, the sandbox."""
        found = [Route("/stripe/webhook", self.respond, methods=["POST"])]
        provider = self.services.payments.sandbox
        return found + (SandboxEndpoint(provider, self.receive).routes() if provider else [])

    async def respond(self, http: Request) -> Response:
        body = await read_body(http, LARGEST)
        signature = http.headers.get("stripe-signature", "")
        status, outcome = await anyio.to_thread.run_sync(self.receive, body, signature)
        return JSONResponse({"outcome": outcome}, status)

    def receive(self, body: bytes, signature: str) -> tuple[int, str]:
        """The status to answer, and the outcome; the provider tells again what is not answered."""
        began, now, outcome = time.monotonic(), self.clock(), "ignored"
        try:
            event = self.services.payments.read_event(body, signature, now)
            if event is not None:
                outcome = self.take_in(self.database, self.services, event, now)
            status = 200
        except BadSignatureError:
            status, outcome = 400, "refused"
        except Exception as error:
            if not is_unavailable(error):
                raise
            status, outcome = 503, "refused"
        latency = self.services.metrics.webhook_latency.labels(outcome)
        latency.observe(time.monotonic() - began)
        return status, outcome
