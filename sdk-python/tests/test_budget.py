from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelgraph import IntelGraph, ResponseError, RetryPolicy
from intelgraph._budget import Budget
from intelgraph._options import endpoint
from intelgraph._settings import Settings
from intelgraph.testing import FakeTransport, reply

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY = reply(status=503, text="", headers={"retry-after-ms": "0"})
TILES = reply({"data": {"trustTiles": []}})
AT_ONCE = RetryPolicy(base_delay=0.0, budget=20.0)


def retries_of(client: IntelGraph, transport: FakeTransport) -> int:
    """How often a call that goes on to fail is tried again."""
    transport.add(BUSY, BUSY, BUSY)
    before = len(transport.requests)
    with pytest.raises(ResponseError):
        client.trust_tiles()
    sent = len(transport.requests) - before
    transport._outcomes.clear()
    return sent - 1


@pytest.fixture
def transport() -> FakeTransport:
    return FakeTransport()


@pytest.fixture
def client(transport: FakeTransport) -> IntelGraph:
    return IntelGraph(api_key=None, transport=transport, retry_policy=AT_ONCE)


@pytest.fixture
def eager_switches() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def test_the_copies_of_a_client_pay_from_one_purse(
    client: IntelGraph, transport: FakeTransport
) -> None:
    copy = client.with_options(timeout=5, max_retries=5)

    assert retries_of(client.with_options(headers={"a": "b"}), transport) == 2
    assert retries_of(copy, transport) == 0
    assert retries_of(client, transport) == 0


def test_a_copy_with_a_purse_of_another_size_pays_from_its_own(
    client: IntelGraph, transport: FakeTransport
) -> None:
    other = client.with_options(retry_policy=replace(AT_ONCE, budget=10.0))

    assert retries_of(client, transport) == 2
    assert retries_of(other, transport) == 1
    assert retries_of(client, transport) == 0


def test_two_clients_have_two_purses(transport: FakeTransport) -> None:
    clients = [
        IntelGraph(api_key=None, transport=transport, retry_policy=AT_ONCE) for _ in range(2)
    ]

    assert [retries_of(client, transport) for client in clients] == [2, 2]


def test_settings_that_are_copied_keep_their_purse() -> None:
    made = endpoint(url="http://a", api_key=None, headers=None, timeout=1, max_response_bytes=1)
    settings = Settings(made)

    assert replace(settings, policy=RetryPolicy(retry_cost=1.0)).budget is settings.budget
    assert replace(settings, policy=RetryPolicy(budget=None)).budget.size is None


@pytest.mark.usefixtures("eager_switches")
def test_threads_together_never_spend_more_than_there_is() -> None:
    budget = Budget(1000.0)

    def spend(_: int) -> int:
        return sum(budget.spend(10.0) for _ in range(50))

    with ThreadPoolExecutor(8) as threads:
        paid = sum(threads.map(spend, range(8)))

    assert paid == 100


@pytest.mark.usefixtures("eager_switches")
def test_threads_together_lose_nothing_that_is_given_back() -> None:
    budget = Budget(1000.0)
    assert all(budget.spend(10.0) for _ in range(100))

    def refund(_: int) -> None:
        for _ in range(100):
            budget.refund(0.0)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(refund, range(8)))

    assert budget.holds(800.0)
    assert not budget.holds(801.0)


@given(st.lists(st.sampled_from(["spend", "clean", "rescued"])), st.floats(0, 100))
def test_the_purse_is_never_below_nothing_nor_above_its_size(steps: list[Any], size: float) -> None:
    budget = Budget(size)

    for step in steps:
        if step == "spend":
            could = budget.holds(10.0)
            assert budget.spend(10.0) == could
        else:
            budget.refund(10.0 if step == "rescued" else 0.0)
        assert budget.holds(0.0)
        assert not budget.holds(size + 0.001)
