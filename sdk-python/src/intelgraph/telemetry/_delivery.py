"""Events to the platform's telemetry: as bodies it takes, sent, and sent again where that is safe.

What a connection lost on its way is not sent again, because the server may have counted it.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from random import random
from typing import TYPE_CHECKING, Final

from intelgraph._budget import Budget
from intelgraph._errors import ConnectError, IntelGraphError, ResponseError, TransportError
from intelgraph._exchange import Failure, Reply
from intelgraph._retry import FailedAttempt
from intelgraph._wire import Message, retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from intelgraph._exchange import Transport
    from intelgraph._retry import RetryPolicy
    from intelgraph._wire import Endpoint

    from .json_lines import Telemetry

# What the platform takes in one request, and of one event.
MOST_EVENTS: Final = 100
MOST_BYTES: Final = 65_536
MOST_CHARACTERS: Final = 200
MOST_RETRIES: Final = 100
MOST_MILLISECONDS: Final = 10**9
STATUSES: Final = range(100, 600)

OK_STATUSES: Final = range(200, 300)


def bodies(events: Iterable[Telemetry]) -> Iterator[tuple[int, bytes]]:
    """Lists of events as JSON, each as long as the platform takes, with how many it holds."""
    batch: list[bytes] = []
    size = 1
    for event in events:
        text = json.dumps(_takeable(event), separators=(",", ":")).encode()
        if len(batch) == MOST_EVENTS or size + len(text) + 1 > MOST_BYTES:
            yield len(batch), b"[%s]" % b",".join(batch)
            batch, size = [], 1
        batch.append(text)
        size += len(text) + 1
    if batch:
        yield len(batch), b"[%s]" % b",".join(batch)


def _takeable(event: Telemetry) -> Telemetry:
    # The platform refuses a whole list for one event beyond its bounds.
    op_id, status = event["opId"], event["status"]
    return {
        "opId": op_id if op_id and len(op_id) <= MOST_CHARACTERS else None,
        "durationMs": min(event["durationMs"], MOST_MILLISECONDS),
        "status": status if status in STATUSES else None,
        "retries": min(event["retries"], MOST_RETRIES),
    }


@dataclass(frozen=True, slots=True)
class Delivery:
    """How bodies are posted to one server."""

    endpoint: Endpoint
    policy: RetryPolicy
    sleep: Callable[[float], bool]
    """Lets seconds pass; true when they were cut short and nothing more is to be tried."""
    clock: Callable[[], float] = time.monotonic
    random: Callable[[], float] = random
    budget: Budget = field(default_factory=Budget)

    def send(self, body: bytes, transport: Transport) -> str | None:
        """Why the body was not taken; None when it was."""
        request, started, number = self.endpoint.request(Message(body)), self.clock(), 0
        while True:
            number += 1
            outcome = transport.send(request)
            if isinstance(outcome, Reply) and outcome.status in OK_STATUSES:
                return None
            failed = FailedAttempt(
                number=number,
                error=_error(outcome),
                is_repeatable=isinstance(outcome, Reply),
                retryable_codes=frozenset(),
                retry_after=_asked_wait(outcome),
                started=started,
                now=self.clock(),
                timeout=self.endpoint.given_timeout,
            )
            delay = self.policy.delay_before_retry(failed, self.random, self.budget)
            if delay is None or self.sleep(delay):
                return _reason(outcome)


def _error(outcome: Reply | Failure) -> IntelGraphError:
    if isinstance(outcome, Reply):
        return ResponseError(_reason(outcome), status=outcome.status)
    kind = ConnectError if outcome.kind == "connect" else TransportError
    return kind(_reason(outcome))


def _reason(outcome: Reply | Failure) -> str:
    if isinstance(outcome, Reply):
        return f"it answered with HTTP {outcome.status}"
    reasons = {"connect": "it was not reached", "timeout": "it had no reply in time"}
    return reasons.get(outcome.kind, "the connection was lost")


def _asked_wait(outcome: Reply | Failure) -> float | None:
    return retry_after(outcome.headers, time.time) if isinstance(outcome, Reply) else None
