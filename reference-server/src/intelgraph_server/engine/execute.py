"""A GraphQL request into a reply: find the document, check it, run it in one transaction.

This runs in a worker thread and knows nothing of HTTP; a reply that is a request error
says its code, and `http.py` makes the status of it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeGuard, cast

from graphql import execute  # pyright: ignore[reportUnknownVariableType]

from intelgraph_server.generated.error_codes import ErrorCode

from .cache import LruCache
from .context import Context
from .documents import prepare
from .errors import DomainError, JsonObject, field_error, known
from .limits import Limits, too_complex
from .stream import Stream, check_subscription, refuse_subscription

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from graphql import ExecutionResult, GraphQLSchema
    from sqlalchemy import Connection

    from intelgraph_server.auth import Clock, Principal
    from intelgraph_server.database.engine import Database
    from intelgraph_server.services import Services

    from .documents import Prepared, PreparedOperation
    from .persisted import PersistedDocuments

LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """What GraphQL over HTTP calls the parameters, and who sent them."""

    query: str | None
    document_id: str | None = None
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    principal: Principal | None = None
    is_read_only: bool = False
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A response; `code` is set when nothing ran, `op_id` when the document is of the manifest."""

    body: JsonObject
    code: ErrorCode | None = None
    op_id: str | None = None


class Engine:
    """The schema with everything a request needs."""

    def __init__(
        self,
        schema: GraphQLSchema,
        documents: PersistedDocuments,
        database: Database,
        *,
        clock: Clock,
        services: Services,
        limits: Limits | None = None,
    ) -> None:
        self._schema = schema
        self._documents = documents
        self._database = database
        self._clock = clock
        self._services = services
        self._limits = limits or Limits()
        # Documents of the manifest stay; the others share a bounded memory.
        self._published: dict[str, Prepared] = {}
        self._others: LruCache[Prepared] = LruCache(count=500, size=1_000_000)

    def reply(self, request: Request) -> Reply:
        op_id = None
        try:
            document_id, text = self._documents.resolve(request.document_id, request.query)
            op_id = self._documents.op_id(document_id)
            prepared = self._prepared(document_id, text, is_published=op_id is not None)
            operation = prepared.operation(request.operation_name)
            self._check(request, operation)
            refuse_subscription(operation.subscribes_to)
            if request.document_id is not None:
                self._documents.register(document_id, text)
            body, code = self._run(request, prepared, operation)
            return Reply(body, code, op_id)
        except Exception as error:  # noqa: BLE001
            refused, _ = known(error, request.request_id)
            return Reply(refused.body(), refused.code, op_id)

    def stream(self, request: Request, after: int | None) -> Stream:
        """The replies to a subscription, behind an event id or from now on; raises DomainError."""
        document_id, text = self._documents.resolve(request.document_id, request.query)
        is_published = self._documents.op_id(document_id) is not None
        prepared = self._prepared(document_id, text, is_published=is_published)
        operation = prepared.operation(request.operation_name)
        self._check(request, operation)
        field = check_subscription(self._schema, operation.subscribes_to, request.principal)
        tenant_id = request.principal.tenant_id if request.principal else ""

        def run(payload: Mapping[str, Any]) -> JsonObject:
            return self._run(request, prepared, operation, payload)[0]

        return Stream(self._database, tenant_id, field, after=after, run=run)

    def _prepared(self, document_id: str, text: str, *, is_published: bool) -> Prepared:
        known = self._published.get(document_id) or self._others.get(document_id)
        if known is not None:
            return known
        prepared = prepare(self._schema, text, self._limits)
        if is_published:
            self._published[document_id] = prepared
        else:
            self._others.put(document_id, prepared, len(text))
        return prepared

    def _check(self, request: Request, operation: PreparedOperation) -> None:
        if operation.is_mutation and request.is_read_only:
            raise DomainError(ErrorCode.UNSUPPORTED_REQUEST, "A mutation must be sent by POST.")
        if operation.needs_token and request.principal is None:
            raise DomainError(ErrorCode.UNAUTHENTICATED, "No bearer token came with the request.")
        fields = operation.fields(request.variables)
        if fields > self._limits.fields:
            raise too_complex(
                f"The document may answer {fields} fields, more than {self._limits.fields};"
                " ask for smaller pages."
            )

    def _run(
        self,
        request: Request,
        prepared: Prepared,
        operation: PreparedOperation,
        event: Mapping[str, Any] | None = None,
    ) -> tuple[JsonObject, ErrorCode | None]:
        database = self._database
        transaction = database.writing() if operation.is_mutation else database.reading()
        with transaction as connection:
            result = execute(
                self._schema,
                prepared.document,
                root_value=event,
                context_value=self._context(request, connection),
                variable_values=dict(request.variables),
                operation_name=request.operation_name,
                is_awaitable=_never,
            )
            body = _body(cast("ExecutionResult", result), request)
            if operation.is_mutation and "errors" in body:
                # A mutation that failed in part is undone as a whole.
                connection.rollback()
        return body, None if "data" in body else ErrorCode.BAD_USER_INPUT

    def _context(self, request: Request, connection: Connection) -> Context:
        return Context(request.principal, connection, self._clock(), self._services)


def _never(_value: object) -> TypeGuard[Awaitable[Any]]:
    # No resolver waits, so nothing need be looked at to find that out.
    return False


def _body(result: ExecutionResult, request: Request) -> JsonObject:
    if not result.errors:
        return {"data": result.data}
    errors: list[JsonObject] = []
    for error in result.errors:
        formatted, cause = field_error(error)
        if cause is not None:
            LOG.error(
                "field failed: %s",
                ".".join(map(str, error.path or ())),
                exc_info=cause,
                extra={"requestId": request.request_id},
            )
        errors.append(formatted)
    if result.data is None and not any(error.path for error in result.errors):
        return {"errors": errors}
    return {"data": result.data, "errors": errors}
