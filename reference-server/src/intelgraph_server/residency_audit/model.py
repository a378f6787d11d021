"""Datasets, their exports, how these were judged, and the attestations of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from intelgraph_server.generated.enums import ResidencyStatus as Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    dataset_id: str
    region: str
    recorded_at: datetime

    @property
    def id(self) -> str:
        return self.dataset_id


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetExport:
    export_id: str
    dataset_id: str
    dest_region: str | None = None
    exported_at: datetime
    recorded_at: datetime

    @property
    def id(self) -> str:
        return self.export_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidencyAuditRow:
    """A dataset beside one of its exports; without one, what tells of an export is None."""

    dataset_id: str
    region: str
    jurisdiction: str | None
    export_id: str | None
    # The export's id as lists order it: a dataset without exports stands at its beginning.
    export_key: str
    dest_region: str | None
    dest_jurisdiction: str | None
    exported_at: datetime | None
    status: str


@dataclass(frozen=True, slots=True)
class ResidencySummary:
    """Datasets without exports, and exports by how they were judged, in the order of `Status`."""

    no_exports: int
    unknown: int
    compliant: int
    violations: int
    compliant_share: float | None

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> ResidencySummary:
        none, unknown, compliant, violations = (counts.get(status, 0) for status in Status)
        exports = unknown + compliant + violations
        share = compliant / exports if exports else None
        return cls(none, unknown, compliant, violations, share)

    @property
    def verdict(self) -> str:
        """In one word for texts, which have a sentence for each."""
        if self.violations or self.unknown:
            return "violated" if self.violations else "unknown"
        return "compliant" if self.compliant else "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidencySchedule:
    """A tenant's standing order; `revision` tells it from those before."""

    cadence: ClassVar[str] = "quarterly"
    next_run_at: datetime
    locale: str
    email: str | None = None
    webhook_url: str | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidencyReport:
    """An attestation: the judgements up to the end of a quarter, and its document's name."""

    id: str
    quarter: str
    locale: str
    summary: ResidencySummary
    created_at: datetime
    uri: str

    @property
    def is_compliant(self) -> bool:
        """Every export stayed; where there was none, none left."""
        return self.summary.verdict in {"compliant", "empty"}

    @property
    def document(self) -> str:
        return f"residency/{self.id}.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDelivery:
    """The sending of one report to one recipient."""

    report_id: str
    channel: str
    recipient: str
    attempts: int = 0
    delivered_at: datetime | None = None
    receipt: str | None = None

    @property
    def key(self) -> dict[str, str]:
        """What tells it from the tenant's other sendings, for JSON and SQL."""
        return {"report_id": self.report_id, "channel": self.channel, "recipient": self.recipient}
