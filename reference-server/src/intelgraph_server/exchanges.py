"""What every exchange gets: an id, a reply whatever was raised, a measurement, and a log line."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from .engine.errors import known
from .http import FAILURES, JSON_TYPE, refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .observe.requests import Requests

LOG: Final = logging.getLogger(__name__)
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Exchanges:
    """An application whose answers are told to `requests`."""

    app: ASGIApp
    requests: Requests
    access_log: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.monotonic()
        state = scope.setdefault("state", {})
        state.update(request_id=_request_id(scope), send=send)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                header = (b"x-request-id", state["request_id"].encode())
                message["headers"] = [*message.get("headers", ()), header]
                state.update(status=message["status"], duration=time.monotonic() - began)
            await send(message)

        await self.app(scope, receive, send_with_id)
        # Without a reply, what it took to do without one.
        state.setdefault("duration", time.monotonic() - began)
        self._tell(scope, state)

    def _tell(self, scope: Scope, state: dict[str, Any]) -> None:
        if "tenant_id" in state:
            failed = state.get("failed", False)
            self.requests.record(state["tenant_id"], failed=failed, duration=state["duration"])
        if self.access_log:
            known = {"requestId": state["request_id"], "opId": state.get("op_id")}
            asked = {"method": scope["method"], "path": scope["path"]}
            duration = round(state["duration"] * 1000, 1)
            answered = {"status": state.get("status"), "durationMs": duration}
            LOG.info("request", extra=known | asked | answered)


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid4().hex


@dataclass(frozen=True, slots=True)
class Answers:
    """An application whose endpoints may raise: what they raise is answered, once.

    Inside of Starlette, which would send a reply of its own and raise the error nonetheless.
    """

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            if scope["type"] != "http" or "status" in scope["state"]:
                raise
            await _answer(error, scope["state"])(scope, receive, send)


def _answer(error: Exception, state: dict[str, Any]) -> Response:
    if isinstance(error, ClientDisconnect):
        return Response(status_code=499)
    refused = known(error, state["request_id"])
    state["failed"] = refused.code in FAILURES
    return refusal(refused, state.get("media_type", JSON_TYPE))
