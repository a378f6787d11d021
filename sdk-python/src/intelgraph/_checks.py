"""What each option may be; one that cannot work is told by its name where it is given.

Values and texts that cannot work raise ConfigurationError, objects of another kind TypeError. What
may hold a credential is never repeated.
"""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from ._errors import ConfigurationError
from ._exchange import is_sendable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ._errors import ErrorPolicy

H = TypeVar("H", bound="Callable[..., object]")

LONGEST = 2_147_483.0
"""Seconds that every clock can count, some 24 days; longer times are as long as this."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
# The transport writes them, and a second opinion breaks the request or smuggles another into it.
_LENGTHS = frozenset({"content-length", "transfer-encoding"})
_LONGEST_LABEL = 63


def is_at_least(value: Any, floor: float) -> bool:
    """Whether it is a number that is not below the floor; NaN is none."""
    try:
        return bool(value >= floor)
    except TypeError:
        return False


def is_above(value: Any, floor: float) -> bool:
    """Whether it is a number above the floor; NaN is none."""
    try:
        return bool(value > floor)
    except TypeError:
        return False


def whole_number(name: str, value: Any, floor: int) -> int:
    """The whole number, which is not below the floor."""
    try:
        number = index(value)
    except TypeError:
        number = floor - 1
    if number < floor:
        raise ConfigurationError(f"{name}= is a whole number from {floor} on, not {value!r}.")
    return number


def seconds(timeout: float | None) -> float | None:
    """The timeout, no longer than a clock can count."""
    if timeout is None:
        return None
    if not is_above(timeout, 0):
        raise ConfigurationError(f"timeout= is a number of seconds above 0, not {timeout!r}.")
    return min(timeout, LONGEST)


def api_key(given: object, name: str = "api_key=") -> str:
    """The credential without the white space around it, which files tend to end with."""
    key = given.strip() if isinstance(given, str) else ""
    # The value itself stays out of the message, which may be logged.
    if not (key.isascii() and key.isprintable() and key and " " not in key):
        raise ConfigurationError(f"{name} is text of visible ASCII characters, without spaces.")
    return key


def url(given: object, name: str = "url=") -> str:
    """The address without the white space around it; messages do not repeat it."""
    address = given.strip() if isinstance(given, str) else ""
    if not address.isprintable() or " " in address:
        raise ConfigurationError(f"{name} has a space or a control character in it.")
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise ConfigurationError(f"{name} is not a URL.") from None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ConfigurationError(
            f"{name} is an absolute http or https URL, such as https://api.example.com/graphql."
        )
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError(f"{name} has no user or password in it; pass api_key= instead.")
    if not _is_host(parts.hostname):
        raise ConfigurationError(f"{name} has a host that no name server can know.")
    return address


def host(address: str) -> str:
    """The host and the port of an address, as messages name them."""
    parts = urlsplit(address)
    name = parts.hostname or ""
    bracketed = f"[{name}]" if ":" in name else name
    return f"{bracketed}:{_DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port}"


def _is_host(name: str) -> bool:
    if not name.isascii():
        try:
            name.encode("idna")
        except UnicodeError:
            return False
        return True
    return all(0 < len(label) <= _LONGEST_LABEL for label in name.removesuffix(".").split("."))


def headers(given: Mapping[str, str]) -> dict[str, str]:
    """The headers with their names in lower case, as they can be laid over others."""
    if not hasattr(given, "items"):
        raise ConfigurationError(
            f"headers= is a mapping of names to values, not a {type(given).__name__}."
        )
    for name, value in given.items():
        if not is_sendable(name, value):
            raise ConfigurationError(f"headers= cannot be sent: look at {name!r} and its value.")
        if name.lower() in _LENGTHS:
            raise ConfigurationError(f"headers= has {name!r}, which is for the transport to write.")
    return {name.lower(): value for name, value in given.items()}


def idempotency_key(given: str | None) -> str | None:
    """The key as it can be sent."""
    if given is None:
        return None
    if not (given and is_sendable("idempotency-key", given)):
        raise ConfigurationError("idempotency_key= is text of printable ASCII, and not empty.")
    return given


def errors(given: ErrorPolicy) -> ErrorPolicy:
    """The policy for errors beside data."""
    if given not in ("raise", "partial"):
        raise ConfigurationError(f"errors= is 'raise' or 'partial', not {given!r}.")
    return given


def hooks(given: Iterable[H]) -> tuple[H, ...]:
    """The hooks, all of which can be called."""
    try:
        told = tuple(given)
    except TypeError:
        raise TypeError(f"hooks= is a list of functions, not a {type(given).__name__}") from None
    for hook in told:
        if not callable(hook):
            raise TypeError(f"hooks= is a list of functions, and has a {type(hook).__name__} in it")
    return told


def transport(given: object, method: str) -> None:
    """That the object sends, in the way of its client."""
    if isinstance(given, type) or not hasattr(given, method):
        kind = f"the class {given.__name__}" if isinstance(given, type) else type(given).__name__
        raise TypeError(f"transport= is an object with a method `{method}`, not {kind}")
