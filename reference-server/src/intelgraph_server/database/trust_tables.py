"""The trust portal's tables: public pages, evidence, and what the policies decided."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    Table,
)

from .platform_tables import METADATA as METADATA  # noqa: PLC0414
from .tables import TEXT, Instant

# A tenant takes part in the trust portal from the moment on at which it has a row here.
TRUST_PAGES = Table(
    "trust_pages",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("tenants.id"), primary_key=True),
    Column("is_public", Boolean, nullable=False),
    Column("enrolled_at", Instant, nullable=False),
)

# The content is in the audit lake, as `evidence/<id>`; `signature` is in base64.
TRUST_EVIDENCE = Table(
    "trust_evidence",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("trust_pages.tenant_id"), primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("topic", TEXT, nullable=False),
    Column("title", TEXT, nullable=False),
    Column("media_type", TEXT, nullable=False),
    Column("contains_pii", Boolean, nullable=False),
    Column("sha256", TEXT, nullable=False),
    Column("signature", TEXT, nullable=False),
    Column("published_at", Instant, nullable=False),
)

# The highest number of an item is what counts; the others tell how it came to be.
TRUST_DECISIONS = Table(
    "trust_decisions",
    METADATA,
    Column("tenant_id", TEXT, ForeignKey("trust_pages.tenant_id"), primary_key=True),
    Column("item_id", TEXT, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("is_allowed", Boolean, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("policy_sha256", TEXT, nullable=False),
    Column("decided_at", Instant, nullable=False),
)
