"""Server-sent events out of bytes, as the HTML standard parses them (9.2.6), and nothing else.

Pure: bytes are fed in pieces of any size, and whole events come out.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENTS_TYPE = "text/event-stream"
_LINE_END = re.compile(r"\r\n|\n|\r(?!$)")


class ServerEvent(NamedTuple):
    """One event: its type, its lines of data, and the last id that was told by then."""

    type: str
    data: str
    id: str | None


class EventParser:
    """Takes the chunks of one connection; the last event's id and `retry` outlive it."""

    def __init__(self, last_id: str | None = None, retry: float | None = None) -> None:
        self.last_id = last_id
        """Of the last event that came whole: behind one that broke off, it would be lost."""
        self._id = last_id
        self.retry = retry
        """Seconds to wait before coming back, where the server has said so."""
        # A server may put a byte order mark first, which is not part of the stream.
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._rest = ""
        self._type = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> Iterator[ServerEvent]:
        """The events that are complete with this chunk."""
        # A carriage return at the very end may be half of a line end.
        *lines, self._rest = _LINE_END.split(self._rest + self._decoder.decode(chunk))
        for line in lines:
            if line:
                self._field(*line.partition(":")[::2])
                continue
            self.last_id = self._id
            if self._data:
                yield ServerEvent(self._type or "message", "\n".join(self._data), self.last_id)
            self._type, self._data = "", []

    def _field(self, name: str, value: str) -> None:
        value = value.removeprefix(" ")
        if name == "event":
            self._type = value
        elif name == "data":
            self._data.append(value)
        elif name == "id" and "\0" not in value:
            self._id = value or None
        elif name == "retry" and value.isascii() and value.isdigit():
            self.retry = int(value[:9]) / 1000
