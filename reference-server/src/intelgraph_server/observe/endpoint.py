"""The `/metrics` and `/telemetry` routes: what is scraped, and what clients tell of themselves.

Telemetry is counted and forgotten. Nothing of a tenant or a caller is kept of it, and only the
operations of the manifest have a name, so that no caller can make the metrics grow.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from intelgraph_server.engine.errors import DomainError, error_body
from intelgraph_server.engine.execute import Reply
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.generated.persisted_documents import PERSISTED_DOCUMENTS
from intelgraph_server.http import (
    JSON_TYPE,
    HttpError,
    check_content_type,
    json_response,
    principal_of,
    read_body,
    response,
    spend_request,
)

from .metrics import CONTENT_TYPE, OTHER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from intelgraph_server.auth import Tokens
    from intelgraph_server.services import Services

MOST_BYTES: Final = 65_536
MOST_EVENTS: Final = 100
_WANTED: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "opId": ("null or text of up to 200 characters", lambda v: v is None or _is_text(v)),
    "durationMs": ("a number of 0 or more", lambda v: _is_number(v) and v >= 0),
    "status": ("null or from 100 to 599", lambda v: v is None or _is_whole(v, 100, 599)),
    "retries": ("a whole number from 0 to 100", lambda v: _is_whole(v, 0, 100)),
}


def routes(services: Services, tokens: Tokens) -> list[Route]:
    async def metrics(_http: Request) -> Response:
        headers = {"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"}
        return Response(services.metrics.text(), headers=headers)

    return [
        Route("/metrics", metrics, methods=["GET"]),
        Route("/telemetry", TelemetryEndpoint(services, tokens).respond, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class TelemetryEndpoint:
    """Takes one event of a client's telemetry or a list of them: all or, if one is wrong, none."""

    services: Services
    tokens: Tokens

    async def respond(self, http: Request) -> Response:
        try:
            self._admit(http)
            events = _events(await read_body(http, MOST_BYTES))
        except HttpError as error:
            body = error_body(error.code, error.message)
            return json_response(body, error.status, JSON_TYPE, error.headers)
        except DomainError as error:
            return response(Reply(error_body(error.code, error.message), error.code), JSON_TYPE)
        except ClientDisconnect:
            return Response(status_code=499)
        for event in events:
            op_id = event["opId"] if event["opId"] in PERSISTED_DOCUMENTS else OTHER
            self.services.metrics.sdk_retries.labels(op_id).inc(event["retries"])
        return Response(status_code=204)

    def _admit(self, http: Request) -> None:
        principal = principal_of(self.tokens, http)
        spend_request(self.services.limiter, principal, http)
        if principal is None:
            message = "No bearer token came with the request."
            raise DomainError(ErrorCode.UNAUTHENTICATED, message)
        check_content_type(http.headers.get("content-type"))


def _events(body: bytes) -> list[dict[str, Any]]:
    try:
        told: object = json.loads(body)
    except (ValueError, RecursionError):
        raise HttpError(400, ErrorCode.BAD_REQUEST, "The body is not JSON in UTF-8.") from None
    events = cast("list[object]", told) if isinstance(told, list) else [told]
    if not 0 < len(events) <= MOST_EVENTS:
        message = f"A list holds from 1 to {MOST_EVENTS} events, not {len(events)}."
        raise HttpError(400, ErrorCode.BAD_USER_INPUT, message)
    for number, event in enumerate(events):
        fault = _fault(event)
        if fault is not None:
            raise HttpError(400, ErrorCode.BAD_USER_INPUT, f"Event {number}: {fault}.")
    return cast("list[dict[str, Any]]", events)


def _fault(event: object) -> str | None:
    """What is wrong first; what was sent is never quoted."""
    if not isinstance(event, dict):
        return "it is not an object"
    members = cast("dict[str, object]", event)
    if members.keys() != _WANTED.keys():
        return f"its members are not {', '.join(_WANTED)}"
    wrong = (f"`{n}` is not {what}" for n, (what, fits) in _WANTED.items() if not fits(members[n]))
    return next(wrong, None)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 200  # noqa: PLR2004 - described above.


def _is_number(value: object) -> bool:
    return type(value) in {int, float} and math.isfinite(cast("float", value))


def _is_whole(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most
