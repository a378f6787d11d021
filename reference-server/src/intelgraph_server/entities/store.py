"""Entities and relations in SQL; every statement is bound to one tenant."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, select, true

from intelgraph_server.database.keyset import Key, Keyset
from intelgraph_server.database.rows import Rows
from intelgraph_server.database.tables import ENTITIES, RELATIONS

from .model import KINDS, Entity, Relation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    from intelgraph_server.database.keyset import Page, Slice

SUREST_FIRST: Final = Keyset((Key(RELATIONS.c.confidence, descending=True), Key(RELATIONS.c.id)))
# What each part of a filter restricts.
CONDITIONS: Final[Mapping[str, Callable[[Any], ColumnElement[bool]]]] = {
    "kinds": ENTITIES.c.kind.in_,
    "name_contains": lambda part: ENTITIES.c.name_folded.contains(part.casefold(), autoescape=True),
    "updated_since": lambda instant: ENTITIES.c.updated_at >= instant,
}


def _entity(**row: Any) -> Entity:
    kind = KINDS[row["kind"]]
    return kind(**{field.name: row[field.name] for field in fields(kind)})


ENTITY_ROWS: Final = Rows(
    ENTITIES, _entity, Keyset((Key(ENTITIES.c.updated_at, descending=True), Key(ENTITIES.c.id)))
)


def entity_page(
    connection: Connection, tenant_id: str, page: Page, wanted: Mapping[str, Any]
) -> Slice[Entity]:
    """The entities that meet all that is wanted; None does not restrict."""
    where = (CONDITIONS[name](value) for name, value in wanted.items() if value is not None)
    return ENTITY_ROWS.page(connection, tenant_id, page, *where)


def relation_pages(
    connection: Connection, tenant_id: str, source_ids: Sequence[str], page: Page
) -> Mapping[str, list[Relation]]:
    """Up to `first + 1` relations of each source, with their targets, in one statement."""
    place = func.row_number().over(
        partition_by=RELATIONS.c.source_id, order_by=SUREST_FIRST.order_by()
    )
    behind = true() if page.after is None else SUREST_FIRST.after(page.after)
    of_sources = _of_sources(tenant_id, source_ids)
    ranked = select(RELATIONS, place.label("place")).where(of_sources, behind).subquery()
    own = and_(ENTITIES.c.tenant_id == ranked.c.tenant_id, ENTITIES.c.id == ranked.c.target_id)
    query = (
        select(ranked, *(column.label(f"its_{column.name}") for column in ENTITIES.c))
        .join_from(ranked, ENTITIES, own)
        .where(ranked.c.place <= page.first + 1)
        .order_by(ranked.c.source_id, ranked.c.place)
    )
    pages: dict[str, list[Relation]] = {source_id: [] for source_id in source_ids}
    for row in connection.execute(query).mappings():
        target = _entity(**{column.name: row[f"its_{column.name}"] for column in ENTITIES.c})
        relation = Relation(
            id=row["id"], kind=row["kind"], confidence=row["confidence"], target=target
        )
        pages[row["source_id"]].append(relation)
    return pages


def relation_counts(
    connection: Connection,
    tenant_id: str,
    source_ids: Sequence[str],
    up_to: Sequence[object] | None = None,
) -> Mapping[str, int]:
    """How many relations each source has, or has up to the one with these key values."""
    source, own = RELATIONS.c.source_id, _of_sources(tenant_id, source_ids)
    before = true() if up_to is None else SUREST_FIRST.up_to(up_to)
    query = select(source, func.count()).where(own, before).group_by(source)
    found = {row[0]: row[1] for row in connection.execute(query)}
    return dict.fromkeys(source_ids, 0) | found


def _of_sources(tenant_id: str, source_ids: Sequence[str]) -> ColumnElement[bool]:
    return and_(RELATIONS.c.tenant_id == tenant_id, RELATIONS.c.source_id.in_(source_ids))
