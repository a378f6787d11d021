"""The catalogue of the audit lake: which document of which tenant has which digest."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from intelgraph_server.database.once import insert_once
from intelgraph_server.database.tables import LAKE_OBJECTS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from .objects import Lake


class NameTakenError(Exception):
    """The name stands for another document already; names are given once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeObject:
    """A document of the lake as its catalogue knows it."""

    tenant_id: str
    name: str
    sha256: str
    size: int
    media_type: str
    created_at: datetime

    @property
    def uri(self) -> str:
        """The document's name everywhere; it is no link."""
        return f"lake://{self.tenant_id}/{self.name}"


def keep(
    connection: Connection,
    lake: Lake,
    *,
    tenant_id: str,
    name: str,
    content: bytes,
    media_type: str,
    now: datetime,
) -> LakeObject:
    """Writes a document under a name, once; the same again answers what is there.

    The bytes go first: a name without bytes would promise what cannot be kept, while bytes
    without a name only take up room. Raises LakeAwayError, and NameTakenError when the name
    stands for other bytes.
    """
    entry = LakeObject(
        tenant_id=tenant_id,
        name=name,
        sha256=lake.put(content),
        size=len(content),
        media_type=media_type,
        created_at=now,
    )
    return enter(connection, entry)


def enter(connection: Connection, entry: LakeObject) -> LakeObject:
    """Gives bytes that the lake has a name, for whoever put them in before the transaction."""
    insert_once(connection, LAKE_OBJECTS, asdict(entry))
    kept = find(connection, entry.tenant_id, entry.name)
    if kept is None or kept.sha256 != entry.sha256:
        raise NameTakenError(f"{entry.name} stands for another document already")
    return kept


def find(connection: Connection, tenant_id: str, name: str) -> LakeObject | None:
    return next(iter(_read(connection, tenant_id, LAKE_OBJECTS.c.name == name)), None)


def named(connection: Connection, tenant_id: str, prefix: str) -> list[LakeObject]:
    """The tenant's documents whose names begin so, by name."""
    return _read(connection, tenant_id, LAKE_OBJECTS.c.name.startswith(prefix, autoescape=True))


def _read(connection: Connection, tenant_id: str, where: ColumnElement[bool]) -> list[LakeObject]:
    query = select(LAKE_OBJECTS).where(LAKE_OBJECTS.c.tenant_id == tenant_id, where)
    rows = connection.execute(query.order_by(LAKE_OBJECTS.c.name)).mappings()
    return [LakeObject(**row) for row in rows]
