"""Switches in SQL: a part works unless a row says that somebody switched it off."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from intelgraph_server.database.rows import insert_once
from intelgraph_server.database.tables import SWITCHES

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


class SwitchName(StrEnum):
    """The values of `SwitchName`."""

    CHECKOUT = "CHECKOUT"
    TRUST_PORTAL_WRITES = "TRUST_PORTAL_WRITES"
    ANOMALY_ALERTS = "ANOMALY_ALERTS"
    RESIDENCY_SCHEDULER = "RESIDENCY_SCHEDULER"


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


def write(connection: Connection, switch: Switch) -> bool:
    """Keeps the switch as it now stands; gives whether it stood the other way before.

    Of two people who switch at the same time, the one that waits for the other changes nothing.
    """
    other_way = (SWITCHES.c.name == switch.name) & (SWITCHES.c.is_on != switch.is_on)
    turned = connection.execute(update(SWITCHES).where(other_way).values(asdict(switch)))
    return turned.rowcount == 1 or insert_once(connection, SWITCHES, asdict(switch))
