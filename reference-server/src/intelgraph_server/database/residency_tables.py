"""The tables of scheduled attestations: the standing order, what was made, and who got it."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, Table

from .tables import METADATA, TEXT, Instant

RESIDENCY_SCHEDULES = Table(
    "residency_schedules",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    Column("next_run_at", Instant, nullable=False),
    Column("locale", TEXT, nullable=False),
    Column("email", TEXT),
    Column("webhook_url", TEXT),
    # Grows with each change and each run: the one job that carries it is the one that counts.
    Column("revision", Integer, nullable=False),
)

RESIDENCY_REPORTS = Table(
    "residency_reports",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    # The quarter and the locale, so that there can be no second report of both.
    Column("id", TEXT, primary_key=True),
    Column("quarter", TEXT, nullable=False),
    Column("locale", TEXT, nullable=False),
    Column("summary", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("uri", TEXT, nullable=False),
    Index(None, "tenant_id", "created_at", "id"),
)

RESIDENCY_DELIVERIES = Table(
    "residency_deliveries",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("report_id", TEXT, primary_key=True),
    Column("channel", TEXT, primary_key=True),
    Column("recipient", TEXT, primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("delivered_at", Instant),
    Column("receipt", TEXT),
    ForeignKeyConstraint(
        ["tenant_id", "report_id"], ["residency_reports.tenant_id", "residency_reports.id"]
    ),
)
