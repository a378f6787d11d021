"""Budgets: what they let through, whom they count together, and when they begin anew."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from time import sleep
from typing import TYPE_CHECKING

import httpx
import pytest

from intelgraph_server.auth import Principal
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.observe.limiter import BudgetExceededError, Limiter
from intelgraph_server.observe.objectives import FILE
from intelgraph_server.testing import demo_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from intelgraph_server.settings import Settings
    from intelgraph_server.testing import Demo

BUDGETS = {"requestsPerMinute": 3, "checkoutsPerMinute": 1, "evidenceBytesPerDay": 100}
START = datetime(2026, 4, 15, 12, 34, 50, tzinfo=UTC)


@dataclass
class Time:
    """A clock that is set by hand."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **amount: float) -> None:
        self.now += timedelta(**amount)


def left(limiter: Limiter, spender: str, budget: str = "requestsPerMinute") -> int:
    """How often something can be spent before it is refused."""
    for spent in range(1000):
        try:
            limiter.spend(spender, budget)
        except BudgetExceededError:
            return spent
    raise AssertionError("nothing is ever refused")


def test_a_budget_is_spent_to_its_last_unit_and_no_further() -> None:
    assert left(Limiter(BUDGETS, Time()), "acme") == 3


def test_tenants_and_budgets_are_counted_apart() -> None:
    limiter = Limiter(BUDGETS, Time())
    left(limiter, "acme")

    assert left(limiter, "globex") == 3
    assert left(limiter, "acme", "checkoutsPerMinute") == 1


def test_a_refusal_names_the_budget_and_when_it_begins_anew() -> None:
    limiter = Limiter(BUDGETS, Time())
    limiter.spend("acme", "checkoutsPerMinute")

    with pytest.raises(BudgetExceededError) as caught:
        limiter.spend("acme", "checkoutsPerMinute")

    assert caught.value.code == ErrorCode.BUDGET_EXCEEDED
    assert caught.value.retry_after == 10
    assert caught.value.message == (
        "The budget checkoutsPerMinute of 1 is used up; it begins anew at 2026-04-15T12:35:00Z."
    )


def test_a_budget_begins_anew_when_the_refusal_said_so() -> None:
    time = Time()
    limiter = Limiter(BUDGETS, time)
    left(limiter, "acme")

    time.passes(seconds=9.999)
    early = left(limiter, "acme")
    time.passes(seconds=0.001)

    assert (early, left(limiter, "acme")) == (0, 3)


def test_a_budget_of_a_day_lasts_to_midnight() -> None:
    time = Time()
    limiter = Limiter(BUDGETS, time)
    limiter.spend("acme", "evidenceBytesPerDay", 100)

    time.passes(hours=11)
    with pytest.raises(BudgetExceededError, match="anew at 2026-04-16T00:00:00Z"):
        limiter.spend("acme", "evidenceBytesPerDay")
    time.passes(hours=1)

    limiter.spend("acme", "evidenceBytesPerDay", 100)


def test_what_is_refused_is_not_spent() -> None:
    limiter = Limiter(BUDGETS, Time())
    limiter.spend("acme", "evidenceBytesPerDay", 60)

    with pytest.raises(BudgetExceededError):
        limiter.spend("acme", "evidenceBytesPerDay", 41)

    limiter.spend("acme", "evidenceBytesPerDay", 40)


def test_requests_count_for_the_tenant_and_without_a_token_for_the_address() -> None:
    limiter = Limiter(BUDGETS, Time())
    of_acme = Principal("ada", "acme", frozenset())
    for address in ("10.0.0.1", "10.0.0.2", "10.0.0.3"):
        limiter.spend_request(of_acme, address)
        limiter.spend_request(None, address)

    with pytest.raises(BudgetExceededError):
        limiter.spend_request(Principal("bob", "acme", frozenset()), "10.0.0.4")
    limiter.spend_request(None, "10.0.0.1")
    limiter.spend_request(None, "10.0.0.1")
    with pytest.raises(BudgetExceededError):
        limiter.spend_request(None, "10.0.0.1")


