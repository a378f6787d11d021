"""Request measurements into tiles, by the objectives that were declared once for everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from intelgraph_server.observe.requests import FLUSH, answered_within

from . import rules
from .model import TrustTile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.observe.requests import Totals
    from intelgraph_server.services import Services

    from .model import Page

MINUTE: Final = timedelta(minutes=1)
# In the order of the portal; each is asked only where something was measured.
SHARES: Final[Mapping[str, Callable[[Totals, Mapping[str, float]], float]]] = {
    "slo": lambda t, o: answered_within(t.durations, o["latencyMs"]) / t.requests,
    "uptime": lambda t, _: (t.minutes - t.bad_minutes) / t.minutes,
    "error_rate": lambda t, _: t.failures / t.requests,
}
TITLES: Final = {
    "slo": "Requests answered without failure and in time",
    "uptime": "Minutes in which the service answered",
    "error_rate": "Requests that failed",
}


def measured_tiles(
    connection: Connection, services: Services, page: Page, now: datetime
) -> list[TrustTile]:
    # Only minutes count to which no process adds any more, so that what is read here stays.
    until = (now - timedelta(seconds=2 * FLUSH)).replace(second=0, microsecond=0)
    tiles: list[TrustTile] = []
    for kind, share in SHARES.items():
        objective = services.objectives.objectives[kind]
        since = until - timedelta(days=objective["windowDays"])
        totals = services.requests.past(connection, page.slug, since, until)
        measured = None if totals.newest is None else totals.newest + MINUTE
        value = share(totals, objective) if totals.requests else None
        status = rules.tile_status(objective, value, measured, now)
        # Where nothing was measured, this has been so since the tenant takes part.
        tiles.append(TrustTile(kind, status, measured or page.enrolled_at))
    return tiles
