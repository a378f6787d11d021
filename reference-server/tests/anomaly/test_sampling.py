"""The signals that the server measures of itself, once a minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from intelgraph_server.anomaly import store, watching
from intelgraph_server.anomaly.model import AnomalyEnrollment
from intelgraph_server.anomaly.watching import Watcher
from intelgraph_server.database.tables import EXPORTS, INCIDENTS, JOBS
from intelgraph_server.generated.enums import SignalKind
from intelgraph_server.jobs import Worker
from intelgraph_server.observe.requests import BOUNDS, Counts, add, bucket
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    import pytest

    from intelgraph_server.testing import Demo

MINUTE = timedelta(minutes=1)
NOW = DEFAULT_CLOCK + timedelta(hours=1, seconds=20)
UNTIL = datetime(2026, 4, 15, 1, tzinfo=UTC)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def answered(
    demo: Demo,
    minute: datetime,
    *,
    quick: int,
    slow: int = 0,
    failed: int = 0,
    tenant: str = "acme",
) -> None:
    """Requests of one minute: answered in 40 ms, in 400 ms, or not."""
    counts = Counts(requests=quick + slow + failed, failures=failed)
    counts.durations[bucket(40)] += quick
    counts.durations[bucket(400)] += slow
    with demo.server.database.writing() as connection:
        add(connection, {(tenant, minute): counts})


def exported(demo: Demo, *waits: float, recorded: datetime, tenant: str = "acme") -> None:
    with demo.server.database.writing() as connection:
        for number, wait in enumerate(waits):
            values = {
                "tenant_id": tenant,
                "export_id": f"exp_{recorded:%H%M%S}_{number}",
                "dataset_id": "dat_customers",
                "dest_region": "eu",
                "exported_at": recorded - timedelta(seconds=wait),
                "recorded_at": recorded,
            }
            connection.execute(insert(EXPORTS).values(values))


def worker(demo: Demo, clock: Clock) -> Worker:
    server = demo.server
    return Worker(server.database, server.services, clock, {watching.JOB: watching.sample})


def values(demo: Demo, tenant: str = "acme") -> dict[str, Any]:
    with demo.server.database.reading() as connection:
        signals = store.signals(connection, tenant)
    return {kind: (s.value, s.measured_at) for kind, s in signals.items() if s.measured_at}


def test_a_minute_is_measured_when_it_is_over(demo: Demo) -> None:
    answered(demo, UNTIL - MINUTE, quick=90, slow=8, failed=2)
    answered(demo, UNTIL - 2 * MINUTE, quick=0, failed=50)
    answered(demo, UNTIL, quick=0, failed=50)
    exported(demo, 5, 30, 600, recorded=UNTIL - timedelta(seconds=1))
    exported(demo, 9000, recorded=UNTIL)

    worker(demo, Clock(NOW)).run_due()

    # 95 of the 98 answers stay within the bucket that ends at 500 ms.
    assert values(demo) == {
        "API_P95": (500, UNTIL),
        "ERROR_RATE": (0.02, UNTIL),
        "INGEST_LAG": (30, UNTIL),
    }


def test_a_minute_with_too_little_in_it_has_no_value_and_not_zero(demo: Demo) -> None:
    answered(demo, UNTIL - MINUTE, quick=3, failed=1)

    worker(demo, Clock(NOW)).run_due()

    assert values(demo) == {}


def test_five_requests_are_enough(demo: Demo) -> None:
    answered(demo, UNTIL - MINUTE, quick=4, failed=1)

    worker(demo, Clock(NOW)).run_due()

    assert values(demo) == {"API_P95": (50, UNTIL), "ERROR_RATE": (0.2, UNTIL)}


def test_answers_slower_than_every_bucket_are_a_number_all_the_same(demo: Demo) -> None:
    counts = Counts(requests=10)
    counts.durations[-1] = 10
    with demo.server.database.writing() as connection:
        add(connection, {("acme", UNTIL - MINUTE): counts})

    worker(demo, Clock(NOW)).run_due()

    assert values(demo)["API_P95"] == (2 * BOUNDS[-1], UNTIL)


def test_a_tenant_that_is_not_enrolled_is_not_measured(demo: Demo) -> None:
    for tenant in ("globex", "initech"):
        answered(demo, UNTIL - MINUTE, quick=50, tenant=tenant)

    worker(demo, Clock(NOW)).run_due()

    assert values(demo, "globex") == values(demo, "initech") == values(demo) == {}


def test_what_another_tenant_exports_is_not_measured(demo: Demo) -> None:
    exported(demo, 77, recorded=UNTIL - timedelta(seconds=1), tenant="globex")

    worker(demo, Clock(NOW)).run_due()

    assert values(demo) == {}


def test_what_a_tenant_pushes_is_not_sampled_beside_it(demo: Demo) -> None:
    with demo.server.database.writing() as connection:
        watcher = Watcher(connection, demo.server.services, "acme", NOW)
        watcher.take(SignalKind.API_P95, 7.0, UNTIL - MINUTE, is_pushed=True)
    answered(demo, UNTIL - MINUTE, quick=50)

    worker(demo, Clock(NOW)).run_due()

    assert values(demo) == {"API_P95": (7, UNTIL - MINUTE), "ERROR_RATE": (0, UNTIL)}


def test_the_one_job_of_a_tenant_comes_again_every_minute(demo: Demo) -> None:
    clock = Clock(NOW)
    working = worker(demo, clock)
    ran = []

    for _ in range(6):
        ran.append(working.run_due())
        clock.now += timedelta(seconds=30)

    with demo.server.database.reading() as connection:
        jobs = connection.execute(select(JOBS).where(JOBS.c.kind == watching.JOB)).all()
    # Due at 01:01:10 and 01:02:10, which the looks at 01:01:20 and 01:02:20 find.
    assert ran == [1, 0, 1, 0, 1, 0]
    assert [(job.run_at, job.tries, job.ended_at) for job in jobs] == [
        (UNTIL + 3 * MINUTE + timedelta(seconds=10), 0, None)
    ]


def test_the_job_ends_when_the_tenant_withdraws_and_another_begins_with_the_next(
    demo: Demo,
) -> None:
    clock = Clock(NOW)
    withdrawn = AnomalyEnrollment(is_enrolled=False, changed_at=NOW)
    with demo.server.database.writing() as connection:
        store.ENROLLMENTS.put(connection, "acme", withdrawn)
        watching.enrol(connection, "acme", NOW)

    worker(demo, clock).run_due()

    with demo.server.database.reading() as connection:
        jobs = connection.execute(select(JOBS.c.ended_at).order_by(JOBS.c.id)).scalars().all()
    assert jobs == [NOW, None]


def test_a_minute_that_cannot_be_measured_does_not_end_the_job(
    demo: Demo, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(NOW)
    working = worker(demo, clock)
    with demo.server.database.writing() as connection:
        connection.execute(update(JOBS).values(payload={}))

    for _ in range(10):
        working.run_due()
        clock.now += MINUTE

    with demo.server.database.reading() as connection:
        ended = connection.execute(select(JOBS.c.ended_at)).scalars().all()
    assert ended == [None]
    assert "could not be sampled" in caplog.text


def test_sampled_signals_that_go_bad_together_open_an_incident(demo: Demo) -> None:
    clock = Clock(NOW)
    working = worker(demo, clock)

    for minute in range(75):
        is_bad = minute >= 70
        answered(
            demo,
            UNTIL + (minute - 1) * MINUTE,
            quick=0 if is_bad else 95 + minute % 3,
            slow=60 if is_bad else 2,
            failed=40 if is_bad else 1,
        )
        working.run_due()
        clock.now += MINUTE

    with demo.server.database.reading() as connection:
        ids = connection.execute(select(INCIDENTS.c.id)).scalars().all()
        alerts = store.ONSETS.by(connection, "acme", "incident_id", ids)
    assert [{a.kind for a in found} for found in alerts.values()] == [
        {SignalKind.API_P95, SignalKind.ERROR_RATE}
    ]
