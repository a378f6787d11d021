"""What the operator holds in hand: switches that turn a part off, and the trail of all changes.

A part works unless a row says that somebody switched it off; entries are only ever added.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, or_, select, update

from intelgraph_server.database.rows import Rows, insert_once, newest_first
from intelgraph_server.database.tables import AUDIT_TRAIL, SWITCHES
from intelgraph_server.generated.enums import SwitchName

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.database.keyset import Page, Slice


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A part of the service and whether it works."""

    name: SwitchName
    is_on: bool = True
    changed_by: str | None = None
    changed_at: datetime | None = None
    reason: str | None = None


def all_switches(connection: Connection) -> list[Switch]:
    """Every switch, in the order of the schema."""
    rows = connection.execute(select(SWITCHES)).mappings()
    stored = {row["name"]: Switch(**row) for row in rows}
    return [replace(stored.get(name) or Switch(name=name), name=name) for name in SwitchName]


def is_on(connection: Connection, name: SwitchName) -> bool:
    query = select(SWITCHES.c.is_on).where(SWITCHES.c.name == name)
    return connection.execute(query).scalar_one_or_none() is not False


def turn(connection: Connection, switch: Switch) -> bool:
    """Keeps the switch as it now stands; gives whether it stood the other way before.

    Of two people who switch at the same time, the one that waits for the other changes nothing.
    """
    other_way = (SWITCHES.c.name == switch.name) & (SWITCHES.c.is_on != switch.is_on)
    turned = connection.execute(update(SWITCHES).where(other_way).values(asdict(switch)))
    return turned.rowcount == 1 or insert_once(connection, SWITCHES, asdict(switch))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One change; `tenant_id` None is a change of the whole platform."""

    tenant_id: str | None
    at: datetime
    actor: str
    action: str
    subject: str
    reason: str | None = None
    id: int | None = None  # Given when the entry is written.


ENTRIES: Final = Rows(AUDIT_TRAIL, AuditEntry, newest_first(AUDIT_TRAIL.c.id))


def record(connection: Connection, entry: AuditEntry) -> None:
    """Adds an entry in the caller's transaction, so that a change and its entry are one."""
    values = asdict(entry)
    del values["id"]
    connection.execute(insert(AUDIT_TRAIL).values(values))


def entries(connection: Connection, tenant_id: str, page: Page) -> Slice[AuditEntry]:
    """The entries of the tenant and those of the whole platform."""
    seen = or_(AUDIT_TRAIL.c.tenant_id == tenant_id, AUDIT_TRAIL.c.tenant_id.is_(None))
    return ENTRIES.order.read(connection, AUDIT_TRAIL, seen, page, ENTRIES.read)
