"""GraphQL over HTTP: methods, media types, bodies and statuses around the engine.

Follows the GraphQL over HTTP draft: `application/graphql-response+json` tells request
errors by status, `application/json` keeps 200 for a well-formed request. Every error,
of whatever layer, is a GraphQL response with a code of `ErrorCode`.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.responses import Response

from .auth import AuthenticationError
from .engine.errors import UNAVAILABLE_MESSAGE, DomainError, JsonObject, bad_request
from .engine.execute import Reply, Request
from .generated.error_codes import ErrorCode
from .observe.limiter import BudgetExceededError
from .sessions import session_principal
from .sse import accepts_events, event_stream, last_event_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from anyio import CapacityLimiter
    from starlette.requests import Request as HttpRequest

    from .auth import Principal, Tokens
    from .database.engine import Database
    from .engine.execute import Engine
    from .observe.limiter import Limiter

LOG: Final = logging.getLogger(__name__)

RESPONSE_TYPE: Final = "application/graphql-response+json"
JSON_TYPE: Final = "application/json"

NO_HEADERS: Final[Mapping[str, str]] = {}
REPLAYED: Final[Mapping[str, str]] = {"Idempotency-Replayed": "true"}
# What is not named here is 400.
STATUS: Final[Mapping[ErrorCode | None, tuple[int, Mapping[str, str]]]] = {
    ErrorCode.UNAUTHENTICATED: (401, {"WWW-Authenticate": 'Bearer realm="intelgraph"'}),
    ErrorCode.FORBIDDEN: (403, NO_HEADERS),
    ErrorCode.PAYLOAD_TOO_LARGE: (413, NO_HEADERS),
    # The engine refuses one thing for its method: a mutation by GET.
    ErrorCode.UNSUPPORTED_REQUEST: (405, {"Allow": "POST"}),
    ErrorCode.IDEMPOTENCY_KEY_REUSED: (422, NO_HEADERS),
    ErrorCode.IDEMPOTENCY_KEY_IN_USE: (409, {"Retry-After": "1"}),
    ErrorCode.RATE_LIMITED: (429, NO_HEADERS),
    ErrorCode.BUDGET_EXCEEDED: (429, NO_HEADERS),
    ErrorCode.UNAVAILABLE: (503, {"Retry-After": "1"}),
    ErrorCode.INTERNAL: (500, NO_HEADERS),
}
# A request that was understood but cannot run: 400, or 200 where only JSON is accepted.
UNDERSTOOD: Final = frozenset(
    {
        ErrorCode.INVALID_DOCUMENT,
        ErrorCode.BAD_USER_INPUT,
        ErrorCode.DOCUMENT_TOO_COMPLEX,
        ErrorCode.IDEMPOTENCY_KEY_REUSED,
        ErrorCode.PERSISTED_DOCUMENT_NOT_FOUND,
        ErrorCode.PERSISTED_DOCUMENT_REQUIRED,
        ErrorCode.PERSISTED_DOCUMENT_RETIRED,
    }
)
FAILURES: Final = frozenset({ErrorCode.INTERNAL, ErrorCode.UNAVAILABLE})
TEXT: Final = (str, "a string")
OBJECT: Final = (dict, "an object")
PARAMETERS: Final[Mapping[str, tuple[type, str]]] = {
    **dict.fromkeys(("query", "documentId", "operationName"), TEXT),
    **dict.fromkeys(("variables", "extensions"), OBJECT),
}


class HttpError(DomainError):
    """A refusal before GraphQL begins, with a status and headers of its own."""

    def __init__(
        self, status: int, code: ErrorCode, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code, message)
        self.status = status
        self.headers = headers


@dataclass(frozen=True, slots=True)
class GraphQLEndpoint:
    """The `/graphql` route."""

    engine: Engine
    tokens: Tokens
    threads: CapacityLimiter

    async def respond(self, http: HttpRequest) -> Response:
        state, accept = http.scope["state"], http.headers.get("accept")
        media_type = state["media_type"] = negotiate(accept)
        request = await self._request(http)
        if accepts_events(accept) and await self._streams(request, accept):
            after = last_event_id(http.headers.get("last-event-id"))
            stream = await run_sync(self.engine.stream, request, after, limiter=self.threads)
            return event_stream(stream, self.threads)
        reply = await run_sync(self.engine.reply, request, limiter=self.threads)
        state |= {"op_id": reply.op_id, "failed": is_failure(reply)}
        return response(reply, media_type)

    async def _streams(self, request: Request, accept: str | None) -> bool:
        # Some clients accept events with all that they ask, so the operation decides for them.
        if best_type(accept) is None:
            return True
        return await run_sync(self.engine.subscribes, request, limiter=self.threads)

    async def _request(self, http: HttpRequest) -> Request:
        if http.method == "POST":
            check_content_type(http.headers.get("content-type"))
            parameters = parse_body(await read_body(http, self.engine.services.settings.body_limit))
        else:
            parameters = parse_query(http.query_params)
        principal = principal_of(self.tokens, http) or session_principal(http, self.tokens)
        spend_request(self.engine.services.limiter, principal, http)
        if principal is not None:
            http.scope["state"]["tenant_id"] = principal.tenant_id
        return replace(
            graphql_request(parameters),
            principal=principal,
            is_read_only=http.method != "POST",
            request_id=http.scope["state"]["request_id"],
            idempotency_keys=tuple(http.headers.getlist("idempotency-key")),
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


def health(database: Database) -> Callable[[HttpRequest], Awaitable[Response]]:
    """The `/healthz` route: whether the server and its database answer."""

    async def respond(_http: HttpRequest) -> Response:
        try:
            await run_sync(database.ping)
        except Exception as error:
            LOG.exception("not healthy")
            raise DomainError(ErrorCode.UNAVAILABLE, UNAVAILABLE_MESSAGE) from error
        return json_response({"status": "ok"})

    return respond


async def not_found(http: HttpRequest, _error: Exception) -> Response:
    message = f"There is nothing at {http.url.path}; GraphQL is at /graphql."
    return refusal(HttpError(404, ErrorCode.UNSUPPORTED_REQUEST, message), JSON_TYPE)


async def method_not_allowed(http: HttpRequest, error: Exception) -> Response:
    headers = (isinstance(error, HTTPException) and error.headers) or {}
    # Starlette answers HEAD wherever it answers GET; GraphQL has no use for it.
    allowed = ", ".join(sorted(set(headers.get("Allow", "").split(", ")) - {"HEAD"}))
    message = f"{http.url.path} is asked by {allowed}, not by {http.method}."
    error = HttpError(405, ErrorCode.UNSUPPORTED_REQUEST, message, {"Allow": allowed})
    return refusal(error, JSON_TYPE)


def negotiate(accept: str | None) -> str:
    """The media type to answer in; plain JSON when the client does not mind."""
    chosen = best_type(accept)
    if chosen is None and not accepts_events(accept):
        message = f"This server answers in {RESPONSE_TYPE} or {JSON_TYPE}."
        raise HttpError(406, ErrorCode.UNSUPPORTED_REQUEST, message)
    # What is refused before the first event is refused as any other request.
    return chosen or JSON_TYPE


def best_type(accept: str | None) -> str | None:
    """The media type of one reply that a client likes best; None where it accepts none."""
    best = {RESPONSE_TYPE: 0.0, JSON_TYPE: 0.0}
    for part in (accept or "*/*").lower().split(","):
        given, *parameters = (piece.strip() for piece in part.split(";"))
        media_type = JSON_TYPE if given in {"*/*", "application/*"} else given
        if media_type in best:
            best[media_type] = max(best[media_type], _quality(parameters))
    chosen = max(best, key=lambda name: best[name])
    return chosen if best[chosen] else None


def _quality(parameters: list[str]) -> float:
    given = next((p.removeprefix("q=") for p in parameters if p.startswith("q=")), "1")
    try:
        return min(max(float(given), 0.0), 1.0)
    except ValueError:
        return 0.0


def check_content_type(content_type: str | None) -> None:
    media_type, *parameters = (p.strip() for p in (content_type or "").lower().split(";"))
    charset = next((p[8:].strip('"') for p in parameters if p.startswith("charset=")), "utf-8")
    if media_type != JSON_TYPE or charset not in {"utf-8", "utf8"}:
        message, headers = f"The body must be {JSON_TYPE} in UTF-8.", {"Accept-Post": JSON_TYPE}
        raise HttpError(415, ErrorCode.UNSUPPORTED_REQUEST, message, headers)


async def read_body(http: HttpRequest, limit: int) -> bytes:
    body, size = bytearray(), 0
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
        parameters = _json(body.decode())
    except RecursionError:
        raise bad_request("The body is nested too deeply.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise bad_request(f"The body is not JSON at {where}.") from None
    except ValueError:
        raise bad_request("The body is not JSON in UTF-8.") from None
    if not isinstance(parameters, dict):
        raise bad_request("The body is not a JSON object.")
    return cast("JsonObject", parameters)


def parse_query(parameters: Mapping[str, str]) -> JsonObject:
    return {name: _parameter(name, text) for name, text in parameters.items()}


def _parameter(name: str, text: str) -> object:
    try:
        return _json(text) if PARAMETERS.get(name) is OBJECT else text
    except (ValueError, RecursionError):
        raise bad_request(f"`{name}` is not JSON.") from None


def _json(text: str) -> object:
    return json.loads(text, parse_constant=_no_constant)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def graphql_request(parameters: JsonObject) -> Request:
    for name, (kind, what) in PARAMETERS.items():
        if not isinstance(parameters.get(name), kind | None):
            raise bad_request(f"`{name}` is not {what}.")
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
    if isinstance(error, HttpError):
        return json_response(error.body(), error.status, media_type, error.headers)
    return response(Reply(error.body(), error.code), media_type)


def response(reply: Reply, media_type: str) -> Response:
    code = reply.code
    is_ok = code is None or (code in UNDERSTOOD and media_type == JSON_TYPE)
    status, headers = STATUS.get(code, (400, NO_HEADERS))
    headers = REPLAYED if reply.is_replayed else headers
    return json_response(reply.body, 200 if is_ok else status, media_type, headers)


def json_response(
    body: object,
    status: int = 200,
    media_type: str = JSON_TYPE,
    headers: Mapping[str, str] | None = None,
) -> Response:
    try:
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        # An error may quote half of a surrogate pair, which only an escape can carry.
        content = json.dumps(body, separators=(",", ":")).encode()
    typed = {"Content-Type": f"{media_type}; charset=utf-8", **(headers or {})}
    return Response(content, status_code=status, headers=typed)
