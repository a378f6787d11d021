"""The checks of the long runs can fail."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "soak"))

import faults
import pytest
from both_runtimes import Python
from fault_schedules import OPERATIONS


def asked_to_wait(header: dict[str, str]) -> dict[str, Any]:
    busy = {"takesMs": 125, "reply": {"status": 503, "headers": header, "text": ""}}
    call = {"operation": OPERATIONS[0], "variables": {}, "exchanges": [busy]}
    return {"policy": {"baseDelayMs": 0}, "timeoutMs": 1000, "random": [0.0], "calls": [call]}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"retry-after": "2"}, [True]),
        ({"retry-after": "Wed Apr 15 00:00:04 2026"}, [True]),
        ({"retry-after": "soon"}, []),
        ({}, []),
    ],
)
def test_a_retry_that_the_server_asked_to_wait_is_looked_at(
    header: dict[str, str], expected: list[bool]
) -> None:
    made = asked_to_wait(header)

    assert list(faults.asked_waits(made, Python().play(made))) == expected


def test_a_retry_that_comes_too_early_is_seen() -> None:
    made = asked_to_wait({"retry-after": "2"})
    seen = Python().play(made)
    seen[0]["requests"][1]["atMs"] -= 1

    assert list(faults.asked_waits(made, seen)) == [False]


def test_a_call_that_ends_too_late_is_seen() -> None:
    made = {"policy": {"deadlineMs": 1000}, "timeoutMs": 125}

    assert list(faults.late_calls(made, [{"tookMs": 1050}, {"tookMs": 1051}])) == [False, True]


def test_a_longer_timeout_is_the_deadline_and_none_is_none() -> None:
    longer = {"policy": {"deadlineMs": 1000}, "timeoutMs": 5000}
    endless = {"policy": {"deadlineMs": None}, "timeoutMs": 125}

    assert list(faults.late_calls(longer, [{"tookMs": 5000}, {"tookMs": 5051}])) == [False, True]
    assert list(faults.late_calls(endless, [{"tookMs": 1e9}])) == [False]


def test_an_even_sample_is_uniform_and_a_crowd_is_not() -> None:
    even = [number + 0.5 for number in range(100)]
    crowd = [10.0 + number / 100 for number in range(100)]

    assert faults.kolmogorov(even, 100.0) == 0.005
    assert faults.kolmogorov(crowd, 100.0) > 0.8
    assert faults.fullest_bin(even, 100.0, 20) == 1
    assert faults.fullest_bin(crowd, 100.0, 20) == 20
