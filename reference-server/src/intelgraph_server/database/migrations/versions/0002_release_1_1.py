"""Release 1.1: residency, the platform's own tables, the marketplace, trust and anomalies."""

from alembic import op
from sqlalchemy import Integer

from intelgraph_server.database.columns import METADATA, TEXT, Instant, required, tenant_key
from intelgraph_server.database.migrate import tables_of
from intelgraph_server.database.tables import VIEWS

revision = "0002"
down_revision = "0001"

STANDING = tables_of(
    *("datasets", "exports", "residency_schedules", "residency_reports", "residency_deliveries"),
    *("lake_objects", "jobs", "switches", "audit_trail", "outbox", "request_minutes"),
    *("plugin_owners", "plugin_releases", "marketplace_orders", "payment_inbox"),
    *("usage_events", "ledger_entries", "reconciliations"),
    *("trust_pages", "trust_evidence", "trust_decisions"),
    *("anomaly_enrollments", "anomaly_signals", "incidents", "alerts"),
)


def upgrade() -> None:
    # The tiles of the trust portal are computed from now on.
    op.drop_table("trust_tiles")
    METADATA.create_all(op.get_bind(), STANDING, checkfirst=False)
    VIEWS.create_all(op.get_bind(), checkfirst=False)


def downgrade() -> None:
    VIEWS.drop_all(op.get_bind(), checkfirst=False)
    METADATA.drop_all(op.get_bind(), STANDING, checkfirst=False)
    tile = required(position=Integer, status=TEXT, updated_at=Instant)
    op.create_table("trust_tiles", *tenant_key(kind=TEXT), *tile)
