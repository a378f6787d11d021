"""Switches in SQL: a part works unless a row says that somebody switched it off."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from intelgraph_server.database.platform_tables import SWITCHES

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping


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
    stored = {row["name"]: _switch(row) for row in connection.execute(select(SWITCHES)).mappings()}
    return [stored.get(name, Switch(name=name)) for name in SwitchName]


def _switch(row: RowMapping) -> Switch:
    return Switch(
        name=SwitchName(row["name"]),
        is_on=row["is_on"],
        changed_by=row["changed_by"],
        changed_at=row["changed_at"],
        reason=row["reason"],
    )


def is_on(connection: Connection, name: SwitchName) -> bool:
    query = select(SWITCHES.c.is_on).where(SWITCHES.c.name == name)
    found = connection.execute(query).scalar_one_or_none()
    return True if found is None else found


def write(connection: Connection, switch: Switch) -> bool:
    """Keeps the switch as it now stands; gives whether it stood the other way before.

    Of two people who switch at the same time, the one that waits for the other changes nothing.
    """
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {name: getattr(switch, name) for name in SWITCHES.columns.keys()}  # noqa: SIM118
    written = insert(SWITCHES).values(values)
    changed = written.on_conflict_do_update(
        index_elements=["name"], set_=values, where=SWITCHES.c.is_on != written.excluded.is_on
    )
    return connection.execute(changed.returning(SWITCHES.c.name)).one_or_none() is not None
