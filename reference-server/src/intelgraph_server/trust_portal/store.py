"""Trust tiles in SQL, each of one tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from intelgraph_server.database.tables import TRUST_TILES

from .model import TrustTile

if TYPE_CHECKING:
    from sqlalchemy import Connection


def trust_tiles(connection: Connection, tenant_id: str) -> list[TrustTile]:
    query = (
        select(TRUST_TILES.c.kind, TRUST_TILES.c.status, TRUST_TILES.c.updated_at)
        .where(TRUST_TILES.c.tenant_id == tenant_id)
        .order_by(TRUST_TILES.c.position, TRUST_TILES.c.kind)
    )
    return [TrustTile(*row) for row in connection.execute(query)]
