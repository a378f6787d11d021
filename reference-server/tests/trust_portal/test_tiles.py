"""Measurements against the declared objectives, at their boundaries and through the database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, update

from intelgraph_server.database.tables import REQUEST_MINUTES
from intelgraph_server.observe.requests import bucket
from intelgraph_server.seed import DEFAULT_CLOCK
from intelgraph_server.trust_portal.items import Portal

if TYPE_CHECKING:
    from datetime import datetime

    from intelgraph_server.testing import Demo
    from intelgraph_server.trust_portal.model import TrustTile

NEWEST = DEFAULT_CLOCK - timedelta(minutes=2)


def measure(demo: Demo, *minutes: tuple[int, int, int], newest: datetime = NEWEST) -> None:
    """Replaces what was measured by minutes of (answered in time, answered late, failed)."""
    rows = []
    for age, (quick, late, failed) in enumerate(minutes):
        durations = [0] * 12
        durations[bucket(500)], durations[bucket(501)] = quick, late
        minute = newest - timedelta(minutes=age)
        rows.append({"tenant_id": "acme", "minute": minute, "requests": quick + late + failed,
                     "failures": failed, "durations": durations})  # fmt: skip
    with demo.server.database.writing() as connection:
        connection.execute(delete(REQUEST_MINUTES))
        connection.execute(insert(REQUEST_MINUTES), rows)


def tiles(demo: Demo, tenant: str = "acme") -> list[TrustTile]:
    with demo.server.database.reading() as connection:
        return Portal(connection, demo.server.services, tenant, DEFAULT_CLOCK).tiles()


@pytest.mark.parametrize(
    ("minute", "statuses"),
    [
        ((10_000, 0, 0), ["met", "met", "met"]),
        ((9_925, 75, 0), ["met", "met", "met"]),
        ((9_924, 76, 0), ["at_risk", "met", "met"]),
        ((9_900, 100, 0), ["at_risk", "met", "met"]),
        ((9_899, 101, 0), ["breached", "met", "met"]),
        ((9_950, 0, 50), ["met", "met", "met"]),
        ((9_949, 0, 51), ["met", "met", "at_risk"]),
        ((9_900, 0, 100), ["at_risk", "met", "at_risk"]),
        ((9_899, 0, 101), ["breached", "met", "breached"]),
        ((5_000, 0, 5_000), ["breached", "met", "breached"]),
        ((4_999, 0, 5_001), ["breached", "breached", "breached"]),
    ],
)
def test_tiles_follow_the_measured_shares(
    minute: tuple[int, int, int], statuses: list[str], demo: Demo
) -> None:
    measure(demo, minute)

    assert [tile.status for tile in tiles(demo)] == statuses
    assert {tile.updated_at for tile in tiles(demo)} == {NEWEST + timedelta(minutes=1)}


@pytest.mark.parametrize(("bad", "status"), [(1, "met"), (2, "at_risk"), (3, "breached")])
def test_uptime_is_a_share_of_minutes_not_of_requests(bad: int, status: str, demo: Demo) -> None:
    measure(demo, *[(0, 0, 1)] * bad, *[(100, 0, 0)] * (2001 - bad))

    assert tiles(demo)[1].status == status


def test_a_stale_measurement_is_unknown_and_says_how_old_it_is(demo: Demo) -> None:
    old = DEFAULT_CLOCK - timedelta(days=1, minutes=2)
    measure(demo, (100, 0, 0), newest=old)

    assert {tile.status for tile in tiles(demo)} == {"unknown"}
    assert {tile.updated_at for tile in tiles(demo)} == {old + timedelta(minutes=1)}


def test_a_minute_that_has_not_ended_does_not_count(demo: Demo) -> None:
    measure(demo, (0, 0, 100), newest=DEFAULT_CLOCK)

    assert {tile.status for tile in tiles(demo)} == {"unknown"}


def test_what_is_older_than_the_window_does_not_count(demo: Demo) -> None:
    measure(demo, (0, 0, 100_000), (100, 0, 0), newest=DEFAULT_CLOCK - timedelta(minutes=2))
    with demo.server.database.writing() as connection:
        moved = update(REQUEST_MINUTES).where(REQUEST_MINUTES.c.failures > 0)
        connection.execute(moved.values(minute=DEFAULT_CLOCK - timedelta(days=30, minutes=2)))

    assert {tile.status for tile in tiles(demo)} == {"met"}


def test_the_seeded_tenants_differ_by_what_was_measured(demo: Demo) -> None:
    seen = {name: [tile.status for tile in tiles(demo, name)] for name in ("acme", "globex")}

    assert seen == {"acme": ["met", "met", "at_risk"], "globex": ["breached", "met", "met"]}
