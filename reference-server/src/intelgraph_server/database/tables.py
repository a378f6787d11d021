"""Every table, once, for SQLite and PostgreSQL alike.

A row belongs to one tenant: `tenant_id` opens its primary key, and a foreign key
carries it along, so that no row can point into another tenant. Only `tenants` and the
marketplace's `plugins` are shared. Views are written as SQL below the tables they read.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Numeric,
    String,
    Table,
    TypeDecorator,
    event,
    text,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

# Text sorts by code point on both databases, so that pages and cursors agree on them.
TEXT = String().with_variant(String(collation="C"), "postgresql")


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC; SQLite keeps no zone, so it is dropped and given back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """A decimal with exactly the digits it was given; SQLite's own numbers are binary, so text."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind: TypeEngine[Any] = String() if dialect.name == "sqlite" else Numeric()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | str | None:
        if value is None:
            return None
        return format(value, "f") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Decimal | str | None, dialect: Dialect) -> Decimal | None:
        del dialect
        return None if value is None else Decimal(value)


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

TENANTS = Table(
    "tenants",
    METADATA,
    Column("id", TEXT, primary_key=True),
    Column("name", TEXT, nullable=False),
)

ENTITIES = Table(
    "entities",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("kind", TEXT, nullable=False),
    Column("name", TEXT, nullable=False),
    # The name as `str.casefold` leaves it: the databases do not agree on ignoring case.
    Column("name_folded", TEXT, nullable=False),
    Column("summary", TEXT),
    Column("updated_at", Instant, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("nationality", TEXT),
    Column("jurisdiction", TEXT),
    Column("registration_number", TEXT),
    Column("indicator_kind", TEXT),
    Column("value", TEXT),
    Column("first_seen_at", Instant),
    CheckConstraint("kind IN ('PERSON', 'ORGANIZATION', 'INDICATOR')", name="kind"),
    CheckConstraint(
        "kind <> 'INDICATOR' OR (indicator_kind IS NOT NULL"
        " AND value IS NOT NULL AND first_seen_at IS NOT NULL)",
        name="indicator",
    ),
    Index(None, "tenant_id", "updated_at", "id"),
)

RELATIONS = Table(
    "relations",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("source_id", TEXT, nullable=False),
    Column("target_id", TEXT, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("confidence", Double, nullable=False),
    ForeignKeyConstraint(["tenant_id", "source_id"], ["entities.tenant_id", "entities.id"]),
    ForeignKeyConstraint(["tenant_id", "target_id"], ["entities.tenant_id", "entities.id"]),
    CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence"),
    Index(None, "tenant_id", "source_id", "confidence", "id"),
)

PLUGINS = Table(
    "plugins",
    METADATA,
    Column("id", TEXT, primary_key=True),
    Column("name", TEXT, nullable=False),
    Column("name_folded", TEXT, nullable=False, unique=True),
    Column("summary", TEXT, nullable=False),
    Column("publisher", TEXT, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("price", Exact, nullable=False),
    Column("currency", TEXT, nullable=False),
    Column("published_at", Instant, nullable=False),
)

INVOICES = Table(
    "invoices",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("created_at", Instant, nullable=False),
    Column("amount", Exact, nullable=False),
    Column("currency", TEXT, nullable=False),
    # What `amount` came to in United States dollars on the day of issue.
    Column("amount_usd", Exact, nullable=False),
    Column("uri", TEXT, nullable=False),
    Column("plugin_id", TEXT, ForeignKey("plugins.id")),
    Index(None, "tenant_id", "created_at", "id"),
)

# The columns of both are called what the specification of the view `residency_audit` calls them.
DATASETS = Table(
    "datasets",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    Column("dataset_id", TEXT, primary_key=True),
    Column("region", TEXT, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

EXPORTS = Table(
    "exports",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("export_id", TEXT, primary_key=True),
    Column("dataset_id", TEXT, nullable=False),
    Column("dest_region", TEXT),
    Column("exported_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    # An export of a dataset that is not there would vanish from the views' outer join.
    ForeignKeyConstraint(
        ["tenant_id", "dataset_id"], ["datasets.tenant_id", "datasets.dataset_id"]
    ),
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
    Column("tenant_id", TEXT),
    Column("dataset_id", TEXT),
    Column("region", TEXT),
    Column("export_id", TEXT),
    Column("dest_region", TEXT),
    Column("when", Instant),
    Column("compliant", Boolean),
)


@event.listens_for(METADATA, "after_create")
def _create_views(_target: MetaData, connection: Connection, **_options: object) -> None:
    for statement in (RESIDENCY_OF_TENANTS_SQL, RESIDENCY_AUDIT_SQL):
        connection.execute(text(statement))
