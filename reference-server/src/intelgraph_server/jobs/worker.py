"""Runs the jobs that are due, one after the other, each with what it needs to do its work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

import anyio
import anyio.to_thread

from . import store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intelgraph_server.auth import Clock
    from intelgraph_server.database.engine import Database
    from intelgraph_server.services import Services

    from .store import Job

LOG: Final = logging.getLogger(__name__)
POLL: Final = 0.5  # Seconds.


@dataclass(frozen=True, slots=True)
class Shift:
    """What a job is given beside itself; it opens the transactions it needs."""

    database: Database
    services: Services
    now: datetime


Handle: TypeAlias = Callable[["Job", Shift], None]


class PostponedError(Exception):
    """The job may not be done now; it is given back until the instant, as if never tried."""

    def __init__(self, until: datetime) -> None:
        super().__init__("postponed")
        self.until = until


class Worker:
    """The jobs of one server; `daily` kinds are put in by the worker itself, once a day in UTC."""

    def __init__(
        self,
        database: Database,
        services: Services,
        clock: Clock,
        jobs: Mapping[str, Handle],
        daily: Iterable[str] = (),
    ) -> None:
        self._database = database
        self._services = services
        self._clock = clock
        self._jobs = dict(jobs)
        self._daily = tuple(daily)
        # The last day whose daily jobs were put in, so that others need no transaction.
        self._begun: datetime | None = None

    def run_due(self, most: int = 1000) -> int:
        """Runs what is due, up to so many jobs; gives how many were run."""
        self._put_in_daily()
        for done in range(most):
            with self._database.writing() as connection:
                job = store.claim(connection, self._jobs, self._clock())
            if job is None:
                return done
            self._run(job)
        return most

    def _put_in_daily(self) -> None:
        today = self._clock().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        if today == self._begun:
            return
        payload = {"day": (today - timedelta(days=1)).date().isoformat()}
        with self._database.writing() as connection:
            for kind in self._daily:
                once = f"{kind}:{payload['day']}"
                store.enqueue(connection, kind, run_at=today, payload=payload, once=once)
        self._begun = today

    async def serve(self) -> None:
        """Looks for due jobs for ever; a failure of the database is logged and survived."""
        while True:
            done = 0
            try:
                # One at a time: the server's end waits for a job, not for all of them.
                done = await anyio.to_thread.run_sync(self.run_due, 1)
            except Exception:
                LOG.exception("the jobs could not be looked at")
            if not done:
                await anyio.sleep(POLL)

    def _run(self, job: Job) -> None:
        try:
            self._jobs[job.kind](job, Shift(self._database, self._services, self._clock()))
        except PostponedError as postponed:
            with self._database.writing() as connection:
                store.postpone(connection, job, postponed.until)
        except Exception as error:
            LOG.exception("job %s %d failed", job.kind, job.id)
            with self._database.writing() as connection:
                # The class alone: a message may quote what the job was about.
                store.fail(connection, job, type(error).__name__, self._clock())
        else:
            with self._database.writing() as connection:
                store.finish(connection, job, self._clock())
