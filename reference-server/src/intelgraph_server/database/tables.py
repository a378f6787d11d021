"""The tables that every domain knows, for SQLite and PostgreSQL alike.

Only `tenants` and the marketplace's `plugins` are shared by tenants, see `columns.py`. Views are
written as SQL below the tables they read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    MetaData,
    Table,
    event,
    text,
)

from .columns import TEXT, Exact, Instant, key, optional, refers_to, required, table, tenant_key

if TYPE_CHECKING:
    from sqlalchemy import Connection

TENANTS = table("tenants", *key(id=TEXT), *required(name=TEXT))

ENTITIES = table(
    "entities",
    *tenant_key(id=TEXT),
    # Folded as `str.casefold` does: the databases do not agree on ignoring case.
    *required(kind=TEXT, name=TEXT, name_folded=TEXT, updated_at=Instant, aliases=JSON),
    *optional(summary=TEXT, nationality=TEXT, jurisdiction=TEXT, registration_number=TEXT),
    *optional(indicator_kind=TEXT, value=TEXT, first_seen_at=Instant),
    CheckConstraint("kind IN ('PERSON', 'ORGANIZATION', 'INDICATOR')", name="kind"),
    CheckConstraint(
        "kind <> 'INDICATOR' OR (indicator_kind IS NOT NULL"
        " AND value IS NOT NULL AND first_seen_at IS NOT NULL)",
        name="indicator",
    ),
    Index(None, "tenant_id", "updated_at", "id"),
)

RELATIONS = table(
    "relations",
    *key(tenant_id=TEXT, id=TEXT),
    *required(source_id=TEXT, target_id=TEXT, kind=TEXT, confidence=Double),
    refers_to("entities", tenant_id="tenant_id", source_id="id"),
    refers_to("entities", tenant_id="tenant_id", target_id="id"),
    CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence"),
    Index(None, "tenant_id", "source_id", "confidence", "id"),
)

PLUGINS = table(
    "plugins",
    *key(id=TEXT),
    *required(name=TEXT),
    Column("name_folded", TEXT, nullable=False, unique=True),
    *required(summary=TEXT, publisher=TEXT, kind=TEXT),
    *required(price=Exact, currency=TEXT, published_at=Instant),
)

INVOICES = table(
    "invoices",
    *tenant_key(id=TEXT),
    # `amount_usd` is what `amount` came to in United States dollars on the day of issue.
    *required(created_at=Instant, amount=Exact, currency=TEXT, amount_usd=Exact, uri=TEXT),
    Column("plugin_id", TEXT, ForeignKey("plugins.id")),
    Index(None, "tenant_id", "created_at", "id"),
)

# The columns of both are called what the specification of the view `residency_audit` calls them.
DATASETS = table(
    "datasets", *tenant_key(dataset_id=TEXT), *required(region=TEXT, recorded_at=Instant)
)

EXPORTS = table(
    "exports",
    *key(tenant_id=TEXT, export_id=TEXT),
    *required(dataset_id=TEXT, exported_at=Instant, recorded_at=Instant),
    *optional(dest_region=TEXT),
    # An export of a dataset that is not there would vanish from the views' outer join.
    refers_to("datasets", tenant_id="tenant_id", dataset_id="dataset_id"),
    Index(None, "tenant_id", "dataset_id", "export_id"),
)

# A dataset's id is unique within its tenant only, so the tenant takes part in the join, and
# whoever answers a tenant reads this view. `residency_audit` is the same without the tenant: its
# six columns are specified, and `when`, a reserved word, must stand in quotes. `compliant` is the
# specification's comparison of names, and NULL where one is missing: a WHERE NOT skips that row,
# and an average leaves it out. Judgements are made by `residency_audit/rules.py` instead.
RESIDENCY_OF_TENANTS_SQL = """
CREATE VIEW residency_of_tenants AS
SELECT d.tenant_id, d.dataset_id, d.region, e.export_id, e.dest_region,
  e.exported_at AS "when", (d.region = e.dest_region) AS compliant
FROM datasets d LEFT JOIN exports e
  ON d.tenant_id = e.tenant_id AND d.dataset_id = e.dataset_id
"""
RESIDENCY_AUDIT_SQL = """
CREATE VIEW residency_audit AS
SELECT dataset_id, region, export_id, dest_region, "when", compliant
FROM residency_of_tenants
"""
RESIDENCY_OF_TENANTS = Table(
    "residency_of_tenants",
    # Of its own, so that nobody creates a table of this name.
    MetaData(),
    *optional(tenant_id=TEXT, dataset_id=TEXT, region=TEXT),
    *optional(export_id=TEXT, dest_region=TEXT, when=Instant, compliant=Boolean),
)


@event.listens_for(TENANTS.metadata, "after_create")
def _create_views(_target: MetaData, connection: Connection, **_options: object) -> None:
    for statement in (RESIDENCY_OF_TENANTS_SQL, RESIDENCY_AUDIT_SQL):
        connection.execute(text(statement))
