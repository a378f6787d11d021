"""The `/metrics` and `/telemetry` routes: what is scraped, and what clients tell of themselves.

Telemetry is counted and forgotten. Nothing of a tenant or a caller is kept of it, and only the
operations of the manifest have a name, so that no caller can make the metrics grow.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response
from starlette.routing import Route

from intelgraph_server.engine.errors import DomainError
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.generated.persisted_documents import PERSISTED_DOCUMENTS
from intelgraph_server.http import (
    HttpError,
    check_content_type,
    principal_of,
    read_body,
    spend_request,
)

from .metrics import OTHER
from .objectives import Number, Text, fault

if TYPE_CHECKING:
    from starlette.requests import Request

    from intelgraph_server.auth import Tokens
    from intelgraph_server.services import Services

    from .objectives import Shape

MOST_BYTES: Final = 65_536
MOST_EVENTS: Final = 100
EVENT: Final[Shape] = {
    "opId": Text(200),
    "durationMs": Number(0, 10**9),
    "status": Number(100, 599, is_whole=True, may_be_null=True),
    "retries": Number(0, 100, is_whole=True),
}


def routes(services: Services, tokens: Tokens) -> list[Route]:
    async def metrics(_http: Request) -> Response:
        headers = {"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
        return Response(services.metrics.text(), headers=headers)

    async def telemetry(http: Request) -> Response:
        """Takes one event of a client's or a list of them: all or, if one is wrong, none."""
        _admit(services, tokens, http)
        events = _events(await read_body(http, MOST_BYTES))
        for event in events:
            op_id = event["opId"] if event["opId"] in PERSISTED_DOCUMENTS else OTHER
            services.metrics.sdk_retries.labels(op_id).inc(event["retries"])
        return Response(status_code=204)

    return [
        Route("/metrics", metrics, methods=["GET"]),
        Route("/telemetry", telemetry, methods=["POST"]),
    ]


def _admit(services: Services, tokens: Tokens, http: Request) -> None:
    principal = principal_of(tokens, http)
    spend_request(services.limiter, principal, http)
    if principal is None:
        raise DomainError(ErrorCode.UNAUTHENTICATED, "No bearer token came with the request.")
    check_content_type(http.headers.get("content-type"))


def _events(body: bytes) -> list[dict[str, Any]]:
    try:
        told: object = json.loads(body)
    except (ValueError, RecursionError):
        raise DomainError(ErrorCode.BAD_REQUEST, "The body is not JSON in UTF-8.") from None
    events = cast("list[object]", told) if isinstance(told, list) else [told]
    if not 0 < len(events) <= MOST_EVENTS:
        message = f"A list holds from 1 to {MOST_EVENTS} events, not {len(events)}."
        raise HttpError(400, ErrorCode.BAD_USER_INPUT, message)
    for number, event in enumerate(events):
        if found := fault(event, EVENT):
            raise HttpError(400, ErrorCode.BAD_USER_INPUT, f"Event {number}: {found}.")
    return cast("list[dict[str, Any]]", events)
