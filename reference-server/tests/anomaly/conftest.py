"""A seeded database for one test alone, and a way to measure its tenants quickly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, TypeAlias

import pytest

from intelgraph_server.anomaly import store
from intelgraph_server.anomaly.watching import Watcher
from intelgraph_server.generated.enums import SignalKind
from intelgraph_server.seed import DEFAULT_CLOCK
from intelgraph_server.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from intelgraph_server.database.engine import Database
    from intelgraph_server.testing import Demo

Measure: TypeAlias = Callable[..., datetime]

MINUTE = timedelta(minutes=1)
START = DEFAULT_CLOCK - timedelta(hours=20)
LEVELS = {"INGEST_LAG": 10.0, "API_P95": 200.0, "ERROR_RATE": 0.01}


@pytest.fixture
def settings(filled: Database, tmp_path: Path) -> Settings:
    return Settings(
        database_url=filled.engine.url.render_as_string(hide_password=False),
        signing_key="a key for tests that is long enough to sign with",
        clock=DEFAULT_CLOCK,
        lake_url=f"file://{tmp_path}/lake",
        identity=tmp_path / "intelgraph.pem",
    )


@pytest.fixture
def measure(demo: Demo) -> Measure:
    """Measures signals once a minute, `g` well and `b` badly; gives when the last one was."""

    def measure(
        kinds: str,
        pattern: str,
        *,
        begin: datetime = START,
        tenant: str = "acme",
        now: datetime = DEFAULT_CLOCK,
    ) -> datetime:
        # The same noise whoever measures, so that a replay sends what was sent.
        random = Random(begin.isoformat())  # noqa: S311
        with demo.server.database.writing() as connection:
            store.enrollment(connection, tenant, is_locked=True)
            watcher = Watcher(connection, demo.server.services, tenant, now)
            for place, letter in enumerate(pattern):
                for kind in kinds.split():
                    level = LEVELS[kind] * (1 + random.gauss(0, 0.02))
                    value = level * (50 if letter == "b" else 1)
                    at = begin + place * MINUTE
                    watcher.take(SignalKind(kind), value, at, is_pushed=True)
        return begin + (len(pattern) - 1) * MINUTE

    return measure
