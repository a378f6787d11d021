"""Schedules of faults, played through the runtimes of both languages: what is seen must be equal.

A schedule is JSON: a policy, a timeout, random numbers that are drawn in turn, and calls of one
client, each with an operation and with what its requests meet, in order; whatever comes behind is
answered with data. Time moves only by what requests take and by waits, and a request is given up
after its timeout, as a transport does.
"""

from __future__ import annotations

import asyncio
import json
import math
import shutil
import subprocess
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias, cast

from intelgraph import Failure, IntelGraphError, Operation, Reply, RetryPolicy, wire
from intelgraph._call import call
from intelgraph._drive import drive, drive_async
from intelgraph._events import Hooks
from intelgraph._inputs import UNSET
from intelgraph._options import endpoint
from intelgraph._settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intelgraph import Event, Request
    from intelgraph._exchange import FailureKind

Schedule: TypeAlias = "dict[str, Any]"
Seen: TypeAlias = "list[dict[str, Any]]"

RUNNER = Path(__file__).with_name("schedules.mjs")
# Wednesday, 15 April 2026, midnight in UTC.
CLOCK = 1776211200.0
OK: dict[str, Any] = {"reply": {"status": 200, "text": '{"data":{"thing":1}}'}}
# Policies' members, in milliseconds and in seconds.
DELAYS = {
    "baseDelayMs": "base_delay",
    "throttledDelayMs": "throttled_delay",
    "maxDelayMs": "max_delay",
    "deadlineMs": "deadline",
}
NUMBERS = {"maxAttempts": "max_attempts", "budget": "budget", "retryCost": "retry_cost"}


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
        running = call(operation_of(made), made["variables"], self._settings)
        try:
            data = drive(running, self, self.sleep)
        except IntelGraphError as error:
            return self._seen({"error": facts_of(error)}, began)
        return self._seen({"data": data}, began)

    async def play_async(self, made: Mapping[str, Any]) -> dict[str, Any]:
        began = self._begin(made)
        running = call(operation_of(made), made["variables"], self._settings)
        try:
            data = await drive_async(running, self, self.sleep_async)
        except IntelGraphError as error:
            return self._seen({"error": facts_of(error)}, began)
        return self._seen({"data": data}, began)

    def _begin(self, made: Mapping[str, Any]) -> float:
        self._exchanges = list(made["exchanges"])
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
            "drawn": self._drawn,
            "tookMs": milliseconds((self.now - began) * 1000),
        }

    def send(self, request: Request) -> Reply | Failure:
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
        exchange: dict[str, Any] = self._exchanges.pop(0) if self._exchanges else OK
        takes = exchange.get("takesMs", 0) / 1000
        self.now += min(takes, timeout)
        failure = "timeout" if takes > timeout else exchange.get("failure")
        if failure:
            return Failure(cast("FailureKind", failure))
        reply = exchange["reply"]
        media_type = {"content-type": "application/json"}
        return Reply(reply["status"], media_type | reply.get("headers", {}), reply["text"].encode())

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
        members: dict[str, Any] = {"type": type(event).__name__}
        for each in fields(event):
            value = getattr(event, each.name)
            if each.name in {"duration", "delay"}:
                members[f"{each.name}Ms"] = milliseconds(value * 1000)
            elif each.name != "headers":
                name = to_camel(each.name)
                members[name] = type(value).__name__ if each.name == "error" and value else value
        self._events.append(members)


def to_camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def milliseconds(number: float | str) -> float:
    """To a millionth: both languages count in binary, one in seconds."""
    return round(float(number), 6)


def operation_of(made: Mapping[str, Any]) -> Operation[dict[str, Any]]:
    operation = made["operation"]
    return Operation(
        name=operation["name"],
        kind=operation["kind"],
        op_id=operation["opId"],
        document_id=operation["documentId"],
        document=operation["document"],
        retry_safe=operation["retrySafe"],
        keyed=operation.get("keyed", False),
        data=dict[str, Any],
    )


def wire_of(given: Mapping[str, Any] | None) -> wire.Wire:
    if given is None:
        return wire.Wire()
    mode = {"persisted": wire.persisted, "apq": wire.apq, "text": wire.text}[given["mode"]]
    return mode(get=given["get"], max_url_length=given["maxUrlLength"])


def policy_of(given: Mapping[str, Any]) -> RetryPolicy:
    delays = {
        name: given[key] and given[key] / 1000 for key, name in DELAYS.items() if key in given
    }
    return RetryPolicy(**delays, **{NUMBERS[key]: given[key] for key in given if key in NUMBERS})


def facts_of(error: IntelGraphError) -> dict[str, Any]:
    return {
        "class": type(error).__name__,
        "message": str(error),
        "operation": error.operation,
        "opId": error.op_id,
        "code": error.code,
        "path": error.path and list(error.path),
        "status": error.status,
        "requestId": error.request_id,
        "attempts": error.attempts,
        "retryable": error.retryable,
        "elapsedMs": milliseconds(error.elapsed * 1000),
    }
