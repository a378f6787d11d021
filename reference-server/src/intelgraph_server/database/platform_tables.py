"""The tables that no domain owns: the lake's catalogue, jobs, switches, trail and outbox."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
)

from .tables import METADATA as METADATA  # noqa: PLC0414
from .tables import TEXT, Instant

# SQLite numbers rows by itself in a primary key of the type INTEGER only.
SERIAL = BigInteger().with_variant(Integer(), "sqlite")

LAKE_OBJECTS = Table(
    "lake_objects",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    Column("name", TEXT, primary_key=True),
    Column("sha256", TEXT, nullable=False),
    Column("size", Integer, nullable=False),
    Column("media_type", TEXT, nullable=False),
    Column("created_at", Instant, nullable=False),
)

JOBS = Table(
    "jobs",
    METADATA,
    Column("id", SERIAL, primary_key=True),
    Column("kind", TEXT, nullable=False),
    Column("tenant_id", TEXT, ForeignKey("tenants.id")),
    Column("payload", JSON, nullable=False),
    Column("run_at", Instant, nullable=False),
    Column("dedupe_key", TEXT, unique=True),
    Column("tries", Integer, nullable=False),
    Column("leased_until", Instant),
    # Done or given up; `error` tells the two apart.
    Column("ended_at", Instant),
    Column("error", TEXT),
    Index(None, "ended_at", "run_at", "id"),
)

SWITCHES = Table(
    "switches",
    METADATA,
    Column("name", TEXT, primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("changed_by", TEXT, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("reason", TEXT, nullable=False),
)

# Entries without a tenant are of the whole platform, and every tenant reads them.
AUDIT_TRAIL = Table(
    "audit_trail",
    METADATA,
    Column("id", SERIAL, primary_key=True),
    Column("tenant_id", TEXT, ForeignKey("tenants.id")),
    Column("at", Instant, nullable=False),
    Column("actor", TEXT, nullable=False),
    Column("action", TEXT, nullable=False),
    Column("subject", TEXT, nullable=False),
    Column("reason", TEXT),
    Index(None, "tenant_id", "id"),
)

# What subscriptions tell, in the order in which it came to be; the id is the `Last-Event-ID`.
OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", SERIAL, primary_key=True),
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), nullable=False),
    Column("field", TEXT, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(None, "tenant_id", "field", "id"),
)

# How the server's own answers to a tenant went, in one row for each minute that had any.
REQUEST_MINUTES = Table(
    "request_minutes",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    Column("minute", Instant, primary_key=True),
    Column("requests", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    # Counts by duration, see `observe/requests.py`.
    Column("durations", JSON, nullable=False),
)
