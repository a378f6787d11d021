"""Scheduled attestations of residency: schedules, reports, deliveries.

A migration is history: it spells its columns out and imports nothing of the server.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "residency_schedules",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("next_run_at", INSTANT, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("email", TEXT),
        sa.Column("webhook_url", TEXT),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_residency_schedules"),
        _tenant("residency_schedules"),
    )
    op.create_table(
        "residency_reports",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("quarter", TEXT, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("uri", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_residency_reports"),
        _tenant("residency_reports"),
    )
    op.create_index(
        "ix_residency_reports_tenant_id_created_at_id",
        "residency_reports",
        ["tenant_id", "created_at", "id"],
    )
    op.create_table(
        "residency_deliveries",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("report_id", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("delivered_at", INSTANT),
        sa.Column("receipt", TEXT),
        sa.PrimaryKeyConstraint(
            "tenant_id", "report_id", "channel", "recipient", name="pk_residency_deliveries"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "report_id"],
            ["residency_reports.tenant_id", "residency_reports.id"],
            name="fk_residency_deliveries_tenant_id_report_id",
        ),
    )


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{table}_tenant_id")


def downgrade() -> None:
    for table in ("residency_deliveries", "residency_reports", "residency_schedules"):
        op.drop_table(table)
