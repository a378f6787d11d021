"""The portal's built pages beside the API, with headers that let them do nothing else.

`examples/portal` builds the folder. Here is what only a server can do for it: the shell of each
address, strict headers, and the sign-in by a form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from .auth import AuthenticationError
from .engine.errors import forbidden
from .http import HttpError, read_body
from .sessions import COOKIE, cookie_principal, is_from_our_page

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .auth import Tokens

POLICY: Final = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:"),
        *("connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"),
        *("require-trusted-types-for 'script'", "trusted-types 'none'"),
    )
)
HEADERS: Final = {
    b"content-security-policy": POLICY.encode(),
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    # Not `no-referrer`: forms of our own pages would then come with the origin `null`.
    b"referrer-policy": b"same-origin",
    b"x-content-type-options": b"nosniff",
}
HTTPS_HEADERS: Final = {b"strict-transport-security": b"max-age=31536000"}
FOR_EVER: Final = "public, max-age=31536000, immutable"  # The names of assets hold their hash.
LONGEST_FORM: Final = 16_384  # Bytes.


@dataclass(frozen=True, slots=True)
class Pages:
    """The trust page of each tenant, the administration, and the session of a browser."""

    folder: Path
    tokens: Tokens

    def routes(self) -> list[BaseRoute]:
        assets = StaticFiles(directory=self.folder / "assets")
        return [
            Route("/", self.start, methods=["GET"]),
            Route("/trust/{slug}", self.trust, methods=["GET"]),
            Route("/admin", self.admin, methods=["GET"]),
            Route("/admin/{section}", self.admin, methods=["GET"]),
            Route("/session", self.begin, methods=["POST"]),
            Route("/session/end", self.end, methods=["POST"]),
            Mount("/assets", Strict(assets, FOR_EVER)),
        ]

    async def start(self, http: Request) -> Response:
        # A payment page names the order that it sends its visitor back with.
        return RedirectResponse("/admin/orders" if "order" in http.query_params else "/admin", 303)

    async def trust(self, _http: Request) -> ASGIApp:
        return Strict(FileResponse(self.folder / "trust.html"), "no-cache")

    async def admin(self, http: Request) -> ASGIApp:
        if http.headers.get("sec-fetch-site") == "cross-site":
            # Whoever comes from a payment page comes without the cookie, which is strict.
            # Asked for once more by ourselves, the page is shown to whom it belongs.
            return Strict(Response(headers={"Refresh": f"0; url={http.url.path}"}), "no-store")
        is_known = cookie_principal(http, self.tokens) is not None
        shell = self.folder / ("admin.html" if is_known else "sign_in.html")
        return Strict(FileResponse(shell), "no-store")

    async def begin(self, http: Request) -> Response:
        check_page(http)
        try:
            form = parse_qs((await read_body(http, LONGEST_FORM)).decode("ascii", "replace"))
            token = form.get("token", [""])[0].strip()
            self.tokens.principal(f"Bearer {token}")
        except (AuthenticationError, HttpError):
            return RedirectResponse("/admin?refused", 303)
        done = RedirectResponse("/admin", 303)
        is_secure = http.url.scheme == "https"
        done.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=is_secure)
        return done

    async def end(self, http: Request) -> Response:
        check_page(http)
        done = RedirectResponse("/admin", 303)
        done.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return done


def check_page(http: Request) -> None:
    if not is_from_our_page(http):
        raise forbidden("A session begins and ends on this server's own pages only.")


@dataclass(frozen=True, slots=True)
class Strict:
    """An application whose replies carry the headers of a page."""

    app: ASGIApp
    cache_control: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        over_https = HTTPS_HEADERS if scope.get("scheme") == "https" else {}
        headers = HEADERS | over_https | {b"cache-control": self.cache_control.encode()}

        async def send_strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *headers.items()]
            await send(message)

        await self.app(scope, receive, send_strictly)
