"""Work that is done later: a table of jobs, each leased to one worker at a time and tried again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import anyio
import anyio.to_thread
from sqlalchemy import and_, or_, select, update

from intelgraph_server.database.rows import insert_once
from intelgraph_server.database.tables import JOBS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection

    from intelgraph_server.auth import Clock
    from intelgraph_server.database.engine import Database
    from intelgraph_server.services import Services

LOG: Final = logging.getLogger(__name__)
POLL: Final = 0.5  # Seconds.
LEASE: Final = timedelta(minutes=2)
MOST_TRIES: Final = 8
FIRST_PAUSE: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work; `tries` counts this one."""

    id: int
    kind: str
    tenant_id: str | None
    payload: Mapping[str, Any]
    run_at: datetime
    tries: int


def enqueue(
    connection: Connection,
    kind: str,
    *,
    run_at: datetime,
    tenant_id: str | None = None,
    payload: Mapping[str, Any] | None = None,
    once: str | None = None,
) -> None:
    """Puts a job in, in the caller's transaction; of jobs with the same `once` the first counts."""
    values = {"kind": kind, "tenant_id": tenant_id, "payload": dict(payload or {}), "tries": 0}
    insert_once(connection, JOBS, values | {"run_at": run_at, "dedupe_key": once})


def claim(connection: Connection, kinds: Iterable[str], now: datetime) -> Job | None:
    """The next job of these kinds that is due and that nobody works on, leased to the caller."""
    _give_up_the_abandoned(connection, now)
    free = or_(JOBS.c.leased_until.is_(None), JOBS.c.leased_until <= now)
    due = and_(JOBS.c.kind.in_(tuple(kinds)), JOBS.c.ended_at.is_(None), JOBS.c.run_at <= now, free)
    first = select(JOBS.c.id).where(due).order_by(JOBS.c.run_at, JOBS.c.id).limit(1)
    # SQLite has one writer at a time; PostgreSQL passes over what another worker just claims.
    mine = JOBS.c.id == first.with_for_update(skip_locked=True).scalar_subquery()
    claimed = update(JOBS).where(mine).values(leased_until=now + LEASE, tries=JOBS.c.tries + 1)
    returning = claimed.returning(*(JOBS.c[field.name] for field in fields(Job)))
    row = connection.execute(returning).mappings().one_or_none()
    return None if row is None else Job(**row)


def _give_up_the_abandoned(connection: Connection, now: datetime) -> None:
    # A job that takes its worker down with it never gets to `fail`.
    lost = and_(JOBS.c.ended_at.is_(None), JOBS.c.leased_until <= now, JOBS.c.tries >= MOST_TRIES)
    connection.execute(update(JOBS).where(lost).values(ended_at=now, error="LeaseExpired"))


def finish(connection: Connection, job: Job, now: datetime) -> None:
    _settle(connection, job, ended_at=now, error=None)


def postpone(connection: Connection, job: Job, until: datetime) -> None:
    """Gives a job back untried, for a time at which it may be done."""
    _settle(connection, job, run_at=until, leased_until=None, tries=job.tries - 1)


def fail(connection: Connection, job: Job, error: str, now: datetime) -> None:
    """Tries a failed job again after a pause that doubles, up to MOST_TRIES times in all."""
    again = now + FIRST_PAUSE * 2 ** (job.tries - 1)
    ended = now if job.tries >= MOST_TRIES else None
    _settle(connection, job, error=error, leased_until=None, run_at=again, ended_at=ended)


def _settle(connection: Connection, job: Job, **values: object) -> None:
    # Whoever took over an expired lease has counted a try more; the job is theirs now.
    held = and_(JOBS.c.id == job.id, JOBS.c.tries == job.tries, JOBS.c.ended_at.is_(None))
    connection.execute(update(JOBS).where(held).values(values))


@dataclass(frozen=True, slots=True)
class Shift:
    """What a job is given beside itself; it opens the transactions it needs."""

    database: Database
    services: Services
    now: datetime


Handle: TypeAlias = Callable[[Job, Shift], None]


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
                job = claim(connection, self.jobs, self.clock())
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
                enqueue(connection, kind, run_at=today, payload=payload, once=once)
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
            settle = partial(finish, now=self.clock())
        except PostponedError as postponed:
            settle = partial(postpone, until=postponed.until)
        except Exception as error:
            LOG.exception("job %s %d failed", job.kind, job.id)
            # The class alone: a message may quote what the job was about.
            settle = partial(fail, error=type(error).__name__, now=self.clock())
        with self.database.writing() as connection:
            settle(connection, job)
