"""What a schedule with subscriptions is made of, as `fault_schedules.py` has it of calls.

A stream is drawn as pieces of text, written with one of the line ends that there are, and then cut
anywhere: in a line end, in a character or in a byte order mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fault_schedules import exchange, made_call, operation, optional, settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from both_runtimes import Schedule
    from fault_schedules import Choice

SUBSCRIPTIONS = (
    operation("Changed", "subscription", is_known=True),
    operation("AdHocChanged", "subscription", is_known=False),
)
LINE_ENDS = ("\n", "\r\n", "\r")
TIMES = (0, 0, 125, 5000, 5125, 40_000)
# Everything that a line may be, apart from data and ids of events.
LINES = (
    *(": alive", ":", "retry: 2000", "retry:soon", "retry: -1", "retry: 99999999999"),
    *(
        "id: 9",
        "id",
        "id:",
        "id: \0",
        "id: \1",
        "id: \x7f",
        "ID: 8",
        " id: 8",
        "extra: 1",
        "\ufeffid: 7",
    ),
    *("id: é", "id: €", "id:  a ", "id: \t", "id: a\tb", "retry: 125", "retry", "extra: 1"),
    *("event: ping", "event: next", "event:next", "event", "event: complete", "data", "data: "),
)
ANSWERS = (
    '{"data":{"thing":1}}',
    '{"data":{"thing":"é€\\ud83d\\ude00 😀"}}',
    '{"data":\n{"thing":[1,\n2]}}',
    '{"data":{"thing":2},"errors":[{"message":"Half."}]}',
    '{"data":null,"errors":[{"message":"Away.","extensions":{"code":"UNAVAILABLE"}}]}',
    '{"data":null,"errors":[{"message":"?","extensions":{"code":"PERSISTED_DOCUMENT_NOT_FOUND"}}]}',
    *("", "oops", "null", '{"data":null}', '{"data":{"thing":3},"errors":[]}'),
)
# Bytes that are no UTF-8, and the marks that may stand before it.
STRAYS = (b"\xff", b"\xe2\x82", b"\xf0\x9f\x98", b"\xc3", b"\xef\xbb\xbf", b"\xed\xa0\x80")
HEADERS = (
    {"x-request-id": "req-2"},
    {"retry-after": "2"},
    {"content-type": "text/event-stream;x=y"},
)


def stream_schedule(choose: Choice) -> Schedule:
    """A client with up to three calls, of which the first is a subscription."""
    settings, first = settings_of(choose), subscription(choose)
    others = [choose.one_of((subscription, made_call))(choose) for _ in range(choose.below(3))]
    return {**settings, "calls": [first, *others]}


def subscription(choose: Choice) -> dict[str, Any]:
    return {
        "operation": choose.one_of(SUBSCRIPTIONS),
        **optional(choose, {"errors": ("partial",), "take": (1, 2, 3)}),
        "variables": choose.one_of(({}, {"kind": "é"})),
        "readerMs": choose.one_of((0, 125, 6000)),
        "connections": [connection(choose) for _ in range(choose.below(6))],
    }


def connection(choose: Choice) -> dict[str, Any]:
    if choose.one_of((False, False, True)):
        return exchange(choose)
    told: dict[str, Any] = {
        "chunks": chunks(choose),
        **optional(choose, {"end": ("read", "silence")}),
    }
    if choose.one_of((False, True)):
        told["headers"] = choose.one_of(HEADERS)
    return {"takesMs": choose.one_of((0, 0, 0, 125, 31_000)), "stream": told}


def chunks(choose: Choice) -> list[dict[str, Any]]:
    text = written(choose)
    cuts = sorted({choose.below(len(text) + 1) for _ in range(choose.below(5))})
    starts = [0, *cuts]
    # What is behind the last cut may never come.
    ends = [*cuts, len(text)] if choose.one_of((True, True, False)) else cuts
    return [
        {"takesMs": choose.one_of(TIMES), "bytes": text[start:end].decode("latin-1")}
        for start, end in zip(starts, ends, strict=False)
    ]


def written(choose: Choice) -> bytes:
    end = choose.one_of(LINE_ENDS).encode()
    mark = choose.one_of((b"", b"", b"\xef\xbb\xbf"))
    return mark + b"".join(
        b"".join(line + end for line in lines(choose)) for _ in range(1 + choose.below(6))
    )


def lines(choose: Choice) -> Sequence[bytes]:
    """Those of an event that is handed on, mostly, or of anything else, with the empty one."""
    if choose.one_of((True, True, False)):
        told = event(choose)
    else:
        told = [choose.one_of(LINES) for _ in range(choose.below(4))]
    raw = [line.encode() for line in told]
    if choose.below(8) == 7 and raw:
        raw[-1] += choose.one_of(STRAYS)
    return [*raw, b""]


def event(choose: Choice) -> list[str]:
    if choose.below(8) == 7:
        return ["event: complete", "data:"]
    given = [f"id: {choose.below(9)}"] if choose.one_of((True, False)) else []
    answer = choose.one_of(ANSWERS if choose.below(4) == 3 else ANSWERS[:3])
    return [*given, "event: next", *(f"data: {line}" for line in answer.split("\n"))]
