"""What a caller may choose, checked once: arguments and environment become an Endpoint."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from . import _checks
from ._errors import ConfigurationError
from ._inputs import UNSET
from ._retry import RetryPolicy
from ._settings import Settings
from ._version import __version__
from ._wire import ACCEPT, Endpoint, Wire

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
        errors=_checks.errors(errors),
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
    timeout = _checks.seconds(DEFAULT_TIMEOUT if timeout is UNSET else timeout)
    if not _checks.is_at_least(max_response_bytes, 1):
        raise ConfigurationError(f"max_response_bytes= is at least 1, not {max_response_bytes!r}.")
    own = _headers(api_key, headers)
    url = _checks.url(url)
    host = _checks.host(url)
    return Endpoint(url, host, own, timeout, max_response_bytes, is_timeout_given=is_given)


def changed_endpoint(
    old: Endpoint, *, headers: Mapping[str, str] | None, timeout: float | Unset | None
) -> Endpoint:
    """The endpoint with headers laid over its own, and another timeout where one is given."""
    if headers is not None:
        old = replace(old, headers={**old.headers, **_checks.headers(headers)})
    if timeout is UNSET:
        return old
    return replace(old, timeout=_checks.seconds(timeout), is_timeout_given=True)


def policy(retry_policy: RetryPolicy | None, max_retries: int | None) -> RetryPolicy:
    """The policy given or the default one, with as many attempts as the retries ask for."""
    chosen = RetryPolicy() if retry_policy is None else retry_policy
    if not isinstance(chosen, RetryPolicy):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"retry_policy= is a RetryPolicy, not {chosen!r}")
    if max_retries is None:
        return chosen
    return replace(chosen, max_attempts=_checks.whole_number("max_retries", max_retries, 0) + 1)


def url_or_default(url: str | None) -> str:
    """The URL given, or the one of the environment, or that of a local reference server."""
    if url:
        return url
    from_environment = os.environ.get("INTELGRAPH_URL", "").strip()
    return _checks.url(from_environment, "INTELGRAPH_URL") if from_environment else DEFAULT_URL


def api_key_or_default(api_key: str | Unset | None) -> str | None:
    """The credential given, or the one of the environment; None is for anonymous calls."""
    if api_key is not UNSET:
        return api_key
    from_environment = os.environ.get("INTELGRAPH_API_KEY", "").strip()
    if not from_environment:
        raise ConfigurationError(
            "No credential: pass api_key=, or set the environment variable INTELGRAPH_API_KEY, "
            "or pass api_key=None for anonymous calls."
        )
    return _checks.api_key(from_environment, "INTELGRAPH_API_KEY")


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
    told = _checks.hooks(hooks)
    if not told:
        return None
    from ._events import Hooks  # noqa: PLC0415 - most clients tell nobody.

    return Hooks(told)


def _headers(api_key: str | None, given: Mapping[str, str] | None) -> dict[str, str]:
    headers = {
        "accept": ACCEPT,
        "content-type": "application/json",
        "user-agent": USER_AGENT,
    }
    if api_key is not None:
        headers["authorization"] = f"Bearer {_checks.api_key(api_key)}"
    return headers if given is None else headers | _checks.headers(given)
