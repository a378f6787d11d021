"""The tables that no domain owns: the lake's catalogue, jobs, switches, trail and outbox."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer

from .columns import TEXT, Instant, key, optional, required, table, tenant_key

# SQLite numbers rows by itself in a primary key of the type INTEGER only.
SERIAL = BigInteger().with_variant(Integer(), "sqlite")

LAKE_OBJECTS = table(
    "lake_objects",
    *tenant_key(name=TEXT),
    *required(sha256=TEXT, size=Integer, media_type=TEXT, created_at=Instant),
)

JOBS = table(
    "jobs",
    *key(id=SERIAL),
    Column("tenant_id", TEXT, ForeignKey("tenants.id")),
    Column("dedupe_key", TEXT, unique=True),
    *required(kind=TEXT, payload=JSON, run_at=Instant, tries=Integer),
    # A job has ended when it is done or given up; `error` tells the two apart.
    *optional(leased_until=Instant, ended_at=Instant, error=TEXT),
    Index(None, "ended_at", "run_at", "id"),
)

SWITCHES = table(
    "switches",
    *key(name=TEXT),
    *required(is_on=Boolean, changed_by=TEXT, changed_at=Instant, reason=TEXT),
)

# Entries without a tenant are of the whole platform, and every tenant reads them.
AUDIT_TRAIL = table(
    "audit_trail",
    *key(id=SERIAL),
    Column("tenant_id", TEXT, ForeignKey("tenants.id")),
    *required(at=Instant, actor=TEXT, action=TEXT, subject=TEXT),
    *optional(reason=TEXT),
    Index(None, "tenant_id", "id"),
)

# What subscriptions tell, in the order in which it came to be; the id is the `Last-Event-ID`.
OUTBOX = table(
    "outbox",
    *key(id=SERIAL),
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), nullable=False),
    *required(field=TEXT, payload=JSON, created_at=Instant),
    Index(None, "tenant_id", "field", "id"),
)

# How the server's own answers to a tenant went, in one row for each minute that had any.
REQUEST_MINUTES = table(
    "request_minutes",
    *tenant_key(minute=Instant),
    # The durations are counts by duration, see `observe/requests.py`.
    *required(requests=Integer, failures=Integer, durations=JSON),
)