def test_an_address_that_calls_itself_as_a_tenant_does_not_spend_its_budget() -> None:
    limiter = Limiter(BUDGETS, Time())
    for _ in range(3):
        limiter.spend_request(None, "acme")

    assert left(limiter, "acme") == 3


def test_of_many_addresses_the_latest_are_remembered() -> None:
    limiter = Limiter(BUDGETS, Time(), most_spenders=2)
    limiter.spend("acme", "requestsPerMinute")
    for address in ("first", "first", "first", "second", "second", "third"):
        limiter.spend_request(None, address)

    # The first is forgotten, the others and the tenant are not.
    limiter.spend_request(None, "second")
    with pytest.raises(BudgetExceededError):
        limiter.spend_request(None, "second")
    limiter.spend_request(None, "first")
    assert left(limiter, "acme") == 2


class Interrupted(str):
    """A name at whose every use another thread has its turn."""

    __slots__ = ()

    def __hash__(self) -> int:
        sleep(0)
        return super().__hash__()


def test_threads_together_spend_no_more_than_there_is() -> None:
    limiter = Limiter({"requestsPerMinute": 200}, Time())
    barrier, spent = Barrier(4), list[int]()

    def spend() -> None:
        barrier.wait()
        spent.append(left(limiter, Interrupted("acme")))

    threads = [Thread(target=spend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(spent) == 200


@pytest.fixture
def frugal(settings: Settings, tmp_path: Path) -> Settings:
    """Settings that allow three requests a minute."""
    declared = json.loads(FILE.read_text("utf-8"))
    declared["budgets"]["requestsPerMinute"] = 3
    (tmp_path / "objectives.json").write_text(json.dumps(declared), "utf-8")
    return replace(settings, objectives=tmp_path / "objectives.json")


@pytest.fixture
def thrifty(frugal: Settings) -> Iterator[Demo]:
    with demo_server(frugal) as demo:
        yield demo


@pytest.fixture
async def client(thrifty: Demo) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(thrifty.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_a_request_without_budget_is_429_and_says_when_to_come_back(
    client: httpx.AsyncClient, thrifty: Demo, accept: str
) -> None:
    headers = {"Authorization": f"Bearer {thrifty.token('acme')}", "Accept": accept}
    body = {"query": "{ trustTiles { kind } }"}

    # Seven in two minutes are at least four in one of them, whenever this begins.
    replies = [await client.post("/graphql", json=body, headers=headers) for _ in range(7)]

    refused = next(reply for reply in replies if reply.status_code != 200)
    (error,) = refused.json()["errors"]
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert error["extensions"] == {"code": "BUDGET_EXCEEDED"}
    assert error["message"].startswith("The budget requestsPerMinute of 3 is used up; it begins")
    assert replies.index(refused) >= 3


async def test_who_has_no_token_spends_the_budget_of_no_tenant(
    client: httpx.AsyncClient, thrifty: Demo
) -> None:
    anonymous = [await client.get("/graphql?query={__typename}") for _ in range(7)]
    headers = {"Authorization": f"Bearer {thrifty.token('acme')}"}

    known = await client.get("/graphql?query={__typename}", headers=headers)

    assert 429 in {reply.status_code for reply in anonymous}
    assert known.status_code == 200


async def test_telemetry_spends_the_budget_of_requests(
    client: httpx.AsyncClient, thrifty: Demo
) -> None:
    headers = {"Authorization": f"Bearer {thrifty.token('acme')}"}
    event = {"opId": None, "durationMs": 1, "status": None, "retries": 0}

    replies = [await client.post("/telemetry", json=event, headers=headers) for _ in range(7)]

    assert 429 in {reply.status_code for reply in replies}
