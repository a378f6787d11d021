"""Jobs in SQL: put in a row, claimed by a lease, finished, tried again or given up."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, or_, select, update

from intelgraph_server.database.rows import insert_once
from intelgraph_server.database.tables import JOBS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

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
