"""Runs the jobs that are due, one after the other, each with what it needs to do its work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

import anyio
import anyio.to_thread

from . import store

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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


@dataclass(slots=True)
class Worker:
    """The jobs of one server; `daily` kinds are put in by the worker itself, once a day in UTC."""

    database: Database
    services: Services
    clock: Clock
    jobs: Mapping[str, Handle]
    daily: Collection[str] = ()
    # The last day whose daily jobs were put in, so that others need no transaction.
    _begun: datetime | None = field(default=None, init=False)

    def run_due(self, most: int = 1000) -> int:
        """Runs what is due, up to so many jobs; gives how many were run."""
        self._put_in_daily()
        for done in range(most):
            with self.database.writing() as connection:
                job = store.claim(connection, self.jobs, self.clock())
            if job is None:
                return done
            self._run(job)
        return most

    def _put_in_daily(self) -> None:
        today = self.clock().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        if today == self._begun:
            return
        day = (today - timedelta(days=1)).date().isoformat()
        with self.database.writing() as connection:
            for kind in self.daily:
                once, payload = f"{kind}:{day}", {"day": day}
                store.enqueue(connection, kind, run_at=today, payload=payload, once=once)
        self._begun = today

    async def serve(self) -> None:
        """Looks for due jobs for ever; a failure of the database is logged and survived."""
        while True:
            try:
                # One at a time: the server's end waits for a job, not for all of them.
                if await anyio.to_thread.run_sync(self.run_due, 1):
                    continue
            except Exception:
                LOG.exception("the jobs could not be looked at")
            await anyio.sleep(POLL)

    def _run(self, job: Job) -> None:
        try:
            self.jobs[job.kind](job, Shift(self.database, self.services, self.clock()))
            settle = partial(store.finish, now=self.clock())
        except PostponedError as postponed:
            settle = partial(store.postpone, until=postponed.until)
        except Exception as error:
            LOG.exception("job %s %d failed", job.kind, job.id)
            # The class alone: a message may quote what the job was about.
            settle = partial(store.fail, error=type(error).__name__, now=self.clock())
        with self.database.writing() as connection:
            settle(connection, job)
