"""Release 1.1: residency, the platform's own tables, the marketplace, trust and anomalies.

A migration is history: it spells its columns out and imports nothing of the server.
"""

from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

Kind: TypeAlias = sa.types.TypeEngine[Any]
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
EXACT = sa.Numeric().with_variant(sa.String(), "sqlite")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UUID, JSON, INTEGER, BOOLEAN = sa.Uuid(), sa.JSON(), sa.Integer(), sa.Boolean()
DOUBLE: sa.Double[float] = sa.Double()
RELEASE = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)
# Of the release before, and so here only to be referred to.
TENANTS = sa.Table("tenants", RELEASE, sa.Column("id", TEXT, primary_key=True))


def upgrade() -> None:
    # The tiles of the trust portal are computed from now on.
    op.drop_table("trust_tiles")
    RELEASE.create_all(op.get_bind())
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
    RELEASE.drop_all(op.get_bind(), [t for t in RELEASE.sorted_tables if t is not TENANTS])
    op.create_table(
        "trust_tiles",
        *_required(tenant_id=TEXT, kind=TEXT, position=INTEGER, status=TEXT, updated_at=INSTANT),
        sa.PrimaryKeyConstraint("tenant_id", "kind", name="pk_trust_tiles"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_trust_tiles_tenant_id"),
    )


def _table(name: str, *items: sa.schema.SchemaItem) -> None:
    sa.Table(name, RELEASE, *items)


def _tenant_key(tenants: str = "tenants.id", /, **columns: Kind) -> list[sa.Column[Any]]:
    tenant = sa.Column("tenant_id", TEXT, sa.ForeignKey(tenants), primary_key=True)
    return [tenant, *_key(**columns)]


def _key(**columns: Kind) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, primary_key=True) for name, kind in columns.items()]


def _required(**columns: Kind) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name, kind in columns.items()]


def _optional(**columns: Kind) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind) for name, kind in columns.items()]


