"""Jobs: who gets one, for how long, what becomes of it, and what a worker survives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from sqlalchemy import select

from intelgraph_server import jobs
from intelgraph_server.app import create_services
from intelgraph_server.database.tables import JOBS
from intelgraph_server.jobs import (
    FIRST_PAUSE,
    LEASE,
    MOST_TRIES,
    Job,
    PostponedError,
    Shift,
    Worker,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import RowMapping

    from intelgraph_server.database.engine import Database
    from intelgraph_server.jobs import Handle
    from intelgraph_server.services import Services
    from intelgraph_server.settings import Settings

NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def put_in(database: Database, kind: str = "mail", **given: object) -> None:
    with database.writing() as connection:
        jobs.enqueue(connection, kind, **{"run_at": NOW, **given})  # type: ignore[arg-type]


def claim(database: Database, now: datetime = NOW, kind: str = "mail") -> Job | None:
    with database.writing() as connection:
        return jobs.claim(connection, [kind], now)


def claimed(database: Database, now: datetime = NOW) -> Job:
    job = claim(database, now)
    assert job is not None
    return job


def fail(database: Database, job: Job, now: datetime = NOW) -> None:
    with database.writing() as connection:
        jobs.fail(connection, job, "OSError", now)


def finish(database: Database, job: Job, now: datetime = NOW) -> None:
    with database.writing() as connection:
        jobs.finish(connection, job, now)


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
        assert jobs.claim(connection, [], NOW) is None


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
        found = [jobs.claim(connection, ["mail"], NOW) for connection in (one, other, other)]

    assert [job.payload["number"] if job else None for job in found] == [1, 2, None]


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
            jobs.finish(connection, slow, NOW + LEASE)
        elif outcome == "fail":
            jobs.fail(connection, slow, "OSError", NOW + LEASE)
        else:
            jobs.postpone(connection, slow, NOW + LEASE)

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
            jobs.postpone(connection, job, NOW + (number + 1) * SECOND)
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
        jobs.enqueue(connection, "mail", run_at=NOW)
        connection.rollback()

    assert rows(database) == []


@dataclass
class Time:
    """A clock that is set by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def services(settings: Settings) -> Services:
    return create_services(settings, lambda: NOW)


class Workplace:
    """One database with its workers, and the jobs that were run."""

    def __init__(self, database: Database, services: Services) -> None:
        self.database = database
        self.services = services
        self.time = Time()
        self.ran: list[Mapping[str, Any]] = []

    def worker(self, handle: Handle | None = None, daily: tuple[str, ...] = ()) -> Worker:
        jobs = {"mail": handle or self.note}
        return Worker(self.database, self.services, self.time, jobs, daily)

    def note(self, job: Job, _shift: Shift) -> None:
        self.ran.append(job.payload)

    def put_in(self, count: int = 1) -> None:
        with self.database.writing() as connection:
            for number in range(count):
                jobs.enqueue(connection, "mail", run_at=NOW, payload={"number": number})

    def row(self) -> Mapping[str, Any]:
        with self.database.reading() as connection:
            return connection.execute(select(JOBS)).mappings().one()


@pytest.fixture
def place(database: Database, services: Services) -> Workplace:
    return Workplace(database, services)


def test_everything_that_is_due_is_run_once(place: Workplace) -> None:
    place.put_in(3)
    worker = place.worker()

    assert (worker.run_due(), worker.run_due()) == (3, 0)
    assert place.ran == [{"number": number} for number in range(3)]


def test_no_more_are_run_than_asked_for(place: Workplace) -> None:
    place.put_in(3)

    assert place.worker().run_due(2) == 2
    assert len(place.ran) == 2


def test_a_job_is_given_the_database_the_services_and_the_instant(place: Workplace) -> None:
    shifts: list[Shift] = []
    place.put_in()

    place.worker(lambda _job, shift: shifts.append(shift)).run_due()

    assert shifts == [Shift(place.database, place.services, NOW)]


def test_a_job_can_write_while_it_is_run(place: Workplace) -> None:
    def enqueue_another(_job: Job, shift: Shift) -> None:
        with shift.database.writing() as connection:
            jobs.enqueue(connection, "other", run_at=shift.now, once="other")

    place.put_in()

    assert place.worker(enqueue_another).run_due() == 1


def test_a_failure_is_kept_by_its_class_alone_and_the_next_job_is_run(place: Workplace) -> None:
    def fails(_job: Job, _shift: Shift) -> None:
        raise OSError("hunter2")

    place.put_in()

    assert place.worker(fails).run_due() == 1
    assert place.row()["error"] == "OSError"
    assert place.row()["ended_at"] is None
    assert place.row()["run_at"] > NOW


def test_a_job_that_failed_and_then_succeeds_has_no_error_left(place: Workplace) -> None:
    def fails_first(job: Job, _shift: Shift) -> None:
        if job.tries == 1:
            raise OSError

    place.put_in()
    worker = place.worker(fails_first)
    worker.run_due()
    place.time.now += timedelta(hours=1)

    worker.run_due()

    assert place.row()["error"] is None
    assert place.row()["ended_at"] == place.time.now


def test_a_job_that_may_not_be_done_yet_is_given_back_untried(place: Workplace) -> None:
    def waits(_job: Job, shift: Shift) -> None:
        raise PostponedError(shift.now + timedelta(minutes=5))

    place.put_in()

    place.worker(waits).run_due()

    row = place.row()
    assert (row["tries"], row["error"], row["run_at"]) == (0, None, NOW + timedelta(minutes=5))


def test_a_daily_job_is_run_once_a_day_for_the_day_before(place: Workplace) -> None:
    # Several workers, as after a restart or in several processes.
    for hours in (0, 1, 11.9, 12, 13, 36):
        place.time.now = NOW + timedelta(hours=hours)
        place.worker(daily=("mail",)).run_due()

    assert place.ran == [{"day": "2026-04-14"}, {"day": "2026-04-15"}, {"day": "2026-04-16"}]


def test_one_worker_puts_in_the_daily_jobs_of_each_day_it_sees(place: Workplace) -> None:
    worker = place.worker(daily=("mail",))

    for days in (0, 0, 1, 1, 2):
        place.time.now = NOW + timedelta(days=days)
        worker.run_due()

    assert [payload["day"][-2:] for payload in place.ran] == ["14", "15", "16"]


async def test_serving_goes_on_when_the_database_fails_once(
    place: Workplace, caplog: pytest.LogCaptureFixture
) -> None:
    done = anyio.Event()
    looked: list[datetime] = []

    def clock() -> datetime:
        looked.append(NOW)
        if len(looked) == 1:
            raise OSError("away")
        return NOW

    def finishes(_job: Job, _shift: Shift) -> None:
        anyio.from_thread.run_sync(done.set)

    place.put_in()
    worker = Worker(place.database, place.services, clock, {"mail": finishes})

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(worker.serve)
        with anyio.fail_after(120):
            await done.wait()
        tasks.cancel_scope.cancel()

    assert "the jobs could not be looked at" in caplog.messages
