"""A subscription of a schedule, played through the Python runtime: what its reader sees of it."""

from __future__ import annotations

from contextlib import aclosing, closing
from typing import TYPE_CHECKING, Any

from schedule_terms import milliseconds, operation_of

from intelgraph._drive_stream import drive_stream, drive_stream_async
from intelgraph._stream import stream
from intelgraph.testing import Events, FakeTransport, failure, reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from both_runtimes import World

    from intelgraph import Failure, Reply, Request
    from intelgraph._settings import Settings

COMPLETE: dict[str, Any] = {"stream": {"chunks": [{"bytes": "event: complete\ndata:\n\n"}]}}
# So long a stream may say nothing.
SILENCE = 60.0
ENDS = {"read": failure("read"), "silence": failure("timeout"), None: None}


class Reading:
    """Takes every value of a subscription, or leaves after some."""

    def __init__(self, world: World, made: Mapping[str, Any]) -> None:
        self._world = world
        self._made = made
        self._streams: list[Events] = []
        self._values: list[dict[str, Any]] = []
        self._unread = 0
        # None but a complete stream comes behind those that are told.
        self._transport = FakeTransport(
            self._opening(each) for each in [*made["connections"], COMPLETE]
        )

    def read(self, settings: Settings) -> dict[str, Any]:
        made = self._made
        running = stream(operation_of(made), made["variables"], settings)
        with closing(drive_stream(running, self._transport, self._world.sleep)) as values:
            for value in values:
                if self._leaves_after(value):
                    break
        return {}

    async def read_async(self, settings: Settings) -> dict[str, Any]:
        made = self._made
        running = stream(operation_of(made), made["variables"], settings)
        reading = drive_stream_async(running, self._transport, self._world.sleep_async)
        async with aclosing(reading) as values:
            async for value in values:
                if self._leaves_after(value):
                    break
        return {}

    def seen(self) -> dict[str, Any]:
        closed = all(each.is_closed for each in self._streams)
        return {"values": self._values, "unread": self._unread, "closed": closed}

    def _opening(self, told: Mapping[str, Any]) -> Callable[[Request], Reply | Failure | Events]:
        def opened(request: Request) -> Reply | Failure | Events:
            failed = self._world.met(request, told)
            if failed:
                return failed
            if "reply" in told:
                answer = told["reply"]
                media_type = {"content-type": "application/json"}
                headers = media_type | answer["headers"]
                return reply(text=answer["text"], status=answer["status"], headers=headers)
            return self._stream(told["stream"])

        return opened

    def _stream(self, told: Mapping[str, Any]) -> Events:
        self._unread += len(told["chunks"])
        end = ENDS[told.get("end")]
        opened = Events(self._arriving(told), end, headers=told.get("headers"))
        self._streams.append(opened)
        return opened

    def _arriving(self, told: Mapping[str, Any]) -> Iterator[bytes]:
        for chunk in told["chunks"]:
            self._world.now += chunk.get("takesMs", 0) / 1000
            self._unread -= 1
            yield chunk["bytes"].encode("latin-1")
        if told.get("end") == "silence":
            self._world.now += SILENCE

    def _leaves_after(self, value: object) -> bool:
        self._values.append({"value": value, "atMs": milliseconds(self._world.now * 1000)})
        self._world.now += self._made["readerMs"] / 1000
        return len(self._values) == self._made.get("take")
