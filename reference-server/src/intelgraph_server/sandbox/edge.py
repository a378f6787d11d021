"""The sandbox as others reach it over HTTP; what it comes to tell goes to the webhook, signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar
from urllib.parse import parse_qs

import anyio.to_thread
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from intelgraph_server.http import read_body

from .provider import MOUNT

if TYPE_CHECKING:
    from starlette.requests import Request

    from .provider import Sandbox

T = TypeVar("T")
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


def routes(sandbox: Sandbox, tell: Tell) -> list[Route]:
    edge = SandboxEndpoint(sandbox, tell)
    methods = ["GET", "POST"]
    return [
        Route(MOUNT + "/pay/{session}", edge.page, methods=methods),
        Route(MOUNT + "/v1/{rest:path}", edge.api, methods=methods),
    ]


@dataclass(frozen=True, slots=True)
class SandboxEndpoint:
    """The API and the page; whoever changes something has it told before the reply."""

    sandbox: Sandbox
    tell: Tell

    async def api(self, http: Request) -> Response:
        body = (await read_body(http, LARGEST)).decode("latin-1")
        target = f"/v1/{http.path_params['rest']}?{http.url.query}"
        answer = partial(self.sandbox.answer, http.method, target, http.headers, body)
        status, content = await anyio.to_thread.run_sync(self._telling, answer)
        return JSONResponse(content, status)

    async def page(self, http: Request) -> Response:
        session_id = http.path_params["session"]
        if http.method == "POST":
            asked = parse_qs((await read_body(http, LARGEST)).decode("latin-1"))
            is_lost = asked.get("deliver") == ["false"]
            pay = partial(self.sandbox.pay, session_id, is_lost=is_lost)
            await anyio.to_thread.run_sync(self._telling, pay)
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

    def _telling(self, act: Callable[[], T]) -> T:
        """Does it, then sends what waits to be sent, and notes what was taken."""
        done = act()
        for event_id, body, signature in self.sandbox.undelivered():
            status, _ = self.tell(body, signature)
            if status == 200:  # noqa: PLR2004
                self.sandbox.delivered(event_id)
        return done
