"""Schedules of faults, played through the runtimes of both languages: what is seen must be equal.

A schedule is JSON: a policy, a timeout, random numbers that are drawn in turn, and calls of one
client, each with an operation and with what its requests meet, in order; whatever comes behind is
answered with data. Time moves only by what requests take and by waits, and a request is given up
after its timeout, as a transport does. A subscription has `connections` in place of `exchanges`,
of which some are streams; whatever comes behind them is a stream that is complete.
"""

from __future__ import annotations

import asyncio
import json
import math
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias, cast

from played_streams import Reading
from schedule_terms import (
    facts_of,
    members_of,
    milliseconds,
    operation_of,
    policy_of,
    wire_of,
)

from intelgraph import Failure, IntelGraphError, Reply
from intelgraph._call import call
from intelgraph._drive import drive, drive_async
from intelgraph._events import Hooks
from intelgraph._inputs import UNSET
from intelgraph._options import endpoint
from intelgraph._settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intelgraph import Event, Request
    from intelgraph._call import Call
    from intelgraph._exchange import FailureKind

Schedule: TypeAlias = "dict[str, Any]"
Seen: TypeAlias = "list[dict[str, Any]]"

RUNNER = Path(__file__).with_name("schedules.mjs")
# Wednesday, 15 April 2026, midnight in UTC.
CLOCK = 1776211200.0
OK: dict[str, Any] = {"reply": {"status": 200, "text": '{"data":{"thing":1}}'}}


class TypeScript:
    """The runtime of TypeScript, in one process for any number of schedules."""

    def __enter__(self) -> Self:
        node = shutil.which("node")
        assert node, "needs Node 20 or newer"
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([node, RUNNER], stdin=pipe, stdout=pipe, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            assert self._process.stdin
            self._process.stdin.close()
            assert self._process.wait(60) == 0, "the TypeScript runtime has failed"

    def play(self, schedule: Schedule) -> Seen:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{json.dumps(schedule)}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the TypeScript runtime has ended: is sdk-js built?"
        seen: Seen = json.loads(line, parse_float=milliseconds)
        return seen


class Python:
    """The runtime of Python, by its blocking and by its awaiting driver."""

    def play(self, schedule: Schedule) -> Seen:
        world = World(schedule)
        return [world.play(each) for each in schedule["calls"]]

    def play_async(self, schedule: Schedule) -> Seen:
        return asyncio.run(self._play_async(schedule))

    async def _play_async(self, schedule: Schedule) -> Seen:
        world = World(schedule)
        return [await world.play_async(each) for each in schedule["calls"]]


class World:
    """A client whose clock, chance and server are the schedule's."""

    def __init__(self, schedule: Schedule) -> None:
        self.now = 0.0
        self._random = schedule["random"]
        self._drawn = self._ids = 0
        self._settings = Settings(
            endpoint(
                url="http://localhost:4000/graphql",
                api_key="key-1",
                headers=None,
                timeout=UNSET if schedule["timeoutMs"] is None else schedule["timeoutMs"] / 1000,
                max_response_bytes=1 << 20,
            ),
            policy_of(schedule["policy"]),
            Hooks([self._told]),
            frozenset({"UNAVAILABLE", "RATE_LIMITED"}),
            clock=lambda: self.now,
            wall_clock=lambda: CLOCK + self.now,
            random=self._draw,
            new_id=self._new_id,
            wire=wire_of(schedule.get("wire")),
        )

    def play(self, made: Mapping[str, Any]) -> dict[str, Any]:
        began = self._begin(made)
        try:
            if self.reading is None:
                outcome = {"data": drive(self._call(made), self, self.sleep)}
            else:
                outcome = self.reading.read(self._settings)
        except IntelGraphError as error:
            outcome = {"error": facts_of(error)}
        return self._seen(outcome, began)

    async def play_async(self, made: Mapping[str, Any]) -> dict[str, Any]:
        began = self._begin(made)
        try:
            if self.reading is None:
                outcome = {"data": await drive_async(self._call(made), self, self.sleep_async)}
            else:
                outcome = await self.reading.read_async(self._settings)
        except IntelGraphError as error:
            outcome = {"error": facts_of(error)}
        return self._seen(outcome, began)

    def _call(self, made: Mapping[str, Any]) -> Call[dict[str, Any]]:
        return call(operation_of(made), made["variables"], self._settings)

    def _begin(self, made: Mapping[str, Any]) -> float:
        self.reading = Reading(self, made) if "connections" in made else None
        self._exchanges = list(made.get("exchanges", ()))
        self._requests: list[dict[str, Any]] = []
        self._sleeps: list[float] = []
        self._events: list[dict[str, Any]] = []
        # A timeout of a thousandth is no binary fraction of a second; calls begin on one.
        self.now = math.ceil(self.now * 8) / 8
        self._settings = replace(
            self._settings,
            idempotency_key=made.get("idempotencyKey"),
            errors=made.get("errors", "raise"),
        )
        return self.now

    def _seen(self, outcome: dict[str, Any], began: float) -> dict[str, Any]:
        return {
            "requests": self._requests,
            "sleepsMs": self._sleeps,
            "events": self._events,
            **outcome,
            **(self.reading.seen() if self.reading else {}),
            "drawn": self._drawn,
            "tookMs": milliseconds((self.now - began) * 1000),
        }

    def send(self, request: Request) -> Reply | Failure:
        exchange: dict[str, Any] = self._exchanges.pop(0) if self._exchanges else OK
        return self.met(request, exchange) or reply_of(exchange["reply"])

    def met(self, request: Request, exchange: Mapping[str, Any]) -> Failure | None:
        """Notes a request and lets its time pass; how it failed, if it has."""
        headers = {name: value for name, value in request.headers.items() if name != "user-agent"}
        timeout = request.timeout
        assert timeout is not None
        facts = {
            "method": request.method,
            "url": request.url,
            "headers": headers,
            "body": request.body.decode(),
            "attempt": [each["type"] for each in self._events].count("AttemptStarted"),
            "timeoutMs": milliseconds(timeout * 1000),
            "atMs": milliseconds(self.now * 1000),
        }
        self._requests.append(facts)
        takes = exchange.get("takesMs", 0) / 1000
        self.now += min(takes, timeout)
        failure = "timeout" if takes > timeout else exchange.get("failure")
        return Failure(cast("FailureKind", failure)) if failure else None

    async def send_async(self, request: Request) -> Reply | Failure:
        return self.send(request)

    def close(self) -> None:
        """There is nothing to close."""

    async def close_async(self) -> None:
        """There is nothing to close."""

    def sleep(self, delay: float) -> None:
        self._sleeps.append(milliseconds(delay * 1000))
        self.now += delay

    async def sleep_async(self, delay: float) -> None:
        self.sleep(delay)

    def _draw(self) -> float:
        number: float = self._random[self._drawn % len(self._random)]
        self._drawn += 1
        return number

    def _new_id(self) -> str:
        self._ids += 1
        return f"call-{self._ids}"

    def _told(self, event: Event) -> None:
        self._events.append(members_of(event))


def reply_of(told: Mapping[str, Any]) -> Reply:
    headers = {"content-type": "application/json"} | told.get("headers", {})
    return Reply(told["status"], headers, told["text"].encode())
