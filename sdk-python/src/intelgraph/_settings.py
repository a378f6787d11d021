"""What a call is given beside its operation: where to ask, by which rules, and the world's parts.

Clocks, randomness and ids are among it, so that tests give their own.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from os import urandom
from typing import TYPE_CHECKING, NamedTuple

from ._budget import Budget
from ._retry import RetryPolicy
from ._wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._errors import ErrorPolicy
    from ._events import Hooks
    from ._exchange import Reply
    from ._wire import Endpoint


class Success(NamedTuple):
    """The last reply of a call that came to its data, and what it took to get it."""

    reply: Reply
    attempts: int
    elapsed: float
    """Seconds."""


def new_id() -> str:
    """A random UUID, as `str(uuid4())` gives it for more than twice the time."""
    bits = urandom(16).hex()
    # Version 4, and the variant of RFC 9562.
    variant = "89ab"[int(bits[16], 16) & 3]
    return f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-{variant}{bits[17:20]}-{bits[20:]}"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is the same for all calls of a client."""

    endpoint: Endpoint
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    hooks: Hooks | None = None
    """None tells nothing, so that no event need be made."""
    retryable_codes: frozenset[str] = frozenset()
    clock: Callable[[], float] = time.monotonic
    """Seconds that only ever go forward."""
    wall_clock: Callable[[], float] = time.time
    """Unix time, to understand the dates of `Retry-After`."""
    random: Callable[[], float] = random.random
    """From 0 to below 1."""
    new_id: Callable[[], str] = new_id
    """Unique text, for calls that need an id."""
    idempotency_key: str | None = field(default=None, repr=False)
    """Goes before the key that a keyed mutation has of its own."""
    wire: Wire = field(default_factory=Wire)
    errors: ErrorPolicy = "raise"
    observe: Callable[[Success], object] | None = None
    """Is given the reply of each call that succeeds."""
    budget: Budget = field(default_factory=Budget)
    """What retries are paid from; a copy goes on with it, unless its policy wants another size."""

    def __post_init__(self) -> None:
        if self.budget.size != self.policy.budget:
            object.__setattr__(self, "budget", Budget(self.policy.budget))
