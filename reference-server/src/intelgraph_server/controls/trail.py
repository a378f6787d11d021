"""The audit trail in SQL: who changed what, when and why; entries are only ever added."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, or_

from intelgraph_server.database.rows import Rows, newest_first
from intelgraph_server.database.tables import AUDIT_TRAIL

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intelgraph_server.database.keyset import Page, Slice


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
