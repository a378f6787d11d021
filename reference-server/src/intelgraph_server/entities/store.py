"""Entities and relations in SQL; every statement is bound to one tenant."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, and_, func, select

from intelgraph_server.database.keyset import Key, Keyset
from intelgraph_server.database.tables import ENTITIES, RELATIONS

from .model import KINDS, Entity, EntityFilter, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, RowMapping

    from intelgraph_server.database.keyset import Page, Slice

NEWEST_FIRST: Final = Keyset((Key(ENTITIES.c.updated_at, descending=True), Key(ENTITIES.c.id)))
SUREST_FIRST: Final = Keyset((Key(RELATIONS.c.confidence, descending=True), Key(RELATIONS.c.id)))


def entity_by_id(connection: Connection, tenant_id: str, entity_id: str) -> Entity | None:
    query = select(ENTITIES).where(ENTITIES.c.tenant_id == tenant_id, ENTITIES.c.id == entity_id)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _entity(row)


def entity_page(
    connection: Connection, tenant_id: str, page: Page, wanted: EntityFilter
) -> Slice[Entity]:
    where = and_(ENTITIES.c.tenant_id == tenant_id, *_conditions(wanted))
    return NEWEST_FIRST.read(connection, ENTITIES, where, page, _entity)


def relation_pages(
    connection: Connection, tenant_id: str, source_ids: Sequence[str], page: Page
) -> Mapping[str, list[Relation]]:
    """Up to `first + 1` relations of each source, with their targets, in one statement."""
    place = func.row_number().over(
        partition_by=RELATIONS.c.source_id, order_by=SUREST_FIRST.order_by()
    )
    behind = () if page.after is None else (SUREST_FIRST.after(page.after),)
    of_sources = _of_sources(tenant_id, source_ids)
    ranked = select(RELATIONS, place.label("place")).where(of_sources, *behind).subquery()
    target = and_(ENTITIES.c.tenant_id == ranked.c.tenant_id, ENTITIES.c.id == ranked.c.target_id)
    query = (
        select(*(c.label(f"relation_{c.name}") for c in ranked.c), ENTITIES)
        .join_from(ranked, ENTITIES, target)
        .where(ranked.c.place <= page.first + 1)
        .order_by(ranked.c.source_id, ranked.c.place)
    )
    pages: dict[str, list[Relation]] = {source_id: [] for source_id in source_ids}
    for row in connection.execute(query).mappings():
        pages[row["relation_source_id"]].append(_relation(row))
    return pages


def relation_counts(
    connection: Connection, tenant_id: str, source_ids: Sequence[str]
) -> Mapping[str, int]:
    source = RELATIONS.c.source_id
    query = select(source, func.count()).where(_of_sources(tenant_id, source_ids)).group_by(source)
    found = {row[0]: row[1] for row in connection.execute(query)}
    return dict.fromkeys(source_ids, 0) | found


def relations_up_to(
    connection: Connection, tenant_id: str, source_ids: Sequence[str], page: Page
) -> Mapping[str, bool]:
    """Whether relations of each source stand before the page."""
    if page.after is None:
        return dict.fromkeys(source_ids, False)
    before = _of_sources(tenant_id, source_ids), SUREST_FIRST.up_to(page.after)
    found = connection.execute(select(RELATIONS.c.source_id).where(*before).distinct()).scalars()
    return dict.fromkeys(source_ids, False) | dict.fromkeys(found, True)


def _of_sources(tenant_id: str, source_ids: Sequence[str]) -> ColumnElement[bool]:
    return and_(RELATIONS.c.tenant_id == tenant_id, RELATIONS.c.source_id.in_(source_ids))


def _conditions(wanted: EntityFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.kinds is not None:
        conditions.append(ENTITIES.c.kind.in_(wanted.kinds))
    if wanted.name_contains is not None:
        folded = wanted.name_contains.casefold()
        conditions.append(ENTITIES.c.name_folded.contains(folded, autoescape=True))
    if wanted.updated_since is not None:
        conditions.append(ENTITIES.c.updated_at >= wanted.updated_since)
    return conditions


def _relation(row: RowMapping) -> Relation:
    return Relation(
        id=row["relation_id"],
        kind=row["relation_kind"],
        confidence=row["relation_confidence"],
        target=_entity(row),
    )


def _entity(row: RowMapping) -> Entity:
    kind = KINDS[row[ENTITIES.c.kind]]
    return kind(**{field.name: row[ENTITIES.c[field.name]] for field in fields(kind)})
