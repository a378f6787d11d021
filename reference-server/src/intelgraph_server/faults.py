"""Faults on demand: the next requests to `/graphql` fail as told, for tests of clients.

`POST /_faults {"next": 2, "status": 503, "retryAfter": 1, "delayMs": 0, "drop": false}`
adds a fault behind those that are left, GET lists them, DELETE forgets them. `drop` loses the
request before anything is done, `dropReply` what was done and answered.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import anyio
from starlette.responses import Response

from .engine.errors import DomainError, JsonObject, bad_request
from .generated.error_codes import ErrorCode
from .http import RESPONSE_TYPE, check_content_type, json_response, parse_body, read_body

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

CODES: Final = {429: ErrorCode.RATE_LIMITED, 500: ErrorCode.INTERNAL, 503: ErrorCode.UNAVAILABLE}
LARGEST_FAULT: Final = 10_000  # Bytes of JSON.
# What a fault is when nothing is said, and what may be said. It happens to the `next` requests;
# without status and drops, it is a mere delay.
DEFAULTS: Final = {
    "next": 1,
    "status": None,
    "retryAfter": None,
    "delayMs": 0,
    "drop": False,
    "dropReply": False,
}
MEMBERS: Final = {
    "next": (int, 1, 1_000_000),
    "status": (int, 200, 599),
    "retryAfter": (int | float, 0, 86_400),
    "delayMs": (int | float, 0, 600_000),
    "drop": (bool, 0, 1),
    "dropReply": (bool, 0, 1),
}


class Faults:
    """The faults that are left, and the route that sets them."""

    def __init__(self) -> None:
        self._queue: deque[JsonObject] = deque()

    async def endpoint(self, http: HttpRequest) -> Response:
        if http.method == "POST":
            # A media type that no foreign web page can send unasked.
            check_content_type(http.headers.get("content-type"))
            self._queue.append(fault_from(parse_body(await read_body(http, LARGEST_FAULT))))
        elif http.method == "DELETE":
            self._queue.clear()
        return json_response({"faults": list(self._queue)})

    def take(self) -> JsonObject | None:
        if not self._queue:
            return None
        fault = self._queue[0]
        fault["next"] -= 1
        return fault if fault["next"] else self._queue.popleft()


@dataclass(frozen=True, slots=True)
class FaultyApp:
    """The application behind its faults."""

    app: ASGIApp
    faults: Faults
    path: str = "/graphql"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_target = scope["type"] == "http" and scope["path"] == self.path
        fault = self.faults.take() if is_target else None
        if fault is None:
            await self.app(scope, receive, send)
            return
        drops, status = fault["drop"], fault["status"]
        if drops or status is not None:
            # The request is read whole, so that it is lost after it was sent and not before.
            while (await receive()).get("more_body"):
                pass
        await anyio.sleep(fault["delayMs"] / 1000)
        if drops:
            drop_connection(scope["state"]["send"])
        elif status is not None:
            await failure(status, fault["retryAfter"])(scope, receive, send)
        elif fault["dropReply"]:
            await self.app(scope, receive, _lost)
            drop_connection(scope["state"]["send"])
        else:
            await self.app(scope, receive, send)


async def _lost(_message: Message) -> None:
    """Where a reply goes that nobody gets."""


def fault_from(given: JsonObject) -> JsonObject:
    unknown = sorted(given.keys() - MEMBERS)
    if unknown:
        raise bad_request(f"A fault has no `{unknown[0]}`.")
    said = {name: value for name, value in given.items() if value is not None}
    for name, value in said.items():
        kind, least, most = MEMBERS[name]
        # To Python, true is a number.
        is_right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if not (is_right and least <= value <= most):
            raise bad_request(f"`{name}` of a fault cannot be {value!r}.")
    return DEFAULTS | said


def failure(status: int, retry_after: float | None) -> Response:
    """The reply of a failing server; where a gateway would speak, a gateway's HTML."""
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    if status in CODES:
        error = DomainError(CODES[status], f"A fault was injected: HTTP {status}.")
        return json_response(error.body(), status, RESPONSE_TYPE, headers)
    text = f"<html><body>A fault was injected: HTTP {status}.</body></html>"
    return Response(text, status_code=status, headers=headers, media_type="text/html")


def drop_connection(send: Send) -> None:
    """Closes the TCP connection without a reply.

    ASGI cannot say this. Uvicorn's `send` is a method of the exchange, which knows its
    transport; under any other server the exception ends the exchange instead.
    """
    exchange: Any = getattr(send, "__self__", None)
    transport = getattr(exchange, "transport", None)
    if transport is None:
        raise ConnectionResetError("the connection was dropped by an injected fault")
    transport.abort()
