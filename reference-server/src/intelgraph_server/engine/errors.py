"""Exceptions into GraphQL errors whose `extensions.code` is one of `ErrorCode`.

A `DomainError` says what the caller may know. Whatever else a resolver raises becomes
`INTERNAL` with one fixed sentence, so that nothing of the inside leaks.
"""

from __future__ import annotations

import logging
from functools import partial
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


bad_input = partial(DomainError, ErrorCode.BAD_USER_INPUT)
bad_request = partial(DomainError, ErrorCode.BAD_REQUEST)
conflict = partial(DomainError, ErrorCode.CONFLICT)
forbidden = partial(DomainError, ErrorCode.FORBIDDEN)
too_complex = partial(DomainError, ErrorCode.DOCUMENT_TOO_COMPLEX)
unsupported = partial(DomainError, ErrorCode.UNSUPPORTED_REQUEST)


def check_input(expected: Mapping[str, object]) -> None:
    """Refuses what the caller wrote by the first sentence that does not hold."""
    for sentence, is_so in expected.items():
        if not is_so:
            raise bad_input(sentence)


class InvalidDocumentError(DomainError):
    """The document does not parse or does not fit the schema; `errors` say where."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(ErrorCode.INVALID_DOCUMENT, errors[0].message)
        self.errors = errors

    def body(self) -> JsonObject:
        return {"errors": [_formatted(error, self.code, error.message) for error in self.errors]}


def known(error: Exception, request_id: str, what: str = "request failed") -> DomainError:
    """The error as the caller may know it; a failure of the server is logged."""
    if isinstance(error, DomainError):
        return error
    LOG.error(what, exc_info=error, extra={"requestId": request_id})
    if is_unavailable(error):
        return DomainError(ErrorCode.UNAVAILABLE, UNAVAILABLE_MESSAGE)
    return DomainError(ErrorCode.INTERNAL, INTERNAL_MESSAGE)


def field_error(error: GraphQLError, request_id: str) -> JsonObject:
    """The same for an error of a field."""
    if _blames_the_caller(error):
        return _formatted(error, ErrorCode.BAD_USER_INPUT, error.message)
    what = f"field failed: {'.'.join(map(str, error.path or ()))}"
    told = known(error.original_error or error, request_id, what)
    return _formatted(error, told.code, told.message)


def _blames_the_caller(error: GraphQLError) -> bool:
    # Without a path nothing ran yet: the variables do not fit. Else graphql-core raises plain
    # GraphQLErrors both for arguments it cannot coerce, located at the argument, and for
    # results it cannot serialise, located at the field.
    if not error.path:
        return True
    is_field = any(isinstance(node, FieldNode) for node in error.nodes or ())
    return isinstance(error.original_error, GraphQLError | None) and not is_field


def _formatted(error: GraphQLError, code: ErrorCode, message: str) -> JsonObject:
    places = [{"line": place.line, "column": place.column} for place in error.locations or ()]
    formatted = {"message": message, "locations": places, "path": list(error.path or ())}
    told = {name: value for name, value in formatted.items() if value}
    return told | {"extensions": {"code": code.value}}
