"""What the demonstration begins with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from intelgraph_server.database.tables import REQUEST_MINUTES
from intelgraph_server.observe import requests
from intelgraph_server.seed import DEFAULT_CLOCK
from intelgraph_server.trust_portal import policy, store

if TYPE_CHECKING:
    from intelgraph_server.testing import Demo


def test_thirty_days_are_measured_and_every_request_is_in_a_bucket_or_failed(demo: Demo) -> None:
    since = DEFAULT_CLOCK - timedelta(days=30)

    with demo.server.database.reading() as connection:
        totals = requests.totals(connection, "acme", since, DEFAULT_CLOCK)
        oldest = connection.execute(select(func.min(REQUEST_MINUTES.c.minute))).scalar_one()

    assert totals.minutes == 720
    assert totals.requests == sum(totals.durations) + totals.failures
    assert since <= oldest < since + timedelta(hours=1)


def test_only_acme_has_turned_its_page_on_and_its_tiles_are_decided(demo: Demo) -> None:
    with demo.server.database.reading() as connection:
        pages = [store.PAGES.one(connection, slug) for slug in ("acme", "globex", "initech")]
        decided = store.decisions(connection, "acme")

    assert [page and page.is_public for page in pages] == [True, False, None]
    assert {decision.policy_sha256 for decision in decided.values()} == {policy.digest()}
    assert sorted(decided) == ["tile:error_rate", "tile:slo", "tile:uptime"]
