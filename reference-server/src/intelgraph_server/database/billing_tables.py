"""The tables of billing: releases, orders, what the provider told, uses, the ledger, its checks."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Uuid,
)

from .tables import METADATA as METADATA  # noqa: PLC0414
from .tables import TEXT, Exact, Instant

# Who may release a plugin, its name, and the release on offer; `plugins` shows what that is.
PLUGIN_OWNERS = Table(
    "plugin_owners",
    METADATA,
    Column("plugin_id", TEXT, primary_key=True),
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), nullable=False),
    Column("name", TEXT, nullable=False),
    Column("name_folded", TEXT, nullable=False, unique=True),
    Column("offered_version", TEXT),
)

# Only `published_at` is ever written again: orders point here for what they bought.
PLUGIN_RELEASES = Table(
    "plugin_releases",
    METADATA,
    Column("plugin_id", TEXT, ForeignKey("plugin_owners.plugin_id"), primary_key=True),
    Column("version", TEXT, primary_key=True),
    Column("summary", TEXT, nullable=False),
    Column("publisher", TEXT, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("price_usd", Exact, nullable=False),
    Column("unit_price_usd", Exact),
    Column("artifact_sha256", TEXT, nullable=False),
    # What the artefact declares or holds, as `billing/sbom.py` read it.
    Column("contents", JSON, nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("published_at", Instant),
)

# The columns are called, and the primary key is, what the specification says.
MARKETPLACE_ORDERS = Table(
    "marketplace_orders",
    METADATA,
    Column("order_id", Uuid(as_uuid=False), primary_key=True),
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), nullable=False),
    Column("plugin_id", TEXT, nullable=False),
    Column("plugin_version", TEXT, nullable=False),
    Column("price_usd", Exact, nullable=False),
    Column("status", TEXT, nullable=False),
    Column("stripe_session", TEXT),
    Column("invoice_uri", TEXT),
    Column("created_at", Instant, nullable=False),
    Column("paid_at", Instant),
    ForeignKeyConstraint(
        ["plugin_id", "plugin_version"], ["plugin_releases.plugin_id", "plugin_releases.version"]
    ),
    CheckConstraint("status IN ('created', 'paid', 'void', 'refunded')", name="status"),
    Index(None, "tenant_id", "created_at", "order_id"),
)

# Which events of the provider had their effect. Their bodies name persons, and are not kept.
PAYMENT_INBOX = Table(
    "payment_inbox",
    METADATA,
    Column("event_id", TEXT, primary_key=True),
    Column("order_id", Uuid(as_uuid=False), ForeignKey("marketplace_orders.order_id")),
    Column("type", TEXT, nullable=False),
    Column("received_at", Instant, nullable=False),
)

# A use is charged to the order that the tenant had paid last when it was recorded.
USAGE_EVENTS = Table(
    "usage_events",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("plugin_id", TEXT, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("used_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("order_id", Uuid(as_uuid=False), ForeignKey("marketplace_orders.order_id")),
    Index(None, "tenant_id", "recorded_at"),
)

# Every entry moves an amount from one account to another, so the ledger balances by its shape.
# A subject is booked once for each kind; a mistake is taken back by another entry, never edited.
LEDGER_ENTRIES = Table(
    "ledger_entries",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    Column("kind", TEXT, primary_key=True),
    Column("subject", TEXT, primary_key=True),
    Column("plugin_id", TEXT, nullable=False),
    Column("debit", TEXT, nullable=False),
    Column("credit", TEXT, nullable=False),
    Column("amount_usd", Exact, nullable=False),
    Column("booked_at", Instant, nullable=False),
    CheckConstraint("kind IN ('payment', 'refund', 'usage')", name="kind"),
    Index(None, "tenant_id", "booked_at"),
)

RECONCILIATIONS = Table(
    "reconciliations",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    Column("day", Instant, primary_key=True),
    Column("reconciled_at", Instant, nullable=False),
    Column("line_items", JSON, nullable=False),
    Column("drifts", JSON, nullable=False),
)
