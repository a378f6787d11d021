"""The demonstration's measured requests of 30 days, a minute of each hour, and its public page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert

from intelgraph_server.database.tables import REQUEST_MINUTES
from intelgraph_server.observe.requests import BOUNDS

from . import items, store

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from sqlalchemy import Connection

HOURS: Final = 30 * 24
# Of each thousand requests, how many failed and how many took up to 2.5 s; and the age in minutes
# of the newest minute, which tells the tenants' tiles apart.
TENANTS: Final = {"acme": (6, 1, 6), "globex": (1, 30, 9)}
PUBLIC: Final = "acme"
# Thousandths of the other requests, by bucket: up to 25, 100 and 250 ms.
QUICK: Final = {2: 700, 4: 200, 5: 100}
SLOW: Final = BOUNDS.index(2500)


def seed(connection: Connection, tenant_id: str, random: Random, clock: datetime) -> None:
    if tenant_id not in TENANTS:
        return
    failures, slow, age = TENANTS[tenant_id]
    newest = clock.replace(second=0, microsecond=0) - timedelta(minutes=age)
    rows = [_row(random.randrange(1, 4), failures, slow) for _ in range(HOURS)]
    for hour, row in enumerate(rows):
        row |= {"tenant_id": tenant_id, "minute": newest - timedelta(hours=hour)}
    connection.execute(insert(REQUEST_MINUTES), rows)
    store.own_page(connection, tenant_id, clock - timedelta(hours=HOURS))
    if tenant_id == PUBLIC:
        store.PAGES.change(connection, tenant_id, {"is_public": True})
    items.decide_tiles(connection, tenant_id, clock)


def _row(thousands: int, failures: int, slow: int) -> dict[str, Any]:
    quick = 1000 - failures - slow
    durations = [0] * (len(BOUNDS) + 1)
    for place, share in QUICK.items():
        durations[place] = quick * share // 1000 * thousands
    durations[SLOW] = slow * thousands
    failed = failures * thousands
    return {"requests": sum(durations) + failed, "failures": failed, "durations": durations}
