"""The worker: what it runs, what it survives, and what it puts in by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from sqlalchemy import select

from intelgraph_server.app import create_services
from intelgraph_server.database.tables import JOBS
from intelgraph_server.jobs import store
from intelgraph_server.jobs.worker import PostponedError, Shift, Worker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intelgraph_server.database.engine import Database
    from intelgraph_server.jobs.store import Job
    from intelgraph_server.jobs.worker import Handle
    from intelgraph_server.services import Services
    from intelgraph_server.settings import Settings

NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)


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
                store.enqueue(connection, "mail", run_at=NOW, payload={"number": number})

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
            store.enqueue(connection, "other", run_at=shift.now, once="other")

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
        with anyio.fail_after(20):
            await done.wait()
        tasks.cancel_scope.cancel()

    assert "the jobs could not be looked at" in caplog.messages
