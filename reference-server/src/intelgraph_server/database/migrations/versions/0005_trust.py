"""Public pages, evidence and decisions of the trust portal, whose tiles are now computed.

A migration is history: it spells its columns out and imports nothing of the server.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.drop_table("trust_tiles")
    op.create_table(
        "trust_pages",
        _required("tenant_id", TEXT),
        _required("is_public", sa.Boolean()),
        _required("enrolled_at", INSTANT),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_trust_pages"),
        _tenant("trust_pages", "tenants.id"),
    )
    op.create_table(
        "trust_evidence",
        *(_required(name, TEXT) for name in ("tenant_id", "id", "topic", "title", "media_type")),
        _required("contains_pii", sa.Boolean()),
        _required("sha256", TEXT),
        _required("signature", TEXT),
        _required("published_at", INSTANT),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_trust_evidence"),
        _tenant("trust_evidence", "trust_pages.tenant_id"),
    )
    op.create_table(
        "trust_decisions",
        _required("tenant_id", TEXT),
        _required("item_id", TEXT),
        _required("number", sa.Integer()),
        _required("is_allowed", sa.Boolean()),
        _required("reasons", sa.JSON()),
        _required("policy_sha256", TEXT),
        _required("decided_at", INSTANT),
        sa.PrimaryKeyConstraint("tenant_id", "item_id", "number", name="pk_trust_decisions"),
        _tenant("trust_decisions", "trust_pages.tenant_id"),
    )


def _required(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _tenant(table: str, key: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id"], [key], name=f"fk_{table}_tenant_id")


def downgrade() -> None:
    for table in ("trust_decisions", "trust_evidence", "trust_pages"):
        op.drop_table(table)
    op.create_table(
        "trust_tiles",
        _required("tenant_id", TEXT),
        _required("kind", TEXT),
        _required("position", sa.Integer()),
        _required("status", TEXT),
        _required("updated_at", INSTANT),
        sa.PrimaryKeyConstraint("tenant_id", "kind", name="pk_trust_tiles"),
        _tenant("trust_tiles", "tenants.id"),
    )
