"""The HTTP edges of payments: the provider's webhook, and the sandbox's API and page."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

import anyio.to_thread
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from intelgraph_server.database.engine import is_unavailable

from .payments import BadSignatureError
from .sandbox import MOUNT
from .settle import settle

if TYPE_CHECKING:
    from starlette.requests import Request

    from intelgraph_server.auth import Clock
    from intelgraph_server.database.engine import Database
    from intelgraph_server.services import Services

    from .sandbox import Sandbox

WEBHOOK: Final = "/stripe/webhook"
LARGEST: Final = 262_144  # Bytes.
PAGE: Final = Template(Path(__file__).with_name("sandbox.html").read_text("utf-8"))
STATUSES: Final = {"open": "Not paid yet", "complete": "Paid", "expired": "Closed, not paid"}
# No script, nothing from elsewhere, in nobody's frame; forms go to this server alone.
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)


def routes(database: Database, services: Services, clock: Clock) -> list[Route]:
    """The webhook, and where there is a sandbox, the sandbox."""
    webhook = WebhookEndpoint(database, services, clock)
    found = [Route(WEBHOOK, webhook.respond, methods=["POST"])]
    sandbox = services.payments.sandbox
    if sandbox is not None:
        edge = SandboxEndpoint(sandbox, webhook)
        found += [
            Route(MOUNT + "/pay/{session}", edge.page, methods=["GET", "POST"]),
            Route(MOUNT + "/v1/{rest:path}", edge.api, methods=["GET", "POST"]),
        ]
    return found


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """Takes in what the provider tells, from the bytes as they came."""

    database: Database
    services: Services
    clock: Clock

    async def respond(self, http: Request) -> Response:
        body = await _body(http)
        if body is None:
            return JSONResponse({"outcome": "refused"}, 413)
        signature = http.headers.get("stripe-signature", "")
        status, outcome = await anyio.to_thread.run_sync(self.receive, body, signature)
        return JSONResponse({"outcome": outcome}, status)

    def receive(self, body: bytes, signature: str) -> tuple[int, str]:
        """The status to answer, and the outcome; the provider tells again what is not answered."""
        began = time.monotonic()
        try:
            status, outcome = 200, self._settle(body, signature)
        except BadSignatureError:
            status, outcome = 400, "refused"
        except Exception as error:
            if not is_unavailable(error):
                raise
            status, outcome = 503, "refused"
        latency = self.services.metrics.webhook_latency.labels(outcome)
        latency.observe(time.monotonic() - began)
        return status, outcome

    def _settle(self, body: bytes, signature: str) -> str:
        now = self.clock()
        event = self.services.payments.read_event(body, signature, now)
        if event is None:
            return "ignored"
        with self.database.writing() as connection:
            return settle(connection, self.services, event, now)


@dataclass(frozen=True, slots=True)
class SandboxEndpoint:
    """The sandbox as others reach it; what it comes to tell it sends to the webhook, signed."""

    sandbox: Sandbox
    webhook: WebhookEndpoint

    async def api(self, http: Request) -> Response:
        body = (await _body(http) or b"").decode("latin-1")
        target = f"/v1/{http.path_params['rest']}?{http.url.query}"
        answer = await anyio.to_thread.run_sync(
            self.sandbox.answer, http.method, target, http.headers, body
        )
        if http.method == "POST":
            await anyio.to_thread.run_sync(self.deliver)
        return JSONResponse(answer[1], answer[0])

    async def page(self, http: Request) -> Response:
        session_id = http.path_params["session"]
        if http.method == "POST":
            asked = parse_qs((await _body(http) or b"").decode("latin-1"))
            is_lost = asked.get("deliver") == ["false"]
            await anyio.to_thread.run_sync(partial(self.sandbox.pay, session_id, is_lost=is_lost))
            await anyio.to_thread.run_sync(self.deliver)
            return RedirectResponse(http.url.path, 303)
        session = await anyio.to_thread.run_sync(self.sandbox.session, session_id)
        if session is None:
            return Response("There is no such payment.", 404, media_type="text/plain")
        dollars, cents = divmod(session["amount_total"], 100)
        shown = {
            "name": escape(session["name"] or "Order"),
            "amount": f"{dollars:,}.{cents:02}",
            "status": STATUSES[session["status"]],
            "form": "" if session["status"] == "open" else "hidden",
            "back": escape(session["success_url"]),
        }
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(PAGE.substitute(shown), headers=headers)

    def deliver(self) -> None:
        """Sends what waits to be sent, and notes what was taken."""
        for body in self.sandbox.undelivered():
            signature = self.webhook.services.payments.sign(body)
            status, _ = self.webhook.receive(body.encode(), signature)
            if status == 200:  # noqa: PLR2004
                self.sandbox.delivered(json.loads(body)["id"])


async def _body(http: Request) -> bytes | None:
    """The bytes as they came; None when there are too many."""
    body = bytearray()
    async for chunk in http.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)
