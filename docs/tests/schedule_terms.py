"""A schedule's JSON in the terms of the Python runtime, and what is seen of it as JSON."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from intelgraph import IntelGraphError, Operation, RetryPolicy, wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intelgraph import Event

# Policies' members, in milliseconds and in seconds.
DELAYS = {
    "baseDelayMs": "base_delay",
    "throttledDelayMs": "throttled_delay",
    "maxDelayMs": "max_delay",
    "deadlineMs": "deadline",
}
NUMBERS = {"maxAttempts": "max_attempts", "budget": "budget", "retryCost": "retry_cost"}


def members_of(event: Event) -> dict[str, Any]:
    """An event as schedules write it; headers are seen of requests."""
    members: dict[str, Any] = {"type": type(event).__name__}
    for each in fields(event):
        value = getattr(event, each.name)
        if each.name in {"duration", "delay"}:
            members[f"{each.name}Ms"] = milliseconds(value * 1000)
        elif each.name != "headers":
            name = to_camel(each.name)
            members[name] = type(value).__name__ if each.name == "error" and value else value
    return members


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
