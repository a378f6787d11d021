"""GraphQL over HTTP, on the way out: a call becomes a request's bytes, and waits are read.

Everything here is pure, and light to import; what a reply holds is read in `_decode.py`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from urllib.parse import quote

from ._checks import LONGEST, is_at_least
from ._errors import ConfigurationError
from ._exchange import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._errors import ErrorDetail
    from ._operation import Operation

ACCEPT = "application/graphql-response+json, application/json;q=0.9"

# As draft-ietf-httpapi-idempotency-key-header names it.
KEY_HEADER = "idempotency-key"

# Of this protocol, and of Apollo's automatic persisted queries.
MISS_CODES = frozenset({"PERSISTED_DOCUMENT_NOT_FOUND", "PERSISTED_QUERY_NOT_FOUND"})

# What httpx takes; no server does more.
LONGEST_URL = 65_536

_UNRESERVED = "!'()*"

# Without a sign, and not so long that no clock could count it.
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]+)?")

_to_json = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go, and what is the same in all of them."""

    url: str = field(repr=False)
    host: str
    """Host and port, as messages name them."""
    headers: Mapping[str, str] = field(repr=False)
    timeout: float | None
    max_response_bytes: int
    is_timeout_given: bool = True
    """False for the default, which yields to a shorter deadline."""

    @property
    def given_timeout(self) -> float | None:
        """The timeout if the caller has chosen it, for the deadline is never shorter."""
        return self.timeout if self.is_timeout_given else None

    def request(
        self,
        message: Message,
        *,
        headers: Mapping[str, str] | None = None,
        time_left: float | None = None,
    ) -> Request:
        """The request that carries a message, with a timeout that ends when the time left does."""
        timeout = self.timeout
        if time_left is not None and (timeout is None or time_left < timeout):
            # A wait that took a little too long still leaves a moment to fail in.
            timeout = max(min(time_left, LONGEST), 0.001)
        headers = self.headers if headers is None else headers
        method, url = ("POST", self.url) if message.url is None else ("GET", message.url)
        return Request(method, url, headers, message.body, timeout, self.max_response_bytes)


class Message(NamedTuple):
    """What one request says: a body to post, or a URL to get."""

    body: bytes
    url: str | None = None


class Form(NamedTuple):
    """How a request names its document: each part may stand beside the others."""

    by_id: bool = False
    by_text: bool = False
    by_hash: bool = False


BY_ID, BY_TEXT, BY_HASH = Form(by_id=True), Form(by_text=True), Form(by_hash=True)


@dataclass(slots=True)
class Wire:
    """How a client names documents: by id, and with the text once the server misses the id.

    Each client has one of its own, since one may remember what its server refused.
    """

    get: bool = False
    """Whether queries are asked by GET, where their URL has at most `max_url_length` characters."""
    max_url_length: int = 2048

    def __post_init__(self) -> None:
        length = self.max_url_length
        if not is_at_least(length, 1) or length > LONGEST_URL:
            raise ConfigurationError(
                f"max_url_length= is from 1 to {LONGEST_URL}, not {self.max_url_length!r}."
            )

    def first(self, operation: Operation[Any]) -> Form:
        """What an attempt begins with."""
        return BY_TEXT if operation.document_id is None else BY_ID

    def after(self, form: Form, error: ErrorDetail) -> Form | None:
        """What is said next in the same attempt; None where the first error is the answer."""
        is_missed = form == BY_ID and error.code in MISS_CODES
        return Form(by_id=True, by_text=True) if is_missed else None

    def message(
        self, url: str, operation: Operation[Any], variables: str, form: Form, *, is_first: bool
    ) -> Message:
        """What the request of a form says; what follows a miss is posted, so that it can be kept.

        `variables` is their JSON, so that what is sent twice is not encoded twice.
        """
        members = _members(operation, variables, form)
        if self.get and is_first and operation.kind == "query":
            asked = _url(url, members)
            if len(asked) <= self.max_url_length:
                return Message(b"", asked)
        return Message(_body(members))


_Member: TypeAlias = tuple[str, str, bool]
"""A name, what stands under it, and whether that is JSON."""


def _members(operation: Operation[Any], variables: str, form: Form) -> list[_Member]:
    by_id, by_text, by_hash = form
    members: list[_Member] = []
    if by_id:
        members.append(("documentId", operation.document_id or "", False))
    if by_text:
        members.append(("query", operation.document, False))
    if variables != "{}":
        members.append(("variables", variables, True))
    if by_hash:
        digest = (operation.document_id or "").removeprefix("sha256:")
        extension = f'{{"persistedQuery":{{"version":1,"sha256Hash":{_to_json(digest)}}}}}'
        members.append(("extensions", extension, True))
    return members


def _body(members: list[_Member]) -> bytes:
    written = [f'"{name}":{text if is_json else _to_json(text)}' for name, text, is_json in members]
    return f"{{{','.join(written)}}}".encode()


def _url(url: str, members: list[_Member]) -> str:
    # As JavaScript's encodeURIComponent does it, so that both clients ask for the same URL.
    asked = "&".join(f"{name}={quote(text, safe=_UNRESERVED)}" for name, text, _ in members)
    url = url.partition("#")[0]
    return f"{url}{'&' if '?' in url else '?'}{asked}"


def encode_json(value: object) -> str:
    """Compact JSON; NaN and infinities raise ValueError, as JSON has no name for them."""
    return _to_json(value)


def retry_after(headers: Mapping[str, str], wall_clock: Callable[[], float]) -> float | None:
    """The seconds that a reply asks to wait; None when it does not, or not readably.

    The header may name a date (RFC 9110, 10.2.3), to compare with the Unix time that
    `wall_clock` tells; the finer `retry-after-ms` goes before it.
    """
    milliseconds = headers.get("retry-after-ms", "").strip()
    if _NUMBER.fullmatch(milliseconds):
        return float(milliseconds) / 1000
    value = headers.get("retry-after", "").strip()
    if _NUMBER.fullmatch(value):
        return float(value)
    date = _http_date(value)
    return None if date is None else max(0.0, date - wall_clock())


def _http_date(text: str) -> float | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    # The oldest of the three forms names no zone, and all three mean UTC.
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
