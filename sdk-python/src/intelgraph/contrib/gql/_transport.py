"""The transports that a `gql.Client` takes, over this package's one core."""

# The stub in typings/ stands in for gql where that is not installed.
# pyright: reportMissingModuleSource=false

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

from gql.transport import AsyncTransport as AsyncGqlTransport
from gql.transport import Transport as GqlTransport
from gql.transport.exceptions import TransportAlreadyConnected, TransportClosed
from graphql import ExecutionResult, GraphQLSchema

from intelgraph._call import call
from intelgraph._drive import drive, drive_async
from intelgraph._drive_stream import drive_stream_async
from intelgraph._errors import OperationError, ResponseError, TransportError
from intelgraph._exchange import bare
from intelgraph._inputs import UNSET
from intelgraph._options import DEFAULT_MAX_RESPONSE_BYTES, settings
from intelgraph._stream import stream
from intelgraph._transport import AsyncHttpxTransport, HttpxTransport
from intelgraph.contrib._facts import retryable_codes as marked_codes

from ._operations import Operations
from ._results import execution, failed_result, gql_error

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
    from os import PathLike

    from gql import GraphQLRequest

    from intelgraph._call import Call
    from intelgraph._events import Hook
    from intelgraph._exchange import AsyncStreamingTransport, AsyncTransport, Transport
    from intelgraph._inputs import Unset
    from intelgraph._operation import Operation
    from intelgraph._retry import RetryPolicy
    from intelgraph._transport import AsyncHttpClient, HttpClient
    from intelgraph._wire import Wire


T = TypeVar("T")


