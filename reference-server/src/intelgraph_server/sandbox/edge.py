"""The sandbox as others reach it over HTTP; what it comes to tell goes to the webhook, signed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import parse_qs

import anyio.to_thread
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from intelgraph_server.http import read_body

from .provider import MOUNT

if TYPE_CHECKING:
    from starlette.requests import Request

    from .provider import Json, Sandbox

# A webhook: takes the body and its signature, gives the status and what it answers.
Tell: TypeAlias = Callable[[bytes, str], tuple[int, str]]

LARGEST: Final = 262_144  # Bytes.
PAGE: Final = Template(Path(__file__).with_name("page.html").read_text("utf-8"))
STATUSES: Final = {"open": "Not paid yet", "complete": "Paid", "expired": "Closed, not paid"}
# No script, nothing from elsewhere, in nobody's frame; forms go to this server alone.
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)


@dataclass(frozen=True, slots=True)
class SandboxEndpoint:
    """The API and the page; whoever changes something has it told before the reply."""

    sandbox: Sandbox
    tell: Tell

    def routes(self) -> list[Route]:
        asked = {"/pay/{session}": self.page, "/v1/{rest:path}": self.api}
        return [Route(MOUNT + path, ask, methods=["GET", "POST"]) for path, ask in asked.items()]

    async def api(self, http: Request) -> Response:
        body = (await read_body(http, LARGEST)).decode("latin-1")
        target = f"/v1/{http.path_params['rest']}?{http.url.query}"
        status, content = await anyio.to_thread.run_sync(
            self.sandbox.answer, http.method, target, http.headers, body
        )
        if http.method == "POST":
            await anyio.to_thread.run_sync(self._deliver)
        return JSONResponse(content, status)

    async def page(self, http: Request) -> Response:
        session_id = http.path_params["session"]
        if http.method == "POST":
            asked = parse_qs((await read_body(http, LARGEST)).decode("latin-1"))
            is_lost = asked.get("deliver") == ["false"]
            await anyio.to_thread.run_sync(partial(self._pay, session_id, is_lost=is_lost))
            return RedirectResponse(http.url.path, 303)
        session = await anyio.to_thread.run_sync(self._session, session_id)
        if session is None:
            return Response("There is no such payment.", 404, media_type="text/plain")
        shown = {
            "name": escape(session["name"] or "Order"),
            "amount": f"{Decimal(session['amount_total']) / 100:,.2f}",
            "status": STATUSES[session["status"]],
            "form": "" if session["status"] == "open" else "hidden",
            "back": escape(session["success_url"]),
        }
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(PAGE.substitute(shown), headers=headers)

    def _session(self, session_id: str) -> Json | None:
        with self.sandbox.books() as books:
            return books.find(session_id) if session_id.startswith("cs_") else None

    def _pay(self, session_id: str, *, is_lost: bool) -> None:
        with self.sandbox.books() as books:
            books.pay(session_id, is_lost=is_lost)
        self._deliver()

    def _deliver(self) -> None:
        """Sends what waits to be sent, and notes what was taken."""
        with self.sandbox.books() as books:
            waiting = [e for e in books.all("event") if e["pending_webhooks"] and not e["lost"]]
        for event in waiting:
            body = json.dumps(event).encode()
            status, _ = self.tell(body, self.sandbox.sign(body))
            if status == 200:  # noqa: PLR2004
                with self.sandbox.books() as books:
                    books.put(event | {"pending_webhooks": 0})
