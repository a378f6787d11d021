"""The audit lake's catalogue, jobs, switches, the audit trail, the outbox, request minutes.

A migration is history: it spells its columns out and imports nothing of the server.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _lake_and_jobs()
    _controls()
    _observations()


def _lake_and_jobs() -> None:
    op.create_table(
        "lake_objects",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", TEXT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "name", name="pk_lake_objects"),
        _tenant("lake_objects"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", SERIAL, primary_key=True),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("tenant_id", TEXT),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("run_at", INSTANT, nullable=False),
        sa.Column("dedupe_key", TEXT),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("leased_until", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("error", TEXT),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("dedupe_key", name="uq_jobs_dedupe_key"),
        _tenant("jobs"),
    )
    op.create_index("ix_jobs_ended_at_run_at_id", "jobs", ["ended_at", "run_at", "id"])


def _controls() -> None:
    op.create_table(
        "switches",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_by", TEXT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_switches"),
    )
    op.create_table(
        "audit_trail",
        sa.Column("id", SERIAL, primary_key=True),
        sa.Column("tenant_id", TEXT),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("reason", TEXT),
        sa.PrimaryKeyConstraint("id", name="pk_audit_trail"),
        _tenant("audit_trail"),
    )
    op.create_index("ix_audit_trail_tenant_id_id", "audit_trail", ["tenant_id", "id"])


def _observations() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", SERIAL, primary_key=True),
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        _tenant("outbox"),
    )
    op.create_index("ix_outbox_tenant_id_field_id", "outbox", ["tenant_id", "field", "id"])
    op.create_table(
        "request_minutes",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("minute", INSTANT, nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("durations", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "minute", name="pk_request_minutes"),
        _tenant("request_minutes"),
    )


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{table}_tenant_id")


def downgrade() -> None:
    for table in ("request_minutes", "outbox", "audit_trail", "switches", "jobs", "lake_objects"):
        op.drop_table(table)
