"""The bases of generated clients: options, ownership of connections, one call each.

What a call does stands in `_call.py`; this only holds the options and a transport.
"""

from __future__ import annotations

from contextlib import aclosing, closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar, cast, overload

from . import _checks
from ._ad_hoc import asked_operation
from ._call import call
from ._drive import drive, drive_async
from ._exchange import bare
from ._inputs import UNSET
from ._options import (
    DEFAULT_MAX_RESPONSE_BYTES,
    changed_endpoint,
    policy,
    settings,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable, Mapping
    from types import TracebackType
    from typing import Self

    from ._errors import ErrorPolicy
    from ._events import Hook
    from ._exchange import AsyncStreamingTransport, AsyncTransport, StreamingTransport, Transport
    from ._inputs import Unset
    from ._operation import D, Operation
    from ._pagination import AsyncPaginator, PageOf, Paginator
    from ._raw import RawResponse
    from ._retry import RetryPolicy
    from ._settings import Settings, Success
    from ._transport import AsyncHttpClient, HttpClient
    from ._wire import Wire

I = TypeVar("I")  # noqa: E741 - an item, as R is a result.
R = TypeVar("R")
T = TypeVar("T")


class _Configured:
    _settings: Settings
    _retryable_codes: ClassVar[frozenset[str]] = frozenset()

    def with_options(
        self,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float | Unset | None = UNSET,
        max_retries: int | None = None,
        retry_policy: RetryPolicy | None = None,
        idempotency_key: str | Unset | None = UNSET,
        errors: ErrorPolicy | None = None,
    ) -> Self:
        """The same client with other options for some calls, over the same connections.

        Headers are laid over this client's own, and `max_retries` changes but how many there are.
        `idempotency_key` goes with the mutations of the copy, which makes them repeatable; it
        names one intended change, so make a copy for each. The connections stay this client's to
        close. It costs microseconds, so it may be made for a single call. An option that cannot
        work raises ConfigurationError.
        """
        mine = self._settings
        if idempotency_key is UNSET:
            idempotency_key = mine.idempotency_key
        changed = replace(
            mine,
            endpoint=changed_endpoint(mine.endpoint, headers=headers, timeout=timeout),
            policy=policy(mine.policy if retry_policy is None else retry_policy, max_retries),
            idempotency_key=_checks.idempotency_key(idempotency_key),
            errors=mine.errors if errors is None else _checks.errors(errors),
        )
        return self._with_settings(changed)

    def _observed(self, observe: Callable[[Success], object]) -> Self:
        return self._with_settings(replace(self._settings, observe=observe))

    def _with_settings(self, settings: Settings) -> Self:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, _owned=None, _settings=settings)
        return other

    def __repr__(self) -> str:
        return f"{type(self).__name__}(url={bare(self._settings.endpoint.url)!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} holds a credential and connections, and cannot be pickled"
        )


class BaseClient(_Configured):
    """A blocking client; safe to share between threads.

    `timeout` is in seconds for each attempt, 10 unless told, `max_retries` bounds those after the
    first and `retry_policy` says all about them; `hooks` are told what calls go through.
    `max_response_bytes` bounds a reply's body, `wire` says how documents are named to the
    server, and `errors` what data beside errors means. A `http_client` (for proxies, mutual TLS and
    the like) or a `transport` stays the caller's to close. An option that cannot work raises
    ConfigurationError.
    """

    def __init__(
        self,
        *,
        url: str,
        api_key: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | Unset | None = UNSET,
        max_retries: int | None = None,
        retry_policy: RetryPolicy | None = None,
        hooks: Iterable[Hook] = (),
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        wire: Wire | None = None,
        errors: ErrorPolicy = "raise",
        http_client: HttpClient | None = None,
        transport: Transport | None = None,
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
            retryable_codes=self._retryable_codes,
            wire=wire,
            errors=errors,
        )
        self._owned: Transport | None = None
        if transport is None:
            from ._transport import HttpxTransport  # noqa: PLC0415 - httpx is slow to import.

            transport = self._owned = HttpxTransport(http_client)
        elif http_client is not None:
            raise TypeError("pass http_client= or transport=, not both")
        _checks.transport(transport, "send")
        self._transport = transport

    @overload
    def execute(
        self, operation: Operation[D], variables: Mapping[str, object] | None = None
    ) -> D: ...
    @overload
    def execute(
        self, operation: str, variables: Mapping[str, object] | None = None, *, data: type[D]
    ) -> D: ...
    @overload
    def execute(
        self, operation: str, variables: Mapping[str, object] | None = None
    ) -> dict[str, Any]: ...
    def execute(
        self,
        operation: Operation[Any] | str,
        variables: Mapping[str, object] | None = None,
        *,
        data: type[Any] | None = None,
    ) -> Any:
        """Run any operation: a generated one for its typed data, or GraphQL text for a dict.

        Variables are given by their wire names. `data` is what the text's data is read into
        instead: whatever pydantic can validate, such as a model, a TypedDict or a dataclass.
        Data that does not fit raises ResponseError, and a type that cannot be read TypeError.
        """
        return self._call(asked_operation(operation, data), variables or {})

    def with_raw_response(self, ask: Callable[[Self], T]) -> RawResponse[T]:
        """The reply to the call that a function makes of the client that it is given.

            client.with_raw_response(lambda c: c.trust_tiles()).headers

        Its `parse()` is the call's value. What the call raises is raised; a function that makes
        no call raises TypeError.
        """
        from ._raw import raw_response  # noqa: PLC0415 - as above.

        successes: list[Success] = []
        return raw_response(ask(self._observed(successes.append)), successes)

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

    def _subscribe(
        self,
        operation: Operation[D],
        variables: Mapping[str, object],
        pick: Callable[[D], T],
    ) -> Generator[T]:
        from ._drive_stream import drive_stream  # noqa: PLC0415 - most clients only call.
        from ._stream import stream  # noqa: PLC0415 - as above.

        if not hasattr(self._transport, "open"):
            raise TypeError("this transport has no `open`, so nothing can be subscribed to on it")
        transport = cast("StreamingTransport", self._transport)
        with closing(drive_stream(stream(operation, variables, self._settings), transport)) as read:
            for data in read:
                yield pick(data)

    def _paginate(
        self,
        operation: Operation[D],
        variables: Mapping[str, object],
        page: Callable[[D], PageOf[R, I]],
        *,
        cursor: str,
        limit: int | None,
    ) -> Paginator[R, I]:
        from ._pagination import Paginator  # noqa: PLC0415 - as above.

        def ask(given: Mapping[str, object]) -> PageOf[R, I]:
            return page(self._call(operation, given))

        return Paginator(ask, variables, cursor=cursor, limit=limit)

    def _call(self, operation: Operation[D], variables: Mapping[str, object]) -> D:
        return drive(call(operation, variables, self._settings), self._transport)


