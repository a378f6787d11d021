"""Jobs in SQL: who gets one, for how long, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from intelgraph_server.database.tables import JOBS
from intelgraph_server.jobs import store
from intelgraph_server.jobs.store import FIRST_PAUSE, LEASE, MOST_TRIES, Job

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from intelgraph_server.database.engine import Database

NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def put_in(database: Database, kind: str = "mail", **given: object) -> None:
    with database.writing() as connection:
        store.enqueue(connection, kind, **{"run_at": NOW, **given})  # type: ignore[arg-type]


def claim(database: Database, now: datetime = NOW, kind: str = "mail") -> Job | None:
    with database.writing() as connection:
        return store.claim(connection, [kind], now)


def claimed(database: Database, now: datetime = NOW) -> Job:
    job = claim(database, now)
    assert job is not None
    return job


def fail(database: Database, job: Job, now: datetime = NOW) -> None:
    with database.writing() as connection:
        store.fail(connection, job, "OSError", now)


def finish(database: Database, job: Job, now: datetime = NOW) -> None:
    with database.writing() as connection:
        store.finish(connection, job, now)


def rows(database: Database) -> list[RowMapping]:
    with database.reading() as connection:
        return list(connection.execute(select(JOBS).order_by(JOBS.c.id)).mappings())


def test_a_job_is_claimed_with_all_that_was_put_in(database: Database) -> None:
    put_in(database, payload={"to": "ada", "n": [1, None]})

    job = claimed(database)

    assert (job.kind, job.tenant_id, job.run_at, job.tries) == ("mail", None, NOW, 1)
    assert job.payload == {"to": "ada", "n": [1, None]}


def test_a_job_of_another_kind_or_of_later_is_not_claimed(database: Database) -> None:
    put_in(database, "print")
    put_in(database, run_at=NOW + SECOND)

    assert claim(database) is None
    assert claim(database, NOW + SECOND) is not None


def test_a_worker_of_no_kind_claims_nothing(database: Database) -> None:
    put_in(database)

    with database.writing() as connection:
        assert store.claim(connection, [], NOW) is None


def test_what_is_due_longest_is_claimed_first(database: Database) -> None:
    for late in (1, 3, 2, 3):
        put_in(database, run_at=NOW - late * SECOND, payload={"late": late})

    order = [claimed(database).payload["late"] for _ in range(4)]

    assert order == [3, 3, 2, 1]


def test_a_finished_job_is_never_claimed_again(database: Database) -> None:
    put_in(database)

    finish(database, claimed(database))

    assert claim(database, NOW + timedelta(days=1)) is None
    assert (rows(database)[0]["ended_at"], rows(database)[0]["error"]) == (NOW, None)


def test_workers_together_claim_each_job_once(database: Database) -> None:
    for number in range(40):
        put_in(database, payload={"number": number})
    barrier, taken = Barrier(4), []

    def work() -> None:
        barrier.wait()
        while (job := claim(database)) is not None:
            taken.append(job.payload["number"])

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(taken) == list(range(40))


def test_a_worker_passes_over_what_another_is_just_claiming(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    put_in(database, payload={"number": 1})
    put_in(database, payload={"number": 2})

    with database.writing() as one, database.writing() as other:
        jobs = [store.claim(connection, ["mail"], NOW) for connection in (one, other, other)]

    assert [job.payload["number"] if job else None for job in jobs] == [1, 2, None]


def test_a_claimed_job_is_the_workers_until_its_lease_ends(database: Database) -> None:
    put_in(database)
    first = claimed(database)

    early = claim(database, NOW + LEASE - SECOND)
    again = claimed(database, NOW + LEASE)

    assert early is None
    assert (again.id, again.tries) == (first.id, 2)


@pytest.mark.parametrize("outcome", ["finish", "fail", "postpone"])
def test_who_lost_the_lease_decides_no_more_about_the_job(database: Database, outcome: str) -> None:
    put_in(database)
    slow = claimed(database)
    claimed(database, NOW + LEASE)
    before = rows(database)

    with database.writing() as connection:
        if outcome == "finish":
            store.finish(connection, slow, NOW + LEASE)
        elif outcome == "fail":
            store.fail(connection, slow, "OSError", NOW + LEASE)
        else:
            store.postpone(connection, slow, NOW + LEASE)

    assert rows(database) == before


def test_each_pause_is_twice_as_long_as_the_one_before(database: Database) -> None:
    put_in(database)
    now, pauses = NOW, []

    for _ in range(MOST_TRIES - 1):
        fail(database, claimed(database, now), now)
        pauses.append(rows(database)[0]["run_at"] - now)
        assert claim(database, now + pauses[-1] - SECOND) is None
        now += pauses[-1]

    assert pauses == [FIRST_PAUSE * 2**n for n in range(MOST_TRIES - 1)]


def test_after_eight_tries_a_job_is_given_up_and_says_why(database: Database) -> None:
    put_in(database)
    now = NOW

    for _ in range(8):
        fail(database, claimed(database, now), now)
        now += timedelta(hours=1)

    (row,) = rows(database)
    assert claim(database, now + timedelta(days=365)) is None
    assert (row["tries"], row["error"]) == (8, "OSError")
    assert row["ended_at"] is not None


def test_a_job_that_takes_its_worker_down_each_time_is_given_up_too(database: Database) -> None:
    put_in(database)
    now = NOW

    for _ in range(8):
        claimed(database, now)
        now += LEASE

    assert claim(database, now) is None
    assert (rows(database)[0]["ended_at"], rows(database)[0]["error"]) == (now, "LeaseExpired")


def test_a_postponed_job_keeps_its_tries(database: Database) -> None:
    put_in(database)

    for number in range(1, 20):
        job = claimed(database, NOW + number * SECOND)
        assert job.tries == 1
        with database.writing() as connection:
            store.postpone(connection, job, NOW + (number + 1) * SECOND)
        assert claim(database, NOW + number * SECOND) is None


def test_of_jobs_with_the_same_key_the_first_counts(database: Database) -> None:
    for number in range(3):
        put_in(database, once="only", payload={"number": number})
    put_in(database, once="another")

    assert [row["payload"] for row in rows(database)] == [{"number": 0}, {}]


def test_a_key_stays_taken_when_its_job_is_done(database: Database) -> None:
    put_in(database, once="only")
    finish(database, claimed(database))

    put_in(database, once="only")

    assert len(rows(database)) == 1


def test_a_job_is_undone_with_the_change_it_follows(database: Database) -> None:
    with database.writing() as connection:
        store.enqueue(connection, "mail", run_at=NOW)
        connection.rollback()

    assert rows(database) == []