def _refers_to(table: str, **columns: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(list(columns), [f"{table}.{name}" for name in columns.values()])


_table("datasets", *_tenant_key(dataset_id=TEXT), *_required(region=TEXT, recorded_at=INSTANT))
_table(
    "exports",
    *_key(tenant_id=TEXT, export_id=TEXT),
    *_required(dataset_id=TEXT, exported_at=INSTANT, recorded_at=INSTANT),
    *_optional(dest_region=TEXT),
    _refers_to("datasets", tenant_id="tenant_id", dataset_id="dataset_id"),
    sa.Index(None, "tenant_id", "dataset_id", "export_id"),
)
_table(
    "residency_schedules",
    *_tenant_key(),
    *_required(next_run_at=INSTANT, locale=TEXT, revision=INTEGER),
    *_optional(email=TEXT, webhook_url=TEXT),
)
_table(
    "residency_reports",
    *_tenant_key(id=TEXT),
    *_required(quarter=TEXT, locale=TEXT, summary=JSON, created_at=INSTANT, uri=TEXT),
    sa.Index(None, "tenant_id", "created_at", "id"),
)
_table(
    "residency_deliveries",
    *_key(tenant_id=TEXT, report_id=TEXT, channel=TEXT, recipient=TEXT),
    *_required(attempts=INTEGER),
    *_optional(delivered_at=INSTANT, receipt=TEXT),
    _refers_to("residency_reports", tenant_id="tenant_id", report_id="id"),
)
_table(
    "lake_objects",
    *_tenant_key(name=TEXT),
    *_required(sha256=TEXT, size=INTEGER, media_type=TEXT, created_at=INSTANT),
)
_table(
    "jobs",
    *_key(id=SERIAL),
    *_required(kind=TEXT, payload=JSON, run_at=INSTANT, tries=INTEGER),
    *_optional(tenant_id=TEXT, dedupe_key=TEXT),
    *_optional(leased_until=INSTANT, ended_at=INSTANT, error=TEXT),
    sa.UniqueConstraint("dedupe_key"),
    _refers_to("tenants", tenant_id="id"),
    sa.Index(None, "ended_at", "run_at", "id"),
)
_table(
    "switches",
    *_key(name=TEXT),
    *_required(is_on=BOOLEAN, changed_by=TEXT, changed_at=INSTANT, reason=TEXT),
)
_table(
    "audit_trail",
    *_key(id=SERIAL),
    *_required(at=INSTANT, actor=TEXT, action=TEXT, subject=TEXT),
    *_optional(tenant_id=TEXT, reason=TEXT),
    _refers_to("tenants", tenant_id="id"),
    sa.Index(None, "tenant_id", "id"),
)
_table(
    "outbox",
    *_key(id=SERIAL),
    *_required(tenant_id=TEXT, field=TEXT, payload=JSON, created_at=INSTANT),
    _refers_to("tenants", tenant_id="id"),
    sa.Index(None, "tenant_id", "field", "id"),
)
_table(
    "request_minutes",
    *_tenant_key(minute=INSTANT),
    *_required(requests=INTEGER, failures=INTEGER, durations=JSON),
)
_table(
    "plugin_owners",
    *_key(plugin_id=TEXT),
    *_required(tenant_id=TEXT, name=TEXT, name_folded=TEXT),
    *_optional(offered_version=TEXT),
    sa.UniqueConstraint("name_folded"),
    _refers_to("tenants", tenant_id="id"),
)
_table(
    "plugin_releases",
    *_key(plugin_id=TEXT, version=TEXT),
    *_required(summary=TEXT, publisher=TEXT, kind=TEXT, price_usd=EXACT),
    *_required(artifact_sha256=TEXT, contents=JSON, registered_at=INSTANT),
    *_optional(unit_price_usd=EXACT, published_at=INSTANT),
    _refers_to("plugin_owners", plugin_id="plugin_id"),
)
_table(
    "marketplace_orders",
    *_key(order_id=UUID),
    *_required(tenant_id=TEXT, plugin_id=TEXT, plugin_version=TEXT),
    *_required(price_usd=EXACT, status=TEXT, created_at=INSTANT),
    *_optional(stripe_session=TEXT, invoice_uri=TEXT, paid_at=INSTANT),
    sa.CheckConstraint("status IN ('created', 'paid', 'void', 'refunded')", name="status"),
    _refers_to("tenants", tenant_id="id"),
    _refers_to("plugin_releases", plugin_id="plugin_id", plugin_version="version"),
    sa.Index(None, "tenant_id", "created_at", "order_id"),
)
_table(
    "payment_inbox",
    *_key(event_id=TEXT),
    *_required(type=TEXT, received_at=INSTANT),
    *_optional(order_id=UUID),
    _refers_to("marketplace_orders", order_id="order_id"),
)
_table(
    "usage_events",
    *_tenant_key(id=TEXT),
    *_required(plugin_id=TEXT, quantity=INTEGER, used_at=INSTANT, recorded_at=INSTANT),
    *_optional(order_id=UUID),
    _refers_to("marketplace_orders", order_id="order_id"),
    sa.Index(None, "tenant_id", "recorded_at"),
)
_table(
    "ledger_entries",
    *_tenant_key(kind=TEXT, subject=TEXT),
    *_required(plugin_id=TEXT, debit=TEXT, credit=TEXT, amount_usd=EXACT, booked_at=INSTANT),
    sa.CheckConstraint("kind IN ('payment', 'refund', 'usage')", name="kind"),
    sa.Index(None, "tenant_id", "booked_at"),
)
_table(
    "reconciliations",
    *_tenant_key(day=INSTANT),
    *_required(reconciled_at=INSTANT, line_items=JSON, drifts=JSON),
)
_table("trust_pages", *_tenant_key(), *_required(is_public=BOOLEAN, enrolled_at=INSTANT))
_table(
    "trust_evidence",
    *_tenant_key("trust_pages.tenant_id", id=TEXT),
    *_required(topic=TEXT, title=TEXT, media_type=TEXT, contains_pii=BOOLEAN),
    *_required(sha256=TEXT, signature=TEXT, published_at=INSTANT),
)
_table(
    "trust_decisions",
    *_tenant_key("trust_pages.tenant_id", item_id=TEXT, number=INTEGER),
    *_required(is_allowed=BOOLEAN, reasons=JSON, policy_sha256=TEXT, decided_at=INSTANT),
)
_table("anomaly_enrollments", *_tenant_key(), *_required(is_enrolled=BOOLEAN, changed_at=INSTANT))
_table(
    "anomaly_signals",
    *_tenant_key(kind=TEXT),
    *_required(value=DOUBLE, measured_at=INSTANT, is_pushed=BOOLEAN, watch=JSON),
    *_optional(judged=JSON),
)
_table(
    "incidents",
    *_tenant_key(id=TEXT),
    *_required(template=TEXT, status=TEXT, since=INSTANT, opened_at=INSTANT),
    *_optional(acknowledged_by=TEXT, acknowledged_at=INSTANT, note=TEXT),
    sa.Index(None, "tenant_id", "opened_at", "id"),
)
_table(
    "alerts",
    *_tenant_key(id=TEXT),
    *_required(kind=TEXT, since=INSTANT, raised_at=INSTANT, detectors=JSON),
    *_required(observed=DOUBLE, expected=DOUBLE, lower=DOUBLE, upper=DOUBLE),
    *_optional(incident_id=TEXT),
    _refers_to("incidents", tenant_id="tenant_id", incident_id="id"),
    sa.Index(None, "tenant_id", "raised_at", "id"),
)
