"""Asks a server one GraphQL query over HTTP, with the standard library alone.

Everything that can go wrong becomes an `UnreachableError` that says what to do. What is secret
stays so: redirects are not followed, headers are never told, and what the server wrote is told
only after whatever was sent has been taken out of it.
"""

from __future__ import annotations

import json
import re
import ssl
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from ._version import __version__
from .errors import Diagnostic, UnreachableError
from .untyped import items_of, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message
    from http.client import HTTPMessage
    from typing import IO

TIMEOUT: Final = 30.0
_MOST_BYTES: Final = 64 * 1024 * 1024
_MOST_QUOTED = 200
_ENDED = "The connection ended before the answer did."
_UNAUTHORIZED = (401, 403)


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask, and what to send along."""

    address: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    timeout: float = TIMEOUT
    most_bytes: int = _MOST_BYTES

    @property
    def shown(self) -> str:
        """The address without what may be secret in it."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, read as GraphQL's JSON."""

    data: dict[str, object] | None
    errors: tuple[str, ...]
    """The messages of its errors, without anything that was sent."""


def ask(server: Server, query: str) -> Answer:
    """The answer to one query; raises `UnreachableError` where there is none of GraphQL."""
    request = urllib.request.Request(  # noqa: S310 - Only http and https come here.
        server.address,
        data=json.dumps({"query": query}).encode(),
        headers={
            "Content-Type": "application/json",
            "Accept": "application/graphql-response+json, application/json;q=0.9",
            "User-Agent": f"intelgraph-codegen/{__version__}",
            **server.headers,
        },
        method="POST",
    )
    try:
        with urllib.request.build_opener(_NoRedirect()).open(
            request, timeout=server.timeout
        ) as response:
            return _read(server, response.status, response, response.headers)
    except HTTPError as error:
        with error:
            return _refused(server, error)
    except (OSError, HTTPException) as error:
        raise unreachable(server, _why(error)) from None


def unreachable(server: Server, message: str) -> UnreachableError:
    """An `UnreachableError` about this server, to raise."""
    return UnreachableError([Diagnostic(f"{server.shown}: {message}", code="unreachable-server")])


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0917 - It is the library's own.
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """None: a header with a secret goes to nobody but whom it was meant for."""
        del req, fp, code, msg, headers, newurl


def _refused(server: Server, error: HTTPError) -> Answer:
    if error.code in _UNAUTHORIZED:
        raise unreachable(
            server,
            f"The server answers {error.code}: it wants other credentials. Pass them with "
            "`--header-env 'Authorization=VARIABLE'` or `--header`.",
        )
    location = error.headers.get("Location")
    if location and 300 <= error.code < 400:  # noqa: PLR2004
        target = Server(location).shown if urlsplit(location).netloc else urlsplit(location).path
        raise unreachable(
            server, f"The server redirects to {target}, which is not followed; give that address."
        )
    try:
        return _read(server, error.code, error, error.headers)
    except (OSError, HTTPException) as inner:
        raise unreachable(server, _why(inner)) from None


def _read(server: Server, status: int, response: IO[bytes], headers: Message) -> Answer:
    raw = response.read(server.most_bytes + 1)
    if len(raw) > server.most_bytes:
        raise unreachable(server, "The answer has more bytes than a schema can have.")
    announced = headers.get("Content-Length") or ""
    if announced.isdecimal() and len(raw) < int(announced):
        raise unreachable(server, _ENDED)
    try:
        content = table(json.loads(raw))
    except (ValueError, RecursionError):
        content = None
    if content is None or not ("data" in content or "errors" in content):
        is_page = re.match(rb"\s*<(!doctype|html|\?xml)", raw, re.IGNORECASE)
        what = "a page for browsers" if is_page else "something else"
        raise unreachable(
            server, f"The server answers {status} with {what} instead of GraphQL's JSON."
        )
    return Answer(table(content.get("data")), _messages(server, content.get("errors")))


def _messages(server: Server, errors: object) -> tuple[str, ...]:
    listed = items_of(errors) or ([errors] if errors else [])
    found = [(table(item) or {}).get("message") for item in listed]
    return tuple(_harmless(server, text) for text in found if isinstance(text, str)) or (
        ("an error without a message",) if listed else ()
    )


def _harmless(server: Server, text: str) -> str:
    """What the server wrote, in one printable line and without what was sent to it."""
    for value in server.headers.values():
        for secret in sorted({value, *value.split()}, key=len, reverse=True):
            if len(secret) > 3:  # noqa: PLR2004
                text = text.replace(secret, "…")
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= _MOST_QUOTED else f"{text[:_MOST_QUOTED]}…"


def _why(error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"The server's certificate is not trusted: {reason.verify_message}."
    if isinstance(reason, ssl.SSLError):
        return "No secure connection comes about; is this address `http://` perhaps?"
    if isinstance(reason, TimeoutError):
        return "The server did not answer in time."
    if isinstance(reason, ConnectionRefusedError):
        return "Nothing listens there."
    if isinstance(reason, OSError) and not isinstance(reason, ConnectionError) and reason.strerror:
        return f"The server cannot be reached: {reason.strerror}."
    return _ENDED
