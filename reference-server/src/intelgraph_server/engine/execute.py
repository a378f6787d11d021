"""A GraphQL request into a reply: find the document, check it, run it in one transaction.

This runs in a worker thread and knows nothing of HTTP; a reply that is a request error
says its code, and `http.py` makes the status of it.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeGuard, cast

from graphql import execute  # pyright: ignore[reportUnknownVariableType]

from intelgraph_server import outbox as store
from intelgraph_server.generated.error_codes import ErrorCode

from .cache import LruCache
from .context import Context, authenticated, require_permission
from .documents import Limits, prepare
from .errors import DomainError, JsonObject, field_error, known, too_complex, unsupported
from .idempotency import once
from .ids import random_id
from .schema import required_permission

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from graphql import ExecutionResult, GraphQLSchema

    from intelgraph_server.auth import Clock, Principal
    from intelgraph_server.database.engine import Database
    from intelgraph_server.services import Services

    from .documents import Prepared, PreparedOperation
    from .idempotency import Once
    from .persisted import PersistedDocuments


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
    idempotency_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A response; `code` is set when nothing ran, `op_id` when the document is of the manifest."""

    body: JsonObject
    code: ErrorCode | None = None
    op_id: str | None = None
    # Whether this is what an earlier request with the same key was answered.
    is_replayed: bool = False


@dataclass(slots=True)
class Stream:
    """The events of one tenant for one field, behind an event id; each runs the document anew.

    Nothing is held between two looks: no transaction, no thread, no memory of what was sent but
    one number. So several processes may serve the events of one, and a client that comes back
    with the last id that it saw has missed nothing.
    """

    database: Database
    tenant_id: str
    field: str
    after: int
    run: Callable[[Mapping[str, Any]], Reply]

    def replies(self) -> Iterator[tuple[int, JsonObject]]:
        """What has happened since the last look, each with the id to come back with."""
        with self.database.reading() as connection:
            events = store.events_after(connection, self.tenant_id, self.field, self.after)
        for event in events:
            yield event.id, self.run(event.payload).body
            self.after = event.id


@dataclass(frozen=True, slots=True)
class Engine:
    """The schema with everything a request needs."""

    schema: GraphQLSchema
    documents: PersistedDocuments
    database: Database
    _: KW_ONLY
    clock: Clock
    services: Services
    limits: Limits = field(default_factory=Limits)
    # Documents of the manifest stay; the others share a bounded memory.
    published: dict[str, Prepared] = field(default_factory=dict[str, "Prepared"])
    others: LruCache[Prepared] = field(
        default_factory=lambda: LruCache["Prepared"](count=500, size=1_000_000)
    )

    def reply(self, request: Request) -> Reply:
        op_id = None
        try:
            document_id, text = self.documents.resolve(request.document_id, request.query)
            op_id = self.documents.op_id(document_id)
            prepared, operation = self._accept(request, document_id, text)
            if request.document_id is not None:
                self.documents.register(document_id, text)
            asked = once(request, operation, document_id)
            return replace(self._run(request, prepared, operation, once=asked), op_id=op_id)
        except Exception as error:  # noqa: BLE001
            refused = known(error, request.request_id)
            return Reply(refused.body(), refused.code, op_id)

    def subscribes(self, request: Request) -> bool:
        """Whether a subscription is asked for; of what cannot run, the reply will tell."""
        try:
            prepared = self._prepared(*self.documents.resolve(request.document_id, request.query))
            return prepared.operation(request.operation_name).subscribes_to is not None
        except DomainError:
            return False

    def stream(self, request: Request, after: int | None) -> Stream:
        """The replies to a subscription, behind an event id or from now on; raises DomainError."""
        given = self.documents.resolve(request.document_id, request.query)
        prepared, operation = self._accept(request, *given, streams=True)
        root, field = self.schema.subscription_type, operation.subscribes_to
        if root is None or field is None:
            raise unsupported("Only a subscription is answered as `text/event-stream`.")
        # The guard of the field itself speaks only when an event comes, which may be never.
        permission = required_permission(root.fields[field])
        require_permission(request.principal, permission, f"Subscription.{field}")
        tenant_id = authenticated(request.principal).tenant_id
        if after is None:
            with self.database.reading() as connection:
                after = store.last_id(connection, tenant_id, field)
        run = partial(self._run, request, prepared, operation)
        return Stream(self.database, tenant_id, field, after, run)

    def _accept(
        self, request: Request, document_id: str, text: str, *, streams: bool = False
    ) -> tuple[Prepared, PreparedOperation]:
        """The operation that is asked for, which may run; raises DomainError for any other."""
        prepared = self._prepared(document_id, text)
        operation = prepared.operation(request.operation_name)
        if operation.is_mutation and request.is_read_only:
            raise unsupported("A mutation must be sent by POST.")
        if operation.needs_token:
            authenticated(request.principal)
        fields = operation.fields(request.variables)
        if fields > self.limits.fields:
            raise too_complex(
                f"The document may answer {fields} fields, more than {self.limits.fields};"
                " ask for smaller pages."
            )
        if operation.subscribes_to is not None and not streams:
            raise unsupported(
                "A subscription is answered as `text/event-stream` alone; accept that."
            )
        return prepared, operation

    def _prepared(self, document_id: str, text: str) -> Prepared:
        prepared = self.published.get(document_id) or self.others.get(document_id)
        if prepared is None:
            prepared = prepare(self.schema, text, self.limits)
            if self.documents.op_id(document_id) is not None:
                self.published[document_id] = prepared
            else:
                self.others.put(document_id, prepared, len(text))
        return prepared

    def _run(
        self,
        request: Request,
        prepared: Prepared,
        operation: PreparedOperation,
        event: Mapping[str, Any] | None = None,
        *,
        once: Once | None = None,
    ) -> Reply:
        database = self.database
        transaction = database.writing() if operation.is_mutation else database.reading()
        with transaction as connection:
            now = self.clock()
            since = now - self.services.settings.answers_kept
            if once and (kept := once.answer(connection, since)) is not None:
                return Reply(kept, is_replayed=True)
            new_id = once.new_ids() if once else random_id
            result = execute(
                self.schema,
                prepared.document,
                root_value=event,
                context_value=Context(request.principal, connection, now, self.services, new_id),
                variable_values=dict(request.variables),
                operation_name=request.operation_name,
                is_awaitable=_never,
            )
            body = _body(cast("ExecutionResult", result), request.request_id)
            if operation.is_mutation and "errors" in body:
                # A mutation that failed in part is undone as a whole.
                connection.rollback()
            elif once:
                once.keep(connection, body, now)
        return Reply(body, None if "data" in body else ErrorCode.BAD_USER_INPUT)


def _never(_value: object) -> TypeGuard[Awaitable[Any]]:
    # No resolver waits, so nothing need be looked at to find that out.
    return False


def _body(result: ExecutionResult, request_id: str) -> JsonObject:
    if not result.errors:
        return {"data": result.data}
    errors = [field_error(error, request_id) for error in result.errors]
    if result.data is None and not any(error.path for error in result.errors):
        return {"errors": errors}
    return {"data": result.data, "errors": errors}
