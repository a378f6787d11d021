"""The server's own answers into measurements: counted in memory, added to one row a minute.

Several processes may add to one minute of one tenant, so a row is only ever added to. It stands
apart from `metrics.py` because tiles and detectors need the past, which a scrape does not keep.
"""

from __future__ import annotations

import logging
from bisect import bisect_left
from dataclasses import asdict, dataclass, field
from itertools import accumulate
from math import inf
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import anyio
import anyio.to_thread
from sqlalchemy import and_, case, func, select, update

from intelgraph_server.database.rows import insert_once, tenant_name
from intelgraph_server.database.tables import REQUEST_MINUTES
from intelgraph_server.engine.cache import LruCache

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.auth import Clock
    from intelgraph_server.database.engine import Database

    from .metrics import Metrics

LOG: Final = logging.getLogger(__name__)
FLUSH: Final = 5  # Seconds.
# Milliseconds up to which a duration belongs to a bucket; the last bucket has no bound. Stored
# rows are counts by these bounds, in this order: they can be neither changed nor reordered.
BOUNDS: Final = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000)

Key: TypeAlias = "tuple[str, datetime]"
_MINUTES: Final = REQUEST_MINUTES.c


@dataclass(slots=True)
class Counts:
    """What one minute of one tenant came to; `durations` are those of the answered requests."""

    requests: int = 0
    failures: int = 0
    durations: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def add(self, other: Counts) -> None:
        self.requests += other.requests
        self.failures += other.failures
        self.durations = list(map(sum, zip(self.durations, other.durations, strict=True)))


@dataclass(frozen=True, slots=True)
class Totals:
    """A stretch of time in sums; failed requests are in no duration, so that none looks quick."""

    # Minutes that had a request, the newest of them, and how many more than half failed in.
    minutes: int
    newest: datetime | None
    bad_minutes: int
    requests: int
    failures: int
    durations: tuple[int, ...]


class Requests:
    """The measurements of one process that are not written yet."""

    def __init__(self, metrics: Metrics, clock: Clock) -> None:
        self._metrics = metrics
        self._clock = clock
        self._lock = Lock()
        self._pending: dict[Key, Counts] = {}
        self._past: LruCache[Totals] = LruCache(count=1000)

    def record(self, tenant_id: str, *, failed: bool, duration: float) -> None:
        """Counts one answered request; `duration` in seconds."""
        self._metrics.requests.labels("failed" if failed else "ok").observe(duration)
        counts = Counts(requests=1, failures=int(failed))
        if not failed:
            counts.durations[bucket(duration * 1000)] = 1
        self._keep({(tenant_id, self._clock().replace(second=0, microsecond=0)): counts})

    def flush(self, database: Database) -> None:
        """Adds what was counted to the database; what cannot be written is kept for later."""
        with self._lock:
            pending, self._pending = self._pending, {}
        if not pending:
            return
        try:
            with database.writing() as connection:
                add(connection, pending)
        except Exception:
            self._keep(pending)
            raise

    def past(
        self, connection: Connection, tenant_id: str, since: datetime, until: datetime
    ) -> Totals:
        """The totals of a stretch to which nothing is added any more, read once."""
        key = f"{tenant_id} {since} {until}"
        known = self._past.get(key) or totals(connection, tenant_id, since, until)
        self._past.put(key, known, 1)
        return known

    async def serve(self, database: Database) -> None:
        """Writes every few seconds for ever; a failure of the database is logged and survived."""
        while True:
            await anyio.sleep(FLUSH)
            try:
                await anyio.to_thread.run_sync(self.flush, database)
            except Exception:
                LOG.exception("the measurements could not be written")

    def _keep(self, counted: Mapping[Key, Counts]) -> None:
        with self._lock:
            for key, counts in counted.items():
                self._pending.setdefault(key, Counts()).add(counts)


def add(connection: Connection, counted: Mapping[Key, Counts]) -> None:
    """Adds to the minutes' rows; a tenant that is not one of this server's is left out."""
    # In one order for everybody, so that two processes do not wait for each other.
    for tenant_id, minute in sorted(counted):
        if tenant_name(connection, tenant_id) is None:
            continue
        key, total = {"tenant_id": tenant_id, "minute": minute}, Counts()
        insert_once(connection, REQUEST_MINUTES, key | asdict(total))
        own = and_(_MINUTES.tenant_id == tenant_id, _MINUTES.minute == minute)
        # Locked until the end of the transaction: nobody adds to what was read here.
        row = connection.execute(select(REQUEST_MINUTES).where(own).with_for_update()).one()
        total.add(Counts(row.requests, row.failures, row.durations))
        total.add(counted[tenant_id, minute])
        connection.execute(update(REQUEST_MINUTES).where(own).values(asdict(total)))


def totals(connection: Connection, tenant_id: str, since: datetime, until: datetime) -> Totals:
    """The minutes of a tenant that begin at `since` or later and before `until`."""
    is_bad = case((_MINUTES.failures * 2 > _MINUTES.requests, 1), else_=0)
    durations = (_MINUTES.durations[place].as_integer() for place in range(len(BOUNDS) + 1))
    summed = (is_bad, _MINUTES.requests, _MINUTES.failures, *durations)
    sums: list[Any] = [func.coalesce(func.sum(column), 0) for column in summed]
    query = select(func.count(), func.max(_MINUTES.minute), *sums).where(
        _MINUTES.tenant_id == tenant_id, _MINUTES.minute >= since, _MINUTES.minute < until
    )
    minutes, newest, bad, requests, failures, *counts = connection.execute(query).one()
    return Totals(minutes, newest, bad, requests, failures, tuple(counts))


def bucket(milliseconds: float) -> int:
    """The place of a duration among the counts."""
    return bisect_left(BOUNDS, milliseconds)


def answered_within(counts: Sequence[int], milliseconds: float) -> int:
    """How many were answered in time; a bucket that reaches beyond it does not count."""
    return sum(n for n, bound in zip(counts, BOUNDS, strict=False) if bound <= milliseconds)


def percentile(counts: Sequence[int], share: float) -> float | None:
    """Milliseconds within which this share was answered, as the bound of a bucket.

    None when nothing was counted; infinite when only the last bucket reaches so far.
    """
    wanted = share * sum(counts)
    if not wanted:
        return None
    reached = zip((*BOUNDS, inf), accumulate(counts), strict=True)
    return next((float(bound) for bound, seen in reached if seen >= wanted), inf)
