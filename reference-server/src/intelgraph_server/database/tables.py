"""Every table but those of billing, for SQLite and PostgreSQL alike.

Only `tenants`, `switches` and the marketplace's `plugins` are shared by tenants, see `columns.py`.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    select,
)
from sqlalchemy.sql.ddl import CreateView

from .columns import TEXT, Exact, Instant, key, optional, refers_to, required, table, tenant_key

# SQLite numbers rows by itself in a primary key of the type INTEGER only.
SERIAL = BigInteger().with_variant(Integer(), "sqlite")

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
# six columns are specified. `compliant` is the specification's comparison of names, and NULL where
# one is missing: a WHERE NOT skips that row, and an average leaves it out. Judgements are made by
# `residency_audit/rules.py` instead.
VIEWS = MetaData()
_D, _E = DATASETS.c, EXPORTS.c
RESIDENCY_OF_TENANTS = CreateView(
    select(
        *(_D.tenant_id, _D.dataset_id, _D.region, _E.export_id, _E.dest_region),
        *(_E.exported_at.label("when"), (_D.region == _E.dest_region).label("compliant")),
    ).outerjoin_from(
        DATASETS, EXPORTS, (_D.tenant_id == _E.tenant_id) & (_D.dataset_id == _E.dataset_id)
    ),
    "residency_of_tenants",
    metadata=VIEWS,
).table
RESIDENCY_AUDIT = CreateView(
    select(*(c for c in RESIDENCY_OF_TENANTS.c if c.name != "tenant_id")),
    "residency_audit",
    metadata=VIEWS,
).table

# Scheduled attestations: the standing order, what was made, and who got it.
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

# The trust portal: public pages, evidence, and what the policies decided.
# A tenant takes part from the moment on at which it has a row here.
TRUST_PAGES = table("trust_pages", *tenant_key(), *required(is_public=Boolean, enrolled_at=Instant))

# The content is in the audit lake, as `evidence/<id>`; `signature` is in base64.
TRUST_EVIDENCE = table(
    "trust_evidence",
    *tenant_key("trust_pages.tenant_id", id=TEXT),
    *required(topic=TEXT, title=TEXT, media_type=TEXT, contains_pii=Boolean),
    *required(sha256=TEXT, signature=TEXT, published_at=Instant),
)

# The highest number of an item is what counts; the others tell how it came to be.
TRUST_DECISIONS = table(
    "trust_decisions",
    *tenant_key("trust_pages.tenant_id", item_id=TEXT, number=Integer),
    *required(is_allowed=Boolean, reasons=JSON, policy_sha256=TEXT, decided_at=Instant),
)

# Anomaly detection: who takes part, signals, alerts and incidents.
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

# The rest belongs to no domain: the lake's catalogue, jobs, switches, the trail, the outbox and
# measurements.
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

# What the first request with an `Idempotency-Key` was answered. A caller's tenant need not be one
# of this server's: a mutation that changes nothing is answered too.
KEPT_ANSWERS = table(
    "kept_answers",
    *key(tenant_id=TEXT, subject=TEXT, key=TEXT),
    *required(fingerprint=TEXT, permissions=JSON, body=JSON, created_at=Instant),
    Index(None, "created_at"),
)

# How the server's own answers to a tenant went, in one row for each minute that had any.
REQUEST_MINUTES = table(
    "request_minutes",
    *tenant_key(minute=Instant),
    # The durations are counts by duration, see `observe/requests.py`.
    *required(requests=Integer, failures=Integer, durations=JSON),
)
