"""Tiles, evidence, and what was decided about them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class TrustTile:
    kind: str
    status: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustPage:
    """That a tenant takes part in the portal."""

    is_public: bool = False
    enrolled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A document of the lake and what was said about it."""

    id: str
    topic: str
    title: str
    media_type: str
    contains_pii: bool
    sha256: str
    # In base64, over `claim`; empty until it is signed.
    signature: str = ""
    published_at: datetime

    def claim(self, tenant_id: str) -> bytes:
        """What is signed: the document's hash together with all that is said about it."""
        said = asdict(self) | {"published_at": self.published_at.isoformat()}
        del said["signature"]
        said["tenant_id"] = tenant_id
        return json.dumps(said, sort_keys=True, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the policies say about an item; the instant is set where it is recorded."""

    is_allowed: bool
    reasons: list[str]
    policy_sha256: str
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustItem(Decision):
    """What the tenant sees of an item; everybody sees less of the same."""

    id: str
    category: str
    topic: str
    title: str
    status: str
    updated_at: datetime
    evidence: Evidence | None = None

    @property
    def sha256(self) -> str | None:
        return None if self.evidence is None else self.evidence.sha256

    @property
    def allowed_at(self) -> datetime | None:
        return self.decided_at


PublicTrustItem = TrustItem


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicTrust:
    slug: str
    name: str
    generated_at: datetime
    items: list[TrustItem]
