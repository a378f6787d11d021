"""Public pages, evidence and decisions in SQL; every statement is bound to one tenant."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select

from intelgraph_server import lake
from intelgraph_server.database import tables
from intelgraph_server.database.rows import Rows, in_order_of

from .model import Decision, Evidence, TrustPage

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def _decision(*, item_id: str, number: int, **row: Any) -> tuple[str, Decision]:
    del number  # Their order already.
    return item_id, Decision(**row)


_EVIDENCE: Final = tables.TRUST_EVIDENCE.c
_DECISIONS: Final = tables.TRUST_DECISIONS.c

PAGES: Final = Rows(tables.TRUST_PAGES, TrustPage)
EVIDENCE: Final = Rows(
    tables.TRUST_EVIDENCE, Evidence, in_order_of(_EVIDENCE.published_at, _EVIDENCE.id)
)
DECISIONS: Final = Rows(tables.TRUST_DECISIONS, _decision, in_order_of(_DECISIONS.number))


def own_page(connection: Connection, tenant_id: str, now: datetime) -> TrustPage:
    """The tenant's page, locked; a tenant without one takes part from now on, with it off."""
    begun = PAGES.add(connection, tenant_id, TrustPage(enrolled_at=now))
    return PAGES.one(connection, tenant_id, is_locked=True) or begun


def enrolled(connection: Connection) -> list[str]:
    tenant_id = tables.TRUST_PAGES.c.tenant_id
    return list(connection.execute(select(tenant_id).order_by(tenant_id)).scalars())


def bytes_since(connection: Connection, tenant_id: str, since: datetime) -> int:
    """What the tenant's evidence and bundles take up in the lake that were written since."""
    folders = ("evidence/", "bundles/")
    kept = (known for folder in folders for known in lake.named(connection, tenant_id, folder))
    return sum(known.size for known in kept if known.created_at >= since)


def decisions(connection: Connection, tenant_id: str) -> dict[str, Decision]:
    """The latest decision about each item."""
    return dict(DECISIONS.all(connection, tenant_id))


def record_decision(
    connection: Connection, tenant_id: str, item_id: str, decision: Decision, now: datetime
) -> Decision:
    """Adds the decision unless it is the same as the latest; gives the one that counts."""
    before = DECISIONS.all(connection, tenant_id, _DECISIONS.item_id == item_id)
    if before and replace(before[-1][1], decided_at=None) == decision:
        return before[-1][1]
    decided = replace(decision, decided_at=now)
    key = {"tenant_id": tenant_id, "item_id": item_id, "number": len(before) + 1}
    connection.execute(insert(tables.TRUST_DECISIONS).values(asdict(decided) | key))
    return decided
