"""The tables of scheduled attestations: the standing order, what was made, and who got it."""

from __future__ import annotations

from sqlalchemy import JSON, Index, Integer

from .columns import TEXT, Instant, key, optional, refers_to, required, table, tenant_key

RESIDENCY_SCHEDULES = table(
    "residency_schedules",
    *tenant_key(),
    *required(next_run_at=Instant, locale=TEXT),
    *optional(email=TEXT, webhook_url=TEXT),
    # Grows with each change and each run: the one job that carries it is the one that counts.
    *required(revision=Integer),
)

RESIDENCY_REPORTS = table(
    "residency_reports",
    # The quarter and the locale, so that there can be no second report of both.
    *tenant_key(id=TEXT),
    *required(quarter=TEXT, locale=TEXT, summary=JSON, created_at=Instant, uri=TEXT),
    Index(None, "tenant_id", "created_at", "id"),
)

RESIDENCY_DELIVERIES = table(
    "residency_deliveries",
    *key(tenant_id=TEXT, report_id=TEXT, channel=TEXT, recipient=TEXT),
    *required(attempts=Integer),
    *optional(delivered_at=Instant, receipt=TEXT),
    refers_to("residency_reports", tenant_id="tenant_id", report_id="id"),
)
