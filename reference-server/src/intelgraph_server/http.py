"""GraphQL over HTTP: methods, media types, bodies and statuses around the engine.

Follows the GraphQL over HTTP draft: `application/graphql-response+json` tells request
errors by status, `application/json` keeps 200 for a well-formed request. Every error,
of whatever layer, is a GraphQL response with a code of `ErrorCode`.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from .auth import AuthenticationError
from .engine.errors import (
    INTERNAL_MESSAGE,
    UNAVAILABLE_MESSAGE,
    DomainError,
    JsonObject,
    error_body,
)
from .engine.execute import Reply, Request
from .generated.error_codes import ErrorCode
from .observe.limiter import BudgetExceededError
from .sessions import session_principal
from .sse import accepts_events, event_stream, last_event_id

if TYPE_CHECKING:
    from .auth import Principal, Tokens
    from .database.engine import Database
    from .engine.execute import Engine
    from .observe.limiter import Limiter
    from .services import Services

LOG: Final = logging.getLogger(__name__)

RESPONSE_TYPE: Final = "application/graphql-response+json"
JSON_TYPE: Final = "application/json"

STATUS: Final = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.PAYLOAD_TOO_LARGE: 413,
    ErrorCode.UNSUPPORTED_REQUEST: 405,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.BUDGET_EXCEEDED: 429,
    ErrorCode.UNAVAILABLE: 503,
    ErrorCode.INTERNAL: 500,
}
# A request that was understood but cannot run: 400, or 200 where only JSON is accepted.
UNDERSTOOD: Final = frozenset(
    {
        ErrorCode.INVALID_DOCUMENT,
        ErrorCode.BAD_USER_INPUT,
        ErrorCode.DOCUMENT_TOO_COMPLEX,
        ErrorCode.PERSISTED_DOCUMENT_NOT_FOUND,
        ErrorCode.PERSISTED_DOCUMENT_REQUIRED,
    }
)
FAILURES: Final = frozenset({ErrorCode.INTERNAL, ErrorCode.UNAVAILABLE})
HEADERS: Final = {
    ErrorCode.UNAUTHENTICATED: {"WWW-Authenticate": 'Bearer realm="intelgraph"'},
    ErrorCode.UNAVAILABLE: {"Retry-After": "1"},
    # The engine refuses one thing for its method: a mutation by GET.
    ErrorCode.UNSUPPORTED_REQUEST: {"Allow": "POST"},
}


class HttpError(DomainError):
    """A refusal before GraphQL begins, with a status and headers of its own."""

    def __init__(
        self, status: int, code: ErrorCode, message: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(code, message)
        self.status = status
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class GraphQLEndpoint:
    """The `/graphql` route."""

    engine: Engine
    tokens: Tokens
    services: Services
    threads: anyio.CapacityLimiter

    async def respond(self, http: HttpRequest) -> Response:
        started = time.monotonic()
        response = await self._respond(http)
        state = http.scope["state"]
        if "tenant_id" in state:
            failed, duration = state.get("failed", False), time.monotonic() - started
            self.services.requests.record(state["tenant_id"], failed=failed, duration=duration)
        return response

    async def _respond(self, http: HttpRequest) -> Response:
        media_type = JSON_TYPE
        try:
            media_type = negotiate(http.headers.get("accept"))
            request = await self._request(http)
            if accepts_events(http.headers.get("accept")):
                return await self._events(http, request)
            reply = await anyio.to_thread.run_sync(self.engine.reply, request, limiter=self.threads)
            http.scope["state"] |= {"op_id": reply.op_id, "failed": is_failure(reply)}
            return response(reply, media_type)
        except DomainError as error:
            return refusal(error, media_type)
        except ClientDisconnect:
            return Response(status_code=499)
        except Exception:
            LOG.exception("request failed", extra={"requestId": http.scope["state"]["request_id"]})
            http.scope["state"]["failed"] = True
            reply = Reply(error_body(ErrorCode.INTERNAL, INTERNAL_MESSAGE), ErrorCode.INTERNAL)
            return response(reply, media_type)

    async def _events(self, http: HttpRequest, request: Request) -> Response:
        after = last_event_id(http.headers.get("last-event-id"))
        stream = await anyio.to_thread.run_sync(
            self.engine.stream, request, after, limiter=self.threads
        )
        return event_stream(stream, self.threads)

    async def _request(self, http: HttpRequest) -> Request:
        if http.method == "POST":
            check_content_type(http.headers.get("content-type"))
            parameters = parse_body(await read_body(http, self.services.settings.body_limit))
        else:
            parameters = parse_query(dict(http.query_params))
        principal = principal_of(self.tokens, http) or session_principal(http, self.tokens)
        spend_request(self.services.limiter, principal, http)
        if principal is not None:
            http.scope["state"]["tenant_id"] = principal.tenant_id
        return replace(
            graphql_request(parameters),
            principal=principal,
            is_read_only=http.method != "POST",
            request_id=http.scope["state"]["request_id"],
        )


def principal_of(tokens: Tokens, http: HttpRequest) -> Principal | None:
    """Who asks; None when no token came. Raises DomainError for one that is none of ours."""
    try:
        return tokens.principal(http.headers.get("authorization"))
    except AuthenticationError as error:
        raise DomainError(ErrorCode.UNAUTHENTICATED, str(error)) from None


def spend_request(limiter: Limiter, principal: Principal | None, http: HttpRequest) -> None:
    """Counts a request; raises HttpError when there is no budget left for it."""
    try:
        limiter.spend_request(principal, http.client.host if http.client else "")
    except BudgetExceededError as error:
        headers = {"Retry-After": str(error.retry_after)}
        raise HttpError(429, error.code, error.message, headers) from None


@dataclass(frozen=True, slots=True)
class HealthEndpoint:
    """The `/healthz` route: whether the server and its database answer."""

    database: Database

    async def respond(self, _http: HttpRequest) -> Response:
        try:
            await anyio.to_thread.run_sync(self.database.ping)
        except Exception:
            LOG.exception("not healthy")
            body = error_body(ErrorCode.UNAVAILABLE, UNAVAILABLE_MESSAGE)
            return json_response(body, 503, JSON_TYPE, HEADERS[ErrorCode.UNAVAILABLE])
        return json_response({"status": "ok"}, 200, JSON_TYPE)


async def not_found(http: HttpRequest, _error: Exception) -> Response:
    message = f"There is nothing at {http.url.path}; GraphQL is at /graphql."
    return json_response(error_body(ErrorCode.UNSUPPORTED_REQUEST, message), 404, JSON_TYPE)


async def refused(_http: HttpRequest, error: Exception) -> Response:
    """What an endpoint refuses and does not answer itself, such as a body that is too large."""
    if not isinstance(error, DomainError):
        raise error
    return refusal(error, JSON_TYPE)


async def method_not_allowed(http: HttpRequest, error: Exception) -> Response:
    # Starlette answers HEAD wherever it answers GET; GraphQL has no use for it.
    allowed = ", ".join(sorted(_allowed_methods(error) - {"HEAD"}))
    message = f"{http.url.path} is asked by {allowed}, not by {http.method}."
    body = error_body(ErrorCode.UNSUPPORTED_REQUEST, message)
    return json_response(body, 405, JSON_TYPE, {"Allow": allowed})


def _allowed_methods(error: Exception) -> set[str]:
    headers = error.headers if isinstance(error, HTTPException) else None
    return set((headers or {}).get("Allow", "").split(", "))


def negotiate(accept: str | None) -> str:
    """The media type to answer in; plain JSON when the client does not mind."""
    if accepts_events(accept):
        # What is refused before the first event is refused as any other request.
        return JSON_TYPE
    best = {RESPONSE_TYPE: 0.0, JSON_TYPE: 0.0}
    for part in (accept or "*/*").lower().split(","):
        media_type, *parameters = (piece.strip() for piece in part.split(";"))
        quality = _quality(parameters)
        if media_type in {"*/*", "application/*"}:
            media_type, quality = JSON_TYPE, quality or 0.0
        if media_type in best:
            best[media_type] = max(best[media_type], quality)
    chosen = max(best, key=lambda name: best[name])
    if best[chosen] == 0:
        raise HttpError(
            406,
            ErrorCode.UNSUPPORTED_REQUEST,
            f"This server answers in {RESPONSE_TYPE} or {JSON_TYPE}.",
        )
    return chosen


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def check_content_type(content_type: str | None) -> None:
    media_type, *parameters = (p.strip() for p in (content_type or "").lower().split(";"))
    charset = next((p[8:].strip('"') for p in parameters if p.startswith("charset=")), "utf-8")
    if media_type != JSON_TYPE or charset not in {"utf-8", "utf8"}:
        raise HttpError(
            415,
            ErrorCode.UNSUPPORTED_REQUEST,
            f"The body must be {JSON_TYPE} in UTF-8.",
            {"Accept-Post": JSON_TYPE},
        )


async def read_body(http: HttpRequest, limit: int) -> bytes:
    body = bytearray()
    size = 0
    async for chunk in http.stream():
        size += len(chunk)
        if size <= limit:
            body += chunk
        elif size > 8 * limit:
            break
        # A little more is read and dropped: a client that is still writing would not read
        # the reply, but see its connection reset.
    if size > limit:
        raise HttpError(413, ErrorCode.PAYLOAD_TOO_LARGE, f"The body has more than {limit} bytes.")
    return bytes(body)


def parse_body(body: bytes) -> JsonObject:
    try:
        parameters = json.loads(body.decode(), parse_constant=_no_constant)
    except RecursionError:
        raise DomainError(ErrorCode.BAD_REQUEST, "The body is nested too deeply.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise DomainError(ErrorCode.BAD_REQUEST, f"The body is not JSON at {where}.") from None
    except ValueError:
        raise DomainError(ErrorCode.BAD_REQUEST, "The body is not JSON in UTF-8.") from None
    if not isinstance(parameters, dict):
        raise DomainError(ErrorCode.BAD_REQUEST, "The body is not a JSON object.")
    return cast("JsonObject", parameters)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def parse_query(parameters: dict[str, str]) -> JsonObject:
    parsed: JsonObject = dict(parameters)
    for name in ("variables", "extensions"):
        if name not in parameters:
            continue
        try:
            parsed[name] = json.loads(parameters[name], parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise DomainError(ErrorCode.BAD_REQUEST, f"`{name}` is not JSON.") from None
    return parsed


def graphql_request(parameters: JsonObject) -> Request:
    for name in ("query", "documentId", "operationName"):
        if not isinstance(parameters.get(name), str | None):
            raise DomainError(ErrorCode.BAD_REQUEST, f"`{name}` is not a string.")
    for name in ("variables", "extensions"):
        if not isinstance(parameters.get(name), dict | None):
            raise DomainError(ErrorCode.BAD_REQUEST, f"`{name}` is not an object.")
    return Request(
        query=parameters.get("query"),
        document_id=parameters.get("documentId"),
        operation_name=parameters.get("operationName"),
        variables=parameters.get("variables") or {},
    )


def is_failure(reply: Reply) -> bool:
    """Whether the server failed, in whole or in part; the caller's own mistakes do not count."""
    codes = {error["extensions"]["code"] for error in reply.body.get("errors", ())}
    return not codes.isdisjoint(FAILURES)


def refusal(error: DomainError, media_type: str) -> Response:
    body = error_body(error.code, error.message)
    if isinstance(error, HttpError):
        return json_response(body, error.status, media_type, error.headers)
    return response(Reply(body, error.code), media_type)


def response(reply: Reply, media_type: str) -> Response:
    if reply.code is None:
        return json_response(reply.body, 200, media_type)
    status = STATUS.get(reply.code, 400)
    if reply.code in UNDERSTOOD and media_type == JSON_TYPE:
        status = 200
    return json_response(reply.body, status, media_type, HEADERS.get(reply.code))


def json_response(
    body: Any, status: int, media_type: str, headers: dict[str, str] | None = None
) -> Response:
    try:
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        # An error may quote half of a surrogate pair, which only an escape can carry.
        content = json.dumps(body, separators=(",", ":")).encode()
    typed = {"Content-Type": f"{media_type}; charset=utf-8", **(headers or {})}
    return Response(content, status_code=status, headers=typed)
