"""GraphQL over HTTP, on the way out: a call becomes a request's bytes, and waits are read.

Everything here is pure, and light to import; what a reply holds is read in `_decode.py`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from ._exchange import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._operation import D, Operation

ACCEPT = "application/graphql-response+json, application/json;q=0.9"

# As draft-ietf-httpapi-idempotency-key-header names it.
KEY_HEADER = "idempotency-key"

# Of this protocol, and of Apollo's automatic persisted queries.
MISS_CODES = frozenset({"PERSISTED_DOCUMENT_NOT_FOUND", "PERSISTED_QUERY_NOT_FOUND"})

# Without a sign, and not so long that no clock could count it.
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")

_to_json = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go, and what is the same in all of them."""

    url: str
    host: str
    """Host and port, as messages name them."""
    headers: Mapping[str, str] = field(repr=False)
    timeout: float | None
    max_response_bytes: int

    def request(
        self,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        time_left: float | None = None,
    ) -> Request:
        """The request for a body, with a timeout that ends when the time left does."""
        timeout = self.timeout
        if time_left is not None and (timeout is None or time_left < timeout):
            # A wait that took a little too long still leaves a moment to fail in.
            timeout = max(time_left, 0.001)
        headers = self.headers if headers is None else headers
        return Request("POST", self.url, headers, body, timeout, self.max_response_bytes)


def encode_body(operation: Operation[D], variables: str, *, with_document: bool) -> bytes:
    """The body that asks for an operation by its id, and by its text if it has none.

    `variables` is their JSON, so that a body that is sent twice is not encoded twice.
    """
    members: list[str] = []
    if operation.document_id is not None:
        members.append(f'"documentId":{_to_json(operation.document_id)}')
    if with_document or operation.document_id is None:
        members.append(f'"query":{_to_json(operation.document)}')
    if variables != "{}":
        members.append(f'"variables":{variables}')
    return f"{{{','.join(members)}}}".encode()


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
