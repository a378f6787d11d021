"""The retry policy of a vector, whose times are in milliseconds, in the terms of this runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intelgraph import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

DELAYS = {
    "baseDelayMs": "base_delay",
    "throttledDelayMs": "throttled_delay",
    "maxDelayMs": "max_delay",
    "deadlineMs": "deadline",
}
NUMBERS = {"maxAttempts": "max_attempts", "budget": "budget", "retryCost": "retry_cost"}


def policy_of(vector: Mapping[str, Any]) -> RetryPolicy:
    given = vector.get("policy", {})
    numbers = {NUMBERS[key]: value for key, value in given.items() if key in NUMBERS}
    delays = {
        DELAYS[key]: None if ms is None else ms / 1000 for key, ms in given.items() if key in DELAYS
    }
    return RetryPolicy(**numbers, **delays)
