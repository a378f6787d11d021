"""Gives every request an id, every reply the header that names it, and each exchange a log line."""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING, Final
from uuid import uuid4

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG: Final = logging.getLogger(__name__)

REQUEST_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class RequestIds:
    """Gives every request an id, every reply the header, and each exchange a log line."""

    def __init__(self, app: ASGIApp, *, access_log: bool) -> None:
        self._app = app
        self._access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.monotonic()
        request_id = _request_id(scope)
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        state["send"] = send

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", request_id.encode()),
                ]
                state["status"] = message["status"]
            await send(message)

        await self._app(scope, receive, send_with_id)
        if self._access_log:
            _log_exchange(scope, time.monotonic() - started)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            given = value.decode("latin-1")
            if REQUEST_ID.fullmatch(given):
                return str(given)
    return uuid4().hex


def _log_exchange(scope: Scope, duration: float) -> None:
    state = scope["state"]
    LOG.info(
        "request",
        extra={
            "requestId": state["request_id"],
            "method": scope["method"],
            "path": scope["path"],
            "opId": state.get("op_id"),
            "status": state.get("status"),
            "durationMs": round(duration * 1000, 1),
        },
    )
