"""The server's own signals: what a tenant's last whole minute came to, measured once a minute.

    API_P95      the bound of the bucket that 95 % of the answers of the minute stay within
    ERROR_RATE   the failed share of the requests of the minute
    INGEST_LAG   the median wait of the exports recorded in the minute, from leaving to record

A minute without enough of what is measured has no value: absent is not zero.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Final

from intelgraph_server.jobs.store import enqueue
from intelgraph_server.jobs.worker import PostponedError
from intelgraph_server.observe.requests import BOUNDS, percentile, totals

from . import store
from .model import AnomalyEnrollment, SignalKind
from .watching import Watcher

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intelgraph_server.jobs.store import Job
    from intelgraph_server.jobs.worker import Shift

LOG: Final = logging.getLogger(__name__)
JOB: Final = "anomaly.sample"
MINUTE: Final = timedelta(minutes=1)
GRACE: Final = timedelta(seconds=10)  # What was counted is in the database by then.
FEWEST_REQUESTS: Final = 5


def enrol(
    connection: Connection, tenant_id: str, now: datetime, *, is_enrolled: bool = True
) -> AnomalyEnrollment:
    """Enrols a tenant, with the one job that samples as long as this lasts, or withdraws it."""
    enrollment = AnomalyEnrollment(is_enrolled=is_enrolled, changed_at=now)
    store.ENROLLMENTS.put(connection, tenant_id, enrollment)
    if is_enrolled:
        payload = {"enrolledAt": now.isoformat()}
        enqueue(connection, JOB, run_at=now, tenant_id=tenant_id, payload=payload)
    return enrollment


def sample(job: Job, shift: Shift) -> None:
    """Gives itself back for the next minute until the tenant withdraws."""
    until = (shift.now - GRACE).replace(second=0, microsecond=0)
    try:
        goes_on = _sample_minute(job, shift, until)
    except Exception:
        # The next minute is another chance; eight failures would end the job for good.
        LOG.exception("the signals of a minute could not be sampled")
        goes_on = True
    if goes_on:
        raise PostponedError(until + MINUTE + GRACE)


def _sample_minute(job: Job, shift: Shift, until: datetime) -> bool:
    tenant_id = job.tenant_id or ""
    with shift.database.writing() as connection:
        enrolled = store.enrollment(connection, tenant_id, is_locked=True)
        began = datetime.fromisoformat(job.payload["enrolledAt"])
        if not enrolled.is_enrolled or enrolled.changed_at != began:
            return False
        known = store.signals(connection, tenant_id)
        watcher = Watcher(connection, shift.services, tenant_id, shift.now)
        for kind, value in measured(connection, tenant_id, until).items():
            if not known[kind].is_pushed:
                watcher.take(kind, value, until, is_pushed=False)
    return True


def measured(connection: Connection, tenant_id: str, until: datetime) -> dict[SignalKind, float]:
    """The values of the minute that ends at `until`."""
    values: dict[SignalKind, float] = {}
    minute = totals(connection, tenant_id, until - MINUTE, until)
    if minute.requests >= FEWEST_REQUESTS:
        values[SignalKind.ERROR_RATE] = minute.failures / minute.requests
        p95 = percentile(minute.durations, 0.95)
        if p95 is not None:
            values[SignalKind.API_P95] = min(p95, 2.0 * BOUNDS[-1])
    waits = store.waits_of_exports(connection, tenant_id, until - MINUTE, until)
    if waits:
        values[SignalKind.INGEST_LAG] = median(waits)
    return values
