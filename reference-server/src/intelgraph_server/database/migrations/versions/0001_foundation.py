"""Tenants, entities and their relations, plugins, invoices, trust tiles.

A migration is history: it spells its columns out and imports nothing of the server.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
DOUBLE: sa.Double[float] = sa.Double()
EXACT = sa.Numeric().with_variant(sa.String(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tenants",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tenants"),
    )
    _create_entities()
    _create_relations()
    _create_billing()
    op.create_table(
        "trust_tiles",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "kind", name="pk_trust_tiles"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_trust_tiles_tenant_id"),
    )


def _create_entities() -> None:
    op.create_table(
        "entities",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_folded", TEXT, nullable=False),
        sa.Column("summary", TEXT),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("nationality", TEXT),
        sa.Column("jurisdiction", TEXT),
        sa.Column("registration_number", TEXT),
        sa.Column("indicator_kind", TEXT),
        sa.Column("value", TEXT),
        sa.Column("first_seen_at", INSTANT),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_entities"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_entities_tenant_id"),
        sa.CheckConstraint(
            "kind IN ('PERSON', 'ORGANIZATION', 'INDICATOR')", name="ck_entities_kind"
        ),
        sa.CheckConstraint(
            "kind <> 'INDICATOR' OR (indicator_kind IS NOT NULL"
            " AND value IS NOT NULL AND first_seen_at IS NOT NULL)",
            name="ck_entities_indicator",
        ),
    )
    op.create_index(
        "ix_entities_tenant_id_updated_at_id", "entities", ["tenant_id", "updated_at", "id"]
    )


def _create_relations() -> None:
    entity = ["entities.tenant_id", "entities.id"]
    op.create_table(
        "relations",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("source_id", TEXT, nullable=False),
        sa.Column("target_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("confidence", DOUBLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_relations"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "source_id"], entity, name="fk_relations_tenant_id_source_id"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "target_id"], entity, name="fk_relations_tenant_id_target_id"
        ),
        sa.CheckConstraint("confidence >= 0 AND confidence <= 1", name="ck_relations_confidence"),
    )
    op.create_index(
        "ix_relations_tenant_id_source_id_confidence_id",
        "relations",
        ["tenant_id", "source_id", "confidence", "id"],
    )


def _create_billing() -> None:
    op.create_table(
        "plugins",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_folded", TEXT, nullable=False),
        sa.Column("summary", TEXT, nullable=False),
        sa.Column("publisher", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("price", EXACT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plugins"),
        sa.UniqueConstraint("name_folded", name="uq_plugins_name_folded"),
    )
    op.create_table(
        "invoices",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("amount", EXACT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("amount_usd", EXACT, nullable=False),
        sa.Column("uri", TEXT, nullable=False),
        sa.Column("plugin_id", TEXT),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_invoices"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_invoices_tenant_id"),
        sa.ForeignKeyConstraint(["plugin_id"], ["plugins.id"], name="fk_invoices_plugin_id"),
    )
    op.create_index(
        "ix_invoices_tenant_id_created_at_id", "invoices", ["tenant_id", "created_at", "id"]
    )


def downgrade() -> None:
    for table in ("trust_tiles", "invoices", "plugins", "relations", "entities", "tenants"):
        op.drop_table(table)
