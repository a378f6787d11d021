"""How every table is written: its columns by name and type, what they are, and their types.

A row belongs to one tenant: `tenant_id` opens its primary key, and a foreign key carries it
along, so that no row can point into another tenant.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    Numeric,
    String,
    Table,
    TypeDecorator,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.schema import SchemaItem
    from sqlalchemy.types import TypeEngine

Kind: TypeAlias = "TypeEngine[Any] | type[TypeEngine[Any]]"

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

# Text sorts by code point on both databases, so that pages and cursors agree on them.
TEXT = String().with_variant(String(collation="C"), "postgresql")


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC; SQLite keeps no zone, so it is dropped and given back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

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

    impl = Numeric().with_variant(String(), "sqlite")
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | str | None:
        if value is None:
            return None
        return format(value, "f") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Decimal | str | None, dialect: Dialect) -> Decimal | None:
        del dialect
        return None if value is None else Decimal(value)


def table(name: str, *items: SchemaItem) -> Table:
    return Table(name, METADATA, *items)


def tenant_key(tenants: str = "tenants.id", /, **columns: Kind) -> list[Column[Any]]:
    """The tenant, which must be one of `tenants`, and the rest of the key."""
    return [Column("tenant_id", TEXT, ForeignKey(tenants), primary_key=True), *key(**columns)]


def key(**columns: Kind) -> list[Column[Any]]:
    return [Column(name, kind, primary_key=True) for name, kind in columns.items()]


def required(**columns: Kind) -> list[Column[Any]]:
    return [Column(name, kind, nullable=False) for name, kind in columns.items()]


def optional(**columns: Kind) -> list[Column[Any]]:
    return [Column(name, kind) for name, kind in columns.items()]


def refers_to(table: str, **columns: str) -> ForeignKeyConstraint:
    """Our columns by name, each with the column of the other table that holds its value."""
    return ForeignKeyConstraint(list(columns), [f"{table}.{name}" for name in columns.values()])
