from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tenacity import (
    retry_if_exception,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_fixed,
)

from intelgraph import (
    ConfigurationError,
    ConnectError,
    ErrorDetail,
    IntelGraphError,
    OperationError,
    ResponseError,
    RetryPolicy,
    TimeoutError,  # noqa: A004 - ours.
    TransportError,
)
from intelgraph._budget import Budget
from intelgraph._retry import RETRYABLE_STATUSES, FailedAttempt

if TYPE_CHECKING:
    from tenacity import RetryCallState

BUSY = ResponseError("busy", status=503)
CODES = frozenset({"RATE_LIMITED", "UNAVAILABLE"})


def failed(error: IntelGraphError = BUSY, **changes: Any) -> FailedAttempt:
    facts: dict[str, Any] = {
        "number": 1,
        "error": error,
        "is_repeatable": True,
        "retryable_codes": CODES,
        "retry_after": None,
        "started": 100.0,
        "now": 100.0,
    }
    return FailedAttempt(**(facts | changes))


def graphql_error(code: str) -> OperationError:
    return OperationError("no", errors=(ErrorDetail("no", code, None, {}),), status=200)


def delay(policy: RetryPolicy, failure: FailedAttempt, random: float = 0.5) -> float | None:
    return policy.delay_before_retry(failure, lambda: random, Budget())


def draw_nothing() -> float:
    raise AssertionError("a random number was drawn")


# From the specification: what may pass for an operation that may be repeated.
MAY_PASS = [
    ConnectError("x"),
    TimeoutError("x"),
    TransportError("x"),
    *(ResponseError("x", status=status) for status in sorted(RETRYABLE_STATUSES)),
    *(OperationError("x", status=status) for status in sorted(RETRYABLE_STATUSES)),
    *(graphql_error(code) for code in sorted(CODES)),
]
WILL_NOT_PASS = [
    *(
        ResponseError("x", status=status)
        for status in (200, 302, 400, 401, 403, 404, 409, 500, 501)
    ),
    graphql_error("FORBIDDEN"),
    graphql_error("INTERNAL"),
    OperationError("x", status=200),
    IntelGraphError("x"),
]


@pytest.mark.parametrize("error", MAY_PASS, ids=lambda error: f"{type(error).__name__}")
def test_what_may_pass_is_tried_again(error: IntelGraphError) -> None:
    assert delay(RetryPolicy(), failed(error)) is not None


@pytest.mark.parametrize("error", WILL_NOT_PASS, ids=lambda error: f"{type(error).__name__}")
def test_what_will_not_pass_is_not_tried_again(error: IntelGraphError) -> None:
    assert RetryPolicy().delay_before_retry(failed(error), draw_nothing, Budget()) is None


@pytest.mark.parametrize("error", MAY_PASS, ids=lambda error: f"{type(error).__name__}")
def test_what_must_not_be_repeated_is_only_sent_again_when_nothing_was_sent(
    error: IntelGraphError,
) -> None:
    again = delay(RetryPolicy(), failed(error, is_repeatable=False)) is not None

    assert again == isinstance(error, ConnectError)


@pytest.mark.parametrize(
    ("changes", "policy"),
    [
        ({"number": 3}, RetryPolicy()),
        ({"number": 1}, RetryPolicy(max_attempts=1)),
        ({"retry_after": 30.1}, RetryPolicy()),
        ({"now": 129.0, "retry_after": 1.1}, RetryPolicy()),
        ({"now": 130.1}, RetryPolicy()),
        ({"is_repeatable": False}, RetryPolicy()),
    ],
)
def test_no_number_is_drawn_where_no_retry_can_follow(
    changes: dict[str, Any], policy: RetryPolicy
) -> None:
    assert policy.delay_before_retry(failed(**changes), draw_nothing, Budget()) is None


def test_no_number_is_drawn_for_a_retry_that_cannot_be_paid() -> None:
    budget = Budget(9.0)

    assert RetryPolicy().delay_before_retry(failed(), draw_nothing, budget) is None
    assert budget.holds(9.0)


def test_a_retry_is_paid_when_it_is_certain() -> None:
    budget = Budget(20.0)

    assert RetryPolicy().delay_before_retry(failed(now=129.95), lambda: 0.9, budget) is None
    assert budget.holds(20.0)
    assert RetryPolicy().delay_before_retry(failed(), lambda: 0.9, budget) is not None
    assert not budget.holds(10.1)


def test_a_strategy_of_tenacity_chooses_within_the_budget() -> None:
    policy = RetryPolicy(retry=retry_if_exception(lambda _error: True), stop=stop_after_attempt(9))

    assert policy.delay_before_retry(failed(), draw_nothing, Budget(0.0)) is None


@pytest.mark.parametrize(
    ("deadline", "timeout", "effective"),
    [(30.0, 10.0, 30.0), (30.0, 60.0, 60.0), (30.0, None, 30.0), (None, 60.0, None)],
)
def test_an_attempt_has_the_time_that_it_was_given(
    deadline: float | None, timeout: float | None, effective: float | None
) -> None:
    assert RetryPolicy(deadline=deadline).deadline_over(timeout) == effective


