"""Runs the vectors of subscriptions through the blocking and the awaiting driver."""

from __future__ import annotations

import base64
import json
import logging
from collections import deque
from contextlib import aclosing, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from vector_policy import policy_of

import intelgraph
from intelgraph import Operation
from intelgraph._drive_stream import drive_stream, drive_stream_async
from intelgraph._events import Hooks
from intelgraph._options import endpoint
from intelgraph._settings import Settings
from intelgraph._stream import stream
from intelgraph.generated.errors import RETRYABLE_CODES
from intelgraph.telemetry.logging import Logging
from intelgraph.testing import Events, FakeTransport, failure, reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intelgraph import Event, Failure, Reply, Request
    from intelgraph._stream import Stream

FILE = Path(__file__).parents[3] / "schema" / "conformance" / "client" / "subscriptions.json"
VECTORS = [
    pytest.param(vector, id=vector["name"])
    for vector in json.loads(FILE.read_text("utf-8"))["vectors"]
]
ENDS = {"read": failure("read"), "silence": failure("timeout"), None: None}


class Log(logging.Logger):
    """A logger that keeps its lines."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("vector")
        self._lines = lines

    def handle(self, record: logging.LogRecord) -> None:
        self._lines.append(f"{record.levelname.lower()} {record.getMessage()}")


class Listening:
    """A vector's clock, chance and connections, and what was seen of the subscription."""

    def __init__(self, vector: Any) -> None:
        self.vector = vector
        self.now = 0.0
        self.randoms = deque(vector.get("random", []))
        self.sleeps: list[float] = []
        self.data: list[Any] = []
        self.streams: list[Events] = []
        self.events: list[Event] = []
        self.unread = 0
        self.log: list[str] = []
        self.transport = FakeTransport([self.met(each) for each in vector["connections"]])
        self.settings = Settings(
            endpoint(
                url="http://localhost:4000/graphql",
                api_key="vector-key",
                headers=None,
                timeout=10.0,
                max_response_bytes=1 << 20,
            ),
            policy=policy_of(vector),
            retryable_codes=RETRYABLE_CODES,
            clock=lambda: self.now,
            wall_clock=lambda: self.now,
            random=self.draw,
            hooks=Hooks([self.events.append, Logging(Log(self.log))]),
            new_id=lambda: "call-1",
            errors=vector.get("options", {}).get("errors", "raise"),
        )

    def stream(self) -> Stream[Any]:
        made = self.vector["subscribe"]
        operation: Operation[Any] = Operation(
            name=made["name"],
            kind=made["kind"],
            op_id=made["opId"],
            document_id=made["documentId"],
            document=made["document"],
            retry_safe=made["retrySafe"],
            data=dict[str, Any],
        )
        return stream(operation, self.vector.get("variables", {}), self.settings)

    def met(self, connection: Any) -> Any:
        def answer(_request: Request) -> Reply | Failure | Events:
            self.now += connection.get("takesMs", 0) / 1000
            if "failure" in connection:
                return failure(connection["failure"])
            if "reply" in connection:
                told = connection["reply"]
                text = told["text"] if "text" in told else json.dumps(told["json"])
                return reply(text=text, status=told["status"], headers=told.get("headers"))
            opened = connection["stream"]
            self.unread += len(opened["chunks"])
            chunks, end = self.arriving(opened["chunks"]), ENDS[opened.get("end")]
            self.streams.append(Events(chunks, end, headers=opened.get("headers")))
            return self.streams[-1]

        return answer

    def arriving(self, chunks: Any) -> Iterator[bytes]:
        for chunk in chunks:
            self.now += chunk.get("takesMs", 0) / 1000
            self.unread -= 1
            yield base64.b64decode(chunk["bytes"]) if "bytes" in chunk else chunk["text"].encode()

    def draw(self) -> float:
        assert self.randoms, "more randomness was drawn than the vector has"
        return float(self.randoms.popleft())

    def sleep(self, delay: float) -> None:
        self.now += delay
        self.sleeps.append(round(delay * 1000, 6))

    async def sleep_async(self, delay: float) -> None:
        self.sleep(delay)

    def takes(self, data: Any) -> bool:
        """Whether more is wanted behind this value."""
        self.data.append(data)
        return len(self.data) != self.vector.get("take")

    def check(self, error: intelgraph.IntelGraphError | None) -> None:
        expected = dict(self.vector["expect"])
        self.check_error(error, expected.pop("error", None))
        requests = self.transport.requests
        seen = {
            "data": self.data,
            "requests": [request.json for request in requests],
            "lastEventIds": [request.headers.get("last-event-id") for request in requests],
            "sleepsMs": self.sleeps,
            "events": [type(event).__name__ for event in self.events],
            "unread": self.unread,
            "log": self.log,
            "closed": all(each.is_closed for each in self.streams),
        }
        assert {name: seen[name] for name in expected} == expected
        assert {request.headers["accept"] for request in requests} == {"text/event-stream"}
        assert self.transport.outcomes_left == 0, "connections were left over"
        assert not self.randoms, "less randomness was drawn than the vector has"

    def check_error(self, error: intelgraph.IntelGraphError | None, expected: Any) -> None:
        assert (error is None) == (expected is None), error
        if error is None:
            return
        facts = {
            "class": type(error).__name__,
            "code": error.code,
            "status": error.status,
            "path": None if error.path is None else list(error.path),
            "attempts": error.attempts,
            "requestId": error.request_id,
            "elapsedMs": round(error.elapsed * 1000, 6),
            "retryable": error.retryable,
            "message": str(error),
        }
        assert {name: facts[name] for name in expected} == expected


@pytest.mark.parametrize("vector", VECTORS)
def test_a_blocking_reader_sees_what_the_vector_says(vector: Any) -> None:
    listening = Listening(vector)

    try:
        reading = drive_stream(listening.stream(), listening.transport, listening.sleep)
        with closing(reading):
            for data in reading:
                if not listening.takes(data):
                    break
    except intelgraph.IntelGraphError as error:
        listening.check(error)
    else:
        listening.check(None)


@pytest.mark.parametrize("vector", VECTORS)
async def test_an_awaiting_reader_sees_what_the_vector_says(vector: Any) -> None:
    listening = Listening(vector)

    try:
        reading = drive_stream_async(listening.stream(), listening.transport, listening.sleep_async)
        async with aclosing(reading):
            async for data in reading:
                if not listening.takes(data):
                    break
    except intelgraph.IntelGraphError as error:
        listening.check(error)
    else:
        listening.check(None)
