"""The tables of billing: releases, orders, what the provider told, uses, the ledger, its checks."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, Uuid

from .columns import TEXT, Exact, Instant, key, optional, refers_to, required, table, tenant_key

UUID = Uuid(as_uuid=False)

# Who may release a plugin, its name, and the release on offer; `plugins` shows what that is.
PLUGIN_OWNERS = table(
    "plugin_owners",
    *key(plugin_id=TEXT),
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), nullable=False),
    *required(name=TEXT),
    Column("name_folded", TEXT, nullable=False, unique=True),
    *optional(offered_version=TEXT),
)

# Only `published_at` is ever written again: orders point here for what they bought.
PLUGIN_RELEASES = table(
    "plugin_releases",
    Column("plugin_id", TEXT, ForeignKey("plugin_owners.plugin_id"), primary_key=True),
    *key(version=TEXT),
    *required(summary=TEXT, publisher=TEXT, kind=TEXT, price_usd=Exact),
    # The contents are what the artefact declares or holds, as `documents/sbom.py` read it.
    *required(artifact_sha256=TEXT, contents=JSON, registered_at=Instant),
    *optional(unit_price_usd=Exact, published_at=Instant),
)

# The columns are called, and the primary key is, what the specification says.
MARKETPLACE_ORDERS = table(
    "marketplace_orders",
    *key(order_id=UUID),
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), nullable=False),
    *required(plugin_id=TEXT, plugin_version=TEXT),
    *required(price_usd=Exact, status=TEXT, created_at=Instant),
    *optional(stripe_session=TEXT, invoice_uri=TEXT, paid_at=Instant),
    refers_to("plugin_releases", plugin_id="plugin_id", plugin_version="version"),
    CheckConstraint("status IN ('created', 'paid', 'void', 'refunded')", name="status"),
    Index(None, "tenant_id", "created_at", "order_id"),
)

# Which events of the provider had their effect. Their bodies name persons, and are not kept.
PAYMENT_INBOX = table(
    "payment_inbox",
    *key(event_id=TEXT),
    Column("order_id", UUID, ForeignKey("marketplace_orders.order_id")),
    *required(type=TEXT, received_at=Instant),
)

# A use is charged to the order that the tenant had paid last when it was recorded.
USAGE_EVENTS = table(
    "usage_events",
    *tenant_key(id=TEXT),
    *required(plugin_id=TEXT, quantity=Integer, used_at=Instant, recorded_at=Instant),
    Column("order_id", UUID, ForeignKey("marketplace_orders.order_id")),
    Index(None, "tenant_id", "recorded_at"),
)

# Every entry moves an amount from one account to another, so the ledger balances by its shape.
# A subject is booked once for each kind; a mistake is taken back by another entry, never edited.
LEDGER_ENTRIES = table(
    "ledger_entries",
    *tenant_key(kind=TEXT, subject=TEXT),
    *required(plugin_id=TEXT, debit=TEXT, credit=TEXT, amount_usd=Exact, booked_at=Instant),
    CheckConstraint("kind IN ('payment', 'refund', 'usage')", name="kind"),
    Index(None, "tenant_id", "booked_at"),
)

RECONCILIATIONS = table(
    "reconciliations",
    *tenant_key(day=Instant),
    *required(reconciled_at=Instant, line_items=JSON, drifts=JSON),
)
