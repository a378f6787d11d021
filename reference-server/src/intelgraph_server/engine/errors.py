"""Exceptions into GraphQL errors whose `extensions.code` is one of `ErrorCode`.

A `DomainError` says what the caller may know. Whatever else a resolver raises becomes
`INTERNAL` with one fixed sentence, so that nothing of the inside leaks.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from graphql import FieldNode, GraphQLError

from intelgraph_server.database.engine import is_unavailable
from intelgraph_server.generated.error_codes import ErrorCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOG: Final = logging.getLogger(__name__)
JsonObject: TypeAlias = dict[str, Any]

INTERNAL_MESSAGE = "The server failed; its log has the cause under the request id."
UNAVAILABLE_MESSAGE = "The database or the audit lake is away or busy; the request did nothing."


class DomainError(Exception):
    """A refusal that the caller is told about, with its code and its sentence."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def body(self) -> JsonObject:
        """A whole GraphQL response that holds this error alone and no `data`."""
        return {"errors": [{"message": self.message, "extensions": {"code": self.code.value}}]}


def bad_input(message: str) -> DomainError:
    """The refusal of what the caller wrote."""
    return DomainError(ErrorCode.BAD_USER_INPUT, message)


def check_input(expected: Mapping[str, object]) -> None:
    """Refuses what the caller wrote by the first sentence that does not hold."""
    for sentence, is_so in expected.items():
        if not is_so:
            raise bad_input(sentence)


def conflict(message: str) -> DomainError:
    """The refusal of what does not go together with how things stand."""
    return DomainError(ErrorCode.CONFLICT, message)


class InvalidDocumentError(DomainError):
    """The document does not parse or does not fit the schema; `errors` say where."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(ErrorCode.INVALID_DOCUMENT, errors[0].message)
        self.errors = errors

    def body(self) -> JsonObject:
        return {"errors": [_formatted(error, self.code, error.message) for error in self.errors]}


def known(error: Exception, request_id: str) -> tuple[DomainError, bool]:
    """The error as the caller may know it, and whether the server failed, which the log keeps."""
    if isinstance(error, DomainError):
        return error, False
    LOG.error("request failed", exc_info=error, extra={"requestId": request_id})
    if is_unavailable(error):
        return DomainError(ErrorCode.UNAVAILABLE, UNAVAILABLE_MESSAGE), True
    return DomainError(ErrorCode.INTERNAL, INTERNAL_MESSAGE), True


def field_error(error: GraphQLError) -> tuple[JsonObject, Exception | None]:
    """The error as the caller sees it, and the cause when the log must keep it."""
    cause = error.original_error
    if isinstance(cause, DomainError):
        return _formatted(error, cause.code, cause.message), None
    if isinstance(cause, Exception) and is_unavailable(cause):
        return _formatted(error, ErrorCode.UNAVAILABLE, UNAVAILABLE_MESSAGE), cause
    if _blames_the_caller(error):
        return _formatted(error, ErrorCode.BAD_USER_INPUT, error.message), None
    logged = cause if isinstance(cause, Exception) else error
    return _formatted(error, ErrorCode.INTERNAL, INTERNAL_MESSAGE), logged


def _blames_the_caller(error: GraphQLError) -> bool:
    # Without a path nothing ran yet: the variables do not fit. Else graphql-core raises plain
    # GraphQLErrors both for arguments it cannot coerce, located at the argument, and for
    # results it cannot serialise, located at the field.
    if not error.path:
        return True
    is_field = any(isinstance(node, FieldNode) for node in error.nodes or ())
    return isinstance(error.original_error, GraphQLError | None) and not is_field


def _formatted(error: GraphQLError, code: ErrorCode, message: str) -> JsonObject:
    formatted: JsonObject = {"message": message}
    if error.locations:
        formatted["locations"] = [
            {"line": place.line, "column": place.column} for place in error.locations
        ]
    if error.path:
        formatted["path"] = list(error.path)
    formatted["extensions"] = {"code": code.value}
    return formatted
