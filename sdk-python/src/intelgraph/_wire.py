"""GraphQL over HTTP: a call becomes a request's bytes, and a reply becomes data or an error.

Everything here is pure. Data is decoded straight from the bytes into its type, which is a
third cheaper than through a dict; a reply is only read a second time when it is no success.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeGuard

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from ._errors import ErrorDetail
from ._exchange import Request
from ._messages import not_graphql_error, operation_error, wrong_data_error
from ._models import LABEL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._errors import OperationError, ResponseError
    from ._exchange import Reply
    from ._messages import Attempt
    from ._operation import D, Operation

JSON_MEDIA_TYPES = frozenset({"application/graphql-response+json", "application/json"})
ACCEPT = "application/graphql-response+json, application/json;q=0.9"

# Some servers put it before JSON, which may ignore it (RFC 8259, 8.1).
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# Of this protocol, and of Apollo's automatic persisted queries.
MISS_CODES = frozenset({"PERSISTED_DOCUMENT_NOT_FOUND", "PERSISTED_QUERY_NOT_FOUND"})

# Without a sign, and not so long that no clock could count it.
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")

_to_json = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go, and what is the same in all of them."""

    url: str
    host: str
    """Host and port, as messages name them."""
    headers: Mapping[str, str] = field(repr=False)
    timeout: float | None
    max_response_bytes: int

    def request(self, body: bytes, *, time_left: float | None = None) -> Request:
        """The request for a body, with a timeout that ends when the time left does."""
        timeout = self.timeout
        if time_left is not None and (timeout is None or time_left < timeout):
            # A wait that took a little too long still leaves a moment to fail in.
            timeout = max(time_left, 0.001)
        return Request("POST", self.url, self.headers, body, timeout, self.max_response_bytes)


def encode_body(operation: Operation[D], variables: str, *, with_document: bool) -> bytes:
    """The body that asks for an operation by its id, and by its text if it has none.

    `variables` is their JSON, so that a body that is sent twice is not encoded twice.
    """
    members: list[str] = []
    if operation.document_id is not None:
        members.append(f'"documentId":{_to_json(operation.document_id)}')
    if with_document or operation.document_id is None:
        members.append(f'"query":{_to_json(operation.document)}')
    if variables != "{}":
        members.append(f'"variables":{variables}')
    return f"{{{','.join(members)}}}".encode()


def encode_json(value: object) -> str:
    """Compact JSON; NaN and infinities raise ValueError, as JSON has no name for them."""
    return _to_json(value)


def retry_after(headers: Mapping[str, str], wall_clock: Callable[[], float]) -> float | None:
    """The seconds that a reply asks to wait; None when it does not, or not readably.

    The header may name a date (RFC 9110, 10.2.3), to compare with the Unix time that
    `wall_clock` tells; the finer `retry-after-ms` goes before it.
    """
    milliseconds = headers.get("retry-after-ms", "").strip()
    if _NUMBER.fullmatch(milliseconds):
        return float(milliseconds) / 1000
    value = headers.get("retry-after", "").strip()
    if _NUMBER.fullmatch(value):
        return float(value)
    date = _http_date(value)
    return None if date is None else max(0.0, date - wall_clock())


def _http_date(text: str) -> float | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    # The oldest of the three forms names no zone, and all three mean UTC.
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()


def read_reply(reply: Reply, attempt: Attempt[D]) -> D:
    """The typed data of a reply; what is no success raises ResponseError or OperationError."""
    problem = _problem_of_head(reply)
    if problem is not None:
        raise not_graphql_error(reply, attempt, problem)
    body, mismatch = reply.body.removeprefix(_BYTE_ORDER_MARK), None
    try:
        # Not by name: a key of the response may be called like the attribute of another one.
        envelope = _envelope(attempt.operation.data).model_validate_json(body, by_name=False)
        if not envelope.errors:
            data: D = envelope.data
            return data
    except ValidationError as error:
        mismatch = _mismatch(error)
    # Raised out here, so that pydantic's error, which holds the body, is not its context.
    raise _error_of_body(reply, attempt, mismatch)


class _Envelope(BaseModel):
    model_config = ConfigDict(strict=True)

    data: Any
    errors: list[Any] | None = None


_envelopes: dict[type[Any], type[_Envelope]] = {}


def _envelope(data: type[Any]) -> type[_Envelope]:
    envelope = _envelopes.get(data)
    if envelope is None:
        envelope = create_model("Response", __base__=_Envelope, data=(data, ...))
        _envelopes[data] = envelope
    return envelope


def _problem_of_head(reply: Reply) -> str | None:
    if 300 <= reply.status < 400:  # noqa: PLR2004 - the class of redirections.
        return "it redirects to another address"
    if reply.problem is not None:
        return reply.problem
    if not reply.body:
        return "the body is empty"
    media_type = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    # A server that names no media type may still mean JSON; the body will tell.
    if media_type and media_type not in JSON_MEDIA_TYPES:
        return f"the media type is {media_type}"
    return None


@dataclass(frozen=True, slots=True)
class _Mismatch:
    loc: tuple[str | int, ...]
    reason: str
    is_missing: bool


def _mismatch(error: ValidationError) -> _Mismatch:
    # Neither the input nor the context, which may hold what must not be logged.
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return _Mismatch(first["loc"], first["msg"], first["type"] == "missing")


def _error_of_body(
    reply: Reply, attempt: Attempt[Any], mismatch: _Mismatch | None
) -> ResponseError | OperationError:
    try:
        response = json.loads(reply.body)
    except (ValueError, RecursionError):
        return not_graphql_error(reply, attempt, "the body is not JSON")
    members = response if _is_object(response) else {}
    data, errors = members.get("data"), members.get("errors")
    details = _error_details(errors)
    if details:
        return operation_error(reply, attempt, details, data if _is_object(data) else None)
    is_graphql = _is_object(data) and (errors is None or _is_array(errors))
    if mismatch is None or not is_graphql:
        return not_graphql_error(reply, attempt, "the JSON has neither data nor errors")
    return wrong_data_error(reply, attempt, _response_path(mismatch, members), mismatch.reason)


def _error_details(errors: object) -> tuple[ErrorDetail, ...]:
    if not _is_array(errors) or not all(_is_object(error) for error in errors):
        return ()
    return tuple(_error_detail(error) for error in errors)


def _error_detail(error: dict[str, Any]) -> ErrorDetail:
    extensions = error.get("extensions")
    extensions = extensions if _is_object(extensions) else {}
    message, code, path = error.get("message"), extensions.get("code"), error.get("path")
    return ErrorDetail(
        message=message if isinstance(message, str) else "",
        code=code if isinstance(code, str) else None,
        path=tuple(path) if _is_array(path) else None,
        extensions=extensions,
    )


def _is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _response_path(mismatch: _Mismatch, response: dict[str, Any]) -> tuple[str | int, ...]:
    # pydantic puts labels between the steps: those of union arms can be told by their looks, of
    # others a step is what leads on.
    path: list[str | int] = []
    value: object = response
    for step in mismatch.loc:
        if isinstance(step, str) and step.startswith(LABEL):
            continue
        for inside in _behind(value, step):
            value = inside
            path.append(step)
    if mismatch.is_missing:
        path.append(mismatch.loc[-1])
    return tuple(path[1:]) if path[:1] == ["data"] else tuple(path)


def _behind(value: object, step: str | int) -> list[object]:
    """The value that a step leads to, alone in a list; none when it leads nowhere."""
    if isinstance(step, int):
        return value[step : step + 1] if _is_array(value) else []
    return [value[step]] if _is_object(value) and step in value else []
