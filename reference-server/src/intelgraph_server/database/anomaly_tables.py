"""The tables of anomaly detection: who takes part, signals, alerts and incidents."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Table,
)

from .tables import METADATA, TEXT, Instant

ANOMALY_ENROLLMENTS = Table(
    "anomaly_enrollments",
    METADATA,
    # Measurements of a tenant lock this row, and so come one after the other.
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    Column("is_enrolled", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

ANOMALY_SIGNALS = Table(
    "anomaly_signals",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    Column("kind", TEXT, primary_key=True),
    Column("value", Double, nullable=False),
    Column("measured_at", Instant, nullable=False),
    Column("is_pushed", Boolean, nullable=False),
    # The last judgement and the memory of the detectors, see `anomaly/model.py`.
    Column("judged", JSON(none_as_null=True)),
    Column("watch", JSON, nullable=False),
)

INCIDENTS = Table(
    "incidents",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("template", TEXT, nullable=False),
    Column("status", TEXT, nullable=False),
    Column("since", Instant, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("acknowledged_by", TEXT),
    Column("acknowledged_at", Instant),
    Column("note", TEXT),
    Index(None, "tenant_id", "opened_at", "id"),
)

ALERTS = Table(
    "alerts",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("kind", TEXT, nullable=False),
    Column("since", Instant, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("observed", Double, nullable=False),
    Column("expected", Double, nullable=False),
    Column("lower", Double, nullable=False),
    Column("upper", Double, nullable=False),
    Column("detectors", JSON, nullable=False),
    # Without one, the alert was kept from opening an incident.
    Column("incident_id", TEXT),
    ForeignKeyConstraint(["tenant_id", "incident_id"], ["incidents.tenant_id", "incidents.id"]),
    Index(None, "tenant_id", "raised_at", "id"),
)