class AsyncBaseClient(_Configured):
    """An awaiting client; safe to share between tasks of one event loop.

    `timeout` is in seconds for each attempt, 10 unless told, `max_retries` bounds those after the
    first and `retry_policy` says all about them; `hooks` are told what calls go through.
    `max_response_bytes` bounds a reply's body, `wire` says how documents are named to the
    server, and `errors` what data beside errors means. A `http_client` (for proxies, mutual TLS and
    the like) or a `transport` stays the caller's to close. An option that cannot work raises
    ConfigurationError.
    """

    def __init__(
        self,
        *,
        url: str,
        api_key: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | Unset | None = UNSET,
        max_retries: int | None = None,
        retry_policy: RetryPolicy | None = None,
        hooks: Iterable[Hook] = (),
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        wire: Wire | None = None,
        errors: ErrorPolicy = "raise",
        http_client: AsyncHttpClient | None = None,
        transport: AsyncTransport | None = None,
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
            retryable_codes=self._retryable_codes,
            wire=wire,
            errors=errors,
        )
        self._owned: AsyncTransport | None = None
        if transport is None:
            from ._transport import AsyncHttpxTransport  # noqa: PLC0415 - as above.

            transport = self._owned = AsyncHttpxTransport(http_client)
        elif http_client is not None:
            raise TypeError("pass http_client= or transport=, not both")
        _checks.transport(transport, "send_async")
        self._transport = transport

    @overload
    async def execute(
        self, operation: Operation[D], variables: Mapping[str, object] | None = None
    ) -> D: ...
    @overload
    async def execute(
        self, operation: str, variables: Mapping[str, object] | None = None, *, data: type[D]
    ) -> D: ...
    @overload
    async def execute(
        self, operation: str, variables: Mapping[str, object] | None = None
    ) -> dict[str, Any]: ...
    async def execute(
        self,
        operation: Operation[Any] | str,
        variables: Mapping[str, object] | None = None,
        *,
        data: type[Any] | None = None,
    ) -> Any:
        """Run any operation: a generated one for its typed data, or GraphQL text for a dict.

        Variables are given by their wire names. `data` is what the text's data is read into
        instead: whatever pydantic can validate, such as a model, a TypedDict or a dataclass.
        Data that does not fit raises ResponseError, and a type that cannot be read TypeError.
        """
        return await self._call(asked_operation(operation, data), variables or {})

    async def with_raw_response(self, ask: Callable[[Self], Awaitable[T]]) -> RawResponse[T]:
        """The reply to the call that a function makes of the client that it is given.

            (await client.with_raw_response(lambda c: c.trust_tiles())).headers

        Its `parse()` is the call's value. What the call raises is raised; a function that makes
        no call raises TypeError.
        """
        from ._raw import raw_response  # noqa: PLC0415 - as above.

        successes: list[Success] = []
        return raw_response(await ask(self._observed(successes.append)), successes)

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

    async def _subscribe(
        self,
        operation: Operation[D],
        variables: Mapping[str, object],
        pick: Callable[[D], T],
    ) -> AsyncGenerator[T]:
        from ._drive_stream import drive_stream_async  # noqa: PLC0415 - as above.
        from ._stream import stream  # noqa: PLC0415 - as above.

        if not hasattr(self._transport, "open_async"):
            raise TypeError(
                "this transport has no `open_async`, so nothing can be subscribed to on it"
            )
        transport = cast("AsyncStreamingTransport", self._transport)
        read = drive_stream_async(stream(operation, variables, self._settings), transport)
        async with aclosing(read):
            async for data in read:
                yield pick(data)

    def _paginate(
        self,
        operation: Operation[D],
        variables: Mapping[str, object],
        page: Callable[[D], PageOf[R, I]],
        *,
        cursor: str,
        limit: int | None,
    ) -> AsyncPaginator[R, I]:
        from ._pagination import AsyncPaginator  # noqa: PLC0415 - as above.

        async def ask(given: Mapping[str, object]) -> PageOf[R, I]:
            return page(await self._call(operation, given))

        return AsyncPaginator(ask, variables, cursor=cursor, limit=limit)

    async def _call(self, operation: Operation[D], variables: Mapping[str, object]) -> D:
        return await drive_async(call(operation, variables, self._settings), self._transport)
