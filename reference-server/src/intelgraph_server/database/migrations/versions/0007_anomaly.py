"""Who takes part in anomaly detection, signals, alerts and incidents.

A migration is history: it spells its columns out and imports nothing of the server.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
DOUBLE: sa.Double[float] = sa.Double()


def upgrade() -> None:
    op.create_table(
        "anomaly_enrollments",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("is_enrolled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_anomaly_enrollments"),
        _tenant("anomaly_enrollments"),
    )
    op.create_table(
        "anomaly_signals",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("value", sa.Double, nullable=False),
        sa.Column("measured_at", INSTANT, nullable=False),
        sa.Column("is_pushed", sa.Boolean(), nullable=False),
        sa.Column("judged", sa.JSON()),
        sa.Column("watch", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "kind", name="pk_anomaly_signals"),
        _tenant("anomaly_signals"),
    )
    op.create_table(
        "incidents",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("template", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("acknowledged_by", TEXT),
        sa.Column("acknowledged_at", INSTANT),
        sa.Column("note", TEXT),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_incidents"),
        _tenant("incidents"),
    )
    op.create_index("ix_incidents_tenant_id_opened_at_id", "incidents",
                    ["tenant_id", "opened_at", "id"])  # fmt: skip
    op.create_table(
        "alerts",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("observed", sa.Double, nullable=False),
        sa.Column("expected", sa.Double, nullable=False),
        sa.Column("lower", sa.Double, nullable=False),
        sa.Column("upper", sa.Double, nullable=False),
        sa.Column("detectors", sa.JSON(), nullable=False),
        sa.Column("incident_id", TEXT),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_alerts"),
        _tenant("alerts"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "incident_id"],
            ["incidents.tenant_id", "incidents.id"],
            name="fk_alerts_tenant_id_incident_id",
        ),
    )
    op.create_index("ix_alerts_tenant_id_raised_at_id", "alerts", ["tenant_id", "raised_at", "id"])


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=f"fk_{table}_tenant_id")


def downgrade() -> None:
    for table in ("alerts", "incidents", "anomaly_signals", "anomaly_enrollments"):
        op.drop_table(table)
