"""Tenants, entities and their relations, plugins, invoices, trust tiles."""

from alembic import op
from sqlalchemy import Integer

from intelgraph_server.database.columns import METADATA, TEXT, Instant, required, tenant_key
from intelgraph_server.database.migrate import tables_of

revision = "0001"
down_revision = None

STANDING = tables_of("tenants", "entities", "relations", "plugins", "invoices")


def upgrade() -> None:
    METADATA.create_all(op.get_bind(), STANDING, checkfirst=False)
    tile = required(position=Integer, status=TEXT, updated_at=Instant)
    op.create_table("trust_tiles", *tenant_key(kind=TEXT), *tile)


def downgrade() -> None:
    op.drop_table("trust_tiles")
    METADATA.drop_all(op.get_bind(), STANDING, checkfirst=False)
