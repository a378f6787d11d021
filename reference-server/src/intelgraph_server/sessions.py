"""The cookie that signs a browser in: a bearer token, kept where no script can read it.

A browser sends cookies along with whatever any page asks of us. So the cookie counts only
for a POST that a page of this server made; as GraphQL by POST is JSON only, no form of
another site can make one either. A header is never sent unasked and needs none of this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from .auth import AuthenticationError

if TYPE_CHECKING:
    from starlette.requests import Request

    from .auth import Principal, Tokens

COOKIE: Final = "intelgraph_session"


def is_from_our_page(http: Request) -> bool:
    """Whether a page of this server asks, by all that the browser says about it."""
    site = http.headers.get("sec-fetch-site", "same-origin")
    origin = http.headers.get("origin")
    is_ours = origin is None or urlsplit(origin).netloc == http.headers.get("host")
    return site == "same-origin" and is_ours


def session_principal(http: Request, tokens: Tokens) -> Principal | None:
    """Whom the cookie speaks for; None, as for a stranger, where it does not count."""
    if http.method != "POST" or not is_from_our_page(http):
        return None
    return cookie_principal(http, tokens)


def cookie_principal(http: Request, tokens: Tokens) -> Principal | None:
    """Whose cookie it is, for deciding what to show; a cookie that has expired is nobody's."""
    token = http.cookies.get(COOKIE)
    try:
        return None if token is None else tokens.principal(f"Bearer {token}")
    except AuthenticationError:
        return None
