"""Datasets, their exports, and how these were judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Status(StrEnum):
    """The values of `ResidencyStatus`."""

    NO_EXPORTS = "NO_EXPORTS"
    UNKNOWN = "UNKNOWN"
    COMPLIANT = "COMPLIANT"
    VIOLATION = "VIOLATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    id: str
    region: str
    jurisdiction: str | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetExport:
    id: str
    dataset_id: str
    dest_region: str | None
    exported_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """A dataset beside one of its exports; without one, what tells of an export is None."""

    dataset_id: str
    region: str
    jurisdiction: str | None
    export_id: str | None
    dest_region: str | None
    dest_jurisdiction: str | None
    exported_at: datetime | None
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Datasets without exports, and exports by how they were judged."""

    no_exports: int
    unknown: int
    compliant: int
    violations: int
    compliant_share: float | None
