"""Entities and relations as the rest of the domain speaks of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: str
    name: str
    summary: str | None
    updated_at: datetime
    aliases: tuple[str, ...]
    nationality: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    id: str
    name: str
    summary: str | None
    updated_at: datetime
    jurisdiction: str | None
    registration_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    id: str
    name: str
    summary: str | None
    updated_at: datetime
    indicator_kind: str
    value: str
    first_seen_at: datetime


Entity: TypeAlias = Person | Organization | Indicator


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    id: str
    kind: str
    confidence: float
    target: Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityFilter:
    """Conditions that must all hold; None does not restrict."""

    kinds: tuple[str, ...] | None = None
    name_contains: str | None = None
    updated_since: datetime | None = None
