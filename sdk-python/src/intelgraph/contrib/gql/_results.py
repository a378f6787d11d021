"""How calls end, in the words of gql: results with the server's errors, and gql's exceptions."""

# The stub in typings/ stands in for gql where that is not installed.
# pyright: reportMissingModuleSource=false

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from gql.transport.exceptions import (
    TransportConnectionFailed,
    TransportError,
    TransportProtocolError,
    TransportServerError,
)
from graphql import ExecutionResult

from intelgraph._errors import OperationError, ResponseError
from intelgraph._errors import TransportError as NoReplyError
from intelgraph._exchange import Reply

if TYPE_CHECKING:
    from intelgraph._call import Call, Outcome
    from intelgraph._errors import ErrorDetail

FAILED_STATUS = 400


def execution(call: Call[dict[str, Any]]) -> Call[ExecutionResult]:
    """A call whose GraphQL errors are part of its result, and whose others are gql's."""
    last = _LastReply()
    try:
        data = yield from last.kept_from(call)
    except OperationError as error:
        return failed_result(error, last.extensions)
    except (NoReplyError, ResponseError) as error:
        raise gql_error(error) from error
    return ExecutionResult(data, None, last.extensions)


def failed_result(
    error: OperationError, extensions: dict[str, Any] | None = None
) -> ExecutionResult:
    """The result that gql raises as TransportQueryError, with the data beside the errors."""
    # gql hands errors on in JSON, which the type of results does not tell.
    errors = cast("Any", [_in_json(detail) for detail in error.errors])
    return ExecutionResult(error.data, errors, extensions)


def gql_error(error: NoReplyError | ResponseError) -> TransportError:
    """The exception of gql that means the same."""
    if isinstance(error, NoReplyError):
        return TransportConnectionFailed(str(error))
    if error.status is not None and error.status >= FAILED_STATUS:
        return TransportServerError(str(error), error.status)
    return TransportProtocolError(str(error))


def _in_json(detail: ErrorDetail) -> dict[str, Any]:
    members: dict[str, Any] = {"message": detail.message}
    if detail.path is not None:
        members["path"] = [*detail.path]
    if detail.extensions:
        members["extensions"] = dict(detail.extensions)
    return members


class _LastReply:
    """Looks at a call's replies on their way, because a call returns no more than its data."""

    def __init__(self) -> None:
        self._reply: Reply | None = None

    def kept_from(self, call: Call[dict[str, Any]]) -> Call[dict[str, Any]]:
        outcome: Outcome = None
        try:
            while True:
                try:
                    wish = call.send(outcome)
                except StopIteration as stop:
                    data: dict[str, Any] = stop.value
                    return data
                try:
                    outcome = yield wish
                except BaseException as error:
                    call.throw(error)
                    raise
                if isinstance(outcome, Reply):
                    self._reply = outcome
        finally:
            call.close()

    @property
    def extensions(self) -> dict[str, Any] | None:
        """Those of the whole answer."""
        # Few answers have any, and the others need not be read twice.
        if self._reply is None or b'"extensions"' not in self._reply.body:
            return None
        extensions: dict[str, Any] | None = json.loads(self._reply.body).get("extensions")
        return extensions
