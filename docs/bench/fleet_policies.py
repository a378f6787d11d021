"""The rules by which the clients of a fleet retry: ours as it is shipped, and its peers'.

The peers' constants are those of their sources, re-implemented without their transports: botocore's
standard mode (`botocore/retries/standard.py` and `quota.py`), and the constants that it takes when
`AWS_NEW_RETRIES_2026` is set.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fleet_world import DATA

from intelgraph import Failure, IntelGraphError, Operation, Request, RetryPolicy
from intelgraph._call import Send, Sleep, call
from intelgraph._inputs import UNSET
from intelgraph._options import endpoint
from intelgraph._settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleet_world import Call, World

    from intelgraph import Reply

GET_THING: Operation[dict[str, int]] = Operation(
    name="GetThing",
    kind="query",
    op_id="getThing:v1",
    document_id="sha256:0",
    document="query GetThing{thing}",
    retry_safe=True,
    data=dict[str, int],
)
ENDPOINT = endpoint(
    url="http://fleet/graphql",
    api_key=None,
    headers=None,
    timeout=UNSET,
    max_response_bytes=1 << 20,
)
REQUEST = Request("POST", ENDPOINT.url, {}, b"{}", ENDPOINT.timeout, ENDPOINT.max_response_bytes)


def ours(policy: RetryPolicy) -> Callable[[World], Callable[[], Call]]:
    """Clients of the SDK: its calls, its policy and its budget, on the world's clock."""

    def client(world: World) -> Callable[[], Call]:
        settings = Settings(
            ENDPOINT, policy, clock=world.clock, wall_clock=world.clock, random=world.chance.random
        )
        return lambda: call(GET_THING, {}, settings)

    return client


@dataclass
class Bucket:
    """Of botocore: a retry is paid, and a success gives back what the last one cost, or 1."""

    cost: float
    timeout_cost: float
    size: float = 500.0

    def __post_init__(self) -> None:
        self.left = self.size

    def pay(self, outcome: Reply | Failure) -> float | None:
        cost = self.timeout_cost if isinstance(outcome, Failure) else self.cost
        if cost > self.left:
            return None
        self.left -= cost
        return cost

    def succeed(self, paid: float | None) -> None:
        self.left = min(self.size, self.left + (paid or 1.0))


@dataclass(frozen=True)
class Rival:
    """How often another client tries, how long it waits, and what a retry costs it."""

    attempts: int
    delay: Callable[[int, float], float]
    """Of the number of the attempt that failed, and a random number."""
    bucket: Bucket | None = None

    def __call__(self, world: World) -> Callable[[], Call]:
        bucket = self.bucket and replace(self.bucket)
        return lambda: self._call(world, bucket)

    def _call(self, world: World, bucket: Bucket | None) -> Call:
        paid = None
        for attempt in range(1, self.attempts + 1):
            outcome = yield Send(REQUEST)
            if outcome is DATA:
                if bucket:
                    bucket.succeed(paid)
                return outcome
            if attempt == self.attempts:
                break
            if bucket:
                paid = bucket.pay(outcome)
                if paid is None:
                    break
            yield Sleep(self.delay(attempt, world.chance.random()))
        raise IntelGraphError("away")


POLICIES: dict[str, Callable[[World], Callable[[], Call]]] = {
    "no retries": Rival(1, lambda _attempt, _random: 0.0),
    "fixed waits of 0.5, 1 and 2 s": Rival(4, lambda attempt, _random: 0.5 * 2 ** (attempt - 1)),
    "ours without a budget": ours(RetryPolicy(budget=None)),
    "AWS standard": Rival(
        3, lambda attempt, random: min(random * 2 ** (attempt - 1), 20), Bucket(5.0, 10.0)
    ),
    "AWS 2026": Rival(
        3, lambda attempt, random: min(random * 0.05 * 2 ** (attempt - 1), 20), Bucket(14.0, 14.0)
    ),
    "IntelGraph": ours(RetryPolicy()),
}
