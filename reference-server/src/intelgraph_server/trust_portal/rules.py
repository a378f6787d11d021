"""How a measurement stands against its objective, and what evidence may be called: decisions.

What is not known is unknown, and unknown is never good: nothing measured, or too long ago.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from intelgraph_server.engine.ids import NO_ID, is_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

UNKNOWN: Final = "unknown"
PUBLISHED: Final = "published"
WITHHELD: Final = "withheld"
STALE_MEASUREMENT: Final = timedelta(days=1)
STALE_EVIDENCE: Final = timedelta(days=365)
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,62}/[a-z0-9][a-z0-9.+-]{0,62}")
LONGEST_TITLE: Final = 200


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


def evidence_status(published_at: datetime, now: datetime, *, is_allowed: bool) -> str:
    if not is_allowed:
        return WITHHELD
    return UNKNOWN if now - published_at > STALE_EVIDENCE else PUBLISHED


def problem(evidence_id: str, title: str, media_type: str) -> str | None:
    """What keeps a document from being published under these names."""
    if not is_id(evidence_id):
        return NO_ID
    if not 0 < len(title) <= LONGEST_TITLE or not title.isprintable() or title != title.strip():
        return f"A title has from 1 to {LONGEST_TITLE} characters, none of them for control."
    if not _MEDIA_TYPE.fullmatch(media_type):
        return "A media type is written like `application/pdf`, without parameters."
    return None
