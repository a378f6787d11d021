"""The tables of anomaly detection: who takes part, signals, alerts and incidents."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Double, Index

from .columns import TEXT, Instant, optional, refers_to, required, table, tenant_key

ANOMALY_ENROLLMENTS = table(
    "anomaly_enrollments",
    # Measurements of a tenant lock this row, and so come one after the other.
    *tenant_key(),
    *required(is_enrolled=Boolean, changed_at=Instant),
)

ANOMALY_SIGNALS = table(
    "anomaly_signals",
    *tenant_key(kind=TEXT),
    *required(value=Double, measured_at=Instant, is_pushed=Boolean),
    # The last judgement and the memory of the detectors, see `anomaly/model.py`.
    *optional(judged=JSON(none_as_null=True)),
    *required(watch=JSON),
)

INCIDENTS = table(
    "incidents",
    *tenant_key(id=TEXT),
    *required(template=TEXT, status=TEXT, since=Instant, opened_at=Instant),
    *optional(acknowledged_by=TEXT, acknowledged_at=Instant, note=TEXT),
    Index(None, "tenant_id", "opened_at", "id"),
)

ALERTS = table(
    "alerts",
    *tenant_key(id=TEXT),
    *required(kind=TEXT, since=Instant, raised_at=Instant),
    *required(observed=Double, expected=Double, lower=Double, upper=Double, detectors=JSON),
    # Without one, the alert was kept from opening an incident.
    *optional(incident_id=TEXT),
    refers_to("incidents", tenant_id="tenant_id", incident_id="id"),
    Index(None, "tenant_id", "raised_at", "id"),
)
