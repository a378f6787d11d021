"""Entities and relations in SQL; every statement is bound to one tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, and_, func, select

from intelgraph_server.database.keyset import Key, Keyset
from intelgraph_server.database.tables import ENTITIES, RELATIONS

from .model import Entity, EntityFilter, Indicator, Organization, Person, Relation

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
    ranked = (
        select(
            RELATIONS,
            func.row_number()
            .over(partition_by=RELATIONS.c.source_id, order_by=SUREST_FIRST.order_by())
            .label("place"),
        )
        .where(RELATIONS.c.tenant_id == tenant_id, RELATIONS.c.source_id.in_(source_ids))
        .where(*([] if page.after is None else [SUREST_FIRST.after(page.after)]))
        .subquery()
    )
    columns = [c.label(f"relation_{c.name}") for c in ranked.c]
    query = (
        select(*columns, ENTITIES)
        .join_from(
            ranked,
            ENTITIES,
            and_(ENTITIES.c.tenant_id == ranked.c.tenant_id, ENTITIES.c.id == ranked.c.target_id),
        )
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
    query = (
        select(RELATIONS.c.source_id, func.count())
        .where(RELATIONS.c.tenant_id == tenant_id, RELATIONS.c.source_id.in_(source_ids))
        .group_by(RELATIONS.c.source_id)
    )
    found = {row[0]: row[1] for row in connection.execute(query)}
    return {source_id: found.get(source_id, 0) for source_id in source_ids}


def relations_up_to(
    connection: Connection, tenant_id: str, source_ids: Sequence[str], page: Page
) -> Mapping[str, bool]:
    """Whether relations of each source stand before the page."""
    if page.after is None:
        return dict.fromkeys(source_ids, False)
    query = (
        select(RELATIONS.c.source_id)
        .where(RELATIONS.c.tenant_id == tenant_id, RELATIONS.c.source_id.in_(source_ids))
        .where(SUREST_FIRST.up_to(page.after))
        .distinct()
    )
    found = set(connection.execute(query).scalars())
    return {source_id: source_id in found for source_id in source_ids}


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
    shared: dict[str, Any] = {
        key: row[ENTITIES.c[key]] for key in ("id", "name", "summary", "updated_at")
    }
    match row[ENTITIES.c.kind]:
        case "PERSON":
            return Person(
                **shared,
                aliases=tuple(row[ENTITIES.c.aliases]),
                nationality=row[ENTITIES.c.nationality],
            )
        case "ORGANIZATION":
            return Organization(
                **shared,
                jurisdiction=row[ENTITIES.c.jurisdiction],
                registration_number=row[ENTITIES.c.registration_number],
            )
        case _:
            return Indicator(
                **shared,
                indicator_kind=row[ENTITIES.c.indicator_kind],
                value=row[ENTITIES.c.value],
                first_seen_at=row[ENTITIES.c.first_seen_at],
            )
