"""Releases of plugins, orders, the payment inbox, uses, the ledger and its reconciliations.

A migration is history: it spells its columns out and imports nothing of the server.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
EXACT = sa.Numeric().with_variant(sa.String(), "sqlite")
TENANT = "tenants.id"
ORDER = "marketplace_orders.order_id"


def upgrade() -> None:
    _marketplace()
    _payments()
    _books()


def _marketplace() -> None:
    op.create_table(
        "plugin_owners",
        sa.Column("plugin_id", TEXT, nullable=False),
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_folded", TEXT, nullable=False),
        sa.Column("offered_version", TEXT),
        sa.PrimaryKeyConstraint("plugin_id", name="pk_plugin_owners"),
        sa.UniqueConstraint("name_folded", name="uq_plugin_owners_name_folded"),
        _key("plugin_owners", "tenant_id", TENANT),
    )
    op.create_table(
        "plugin_releases",
        sa.Column("plugin_id", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("summary", TEXT, nullable=False),
        sa.Column("publisher", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("price_usd", EXACT, nullable=False),
        sa.Column("unit_price_usd", EXACT),
        sa.Column("artifact_sha256", TEXT, nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("registered_at", INSTANT, nullable=False),
        sa.Column("published_at", INSTANT),
        sa.PrimaryKeyConstraint("plugin_id", "version", name="pk_plugin_releases"),
        _key("plugin_releases", "plugin_id", "plugin_owners.plugin_id"),
    )


def _payments() -> None:
    op.create_table(
        "marketplace_orders",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("plugin_id", TEXT, nullable=False),
        sa.Column("plugin_version", TEXT, nullable=False),
        sa.Column("price_usd", EXACT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("stripe_session", TEXT),
        sa.Column("invoice_uri", TEXT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("paid_at", INSTANT),
        sa.PrimaryKeyConstraint("order_id", name="pk_marketplace_orders"),
        sa.CheckConstraint(
            "status IN ('created', 'paid', 'void', 'refunded')",
            name=op.f("ck_marketplace_orders_status"),
        ),
        _key("marketplace_orders", "tenant_id", TENANT),
        sa.ForeignKeyConstraint(
            ["plugin_id", "plugin_version"],
            ["plugin_releases.plugin_id", "plugin_releases.version"],
            name="fk_marketplace_orders_plugin_id",
        ),
    )
    _index("marketplace_orders", "tenant_id", "created_at", "order_id")
    op.create_table(
        "payment_inbox",
        sa.Column("event_id", TEXT, nullable=False),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_payment_inbox"),
        _key("payment_inbox", "order_id", ORDER),
    )


def _books() -> None:
    op.create_table(
        "usage_events",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("plugin_id", TEXT, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("used_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("order_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_usage_events"),
        _key("usage_events", "tenant_id", TENANT),
        _key("usage_events", "order_id", ORDER),
    )
    _index("usage_events", "tenant_id", "recorded_at")
    op.create_table(
        "ledger_entries",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("plugin_id", TEXT, nullable=False),
        sa.Column("debit", TEXT, nullable=False),
        sa.Column("credit", TEXT, nullable=False),
        sa.Column("amount_usd", EXACT, nullable=False),
        sa.Column("booked_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "subject", name="pk_ledger_entries"),
        sa.CheckConstraint(
            "kind IN ('payment', 'refund', 'usage')", name=op.f("ck_ledger_entries_kind")
        ),
        _key("ledger_entries", "tenant_id", TENANT),
    )
    _index("ledger_entries", "tenant_id", "booked_at")
    op.create_table(
        "reconciliations",
        sa.Column("tenant_id", TEXT, nullable=False),
        sa.Column("day", INSTANT, nullable=False),
        sa.Column("reconciled_at", INSTANT, nullable=False),
        sa.Column("line_items", sa.JSON(), nullable=False),
        sa.Column("drifts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "day", name="pk_reconciliations"),
        _key("reconciliations", "tenant_id", TENANT),
    )


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def downgrade() -> None:
    for table in (
        "reconciliations",
        "ledger_entries",
        "usage_events",
        "payment_inbox",
        "marketplace_orders",
        "plugin_releases",
        "plugin_owners",
    ):
        op.drop_table(table)
