"""Whether to try again, and when: tenacity's strategies, deciding without doing.

A failed attempt becomes the retry state that tenacity's strategies know, so that any of
theirs can be used beside ours. Nothing here reads a clock or draws a random number of its
own: both are given, and a number is drawn only for a wait that is about to be scheduled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tenacity import RetryCallState, Retrying
from tenacity.retry import retry_base
from tenacity.stop import stop_base
from tenacity.wait import wait_base

from ._checks import is_above, is_at_least, whole_number
from ._errors import (
    RETRYABLE_STATUSES,
    ConfigurationError,
    ConnectError,
    TransportError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenacity.retry import RetryBaseT
    from tenacity.stop import StopBaseT
    from tenacity.wait import WaitBaseT

    from ._budget import Budget
    from ._errors import IntelGraphError

TOO_MANY_REQUESTS = 429
THROTTLED_CODE = "RATE_LIMITED"

# Beyond this a doubling would overflow, and every ceiling is reached long before.
_MAX_DOUBLINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often a call is tried, and how long it waits in between; delays are in seconds.

    The wait before attempt n + 1 is a random part of `base_delay` doubled n - 1 times, at
    most `max_delay` (full jitter, after the AWS architecture blog), and never shorter than
    what the server asked for by `Retry-After`. Only operations that may be sent twice are,
    unless nothing was sent. `stop`, `wait` and `retry` take strategies of tenacity: `stop`
    may end a call before `max_attempts` and `deadline` do, `wait` takes the place of the
    jitter, and `retry` chooses which failures of a repeatable operation may pass.
    """

    max_attempts: int = 3
    """The first attempt counts."""
    base_delay: float = 0.2
    throttled_delay: float = 1.0
    """Takes the place of `base_delay` when the server says that it counts requests."""
    max_delay: float = 8.0
    """Bounds our own guess, but not `Retry-After`."""
    deadline: float | None = 30.0
    """From the call's start; no attempt begins that would have to wait past it.

    A longer `timeout=` that was given takes its place, so that one attempt may take so long.
    """
    budget: float | None = 500.0
    """What a client and its copies may spend on retries until calls succeed; None never ends."""
    retry_cost: float = 10.0
    """A call that succeeds gives back what its retries cost, and one without any gives 1."""
    stop: StopBaseT | None = None
    wait: WaitBaseT | None = None
    retry: RetryBaseT | None = None

    def __post_init__(self) -> None:
        whole_number("max_attempts", self.max_attempts, 1)
        for name in ("base_delay", "throttled_delay", "max_delay"):
            self._check_finite(name, "a number of seconds")
        self._check_finite("retry_cost", "a number from 0 on")
        if self.budget is not None:
            self._check_finite("budget", "None or a number from 0 on")
        if self.deadline is not None and not is_above(self.deadline, 0):
            raise ConfigurationError(
                f"deadline= is above 0 seconds, or None, not {self.deadline!r}."
            )
        for name in ("stop", "wait", "retry"):
            strategy = getattr(self, name)
            if strategy is not None and not callable(strategy):
                raise TypeError(f"{name}= is a strategy of tenacity, not {strategy!r}")

    def _check_finite(self, name: str, what: str) -> None:
        value = getattr(self, name)
        if not (is_at_least(value, 0) and value < float("inf")):
            raise ConfigurationError(f"{name}= is {what}, not {value!r}.")

    def deadline_over(self, timeout: float | None) -> float | None:
        """Seconds that a call may take whose attempts were given `timeout`; None for no end."""
        if self.deadline is None or timeout is None:
            return self.deadline
        return max(self.deadline, timeout)

    def delay_before_retry(
        self, failed: FailedAttempt, random: Callable[[], float], budget: Budget
    ) -> float | None:
        """Seconds to wait before the next attempt, paid from the budget; None when none is to be.

        Nothing is spent, and no number drawn, where an earlier rule ends the call.
        """
        floor = failed.retry_after or 0.0
        state = _retry_state(failed, upcoming_sleep=floor)
        # What the server asks for may end the call before any randomness is drawn.
        if not self._may_pass(state, failed) or self._is_over(state):
            return None
        if not budget.holds(self.retry_cost):
            return None
        wait = FullJitter(self, random) if self.wait is None else self.wait
        state.upcoming_sleep = max(floor, float(wait(state)))
        if self._is_over(state) or not budget.spend(self.retry_cost):
            return None
        return state.upcoming_sleep

    def _may_pass(self, state: RetryCallState, failed: FailedAttempt) -> bool:
        # Nothing was sent, so that even what may be sent only once may be sent.
        if isinstance(failed.error, ConnectError):
            return True
        retry = RetryableFailure() if self.retry is None else self.retry
        return failed.is_repeatable and retry(state)

    def _is_over(self, state: RetryCallState) -> bool:
        return Limits(self)(state) or (self.stop is not None and self.stop(state))


class FailedAttempt(NamedTuple):
    """What is known when an attempt has failed."""

    number: int
    error: IntelGraphError
    is_repeatable: bool
    """Whether the operation may be sent twice without harm."""
    retryable_codes: frozenset[str]
    """The GraphQL error codes after which the same request may succeed."""
    retry_after: float | None
    """Seconds that the server asks to wait."""
    started: float
    """When the call began, by the clock of `now`."""
    now: float
    timeout: float | None = None
    """Seconds that the caller gave each attempt; None when it was left to the default."""


class RetryableFailure(retry_base):
    """Retries what may pass: a lost reply, a status or a GraphQL code that says so."""

    def __call__(self, retry_state: RetryCallState) -> bool:
        failed = _failed_attempt(retry_state)
        if isinstance(failed.error, TransportError):
            return True
        return (
            failed.error.status in RETRYABLE_STATUSES or failed.error.code in failed.retryable_codes
        )


class Limits(stop_base):
    """Stops at a policy's last attempt, and where the wait would pass its deadline."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy

    def __call__(self, retry_state: RetryCallState) -> bool:
        if retry_state.attempt_number >= self._policy.max_attempts:
            return True
        failed = _failed_attempt(retry_state)
        elapsed = failed.now - failed.started
        deadline = self._policy.deadline_over(failed.timeout)
        return deadline is not None and elapsed + retry_state.upcoming_sleep > deadline


class FullJitter(wait_base):
    """Waits a random part of a ceiling that doubles with each failure."""

    def __init__(self, policy: RetryPolicy, random: Callable[[], float]) -> None:
        self._policy = policy
        self._random = random

    def __call__(self, retry_state: RetryCallState) -> float:
        error = _failed_attempt(retry_state).error
        is_throttled = error.status == TOO_MANY_REQUESTS or error.code == THROTTLED_CODE
        base = self._policy.throttled_delay if is_throttled else self._policy.base_delay
        doublings = min(retry_state.attempt_number - 1, _MAX_DOUBLINGS)
        return self._random() * min(self._policy.max_delay, base * 2.0**doublings)


def _retry_state(failed: FailedAttempt, *, upcoming_sleep: float) -> RetryCallState:
    state = RetryCallState(Retrying(), None, (), {"failed": failed})
    state.attempt_number = failed.number
    state.set_exception((type(failed.error), failed.error, failed.error.__traceback__))
    state.start_time = failed.started
    state.outcome_timestamp = failed.now
    state.upcoming_sleep = upcoming_sleep
    return state


def _failed_attempt(state: RetryCallState) -> FailedAttempt:
    failed: FailedAttempt = state.kwargs["failed"]
    return failed
