"""The generated clients with this product's defaults: environment, address, credential."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._inputs import UNSET, Unset
from ._options import (
    DEFAULT_MAX_RESPONSE_BYTES,
    api_key_or_default,
    hooks_and_log,
    url_or_default,
)
from .generated import AsyncClient, Client

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ._errors import ErrorPolicy
    from ._events import Hook
    from ._exchange import AsyncTransport, Transport
    from ._retry import RetryPolicy
    from ._transport import AsyncHttpClient, HttpClient
    from ._wire import Wire


class IntelGraph(Client):
    """The blocking client: one method for each operation, safe to share between threads.

    `api_key` is INTELGRAPH_API_KEY of the environment when left out, and None calls
    anonymously; `url` is INTELGRAPH_URL, or else a reference server on this machine.
    `timeout` is in seconds for each attempt, 10 unless told, `max_retries` bounds those after the
    first and `retry_policy` says all about them; `hooks` are told what calls go through,
    and INTELGRAPH_LOG logs it from `debug`, `info`, `warning` or `error` on.
    `wire` says how documents are named to the server, `errors` what data beside errors means.
    A `http_client` or a `transport` stays the caller's to close. An option that cannot work
    raises ConfigurationError.
    """

    def __init__(
        self,
        *,
        api_key: str | Unset | None = UNSET,
        url: str | None = None,
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
        super().__init__(
            url=url_or_default(url),
            api_key=api_key_or_default(api_key),
            headers=headers,
            timeout=timeout,
            max_retries=max_retries,
            retry_policy=retry_policy,
            hooks=hooks_and_log(hooks),
            max_response_bytes=max_response_bytes,
            wire=wire,
            errors=errors,
            http_client=http_client,
            transport=transport,
        )


class AsyncIntelGraph(AsyncClient):
    """The awaiting client: one coroutine for each operation, for the tasks of one event loop.

    `api_key` is INTELGRAPH_API_KEY of the environment when left out, and None calls
    anonymously; `url` is INTELGRAPH_URL, or else a reference server on this machine.
    `timeout` is in seconds for each attempt, 10 unless told, `max_retries` bounds those after the
    first and `retry_policy` says all about them; `hooks` are told what calls go through,
    and INTELGRAPH_LOG logs it from `debug`, `info`, `warning` or `error` on.
    `wire` says how documents are named to the server, `errors` what data beside errors means.
    A `http_client` or a `transport` stays the caller's to close. An option that cannot work
    raises ConfigurationError.
    """

    def __init__(
        self,
        *,
        api_key: str | Unset | None = UNSET,
        url: str | None = None,
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
        super().__init__(
            url=url_or_default(url),
            api_key=api_key_or_default(api_key),
            headers=headers,
            timeout=timeout,
            max_retries=max_retries,
            retry_policy=retry_policy,
            hooks=hooks_and_log(hooks),
            max_response_bytes=max_response_bytes,
            wire=wire,
            errors=errors,
            http_client=http_client,
            transport=transport,
        )
