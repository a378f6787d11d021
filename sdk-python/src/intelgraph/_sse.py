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
_LINE_END = re.compile(r"\r\n|\n|\r")
# No header could bring such an id back.
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# Not so long that no clock could count it.
_WAIT = re.compile(r"[0-9]{1,9}")


class ServerEvent(NamedTuple):
    """One event: its type, its lines of data, and the last id that was told by then."""

    type: str
    data: str
    id: str | None


class EventParser:
    """Takes the chunks of one connection; the last event's id outlives it."""

    def __init__(self, last_id: str | None = None, wait: float = 0.0) -> None:
        self.last_id = last_id
        """Of the last event that came whole: behind one that broke off, it would be lost."""
        self._id = last_id
        self.wait = wait
        """The least seconds before coming back, as the server has said by `retry`."""
        # A server may put a byte order mark first, which is not part of the stream.
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._rest = ""
        self._may_be_half = False
        self._type = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> Iterator[ServerEvent]:
        """The events that are complete with this chunk."""
        *lines, self._rest = _LINE_END.split(self._rest + self._decoded(chunk))
        for line in lines:
            if line:
                self._field(*line.partition(":")[::2])
                continue
            self.last_id = self._id
            if self._data:
                yield ServerEvent(self._type or "message", "\n".join(self._data), self.last_id)
            self._type, self._data = "", []

    def _decoded(self, chunk: bytes) -> str:
        text = self._decoder.decode(chunk)
        if not text:
            return ""
        # A carriage return ends its line at once, and a line feed behind it is of the same end.
        is_other_half = self._may_be_half and text[0] == "\n"
        self._may_be_half = text[-1] == "\r"
        return text[is_other_half:]

    def _field(self, name: str, value: str) -> None:
        value = value.removeprefix(" ")
        if name == "event":
            self._type = value
        elif name == "data":
            self._data.append(value)
        elif name == "id" and not _CONTROL.search(value):
            self._id = value or None
        elif name == "retry" and _WAIT.fullmatch(value):
            self.wait = int(value) / 1000
