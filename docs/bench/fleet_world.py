"""A fleet of clients and its server, simulated: events in order of time, and no real clock.

A client is a function that begins a call; a call is a generator as the SDK's own are, which wishes
to send or to sleep and is resumed with what came of it. So the SDK is driven as it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from intelgraph import Failure, IntelGraphError, Reply
from intelgraph._call import Send

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from intelgraph import Request

Call: TypeAlias = "Generator[Any, Any, object]"
Way: TypeAlias = Literal["refusing", "silent"]
"""How a server is away: it says so at once, or it says nothing until a client gives up."""

DATA = Reply(200, {"content-type": "application/json"}, b'{"data":{"thing":1}}')
BUSY = Reply(503, {}, b"")
# Seconds.
REPLY, REFUSAL = 0.02, 0.005


@dataclass
class Server:
    """Answers up to its capacity in each second, and nothing while it is away."""

    capacity: float
    outage: tuple[float, float]
    way: Way
    chance: Callable[[], float] = lambda: 1.0
    failing: float = 0.0
    """The part of all requests that fail for no reason."""
    arrived: Counter[int] = field(default_factory=Counter)
    last_refusal: float = 0.0

    def is_away(self, now: float) -> bool:
        begun, over = self.outage
        return begun <= now < over

    def answer(self, request: Request, now: float) -> tuple[float, Reply | Failure]:
        """After how long a request is answered, and by what."""
        self.arrived[int(now)] += 1
        if self.is_away(now) and self.way == "silent":
            return request.timeout or 0.0, Failure("timeout")
        if self.is_away(now) or self.arrived[int(now)] > self.capacity:
            self.last_refusal = now
            return REFUSAL, BUSY
        if self.failing and self.chance() < self.failing:
            return REFUSAL, BUSY
        return REPLY, DATA


@dataclass
class Made:
    """A call of a client, and what became of it."""

    started: float
    attempts: list[float] = field(default_factory=list)
    """When each was sent."""
    ended: float = 0.0
    has_succeeded: bool = False


class World:
    """The clock, and what is still to happen."""

    def __init__(self, server: Server, seed: int) -> None:
        self.server = server
        self.chance = Random(seed)  # noqa: S311 - the same on every run, and no secret.
        self.now = 0.0
        self.calls: list[Made] = []
        self._to_come: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()

    def clock(self) -> float:
        return self.now

    def at(self, when: float, what: Callable[[], None]) -> None:
        heappush(self._to_come, (when, next(self._numbers), what))

    def arrivals(self, client: Callable[[], Call], rate: float, seconds: float) -> None:
        """Calls of a client as chance has them come, `rate` in a second on the average."""
        when = self.chance.expovariate(rate)
        while when < seconds:
            self.at(when, lambda: self._step(client(), Made(self.now), None))
            when += self.chance.expovariate(rate)

    def run(self) -> None:
        while self._to_come:
            self.now, _, what = heappop(self._to_come)
            what()

    def _step(self, call: Call, made: Made, outcome: Reply | Failure | None) -> None:
        try:
            wish = call.send(outcome)
        except (StopIteration, IntelGraphError) as end:
            made.has_succeeded = isinstance(end, StopIteration)
            made.ended = self.now
            self.calls.append(made)
            return
        if isinstance(wish, Send):
            made.attempts.append(self.now)
            delay, answer = self.server.answer(wish.request, self.now)
            self.at(self.now + delay, lambda: self._step(call, made, answer))
        else:
            self.at(self.now + wish.delay, lambda: self._step(call, made, None))
