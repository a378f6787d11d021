"""Tiles, evidence, what was decided about them, and how each stands.

What is not known is unknown, and unknown is never good: nothing measured, or too long ago.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from intelgraph_server.engine.ids import NO_ID, is_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

UNKNOWN: Final = "unknown"
STALE_MEASUREMENT: Final = timedelta(days=1)
STALE_EVIDENCE: Final = timedelta(days=365)
LONGEST_TITLE: Final = 200
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,62}/[a-z0-9][a-z0-9.+-]{0,62}")


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

    def expected(self) -> dict[str, bool]:
        """What must be so for it to be published, in sentences."""
        size, is_plain = len(self.title), self.title.isprintable()
        return {
            NO_ID: is_id(self.id),
            f"A title has from 1 to {LONGEST_TITLE} characters, none of them for control.": (
                0 < size <= LONGEST_TITLE and is_plain and self.title == self.title.strip()
            ),
            "A media type is written like `application/pdf`, without parameters.": (
                _MEDIA_TYPE.fullmatch(self.media_type) is not None
            ),
        }

    def status(self, now: datetime, *, is_allowed: bool) -> str:
        if not is_allowed:
            return "withheld"
        return UNKNOWN if now - self.published_at > STALE_EVIDENCE else "published"


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


def tile_status(
    objective: Mapping[str, float], share: float | None, measured: datetime | None, now: datetime
) -> str:
    """`measured` is when the newest measured minute ended.

    An objective is at least its target, or at most where it says `atRiskAbove`.
    """
    if share is None or measured is None or now - measured > STALE_MEASUREMENT:
        return UNKNOWN
    sign = -1 if "atRiskAbove" in objective else 1
    at_risk = objective["atRiskAbove" if sign < 0 else "atRiskBelow"]
    if sign * share < sign * objective["target"]:
        return "breached"
    return "at_risk" if sign * share < sign * at_risk else "met"
