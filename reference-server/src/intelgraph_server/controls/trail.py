"""The audit trail in SQL: who changed what, when and why; entries are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, or_

from intelgraph_server.database.keyset import Key, Keyset
from intelgraph_server.database.platform_tables import AUDIT_TRAIL

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from intelgraph_server.database.keyset import Page, Slice

NEWEST_FIRST: Final = Keyset((Key(AUDIT_TRAIL.c.id, descending=True),))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One change; `tenant_id` None is a change of the whole platform."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    reason: str | None


def record(
    connection: Connection,
    *,
    tenant_id: str | None,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    reason: str | None = None,
) -> None:
    """Adds an entry in the caller's transaction, so that a change and its entry are one."""
    values = {
        "tenant_id": tenant_id,
        "at": at,
        "actor": actor,
        "action": action,
        "subject": subject,
        "reason": reason,
    }
    connection.execute(insert(AUDIT_TRAIL).values(values))


def entries(connection: Connection, tenant_id: str, page: Page) -> Slice[AuditEntry]:
    """The entries of the tenant and those of the whole platform."""
    seen = or_(AUDIT_TRAIL.c.tenant_id == tenant_id, AUDIT_TRAIL.c.tenant_id.is_(None))
    return NEWEST_FIRST.read(connection, AUDIT_TRAIL, seen, page, _entry)


def _entry(row: RowMapping) -> AuditEntry:
    return AuditEntry(**{name: value for name, value in row.items() if name != "tenant_id"})
