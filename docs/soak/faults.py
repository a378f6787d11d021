"""Long runs of what `docs/tests/test_both_runtimes.py` tries briefly, and of how retries spread."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from both_runtimes import Python, TypeScript, World
from fault_schedules import OPERATIONS, WAITS, schedule
from stream_schedules import stream_schedule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from both_runtimes import Schedule, Seen
    from fault_schedules import T

SCHEDULES = 100_000
STREAM_SCHEDULES = 10_000
# Milliseconds: a second exchange of the last attempt still has a moment to fail in.
GRACE = 50
SIMULTANEOUS = 1_000
# What a sample of a uniform distribution passes once in ten thousand times.
KOLMOGOROV = 2.23


class Chance:
    """Choices of a seeded generator."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - the same on every run, and no secret.

    def one_of(self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def below(self, limit: int) -> int:
        return self._random.randrange(limit)


def fault_schedules(_: Path) -> dict[str, Any]:
    """Both runtimes through the same faults; a difference, a late call or an early retry fails."""
    python = Python()
    sent = retries = asked = 0
    with TypeScript() as typescript:
        for seed in range(SCHEDULES):
            made = schedule(Chance(seed))
            seen = (python.play_async if seed % 10 == 0 else python.play)(made)
            assert seen == typescript.play(made), f"the runtimes differ at seed {seed}"
            assert not any(late_calls(made, seen)), f"a call passes its deadline at seed {seed}"
            waits = list(asked_waits(made, seen))
            assert all(waits), f"a retry comes before Retry-After at seed {seed}"
            asked += len(waits)
            sent += sum(len(each["requests"]) for each in seen)
            retries += sum(len(each["sleepsMs"]) for each in seen)
    return {
        "schedules": SCHEDULES,
        "requests": sent,
        "retries": retries,
        "differences": 0,
        "calls past deadline": 0,
        "retries asked to wait": asked,
        "retries before Retry-After": 0,
    }


def subscription_schedules(_: Path) -> dict[str, Any]:
    """Both runtimes, and both drivers of Python, through the same streams; a difference fails."""
    python = Python()
    connections = values = left = 0
    with TypeScript() as typescript:
        for seed in range(STREAM_SCHEDULES):
            made = stream_schedule(Chance(seed))
            seen = python.play(made)
            assert seen == python.play_async(made), f"the drivers differ at seed {seed}"
            assert seen == typescript.play(made), f"the runtimes differ at seed {seed}"
            for call, each in zip(made["calls"], seen, strict=True):
                if "connections" in call:
                    assert each["closed"], f"a stream stays open at seed {seed}"
                    connections += len(each["requests"])
                    values += len(each["values"])
                    left += len(each["values"]) == call.get("take")
    return {
        "schedules": STREAM_SCHEDULES,
        "connections": connections,
        "values": values,
        "readers that left": left,
        "differences": 0,
        "streams left open": 0,
    }


def late_calls(made: Schedule, seen: Seen) -> Iterator[bool]:
    """Whether each call took longer than its deadline, and a moment."""
    deadline = made["policy"].get("deadlineMs", 30_000)
    for each in seen:
        yield (
            deadline is not None and each["tookMs"] > max(deadline, made["timeoutMs"] or 0) + GRACE
        )


def asked_waits(made: Schedule, seen: Seen) -> Iterator[bool]:
    """Whether each retry comes when the server has asked for it, where it has."""
    for call, each in zip(made["calls"], seen, strict=True):
        requests = each["requests"]
        for exchange, sent, again in zip(call["exchanges"], requests, requests[1:], strict=False):
            arrived = sent["atMs"] + exchange["takesMs"]
            has_arrived = "reply" in exchange and exchange["takesMs"] <= sent["timeoutMs"]
            if has_arrived and again["attempt"] != sent["attempt"]:
                said = exchange["reply"]["headers"]
                wait, until = asked(said)
                if wait or until:
                    yield again["atMs"] >= max(arrived + wait, until)


def asked(said: dict[str, str]) -> tuple[float, float]:
    """For how long, or until when, a server has asked to wait."""
    words = {name: text for name, text in said.items() if name.startswith("retry-after")}
    return next(((wait, until) for headers, wait, until in WAITS if headers == words), (0, 0))


def spread_of_retries(_: Path) -> dict[str, Any]:
    """A thousand calls that fail at the same moment come back evenly spread."""
    busy = {"takesMs": 0, "reply": {"status": 503, "headers": {}, "text": ""}}
    call = {"operation": OPERATIONS[0], "variables": {}, "exchanges": [busy]}
    chance = Random(2026)  # noqa: S311 - as above.
    delays: list[float] = []
    for _number in range(SIMULTANEOUS):
        made = {"policy": {}, "timeoutMs": 10_000, "random": [chance.random()], "calls": [call]}
        delays += World(made).play(call)["sleepsMs"]
    distance, fullest = kolmogorov(delays, 200.0), fullest_bin(delays, 200.0, 20)
    assert distance * SIMULTANEOUS**0.5 < KOLMOGOROV, f"retries crowd: {distance}"
    assert fullest <= 3, f"of 20 parts of the time, one has {fullest} times its share"
    return {
        "retries": len(delays),
        "Kolmogorov distance": distance,
        "fullest 10 ms over the mean": fullest,
    }


def kolmogorov(sample: list[float], ceiling: float) -> float:
    """How far a sample is from a uniform distribution, by Kolmogorov and Smirnov."""
    steps = enumerate(sorted(each / ceiling for each in sample))
    count = len(sample)
    return round(max(max((n + 1) / count - x, x - n / count) for n, x in steps), 4)


def fullest_bin(sample: list[float], ceiling: float, bins: int) -> float:
    """The fullest part of the time, over the mean of all."""
    counts = [0] * bins
    for each in sample:
        counts[int(each / ceiling * bins)] += 1
    return round(max(counts) * bins / len(sample), 2)
