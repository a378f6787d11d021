"""The bases that clients of ariadne-codegen may inherit from, over this package's one core."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar, cast

from intelgraph._call import call
from intelgraph._drive import drive, drive_async
from intelgraph._drive_stream import drive_stream_async
from intelgraph._exchange import bare
from intelgraph._inputs import UNSET
from intelgraph._options import DEFAULT_MAX_RESPONSE_BYTES, settings
from intelgraph._stream import stream
from intelgraph._transport import AsyncHttpxTransport, HttpxTransport

from ._request import operation_of, plain_variables, refuse_options

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping
    from types import TracebackType
    from typing import Self

    from intelgraph._events import Hook
    from intelgraph._exchange import AsyncStreamingTransport, AsyncTransport, Transport
    from intelgraph._inputs import Unset
    from intelgraph._retry import RetryPolicy
    from intelgraph._transport import AsyncHttpClient, HttpClient
    from intelgraph._wire import Wire

D = TypeVar("D")


class _Configured:
    _retryable_codes: ClassVar[frozenset[str]] = frozenset()

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
    ) -> None:
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
            retryable_codes=self._retryable_codes,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(url={bare(self._settings.endpoint.url)!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} holds a credential and connections, and cannot be pickled"
        )

    def get_data(self, response: D) -> D:
        """What `execute` returned, which is the data already; generated methods ask for it."""
        return response


class AriadneClient(_Configured):
    """A base of blocking clients that ariadne-codegen generates; safe to share by threads.

    The arguments that may be given by position are those of ariadne-codegen's own base; the
    others are those of `IntelGraph`. A `http_client` or a `transport` stays the caller's to
    close.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        http_client: HttpClient | None = None,
        *,
        api_key: str | None = None,
        timeout: float | Unset | None = UNSET,
        max_retries: int | None = None,
        retry_policy: RetryPolicy | None = None,
        hooks: Iterable[Hook] = (),
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        wire: Wire | None = None,
        transport: Transport | None = None,
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
        )
        if transport is not None and http_client is not None:
            raise TypeError("pass http_client= or transport=, not both")
        self._owned = HttpxTransport(http_client) if transport is None else None
        self._transport = transport or self._owned or HttpxTransport(None)

    def execute(
        self,
        query: str,
        operation_name: str | None = None,
        variables: Mapping[str, object] | None = None,
        *,
        op_id: str | None = None,
        document_id: str | None = None,
        is_idempotent: bool = False,
        is_keyed: bool = False,
        **options: object,
    ) -> dict[str, Any]:
        """Run a document and return its data; what a plain client would retry is retried."""
        del operation_name  # The document holds one operation, and names it.
        refuse_options(options)
        operation = operation_of(
            query,
            op_id=op_id,
            document_id=document_id,
            is_idempotent=is_idempotent,
            is_keyed=is_keyed,
        )
        return drive(call(operation, plain_variables(variables), self._settings), self._transport)

    def close(self) -> None:
        """Close the connections that this client opened."""
        if self._owned is not None:
            self._owned.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncAriadneClient(_Configured):
    """A base of awaiting clients that ariadne-codegen generates; for tasks of one event loop.

    The arguments that may be given by position are those of ariadne-codegen's own base; the
    others are those of `AsyncIntelGraph`. A `http_client` or a `transport` stays the caller's
    to close. Subscriptions are events over HTTP, and no web socket.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        http_client: AsyncHttpClient | None = None,
        *,
        api_key: str | None = None,
        timeout: float | Unset | None = UNSET,
        max_retries: int | None = None,
        retry_policy: RetryPolicy | None = None,
        hooks: Iterable[Hook] = (),
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        wire: Wire | None = None,
        transport: AsyncTransport | None = None,
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
        )
        if transport is not None and http_client is not None:
            raise TypeError("pass http_client= or transport=, not both")
        self._owned = AsyncHttpxTransport(http_client) if transport is None else None
        self._transport = transport or self._owned or AsyncHttpxTransport(None)

    async def execute(
        self,
        query: str,
        operation_name: str | None = None,
        variables: Mapping[str, object] | None = None,
        *,
        op_id: str | None = None,
        document_id: str | None = None,
        is_idempotent: bool = False,
        is_keyed: bool = False,
        **options: object,
    ) -> dict[str, Any]:
        """Run a document and return its data; what a plain client would retry is retried."""
        del operation_name  # As above.
        refuse_options(options)
        operation = operation_of(
            query,
            op_id=op_id,
            document_id=document_id,
            is_idempotent=is_idempotent,
            is_keyed=is_keyed,
        )
        told = call(operation, plain_variables(variables), self._settings)
        return await drive_async(told, self._transport)

    async def execute_ws(
        self,
        query: str,
        operation_name: str | None = None,
        variables: Mapping[str, object] | None = None,
        *,
        op_id: str | None = None,
        document_id: str | None = None,
        is_idempotent: bool = False,
        **options: object,
    ) -> AsyncGenerator[dict[str, Any]]:
        """The data of each event of a subscription, which comes back after a broken line."""
        del operation_name  # As above.
        refuse_options(options)
        operation = operation_of(
            query, op_id=op_id, document_id=document_id, is_idempotent=is_idempotent
        )
        told = stream(operation, plain_variables(variables), self._settings)
        transport = cast("AsyncStreamingTransport", self._transport)
        async with aclosing(drive_stream_async(told, transport)) as events:
            async for data in events:
                yield data

    async def close(self) -> None:
        """Close the connections that this client opened."""
        if self._owned is not None:
            await self._owned.close_async()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
