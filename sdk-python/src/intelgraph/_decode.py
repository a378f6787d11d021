"""GraphQL over HTTP, on the way back: a reply becomes typed data or an error.

Everything here is pure. Data is decoded straight from the bytes into its type, which is a
third cheaper than through a dict; a reply is only read a second time when it is no success.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeGuard

from pydantic import (
    BaseModel,
    ConfigDict,
    PydanticUndefinedAnnotation,
    PydanticUserError,
    ValidationError,
    create_model,
)

from ._errors import ErrorDetail
from ._messages import not_graphql_error, operation_error, wrong_data_error
from ._models import LISTED, TYPENAME_ERROR, UNKNOWN, Model
from ._operation import AD_HOC

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._errors import OperationError, ResponseError
    from ._exchange import Reply
    from ._messages import Attempt
    from ._operation import D, Operation

JSON_MEDIA_TYPES = frozenset({"application/graphql-response+json", "application/json"})

# Some servers put it before JSON, which may ignore it (RFC 8259, 8.1).
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_reply(
    reply: Reply,
    operation: Operation[D],
    attempt: Callable[[], Attempt[D]],
    takes_beside: Callable[[tuple[ErrorDetail, ...]], bool],
) -> D:
    """The typed data of a reply; what is no success raises ResponseError or OperationError.

    Data beside errors is a success where it is taken with them. The attempt is only asked for
    when there is something wrong to tell of it.
    """
    problem = _problem_of_head(reply)
    if problem is not None:
        raise not_graphql_error(reply, attempt(), problem)
    body, mismatch = reply.body.removeprefix(_BYTE_ORDER_MARK), None
    try:
        reader = _reader if operation.document_id else _ad_hoc_reader
        envelope = reader(operation.data)(body)
        if not envelope.errors or takes_beside(error_details(envelope.errors)):
            data: D = envelope.data
            return data
    except ValidationError as error:
        mismatch = _mismatch(error)
    # Raised out here, so that pydantic's error, which holds the body, is not its context.
    raise _error_of_body(reply, attempt(), mismatch)


class _Envelope(BaseModel):
    # Never built: each operation has an envelope of its own.
    model_config = ConfigDict(strict=True, defer_build=True)

    data: Any
    errors: list[Any] | None = None


_Readers: TypeAlias = "Callable[[Any], Callable[[bytes], _Envelope]]"


def _new_reader(data: Any) -> Callable[[bytes], _Envelope]:
    envelope = create_model("Response", __base__=_Envelope, data=(data, ...))
    envelope.model_rebuild()
    # A key of the response may be called like the attribute of another one, so models of ours are
    # not read by name; a caller's says itself what it is read by.
    is_ours = isinstance(data, type) and issubclass(data, Model)
    return partial(envelope.model_validate_json, by_name=False if is_ours else None)


# A client has so many operations and no more, while a caller may make types without end.
_reader: _Readers = cache(_new_reader)
_ad_hoc_reader: _Readers = lru_cache(maxsize=AD_HOC)(_new_reader)


def check_readable(data: Any) -> None:
    """A type of data that replies to ad-hoc text cannot be read into raises TypeError."""
    try:
        _ad_hoc_reader(data)
    except (PydanticUserError, PydanticUndefinedAnnotation, TypeError) as error:
        reason = str(error).partition("\n")[0]
        raise TypeError(
            f"data= is a type that pydantic can read, and {data!r} is none: {reason}"
        ) from error


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


class _Mismatch(NamedTuple):
    loc: tuple[str | int, ...]
    reason: str
    is_missing: bool


def _mismatch(error: ValidationError) -> _Mismatch:
    # Neither the input nor the context, which may hold what must not be logged.
    errors = error.errors(include_url=False, include_context=False, include_input=False)
    first = errors[0]
    while first["type"] == TYPENAME_ERROR:
        # No listed type fits; where there is a typename, the fault is in what any type has.
        open_arm = (*first["loc"][:-1], UNKNOWN)
        inside = [each for each in errors if each["loc"][: len(open_arm)] == open_arm]
        if not inside or any("__typename" in each["loc"][len(open_arm) :][:1] for each in inside):
            break
        first = inside[0]
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
    details = error_details(errors)
    if details:
        return operation_error(reply, attempt, details, data if _is_object(data) else None)
    is_graphql = _is_object(data) and (errors is None or _is_array(errors))
    if mismatch is None or not is_graphql:
        return not_graphql_error(reply, attempt, "the JSON has neither data nor errors")
    return wrong_data_error(reply, attempt, _response_path(mismatch, members), mismatch.reason)


def error_details(errors: object) -> tuple[ErrorDetail, ...]:
    """The errors of a response; none where they are not what GraphQL says they are."""
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
    steps = iter(mismatch.loc)
    for step in steps:
        if step == LISTED:
            next(steps, None)
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
