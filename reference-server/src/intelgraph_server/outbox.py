"""The outbox: an event is written with the change it tells of, and read in the order of ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, insert, select, text

from intelgraph_server.database.tables import OUTBOX

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

# Any number, as long as it is the same in every process.
_LOCK: Final = text("SELECT pg_advisory_xact_lock(7301902114)")


@dataclass(frozen=True, slots=True)
class Event:
    """What a subscription field is told."""

    id: int
    payload: Mapping[str, Any]


def publish(
    connection: Connection, tenant_id: str, field: str, payload: Mapping[str, Any], now: datetime
) -> None:
    """Tells an event to those who subscribed to the field, once the transaction is committed."""
    if connection.dialect.name == "postgresql":
        # Else an event could be committed after one of a higher id was read, and be missed.
        connection.execute(_LOCK)
    event = insert(OUTBOX).values(tenant_id=tenant_id, field=field, payload=dict(payload))
    connection.execute(event.values(created_at=now))


def last_id(connection: Connection, tenant_id: str, field: str) -> int:
    """The id of the newest event; 0 when there is none."""
    query = select(func.coalesce(func.max(OUTBOX.c.id), 0)).where(_own(tenant_id, field))
    newest: int = connection.execute(query).scalar_one()
    return newest


def events_after(
    connection: Connection, tenant_id: str, field: str, event_id: int, most: int = 100
) -> list[Event]:
    query = select(OUTBOX.c.id, OUTBOX.c.payload).where(_own(tenant_id, field))
    later = query.where(OUTBOX.c.id > event_id).order_by(OUTBOX.c.id).limit(most)
    return [Event(*row) for row in connection.execute(later)]


def _own(tenant_id: str, field: str) -> ColumnElement[bool]:
    return and_(OUTBOX.c.tenant_id == tenant_id, OUTBOX.c.field == field)
