"""What follows from measurements, over restarts, replays and two at a time."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from intelgraph_server.anomaly import model, store
from intelgraph_server.anomaly.model import Signal
from intelgraph_server.anomaly.watching import Watcher
from intelgraph_server.app import create_server
from intelgraph_server.database.tables import ALERTS, ANOMALY_SIGNALS, INCIDENTS
from intelgraph_server.engine.execute import Engine, Request
from intelgraph_server.engine.persisted import PersistedDocuments
from intelgraph_server.generated.enums import SignalKind
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from intelgraph_server.settings import Settings
    from intelgraph_server.testing import Demo

    Measure = Callable[..., datetime]

MINUTE = timedelta(minutes=1)
BEGIN = DEFAULT_CLOCK - timedelta(hours=3)
KINDS = ("INGEST_LAG", "API_P95")
# Three alerts: one begins before the middle, at which the server is stopped, and ends behind it.
SERIES = [10.0 + place % 3 for place in range(140)]
for bad in (*range(64, 69), 72, 90, *range(100, 108)):
    SERIES[bad] = 5000.0


def rows(demo: Demo) -> dict[str, list[Any]]:
    with demo.server.database.reading() as connection:
        return {
            table.name: connection.execute(select(table).order_by(*table.primary_key)).all()
            for table in (ALERTS, INCIDENTS, ANOMALY_SIGNALS)
        }


def feed(demo: Demo, series: list[float], begin: datetime = BEGIN) -> None:
    """Each value in a transaction of its own, as it is when they are pushed."""
    for place, value in enumerate(series):
        for kind in KINDS:
            with demo.server.database.writing() as connection:
                store.enrollment(connection, "acme", is_locked=True)
                watcher = Watcher(connection, demo.server.services, "acme", DEFAULT_CLOCK)
                watcher.take(SignalKind(kind), value, begin + place * MINUTE, is_pushed=True)


def test_a_restart_in_the_middle_of_an_alert_gives_what_no_restart_would_have(
    demo: Demo, settings: Settings
) -> None:
    signal, expected = Signal(kind=SignalKind.API_P95), []
    for place, value in enumerate(SERIES):
        at = BEGIN + place * MINUTE
        raised = model.measure(signal, at, value, model.TUNING[SignalKind.API_P95])
        if raised is not None:
            signal.watch.alert_id = model.alert_id("acme", SignalKind.API_P95, raised.since)
            expected.append((signal.watch.alert_id, value, raised.expected))

    feed(demo, SERIES[:67])
    restarted = create_server(settings)
    feed(type(demo)(restarted), SERIES[67:], BEGIN + 67 * MINUTE)
    restarted.database.close()

    with demo.server.database.reading() as connection:
        kept = store.signals(connection, "acme")[SignalKind.API_P95]
        query = select(ALERTS.c.id, ALERTS.c.observed, ALERTS.c.expected).order_by(ALERTS.c.since)
        found = connection.execute(query.where(ALERTS.c.kind == "API_P95")).all()
    assert len(expected) == 2
    # To the last digit: what JSON carries is what was in memory.
    assert [tuple(row) for row in found] == expected
    assert kept.watch == signal.watch
    assert kept.judged == signal.judged


def test_measurements_that_are_sent_again_change_nothing(demo: Demo) -> None:
    feed(demo, SERIES[:80])
    before = rows(demo)

    feed(demo, SERIES[:80])

    assert rows(demo) == before
    assert [len(before[name]) for name in ("alerts", "incidents")] == [2, 1]


def test_two_measurements_at_a_time_cannot_miss_each_other(demo: Demo, measure: Measure) -> None:
    last = measure("INGEST_LAG API_P95", "g" * 70 + "b" * 4)
    is_done = threading.Event()

    def raise_second() -> None:
        with demo.server.database.writing() as connection:
            store.enrollment(connection, "acme", is_locked=True)
            watcher = Watcher(connection, demo.server.services, "acme", DEFAULT_CLOCK)
            watcher.take(SignalKind.API_P95, 9999.0, last + MINUTE, is_pushed=True)
        is_done.set()

    thread = threading.Thread(target=raise_second)
    with demo.server.database.writing() as connection:
        store.enrollment(connection, "acme", is_locked=True)
        watcher = Watcher(connection, demo.server.services, "acme", DEFAULT_CLOCK)
        watcher.take(SignalKind.INGEST_LAG, 9999.0, last + MINUTE, is_pushed=True)
        thread.start()
        was_early = is_done.wait(0.5)
    thread.join()

    assert not was_early
    found = rows(demo)
    assert len(found["incidents"]) == 1
    assert {row.incident_id for row in found["alerts"]} == {found["incidents"][0].id}


def test_a_subscriber_is_answered_the_incident_as_the_query_answers_it(
    demo: Demo, measure: Measure
) -> None:
    field = "id template status title runbook alerts { kind }"
    subscription = f"subscription {{ incidentChanged {{ {field} }} }}"
    query = f"{{ incidents {{ edges {{ node {{ {field} }} }} }} }}"
    server = demo.server
    engine = Engine(
        server.schema,
        PersistedDocuments({}, allow_list=False),
        server.database,
        clock=lambda: DEFAULT_CLOCK,
        services=server.services,
    )
    principal = server.tokens.principal(f"Bearer {demo.token('acme')}")
    stream = engine.stream(Request(subscription, principal=principal), None)

    measure("INGEST_LAG API_P95", "g" * 70 + "b" * 5)

    replies = [body for _, body in stream.replies()]
    reply = engine.reply(Request(query, principal=principal))
    nodes = [edge["node"] for edge in reply.body["data"]["incidents"]["edges"]]
    assert replies == [{"data": {"incidentChanged": nodes[0]}}]


@pytest.mark.parametrize("kind", list(SignalKind))
def test_every_kind_of_signal_can_raise_an_alert(
    kind: SignalKind, demo: Demo, measure: Measure
) -> None:
    measure(kind, "g" * 70 + "b" * 5)

    assert [row.kind for row in rows(demo)["alerts"]] == [kind]
