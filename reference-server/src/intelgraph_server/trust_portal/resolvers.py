"""The GraphQL edge of the trust portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from intelgraph_server.engine.schema import Domain

from . import store
from .model import TrustTile

if TYPE_CHECKING:
    from intelgraph_server.engine.context import Context


def resolve_trust_tiles(_source: None, context: Context) -> list[TrustTile]:
    return store.trust_tiles(context.connection, context.tenant_id)


DOMAIN: Final = Domain(
    name="trust_portal",
    types={"TrustTile": TrustTile},
    resolvers={"Query": {"trustTiles": resolve_trust_tiles}},
)