def test_exactly_one_number_is_drawn_for_a_retry() -> None:
    draws = count()

    RetryPolicy().delay_before_retry(failed(retry_after=9.0), lambda: next(draws) / 10, Budget())

    assert next(draws) == 1


@pytest.mark.parametrize(
    "error", [ResponseError("x", status=429), graphql_error("RATE_LIMITED")], ids=["429", "code"]
)
def test_a_throttled_client_waits_from_its_own_base(error: IntelGraphError) -> None:
    policy = RetryPolicy(base_delay=0.0, throttled_delay=3.0)

    assert delay(policy, failed(error)) == 1.5
    assert delay(policy, failed(error, number=2)) == 3.0


@given(
    number=st.integers(1, 10_000),
    random=st.floats(0, 1, exclude_max=True),
    base=st.floats(0, 100),
    ceiling=st.floats(0, 1000),
    floor=st.none() | st.floats(0, 1000),
)
def test_a_delay_lies_between_the_floor_and_the_ceiling(
    number: int, random: float, base: float, ceiling: float, floor: float | None
) -> None:
    policy = RetryPolicy(max_attempts=20_000, base_delay=base, max_delay=ceiling, deadline=None)

    waited = delay(policy, failed(number=number, retry_after=floor), random)

    assert waited is not None
    assert (floor or 0.0) <= waited <= max(floor or 0.0, ceiling)


@given(
    elapsed=st.floats(0, 100),
    random=st.floats(0, 1, exclude_max=True),
    floor=st.none() | st.floats(0, 100),
    deadline=st.floats(0.001, 100),
)
def test_no_wait_ends_past_the_deadline(
    elapsed: float, random: float, floor: float | None, deadline: float
) -> None:
    failure = failed(started=0.0, now=elapsed, retry_after=floor)

    waited = delay(RetryPolicy(deadline=deadline), failure, random)

    assert waited is None or elapsed + waited <= deadline


def test_a_wait_strategy_of_tenacity_takes_the_place_of_the_jitter() -> None:
    policy = RetryPolicy(wait=wait_fixed(4))

    assert policy.delay_before_retry(failed(), draw_nothing, Budget()) == 4.0
    assert policy.delay_before_retry(failed(retry_after=5.0), draw_nothing, Budget()) == 5.0
    assert policy.delay_before_retry(failed(now=127.0), draw_nothing, Budget()) is None


def test_a_stop_strategy_of_tenacity_may_end_a_call_sooner() -> None:
    assert delay(RetryPolicy(stop=stop_after_attempt(1)), failed()) is None
    assert delay(RetryPolicy(stop=stop_after_attempt(2)), failed()) is not None
    assert delay(RetryPolicy(stop=stop_after_delay(5)), failed(now=106.0)) is None
    assert delay(RetryPolicy(stop=stop_after_attempt(9)), failed(number=3)) is None


def test_a_retry_strategy_of_tenacity_chooses_what_may_pass() -> None:
    policy = RetryPolicy(retry=retry_if_exception(lambda error: "flaky" in str(error)))

    assert delay(policy, failed(ResponseError("flaky", status=500))) is not None
    assert delay(policy, failed(ResponseError("solid", status=503))) is None


def test_a_retry_strategy_never_repeats_what_must_not_be_repeated() -> None:
    policy = RetryPolicy(retry=retry_if_exception_type(IntelGraphError))

    assert delay(policy, failed(is_repeatable=False)) is None


def test_a_strategy_sees_the_call_as_tenacity_describes_it() -> None:
    seen: list[RetryCallState] = []

    def stop(state: RetryCallState) -> bool:
        seen.append(state)
        return True

    delay(RetryPolicy(stop=stop), failed(number=2, now=101.5, retry_after=3.0))

    assert seen[0].attempt_number == 2
    assert seen[0].seconds_since_start == 1.5
    assert seen[0].upcoming_sleep == 3.0
    assert seen[0].outcome is not None
    assert seen[0].outcome.exception() is BUSY


@pytest.mark.parametrize(
    "options",
    [
        {"max_attempts": 0},
        {"max_attempts": 1.5},
        {"max_attempts": float("nan")},
        {"max_attempts": "3"},
        {"base_delay": -0.1},
        {"base_delay": "0.2"},
        {"throttled_delay": float("inf")},
        {"max_delay": float("nan")},
        {"budget": -1.0},
        {"budget": float("inf")},
        {"retry_cost": float("nan")},
        {"deadline": 0.0},
        {"deadline": "30"},
        {"deadline": float("nan")},
    ],
    ids=repr,
)
def test_a_policy_that_cannot_work_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=f"{next(iter(options))}= is"):
        RetryPolicy(**options)


@pytest.mark.parametrize("name", ["stop", "wait", "retry"])
def test_what_is_no_strategy_of_tenacity_is_a_type_error(name: str) -> None:
    options: dict[str, Any] = {name: 5}

    with pytest.raises(TypeError, match=f"{name}= is a strategy of tenacity, not 5"):
        RetryPolicy(**options)
