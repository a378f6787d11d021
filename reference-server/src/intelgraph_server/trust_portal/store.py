"""Public pages, evidence and decisions in SQL; every statement is bound to one tenant."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, insert, select, update

from intelgraph_server.database import trust_tables
from intelgraph_server.database.keyset import Key, Keyset
from intelgraph_server.database.once import insert_once
from intelgraph_server.database.rows import Rows
from intelgraph_server.database.tables import TENANTS
from intelgraph_server.lake import store as lake

from .model import Decision, Evidence, TrustPage

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

PAGES: Final = trust_tables.TRUST_PAGES
DECISIONS: Final = trust_tables.TRUST_DECISIONS
EVIDENCE: Final = Rows(
    trust_tables.TRUST_EVIDENCE,
    Evidence,
    Keyset(
        (Key(trust_tables.TRUST_EVIDENCE.c.published_at), Key(trust_tables.TRUST_EVIDENCE.c.id))
    ),
)
_PAGE: Final = select(
    PAGES.c.tenant_id.label("slug"), TENANTS.c.name, PAGES.c.is_public, PAGES.c.enrolled_at
).join(TENANTS, TENANTS.c.id == PAGES.c.tenant_id)


def page(connection: Connection, slug: str) -> TrustPage | None:
    """The page of a tenant that takes part."""
    row = connection.execute(_PAGE.where(PAGES.c.tenant_id == slug)).mappings().one_or_none()
    return None if row is None else TrustPage(**row)


def own_page(connection: Connection, tenant_id: str, now: datetime) -> TrustPage:
    """The tenant's page, locked; a tenant without one takes part from now on, with it off."""
    values = {"tenant_id": tenant_id, "is_public": False, "enrolled_at": now}
    insert_once(connection, PAGES, values)
    locked = _PAGE.where(PAGES.c.tenant_id == tenant_id).with_for_update(of=PAGES)
    return TrustPage(**connection.execute(locked).mappings().one())


def enrolled(connection: Connection) -> list[str]:
    return list(connection.execute(select(PAGES.c.tenant_id).order_by(PAGES.c.tenant_id)).scalars())


def turn(connection: Connection, tenant_id: str, *, is_public: bool) -> None:
    own = PAGES.c.tenant_id == tenant_id
    connection.execute(update(PAGES).where(own).values(is_public=is_public))


def evidence_of(connection: Connection, tenant_id: str) -> dict[str, Evidence]:
    """All the tenant's evidence by id, the oldest first."""
    return {evidence.id: evidence for evidence in EVIDENCE.all(connection, tenant_id)}


def bytes_since(connection: Connection, tenant_id: str, since: datetime) -> int:
    """What the tenant's evidence and bundles take up in the lake that were written since."""
    kept = (*lake.named(connection, tenant_id, "evidence/"),
            *lake.named(connection, tenant_id, "bundles/"))  # fmt: skip
    return sum(known.size for known in kept if known.created_at >= since)


def decisions(connection: Connection, tenant_id: str) -> dict[str, Decision]:
    """The latest decision about each item."""
    columns = (DECISIONS.c[field.name] for field in fields(Decision))
    query = select(DECISIONS.c.item_id, *columns).where(DECISIONS.c.tenant_id == tenant_id)
    rows = map(dict[str, Any], connection.execute(query.order_by(DECISIONS.c.number)).mappings())
    return {row.pop("item_id"): Decision(**row) for row in rows}


def record_decision(
    connection: Connection, tenant_id: str, item_id: str, decision: Decision, now: datetime
) -> Decision:
    """Adds the decision unless it is the same as the latest; gives the one that counts."""
    latest = decisions(connection, tenant_id).get(item_id)
    if latest is not None and replace(latest, decided_at=None) == decision:
        return latest
    own = and_(DECISIONS.c.tenant_id == tenant_id, DECISIONS.c.item_id == item_id)
    query = select(func.coalesce(func.max(DECISIONS.c.number), 0)).where(own)
    number = connection.execute(query).scalar_one() + 1
    decided = replace(decision, decided_at=now)
    key = {"tenant_id": tenant_id, "item_id": item_id, "number": number}
    connection.execute(insert(DECISIONS).values(asdict(decided) | key))
    return decided
