"""How an export is judged, and what may be recorded: pure decisions.

An export is judged by jurisdictions, not by the names of regions: `eu` and `eu-west-1` are
different names of one jurisdiction. What cannot be judged is unknown, and unknown is never good.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .model import Status, Summary

if TYPE_CHECKING:
    from collections.abc import Mapping

# Each region is listed, because its first letters do not tell: `eu-west-2` is London and
# `eu-central-2` is Zürich, neither of them in the European Union. The names of its member
# states are left out, because data that must stay in one of them may not go to another.
REGIONS: Final = {
    "AU": "au ap-southeast-2 ap-southeast-4",
    "BR": "br sa-east-1",
    "CA": "ca ca-central-1 ca-west-1",
    "CH": "ch eu-central-2",
    "EU": "eu eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-3",
    "GB": "gb uk eu-west-2",
    "IN": "in ap-south-1 ap-south-2",
    "JP": "jp ap-northeast-1 ap-northeast-3",
    "KR": "kr ap-northeast-2",
    "SG": "sg ap-southeast-1",
    "US": "us us-east-1 us-east-2 us-west-1 us-west-2",
}
JURISDICTIONS: Final = {
    region: jurisdiction for jurisdiction, regions in REGIONS.items() for region in regions.split()
}
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_REGION: Final = re.compile(r"[a-z0-9-]{1,64}")


def jurisdiction(region: str | None) -> str | None:
    """Where the law of a region is made; None when nobody here knows."""
    return None if region is None else JURISDICTIONS.get(region)


def status(region: str, export_id: str | None, dest_region: str | None) -> Status:
    if export_id is None:
        return Status.NO_EXPORTS
    home, there = jurisdiction(region), jurisdiction(dest_region)
    if home is None or there is None:
        return Status.UNKNOWN
    return Status.COMPLIANT if home == there else Status.VIOLATION


def summary(counts: Mapping[Status, int]) -> Summary:
    compliant = counts.get(Status.COMPLIANT, 0)
    unknown = counts.get(Status.UNKNOWN, 0)
    violations = counts.get(Status.VIOLATION, 0)
    exports = compliant + unknown + violations
    return Summary(
        no_exports=counts.get(Status.NO_EXPORTS, 0),
        unknown=unknown,
        compliant=compliant,
        violations=violations,
        compliant_share=compliant / exports if exports else None,
    )


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def is_region(text: str) -> bool:
    return _REGION.fullmatch(text) is not None
