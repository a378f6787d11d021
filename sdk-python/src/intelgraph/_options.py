"""What a caller may choose, checked once: arguments and environment become an Endpoint."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ._errors import ConfigurationError
from ._exchange import is_sendable
from ._inputs import UNSET
from ._retry import RetryPolicy
from ._settings import Settings
from ._version import __version__
from ._wire import ACCEPT, KEY_HEADER, Endpoint, Wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ._errors import ErrorPolicy
    from ._events import Hook, Hooks
    from ._inputs import Unset

DEFAULT_URL = "http://127.0.0.1:8800/graphql"
DEFAULT_TIMEOUT = 10.0
DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024
_RUNTIME = f"{sys.implementation.name}/{'.'.join(map(str, sys.version_info[:3]))}"
USER_AGENT = f"intelgraph-python/{__version__} {_RUNTIME}"

_TOKEN = re.compile(r"[\x21-\x7e]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def settings(
    *,
    url: str,
    api_key: str | None,
    headers: Mapping[str, str] | None,
    timeout: float | Unset | None,
    max_retries: int | None,
    retry_policy: RetryPolicy | None,
    hooks: Iterable[Hook],
    max_response_bytes: int,
    retryable_codes: frozenset[str],
    wire: Wire | None = None,
    errors: ErrorPolicy = "raise",
) -> Settings:
    """What the options of a client ask of its calls; what cannot work raises ConfigurationError."""
    return Settings(
        endpoint(
            url=url,
            api_key=api_key,
            headers=headers,
            timeout=timeout,
            max_response_bytes=max_response_bytes,
        ),
        policy(retry_policy, max_retries),
        _hooks(hooks),
        retryable_codes,
        wire=_own_wire(wire),
        errors=checked_errors(errors),
    )


def endpoint(
    *,
    url: str,
    api_key: str | None,
    headers: Mapping[str, str] | None,
    timeout: float | Unset | None,
    max_response_bytes: int,
) -> Endpoint:
    """The endpoint that the options describe; what cannot work raises ConfigurationError."""
    is_given = timeout is not UNSET
    timeout = DEFAULT_TIMEOUT if timeout is UNSET else timeout
    _check_timeout(timeout)
    if max_response_bytes < 1:
        raise ConfigurationError(f"max_response_bytes= is at least 1, not {max_response_bytes!r}.")
    own = _headers(api_key, headers)
    return Endpoint(url, _host(url), own, timeout, max_response_bytes, is_timeout_given=is_given)


def changed_endpoint(
    old: Endpoint, *, headers: Mapping[str, str] | None, timeout: float | Unset | None
) -> Endpoint:
    """The endpoint with headers laid over its own, and another timeout where one is given."""
    if headers:
        old = replace(old, headers={**old.headers, **_checked(headers)})
    if timeout is UNSET:
        return old
    _check_timeout(timeout)
    return replace(old, timeout=timeout, is_timeout_given=True)


def policy(retry_policy: RetryPolicy | None, max_retries: int | None) -> RetryPolicy:
    """The policy given or the default one, with as many attempts as the retries ask for."""
    chosen = RetryPolicy() if retry_policy is None else retry_policy
    if max_retries is None:
        return chosen
    if max_retries < 0:
        raise ConfigurationError(f"max_retries= is at least 0, not {max_retries!r}.")
    return replace(chosen, max_attempts=max_retries + 1)


def checked_key(idempotency_key: str | None) -> str | None:
    """The key as it can be sent; one that cannot raises ConfigurationError."""
    if idempotency_key is not None and not (
        idempotency_key and is_sendable(KEY_HEADER, idempotency_key)
    ):
        raise ConfigurationError("idempotency_key= is empty or cannot be sent in a header.")
    return idempotency_key


def checked_errors(errors: ErrorPolicy) -> ErrorPolicy:
    """The policy; another one than there is raises ConfigurationError."""
    if errors not in ("raise", "partial"):
        raise ConfigurationError(f"errors= is 'raise' or 'partial', not {errors!r}.")
    return errors


def url_or_default(url: str | None) -> str:
    """The URL given, or the one of the environment, or that of a local reference server."""
    return url or os.environ.get("INTELGRAPH_URL") or DEFAULT_URL


def api_key_or_default(api_key: str | Unset | None) -> str | None:
    """The credential given, or the one of the environment; None is for anonymous calls."""
    if api_key is not UNSET:
        return api_key
    from_environment = os.environ.get("INTELGRAPH_API_KEY")
    if not from_environment:
        raise ConfigurationError(
            "No credential: pass api_key=, or set the environment variable INTELGRAPH_API_KEY, "
            "or pass api_key=None for anonymous calls."
        )
    return from_environment


def _own_wire(wire: Wire | None) -> Wire:
    if wire is None:
        return Wire()
    if not isinstance(wire, Wire):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"wire= is made by a function of intelgraph.wire, not {wire!r}")
    # What one client learns of its server holds for no other.
    return replace(wire)


def hooks_and_log(hooks: Iterable[Hook]) -> Iterable[Hook]:
    """The hooks given, and one that logs if the environment asks for it."""
    level = os.environ.get("INTELGRAPH_LOG")
    if not level:
        return hooks
    from .telemetry.logging import hooks_with_log  # noqa: PLC0415 - most clients log nothing.

    return hooks_with_log(hooks, level)


def _hooks(hooks: Iterable[Hook]) -> Hooks | None:
    hooks = tuple(hooks)
    if not hooks:
        return None
    from ._events import Hooks  # noqa: PLC0415 - most clients tell nobody.

    return Hooks(hooks)


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigurationError("url= is not a URL.") from None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ConfigurationError(
            "url= must be an absolute http or https URL, such as https://api.example.com/graphql."
        )
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError("url= must not hold a user or password; pass api_key= instead.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{host}:{_DEFAULT_PORTS[parts.scheme] if port is None else port}"


def _headers(api_key: str | None, given: Mapping[str, str] | None) -> dict[str, str]:
    headers = {
        "accept": ACCEPT,
        "content-type": "application/json",
        "user-agent": USER_AGENT,
    }
    if api_key is not None:
        # The value itself stays out of the message, which may be logged.
        if not _TOKEN.fullmatch(api_key):
            raise ConfigurationError("api_key= is empty or has spaces or control characters.")
        headers["authorization"] = f"Bearer {api_key}"
    return headers | _checked(given or {})


def _checked(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not is_sendable(name, value):
            raise ConfigurationError(f"headers= cannot be sent: look at {name!r} and its value.")
    return {name.lower(): value for name, value in headers.items()}


def _check_timeout(timeout: float | None) -> None:
    if timeout is not None and not timeout > 0:
        raise ConfigurationError(f"timeout= is a number of seconds above 0, not {timeout!r}.")
