"""How the server's own answers are measured, and what the measurements come to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlalchemy import insert

from intelgraph_server.app import create_server
from intelgraph_server.database.engine import Database
from intelgraph_server.database.tables import TENANTS
from intelgraph_server.observe import requests
from intelgraph_server.observe.metrics import Metrics
from intelgraph_server.observe.requests import BOUNDS, Requests, Totals, percentile
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    from pathlib import Path

    from intelgraph_server.settings import Settings
    from intelgraph_server.testing import Demo

NOON = datetime(2026, 4, 15, 12, 0, 30, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


class MovingClock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def tenants(database: Database) -> Database:
    with database.writing() as connection:
        connection.execute(insert(TENANTS), [{"id": i, "name": i} for i in ("acme", "globex")])
    return database


def read(database: Database, tenant_id: str = "acme") -> Totals:
    with database.reading() as connection:
        return requests.totals(connection, tenant_id, NOON - timedelta(hours=1), LATER)


def test_requests_and_failures_are_summed_and_kept_apart_by_tenant(tenants: Database) -> None:
    counted = Requests(Metrics(), MovingClock())
    counted.record("acme", failed=False, duration=0.02)
    counted.record("acme", failed=True, duration=0.001)
    counted.record("globex", failed=False, duration=30)

    counted.flush(tenants)

    acme, globex = read(tenants), read(tenants, "globex")
    assert (acme.requests, acme.failures, globex.requests) == (2, 1, 1)
    assert acme.durations == (0, 0, 1, *[0] * 9)
    assert globex.durations == (*[0] * 11, 1)
    assert acme.newest == NOON.replace(second=0)


def test_two_processes_add_to_one_minute(tenants: Database) -> None:
    url = tenants.engine.url.render_as_string(hide_password=False)
    processes = [(Requests(Metrics(), MovingClock()), Database(url)) for _ in range(4)]

    def run(process: tuple[Requests, Database]) -> None:
        for _ in range(25):
            process[0].record("acme", failed=False, duration=0.02)
            process[0].record("globex", failed=True, duration=0.02)
            process[0].flush(process[1])

    with ThreadPoolExecutor() as threads:
        list(threads.map(run, processes))
    for _, database in processes:
        database.close()

    assert (read(tenants).requests, read(tenants).minutes) == (100, 1)
    assert read(tenants).durations[2] == 100
    assert read(tenants, "globex").failures == 100


def test_many_threads_count_into_one_memory_and_nothing_is_lost(tenants: Database) -> None:
    counted = Requests(Metrics(), MovingClock())

    def run(_: int) -> None:
        for _ in range(500):
            counted.record("acme", failed=False, duration=0.02)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(run, range(8)))
    counted.flush(tenants)
    counted.flush(tenants)

    assert read(tenants).requests == 4000


def test_what_cannot_be_written_is_written_later(tenants: Database, tmp_path: Path) -> None:
    counted = Requests(Metrics(), MovingClock())
    counted.record("acme", failed=False, duration=0.02)
    without_tables = Database(f"sqlite:///{tmp_path}/empty.db")

    with pytest.raises(Exception, match="tenants"):
        counted.flush(without_tables)
    without_tables.close()
    counted.record("acme", failed=True, duration=0.02)
    counted.flush(tenants)

    assert (read(tenants).requests, read(tenants).failures) == (2, 1)


def test_a_tenant_that_is_not_of_this_server_keeps_nobody_from_counting(tenants: Database) -> None:
    counted = Requests(Metrics(), MovingClock())
    counted.record("acme", failed=False, duration=0.02)
    counted.record("nobody", failed=False, duration=0.02)

    counted.flush(tenants)

    assert (read(tenants).requests, read(tenants, "nobody").requests) == (1, 0)


def test_a_minute_is_bad_when_more_than_half_of_its_requests_failed(tenants: Database) -> None:
    clock = MovingClock()
    counted = Requests(Metrics(), clock)
    for failures in (0, 1, 2):
        for number in range(2):
            counted.record("acme", failed=number < failures, duration=0.02)
        clock.now += timedelta(minutes=1)

    counted.flush(tenants)

    assert (read(tenants).minutes, read(tenants).bad_minutes) == (3, 1)


def test_a_stretch_begins_with_its_first_minute_and_ends_before_its_last(
    tenants: Database,
) -> None:
    clock = MovingClock()
    counted = Requests(Metrics(), clock)
    for _ in range(3):
        counted.record("acme", failed=False, duration=0.02)
        clock.now += timedelta(minutes=1)
    counted.flush(tenants)
    start = NOON.replace(second=0)

    with tenants.reading() as connection:
        first_two = requests.totals(connection, "acme", start, start + timedelta(minutes=2))
        nothing = requests.totals(connection, "acme", LATER, LATER + timedelta(days=1))

    assert (first_two.minutes, first_two.newest) == (2, start + timedelta(minutes=1))
    assert (nothing.requests, nothing.durations, nothing.newest) == (0, (0,) * 12, None)


@pytest.mark.parametrize(
    ("milliseconds", "place"), [(0, 0), (5, 0), (5.1, 1), (500, 6), (500.1, 7), (10001, 11)]
)
def test_a_duration_belongs_to_the_first_bucket_that_holds_it(
    milliseconds: float, place: int
) -> None:
    assert requests.bucket(milliseconds) == place


@pytest.mark.parametrize(
    ("durations", "share", "expected"),
    [
        ([0] * 12, 0.95, None),
        ([95, 5, *[0] * 10], 0.95, 5),
        ([94, 6, *[0] * 10], 0.95, 10),
        ([*[0] * 11, 1], 0.95, float("inf")),
        ([1, *[0] * 10, 1], 0.5, 5),
    ],
)
def test_a_percentile_is_the_bound_below_which_the_share_lies(
    durations: list[int], share: float, expected: float | None
) -> None:
    assert percentile(durations, share) == expected


def test_a_bucket_that_reaches_beyond_the_limit_does_not_count_as_in_time() -> None:
    counts = [1] * (len(BOUNDS) + 1)

    assert requests.answered_within(counts, 500) == 7
    assert requests.answered_within(counts, 499) == 6
    assert requests.answered_within(counts, 1e9) == len(BOUNDS)


@pytest.fixture
def settings(settings: Settings, filled: Database) -> Settings:
    url = filled.engine.url.render_as_string(hide_password=False)
    return replace(settings, database_url=url)


async def measured(demo: Demo, http: httpx.AsyncClient, query: str, token: str | None) -> Any:
    headers = {} if token is None else {"Authorization": f"Bearer {demo.token(token)}"}
    await http.post("/graphql", json={"query": query}, headers=headers)
    demo.server.services.requests.flush(demo.server.database)
    with demo.server.database.reading() as connection:
        now = requests.totals(
            connection, "acme", DEFAULT_CLOCK, DEFAULT_CLOCK + timedelta(minutes=1)
        )
    return now.requests, now.failures


async def test_an_answer_to_a_tenant_is_counted_and_one_to_nobody_is_not(
    demo: Demo, http: httpx.AsyncClient
) -> None:
    assert await measured(demo, http, "{__typename}", None) == (0, 0)
    assert await measured(demo, http, "{__typename}", "acme") == (1, 0)


@pytest.mark.parametrize("query", ["{", "{nothing}", '{entity(id:"nobody"){name}}'])
async def test_the_callers_own_mistakes_are_no_failures(
    query: str, demo: Demo, http: httpx.AsyncClient
) -> None:
    assert await measured(demo, http, query, "acme") == (1, 0)


async def test_a_refusal_is_no_failure(demo: Demo, http: httpx.AsyncClient) -> None:
    assert await measured(demo, http, "{trustTiles{kind}}", "acme-ungranted") == (1, 0)


async def test_a_database_that_is_away_is_a_failure_in_the_metrics(settings: Settings) -> None:
    away = replace(settings, database_url="postgresql://nobody@/nothing?host=/nowhere")
    server = create_server(away)
    transport = httpx.ASGITransport(server.asgi)
    headers = {"Authorization": f"Bearer {server.token('acme')}"}

    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        reply = await http.post("/graphql", json={"query": "{__typename}"}, headers=headers)
    server.database.close()

    assert reply.status_code == 503
    text = server.services.metrics.text().decode()
    assert 'intelgraph_request_duration_seconds_count{outcome="failed"} 1.0' in text
