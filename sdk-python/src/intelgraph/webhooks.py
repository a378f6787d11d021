"""The platform's signed webhooks: verified first, and only then read.

    from intelgraph import webhooks

    event = webhooks.unwrap(body, headers)
    if event.type == "residency.report.created":
        ...

They are signed as Standard Webhooks 1.0 says: `webhook-signature` has the HMAC-SHA256 of the
id, the time of sending and the body as it came, so that none of them can be changed.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hmac
import json
import math
import os
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, cast

from ._errors import ConfigurationError, WebhookError, WebhookSignatureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["WebhookError", "WebhookEvent", "WebhookSignatureError", "unwrap"]

# A dot would let one id, or time, end where another begins; a comma joins what is there twice.
_ID: Final = re.compile(r"[!-+\-/-~]+")
_SECONDS: Final = re.compile(r"[0-9]{1,12}")
_SIGNATURE: Final = r"(?:v1,[A-Za-z0-9+/]{43}=|(?!v1,)[!-~]+)"
_LIST: Final = re.compile(rf"{_SIGNATURE}(?: {_SIGNATURE})*")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
# A forger may send any number, and each costs a comparison.
_MOST_SIGNATURES: Final = 16
_PREFIX: Final = "whsec_"
_KEY_SIZES: Final = range(24, 65)


class Headers(Protocol):
    """The headers of a request: a dict, or what any web framework has."""

    def items(self) -> Iterable[tuple[str, str]]: ...


HeaderPairs: TypeAlias = "Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]]"
"""The headers of a request as WSGI and ASGI have them."""


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """What a genuine webhook tells; an event of a type that you do not know can be passed over."""

    id: str
    """The same each time the webhook is sent again: keep it, and pass over what you have seen."""
    type: str
    """What happened, such as `residency.report.created`."""
    timestamp: dt.datetime
    """When it happened, which may be long before it was sent."""
    data: Mapping[str, Any] = field(repr=False)
    """What it happened to, in JSON."""


def unwrap(
    body: bytes | bytearray | memoryview | str,
    headers: Headers | HeaderPairs,
    *,
    secret: str | Iterable[str] | None = None,
    tolerance: float = 300.0,
    now: Callable[[], float] = time.time,
) -> WebhookEvent:
    """The event that a webhook brings, once it is proved who sent it and that it was just now.

    `body` is what came, byte for byte: JSON that was read and written again is not. `headers` are
    those of any framework, or pairs, as ASGI has them. `secret` is
    INTELGRAPH_WEBHOOK_SECRET of the environment when left out, and several, or several with
    commas between, while one takes the place of another. `tolerance` is in seconds, both ways.
    Raises WebhookSignatureError for what may be forged or repeated, WebhookError for what is
    genuine and no event, and ConfigurationError for a secret that is missing or none.
    """
    raw = _raw(body)
    if not (isinstance(tolerance, int | float) and tolerance >= 0):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(f"tolerance= is a number of seconds from 0 on, not {tolerance!r}.")
    keys = _keys(os.environ.get("INTELGRAPH_WEBHOOK_SECRET", "") if secret is None else secret)
    entries = _entries(headers)
    webhook_id = _header(entries, "webhook-id", _ID, "one id")
    sent = _header(entries, "webhook-timestamp", _SECONDS, "one whole number of seconds")
    if not _is_signed(f"{webhook_id}.{sent}.".encode() + raw, _signatures(entries), keys):
        raise WebhookSignatureError(
            "No signature of the webhook fits its body and the secret: give the body as it came, "
            "byte for byte, and the secret of this sender."
        )
    _check_age(webhook_id, now() - int(sent), tolerance)
    return _event(webhook_id, raw)


def _raw(body: object) -> bytes:
    if isinstance(body, str):
        return body.encode("utf-8", "replace")
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(cast("bytes", body))
    raise TypeError("body is the bytes of the request, not what was read from them")


def _entries(headers: object) -> list[tuple[str, str]]:
    """The headers by their names in lower case, without those that are no text."""
    items = getattr(headers, "items", None)
    given = cast("Iterable[tuple[object, object]]", headers if items is None else items())
    try:
        pairs = [(_text(name), value) for name, value in given]
    except (TypeError, ValueError):
        kind = type(headers).__name__
        raise TypeError(f"headers are pairs of names and values, and not {kind}") from None
    return [(name.lower(), _text(each)) for name, value in pairs for each in _values(value)]


def _values(value: object) -> list[object]:
    # Some gateways give a list for each name.
    return cast("list[object]", value) if isinstance(value, list) else [value]


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else ""


def _keys(secret: object) -> list[bytes]:
    given: Any = secret.split(",") if isinstance(secret, str) else secret
    try:
        texts = [text.strip() if isinstance(text, str) else text for text in given]
    except TypeError:
        texts = [secret]
    keys = [_key(text) for text in texts if text != ""]
    if not keys:
        raise ConfigurationError(
            "No secret: pass secret=, or set the environment variable INTELGRAPH_WEBHOOK_SECRET."
        )
    return keys


def _key(text: object) -> bytes:
    try:
        key = base64.b64decode(_text(text).removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    # The value itself stays out of the message, which may be logged.
    if len(key) not in _KEY_SIZES:
        raise ConfigurationError("secret= is not whsec_ and the base64 of 24 to 64 bytes.")
    return key


def _header(headers: list[tuple[str, str]], name: str, form: re.Pattern[str], what: str) -> str:
    # As HTTP joins what is there twice, which fits no form.
    text = ", ".join(value for key, value in headers if key == name)
    if not text:
        raise WebhookSignatureError(
            f"The webhook has no header {name}: it is not from the sender, or something on the "
            "way dropped the header."
        )
    if not form.fullmatch(text):
        raise WebhookSignatureError(
            f"The header {name} is not {what}: something on the way changed it, or gave it twice."
        )
    return text


def _signatures(headers: list[tuple[str, str]]) -> list[bytes]:
    words = _header(headers, "webhook-signature", _LIST, "one list of signatures").split(" ")
    # Versions that are not ours are for others, or for a later client.
    ours = [base64.b64decode(word[3:]) for word in words if word.startswith("v1,")]
    if not 1 <= len(ours) <= _MOST_SIGNATURES:
        raise WebhookSignatureError(
            f"The webhook has {len(ours)} signatures of version v1, and from 1 to "
            f"{_MOST_SIGNATURES} can be checked."
        )
    return ours


def _is_signed(signed: bytes, signatures: list[bytes], keys: list[bytes]) -> bool:
    """Compares all with all, so that the time it takes tells nothing of what fits."""
    is_signed = False
    for key in keys:
        expected = hmac.digest(key, signed, "sha256")
        for signature in signatures:
            is_signed |= hmac.compare_digest(expected, signature)
    return is_signed


def _check_age(webhook_id: str, age: float, tolerance: float) -> None:
    if abs(age) <= tolerance:
        return
    direction = "ago" if age > 0 else "in the future"
    raise WebhookSignatureError(
        f"The webhook {webhook_id} was sent {math.ceil(abs(age))} s {direction}, and at most "
        f"{tolerance:g} s are allowed: it is a repetition, or one of the clocks is wrong."
    )


def _event(webhook_id: str, body: bytes) -> WebhookEvent:
    try:
        content = json.loads(body.decode(), parse_constant=_no_json)
    except (ValueError, RecursionError):
        # Not with its cause, which holds the body.
        raise _no_event(webhook_id, "is not JSON in UTF-8") from None
    if not isinstance(content, dict):
        raise _no_event(webhook_id, "is not an object")
    told = cast("dict[str, Any]", content)
    kind, timestamp = told.get("type"), told.get("timestamp")
    if not isinstance(kind, str) or not kind:
        raise _no_event(webhook_id, "has no text in `type`")
    if not isinstance(told.get("data"), dict):
        raise _no_event(webhook_id, "has no object in `data`")
    return WebhookEvent(webhook_id, kind, _instant(webhook_id, timestamp), told["data"])


def _instant(webhook_id: str, value: object) -> dt.datetime:
    try:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            return dt.datetime.fromisoformat(value)
    except ValueError:
        pass
    raise _no_event(webhook_id, "has no instant of RFC 3339 in `timestamp`")


def _no_event(webhook_id: str, why: str) -> WebhookError:
    return WebhookError(f"The webhook {webhook_id} is genuine, but its body {why}.")


def _no_json(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
