"""Datasets, exports, and the views that audit where the data went.

A migration is history: it spells its columns out and imports nothing of the server.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "datasets",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("dataset_id", TEXT, nullable=False),
        sa.Column("region", TEXT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "dataset_id", name="pk_datasets"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_datasets_tenant_id"),
    )
    op.create_table(
        "exports",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("export_id", TEXT, nullable=False),
        sa.Column("dataset_id", TEXT, nullable=False),
        sa.Column("dest_region", TEXT),
        sa.Column("exported_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "export_id", name="pk_exports"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "dataset_id"],
            ["datasets.tenant_id", "datasets.dataset_id"],
            name="fk_exports_tenant_id_dataset_id",
        ),
    )
    op.create_index(
        "ix_exports_tenant_id_dataset_id_export_id",
        "exports",
        ["tenant_id", "dataset_id", "export_id"],
    )
    op.execute(
        """
        CREATE VIEW residency_of_tenants AS
        SELECT d.tenant_id, d.dataset_id, d.region, e.export_id, e.dest_region,
          e.exported_at AS "when", (d.region = e.dest_region) AS compliant
        FROM datasets d LEFT JOIN exports e
          ON d.tenant_id = e.tenant_id AND d.dataset_id = e.dataset_id
        """
    )
    op.execute(
        """
        CREATE VIEW residency_audit AS
        SELECT dataset_id, region, export_id, dest_region, "when", compliant
        FROM residency_of_tenants
        """
    )


def downgrade() -> None:
    for view in ("residency_audit", "residency_of_tenants"):
        op.execute(f"DROP VIEW {view}")
    for table in ("exports", "datasets"):
        op.drop_table(table)