class _Configured:
    def __init__(
        self,
        *,
        url: str,
        headers: Mapping[str, str] | None,
        api_key: str | None,
        timeout: float | Unset | None,
        max_retries: int | None,
        retry_policy: RetryPolicy | None,
        hooks: Iterable[Hook],
        max_response_bytes: int,
        wire: Wire | None,
        schema: GraphQLSchema | None,
        persisted: bool,
        manifest: str | PathLike[str] | None,
        idempotent_mutations: Iterable[str],
        keyed_mutations: Iterable[str],
        retryable_codes: Iterable[str],
    ) -> None:
        _check_schema(schema)
        idempotent = _names("idempotent_mutations", idempotent_mutations)
        keyed = _names("keyed_mutations", keyed_mutations)
        codes = _names("retryable_codes", retryable_codes)
        marked = frozenset[str]() if schema is None else marked_codes(schema)
        self._settings = settings(
            url=url,
            api_key=api_key,
            headers=headers,
            timeout=timeout,
            max_retries=max_retries,
            retry_policy=retry_policy,
            hooks=hooks,
            max_response_bytes=max_response_bytes,
            wire=wire,
            retryable_codes=marked | codes,
        )
        self._operations = Operations(
            schema=schema,
            persisted=persisted,
            manifest=None if manifest is None else Path(manifest),
            idempotent_mutations=idempotent,
            keyed_mutations=keyed,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(url={bare(self._settings.endpoint.url)!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} holds a credential and connections, and cannot be pickled"
        )

    def _operation(self, request: GraphQLRequest) -> Operation[dict[str, Any]]:
        # Requests of gql have them since 4.4.
        if getattr(request, "extensions", None):
            raise TypeError("extensions: this transport sends none with a request; leave them out.")
        return self._operations.of(request.document, request.operation_name)

    def _execution(
        self, request: GraphQLRequest, operation: Operation[dict[str, Any]]
    ) -> Call[ExecutionResult]:
        return execution(call(operation, request.variable_values or {}, self._settings))


class IntelGraphTransport(_Configured, GqlTransport):
    """A blocking transport of gql; once connected, it is safe to share by threads.

    The options up to `transport` are those of `IntelGraph`; a `http_client` or a `transport`
    stays the caller's to close. `persisted` sends ids instead of texts, which a `manifest`
    names in telemetry. A `schema` adds each `__typename` that published documents have, and
    marks idempotent and keyed mutations and retryable codes, beside those that are given.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        api_key: str | None = None,
        timeout: float | Unset | None = UNSET,
        max_retries: int | None = None,
        retry_policy: RetryPolicy | None = None,
        hooks: Iterable[Hook] = (),
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        wire: Wire | None = None,
        http_client: HttpClient | None = None,
        transport: Transport | None = None,
        persisted: bool = False,
        manifest: str | PathLike[str] | None = None,
        schema: GraphQLSchema | None = None,
        idempotent_mutations: Iterable[str] = (),
        keyed_mutations: Iterable[str] = (),
        retryable_codes: Iterable[str] = (),
    ) -> None:
        super().__init__(
            url=url,
            headers=headers,
            api_key=api_key,
            timeout=timeout,
            max_retries=max_retries,
            retry_policy=retry_policy,
            hooks=hooks,
            max_response_bytes=max_response_bytes,
            wire=wire,
            schema=schema,
            persisted=persisted,
            manifest=manifest,
            idempotent_mutations=idempotent_mutations,
            keyed_mutations=keyed_mutations,
            retryable_codes=retryable_codes,
        )
        if transport is not None and http_client is not None:
            raise TypeError("pass http_client= or transport=, not both")
        self._given = transport if http_client is None else HttpxTransport(http_client)
        self._connected: Transport | None = None

    def connect(self) -> None:
        """Make ready to send; connections are opened when they are needed."""
        if self._connected is not None:
            raise TransportAlreadyConnected(f"{self!r} is connected already.")
        self._connected = self._given or HttpxTransport(None)

    def execute(self, request: GraphQLRequest, *args: object, **options: object) -> ExecutionResult:
        """Run a request; what may be sent twice is tried again.

        Errors of the server are part of the result; TransportError of gql is raised when
        there is no GraphQL response.
        """
        _refuse_options(args, options)
        connected = _ready(self._connected, self)
        return drive(self._execution(request, self._operation(request)), connected)

    def execute_batch(
        self, reqs: Sequence[GraphQLRequest], *args: object, **options: object
    ) -> list[ExecutionResult]:
        """Run requests one after the other, each of them a call of its own."""
        return [self.execute(request, *args, **options) for request in reqs]

    def close(self) -> None:
        """Close the connections that this transport opened; it can be connected again."""
        if self._connected is not None and self._given is None:
            self._connected.close()
        self._connected = None


class AsyncIntelGraphTransport(_Configured, AsyncGqlTransport):
    """An awaiting transport of gql, for tasks of one event loop.

    The options are those of `IntelGraphTransport`. Subscriptions are events over HTTP, and
    no web socket.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        api_key: str | None = None,
        timeout: float | Unset | None = UNSET,
        max_retries: int | None = None,
        retry_policy: RetryPolicy | None = None,
        hooks: Iterable[Hook] = (),
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        wire: Wire | None = None,
        http_client: AsyncHttpClient | None = None,
        transport: AsyncTransport | None = None,
        persisted: bool = False,
        manifest: str | PathLike[str] | None = None,
        schema: GraphQLSchema | None = None,
        idempotent_mutations: Iterable[str] = (),
        keyed_mutations: Iterable[str] = (),
        retryable_codes: Iterable[str] = (),
    ) -> None:
        super().__init__(
            url=url,
            headers=headers,
            api_key=api_key,
            timeout=timeout,
            max_retries=max_retries,
            retry_policy=retry_policy,
            hooks=hooks,
            max_response_bytes=max_response_bytes,
            wire=wire,
            schema=schema,
            persisted=persisted,
            manifest=manifest,
            idempotent_mutations=idempotent_mutations,
            keyed_mutations=keyed_mutations,
            retryable_codes=retryable_codes,
        )
        if transport is not None and http_client is not None:
            raise TypeError("pass http_client= or transport=, not both")
        self._given = transport if http_client is None else AsyncHttpxTransport(http_client)
        self._connected: AsyncTransport | None = None

    async def connect(self) -> None:
        """Make ready to send; connections are opened when they are needed."""
        if self._connected is not None:
            raise TransportAlreadyConnected(f"{self!r} is connected already.")
        self._connected = self._given or AsyncHttpxTransport(None)

    async def execute(
        self, request: GraphQLRequest, *args: object, **options: object
    ) -> ExecutionResult:
        """Run a request; what may be sent twice is tried again.

        Errors of the server are part of the result; TransportError of gql is raised when
        there is no GraphQL response.
        """
        _refuse_options(args, options)
        connected = _ready(self._connected, self)
        return await drive_async(self._execution(request, self._operation(request)), connected)

    async def execute_batch(
        self, reqs: Sequence[GraphQLRequest], *args: object, **options: object
    ) -> list[ExecutionResult]:
        """Run requests at the same time, each of them a call of its own."""
        calls = [asyncio.ensure_future(self.execute(request, *args, **options)) for request in reqs]
        try:
            return await asyncio.gather(*calls)
        finally:
            # One that failed leaves nobody to wait for the others.
            for each in calls:
                each.cancel()
            await asyncio.gather(*calls, return_exceptions=True)

    async def subscribe(
        self, request: GraphQLRequest, *args: object, **options: object
    ) -> AsyncGenerator[ExecutionResult, None]:
        """The results of a subscription, which comes back after a broken line."""
        _refuse_options(args, options)
        connected = cast("AsyncStreamingTransport", _ready(self._connected, self))
        operation = self._operation(request)
        if operation.kind != "subscription":
            yield await drive_async(self._execution(request, operation), connected)
            return
        told = stream(operation, request.variable_values or {}, self._settings)
        try:
            async with aclosing(drive_stream_async(told, connected)) as events:
                async for data in events:
                    yield ExecutionResult(data)
        except OperationError as error:
            yield failed_result(error)
        except (TransportError, ResponseError) as error:
            raise gql_error(error) from error

    async def close(self) -> None:
        """Close the connections that this transport opened; it can be connected again."""
        connected, self._connected = self._connected, None
        if connected is not None and self._given is None:
            await connected.close_async()


def _ready(connected: T | None, transport: _Configured) -> T:
    if connected is None:
        raise TransportClosed(f"{transport!r} is not connected; use it in a session of gql.")
    return connected


def _names(option: str, given: Iterable[str]) -> frozenset[str]:
    # A text is a list of letters too, none of which is the name of anything.
    if isinstance(given, str):
        raise TypeError(f"{option}= is a list of names, such as [{given!r}], and not {given!r}")
    return frozenset(given)


def _check_schema(schema: object) -> None:
    if schema is not None and not isinstance(schema, GraphQLSchema):
        raise TypeError(
            f"schema= is a GraphQLSchema, as `graphql.build_schema(text)` gives one, and not of "
            f"type {type(schema).__name__}"
        )


def _refuse_options(args: Sequence[object], options: Mapping[str, object]) -> None:
    if args or options:
        told = ", ".join([*map(repr, args), *sorted(options)])
        raise TypeError(
            f"{told}: a call takes no options of the HTTP client and uploads no files; give "
            "options to the constructor, and keep a transport of gql's own for uploads."
        )
