"""The GraphQL edge of entities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.database.keyset import Slice
from intelgraph_server.engine.pagination import Connection, ListKind

from . import store
from .model import Entity, EntityFilter, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from intelgraph_server.engine.context import Context

ENTITY_LIST: Final[ListKind[Entity]] = ListKind("entities", store.NEWEST_FIRST)
RELATION_LIST: Final[ListKind[Relation]] = ListKind("relations", store.SUREST_FIRST)


def resolve_entity(_source: None, context: Context, id_: str) -> Entity | None:
    return store.entity_by_id(context.connection, context.tenant_id, id_)


def resolve_entities(
    _source: None,
    context: Context,
    first: int,
    after: str | None = None,
    filter_: dict[str, Any] | None = None,
) -> Connection[Entity]:
    page = ENTITY_LIST.page(first, after)
    wanted = EntityFilter(**(filter_ or {}))
    part = store.entity_page(context.connection, context.tenant_id, page, wanted)
    connection = Connection(ENTITY_LIST, page, part)
    context.loaders.expect("entity", (entity.id for entity in connection.items))
    return connection


def resolve_entity_relations(
    entity: Entity, context: Context, first: int, after: str | None = None
) -> Connection[Relation]:
    page = RELATION_LIST.page(first, after)
    loaders, database, tenant_id = context.loaders, context.connection, context.tenant_id

    def fetch(ids: Sequence[str]) -> dict[str, list[Relation]]:
        pages = dict(store.relation_pages(database, tenant_id, ids, page))
        loaders.expect("entity", (r.target.id for found in pages.values() for r in found))
        return pages

    def count(ids: Sequence[str]) -> Mapping[str, int]:
        return store.relation_counts(database, tenant_id, ids)

    def look_back(ids: Sequence[str]) -> Mapping[str, bool]:
        return store.relations_up_to(database, tenant_id, ids, page)

    part = Slice(
        loaders.load("entity", ("relations", page), entity.id, fetch),
        lambda: loaders.load("entity", "relation count", entity.id, count),
        lambda: loaders.load("entity", ("relations before", page), entity.id, look_back),
    )
    return Connection(RELATION_LIST, page, part)
