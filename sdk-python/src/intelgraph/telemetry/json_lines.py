"""One line of JSON for each finished call, in the form that the platform's telemetry takes."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Protocol, TypedDict

from intelgraph._events import CallFinished

if TYPE_CHECKING:
    from intelgraph._events import Event

__all__ = ["JsonLines", "Telemetry", "telemetry"]


class Telemetry(TypedDict):
    """What the platform counts of a call."""

    opId: str | None
    """The operation's versioned name; null for ad-hoc text."""
    durationMs: int
    """Whole milliseconds, halves rounded up."""
    status: int | None
    """The HTTP status of the last reply; null when nothing arrived in the last attempt."""
    retries: int
    """The attempts after the first."""


class TextStream(Protocol):
    """Anything that takes text, such as an open file or `sys.stderr`."""

    def write(self, text: str, /) -> object: ...


class JsonLines:
    """A hook that writes `{"opId":…,"durationMs":…,"status":…,"retries":…}` for each call.

    Each line is one `write`, so that lines of several threads do not mix. The stream stays
    the caller's to flush and to close.
    """

    def __init__(self, stream: TextStream) -> None:
        self._stream = stream

    def __call__(self, event: Event) -> None:
        if isinstance(event, CallFinished):
            line = json.dumps(telemetry(event), separators=(",", ":"))
            self._stream.write(f"{line}\n")


def telemetry(event: CallFinished) -> Telemetry:
    """The platform's own form of a finished call."""
    # Binary fractions of a second are a little off a half; a billionth does not count.
    milliseconds = round(event.duration * 1000, 6)
    return {
        "opId": event.op_id,
        "durationMs": math.floor(milliseconds + 0.5),
        "status": event.status,
        "retries": event.retries,
    }
