"""Public pages, evidence and decisions in SQL; every statement is bound to one tenant."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, select, update

from intelgraph_server.database.once import insert_once
from intelgraph_server.database.tables import TENANTS
from intelgraph_server.database.trust_tables import (
    TRUST_DECISIONS as DECISIONS,
)
from intelgraph_server.database.trust_tables import (
    TRUST_EVIDENCE as EVIDENCE,
)
from intelgraph_server.database.trust_tables import (
    TRUST_PAGES as PAGES,
)

from .model import Decision, Evidence, Page

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def name_of(connection: Connection, tenant_id: str) -> str | None:
    """The tenant's name for people; None when it is not one of this server's."""
    query = select(TENANTS.c.name).where(TENANTS.c.id == tenant_id)
    return connection.execute(query).scalar_one_or_none()


def page(connection: Connection, slug: str, *, locked: bool = False) -> Page | None:
    """The page of a tenant that takes part; locked, it keeps others from deciding meanwhile."""
    query = (
        select(PAGES.c.tenant_id, TENANTS.c.name, PAGES.c.is_public, PAGES.c.enrolled_at)
        .join(TENANTS, TENANTS.c.id == PAGES.c.tenant_id)
        .where(PAGES.c.tenant_id == slug)
    )
    row = connection.execute(query.with_for_update(of=PAGES) if locked else query).one_or_none()
    if row is None:
        return None
    return Page(slug=row[0], name=row[1], is_public=row[2], enrolled_at=row[3])


def own_page(connection: Connection, tenant_id: str, now: datetime) -> Page:
    """The tenant's page, locked; a tenant without one takes part from now on, with it off."""
    values = {"tenant_id": tenant_id, "is_public": False, "enrolled_at": now}
    insert_once(connection, PAGES, values)
    found = page(connection, tenant_id, locked=True)
    if found is None:
        raise LookupError(f"{tenant_id} is no tenant")
    return found


def enrolled(connection: Connection) -> list[str]:
    return list(connection.execute(select(PAGES.c.tenant_id).order_by(PAGES.c.tenant_id)).scalars())


def turn(connection: Connection, tenant_id: str, *, is_public: bool) -> None:
    own = PAGES.c.tenant_id == tenant_id
    connection.execute(update(PAGES).where(own).values(is_public=is_public))


def add_evidence(connection: Connection, tenant_id: str, evidence: Evidence) -> None:
    insert_once(connection, EVIDENCE, asdict(evidence) | {"tenant_id": tenant_id})


def evidence_of(connection: Connection, tenant_id: str) -> dict[str, Evidence]:
    """All the tenant's evidence by id, the oldest first."""
    columns = [column for column in EVIDENCE.c if column.name != "tenant_id"]
    query = select(*columns).where(EVIDENCE.c.tenant_id == tenant_id)
    rows = connection.execute(query.order_by(EVIDENCE.c.published_at, EVIDENCE.c.id)).mappings()
    return {row["id"]: Evidence(**row) for row in rows}


def decisions(connection: Connection, tenant_id: str) -> dict[str, Decision]:
    """The latest decision about each item."""
    query = select(DECISIONS).where(DECISIONS.c.tenant_id == tenant_id)
    rows = connection.execute(query.order_by(DECISIONS.c.number)).mappings()
    return {
        row["item_id"]: Decision(
            is_allowed=row["is_allowed"],
            reasons=tuple(row["reasons"]),
            policy_sha256=row["policy_sha256"],
            decided_at=row["decided_at"],
        )
        for row in rows
    }


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
    values: dict[str, Any] = asdict(decided) | {"reasons": list(decided.reasons)}
    key = {"tenant_id": tenant_id, "item_id": item_id, "number": number}
    connection.execute(insert(DECISIONS).values(values | key))
    return decided
