"""What a schedule of faults is made of, for hypothesis to draw from and for long runs at random.

Times are whole eighths of a second, and random numbers whole 64ths, so that both languages count
exactly, one in seconds and one in milliseconds.
"""

from __future__ import annotations

import json
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from both_runtimes import CLOCK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from both_runtimes import Schedule

T = TypeVar("T")

EIGHTHS = (0, 125, 1000, 5000, 9875, 31_000)
BASES = (125, 0, 500)
POLICIES: dict[str, Sequence[float | None]] = {
    "maxAttempts": (1, 2, 4),
    "throttledDelayMs": (0, 4000),
    "maxDelayMs": (0, 250),
    "deadlineMs": (None, 125, 1000, 45_000),
    "budget": (None, 0, 10, 30),
    "retryCost": (0, 4),
}
WIRES = tuple(
    {"mode": mode, "get": get, "maxUrlLength": longest}
    for mode in ("persisted", "apq", "text")
    for get, longest in ((True, 2048), (True, 120), (False, 2048))
)
TIMEOUTS = (None, 125, 1000, 10_000, 60_000)
FAILURES = ("connect", "timeout", "read")
STATUSES = (200, 204, 302, 400, 401, 404, 408, 425, 429, 500, 502, 503, 504)
CODES = (
    *("UNAVAILABLE", "RATE_LIMITED", "FORBIDDEN", "INTERNAL", "PERSISTED_DOCUMENT_NOT_FOUND"),
    *("PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_NOT_SUPPORTED"),
)
MESSAGES = ("No.", "Two\nlines", "", "PersistedQueryNotFound", "PersistedQueryNotSupported")
BROKEN = ("", "{", "[]", "null", "down", '{"data":null}', '{"errors":[]}', '{"errors":[1]}')
# What a server may say of when to come again, with the milliseconds from then or from the start.
WAITS: tuple[tuple[dict[str, str], float, float], ...] = (
    ({"retry-after": "0"}, 0, 0),
    ({"retry-after": "2"}, 2000, 0),
    ({"retry-after": "1.5"}, 1500, 0),
    ({"retry-after": "40"}, 40_000, 0),
    ({"retry-after": " 2 "}, 2000, 0),
    ({"retry-after-ms": "125"}, 125, 0),
    ({"retry-after-ms": "375", "retry-after": "2"}, 375, 0),
    ({"retry-after-ms": "soon", "retry-after": "1"}, 1000, 0),
    ({"retry-after": formatdate(CLOCK + 3, usegmt=True)}, 0, 3000),
    ({"retry-after": "Wednesday, 15-Apr-26 00:00:05 GMT"}, 0, 5000),
    ({"retry-after": "Wed Apr 15 00:00:04 2026"}, 0, 4000),
    ({"retry-after": formatdate(CLOCK - 60, usegmt=True)}, 0, 0),
    # What RFC 9110 does not know says nothing.
    ({"retry-after": "2026-04-15T00:00:07Z"}, 0, 0),
    *(({"retry-after": text}, 0, 0) for text in ("soon", "-5", "", "1e1", "0x10", "10000000000")),
)


class Choice(Protocol):
    """Whoever chooses: hypothesis, which can shrink what it chose, or chance."""

    def one_of(self, options: Sequence[T]) -> T: ...
    def below(self, limit: int) -> int: ...


def operation(name: str, kind: str, *, is_known: bool, **facts: bool) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "opId": f"{name}:v1" if is_known else None,
        "documentId": f"sha256:{name}" if is_known else None,
        "document": f"{kind} {name}{{thing}}",
        "retrySafe": kind == "query",
        **facts,
    }


OPERATIONS = (
    operation("GetThing", "query", is_known=True),
    operation("PutThing", "mutation", is_known=True),
    operation("ChargeOnce", "mutation", is_known=True, retrySafe=True),
    operation("RefundThing", "mutation", is_known=True, keyed=True),
    operation("AdHoc", "query", is_known=False),
)


def schedule(choose: Choice) -> Schedule:
    """A client with up to three calls, each with up to five faults."""
    settings = settings_of(choose)
    return {**settings, "calls": [made_call(choose) for _ in range(1 + choose.below(3))]}


def settings_of(choose: Choice) -> dict[str, Any]:
    return {
        "policy": {"baseDelayMs": choose.one_of(BASES), **optional(choose, POLICIES)},
        **optional(choose, {"wire": WIRES}),
        "timeoutMs": choose.one_of(TIMEOUTS),
        "random": [choose.below(64) / 64 for _ in range(5)],
    }


def optional(choose: Choice, members: Mapping[str, Sequence[T]]) -> dict[str, T]:
    return {
        name: choose.one_of(values)
        for name, values in members.items()
        if choose.one_of((False, True))
    }


def made_call(choose: Choice) -> dict[str, Any]:
    return {
        "operation": choose.one_of(OPERATIONS),
        **optional(choose, {"idempotencyKey": ("key-2",), "errors": ("partial", "raise")}),
        "variables": choose.one_of(({}, {"id": "t1", "names": ["é", None]})),
        "exchanges": [exchange(choose) for _ in range(choose.below(6))],
    }


def exchange(choose: Choice) -> dict[str, Any]:
    takes = {"takesMs": choose.one_of(EIGHTHS)}
    if choose.one_of((False, False, True)):
        return {**takes, "failure": choose.one_of(FAILURES)}
    headers = {**choose.one_of(WAITS)[0]} if choose.one_of((False, True)) else {}
    if choose.one_of((False, True)):
        headers["x-request-id"] = "req-1"
    reply = {"status": choose.one_of(STATUSES), "headers": headers, "text": body(choose)}
    return {**takes, "reply": reply}


def body(choose: Choice) -> str:
    if choose.one_of((False, True)):
        return choose.one_of(BROKEN)
    error: dict[str, Any] = {"message": choose.one_of(MESSAGES)}
    if choose.one_of((False, True)):
        error["path"] = ["thing", 0]
    if choose.one_of((True, False)):
        error["extensions"] = {"code": choose.one_of(CODES)}
    data = choose.one_of((None, {"thing": 2}))
    return json.dumps({"data": data, "errors": [error]})
