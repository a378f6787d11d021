"""The GraphQL edge of entities."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.database.keyset import Slice
from intelgraph_server.engine.pagination import Connection, ListKind

from . import store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from intelgraph_server.engine.context import Context

    from .model import Entity, Relation

ENTITY_LIST: Final[ListKind[Entity]] = ListKind("entities", store.ENTITY_ROWS.order)
RELATION_LIST: Final[ListKind[Relation]] = ListKind("relations", store.SUREST_FIRST)


def resolve_entity(_source: None, context: Context, id_: str) -> Entity | None:
    return store.ENTITY_ROWS.one(context.connection, context.tenant_id, id=id_)


def resolve_entities(
    _source: None,
    context: Context,
    first: int,
    after: str | None = None,
    filter_: dict[str, Any] | None = None,
) -> Connection[Entity]:
    read = partial(store.entity_page, wanted=filter_ or {})
    return ENTITY_LIST.answer(context, first, after, read)


def resolve_entity_relations(
    entity: Entity, context: Context, first: int, after: str | None = None
) -> Connection[Relation]:
    page, loaders = RELATION_LIST.page(first, after), context.loaders

    def fetch(ids: Sequence[str]) -> Mapping[str, list[Relation]]:
        pages = store.relation_pages(context.connection, context.tenant_id, ids, page)
        targets = (relation.target.id for found in pages.values() for relation in found)
        loaders.expect(ENTITY_LIST.name, targets)
        return pages

    def count(up_to: tuple[object, ...] | None) -> int:
        read = partial(store.relation_counts, context.connection, context.tenant_id, up_to=up_to)
        return loaders.load(ENTITY_LIST.name, ("relation count", up_to), entity.id, read)

    part = Slice(
        loaders.load(ENTITY_LIST.name, ("relations", page), entity.id, fetch),
        lambda: count(None),
        lambda: page.after is not None and count(page.after) > 0,
    )
    return Connection(RELATION_LIST, page, part)
