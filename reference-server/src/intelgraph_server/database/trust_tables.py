"""The trust portal's tables: public pages, evidence, and what the policies decided."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Integer

from .columns import TEXT, Instant, required, table, tenant_key

# A tenant takes part in the trust portal from the moment on at which it has a row here.
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
