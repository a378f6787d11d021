"""Entities and relations as the rest of the domain speaks of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    id: str
    name: str
    summary: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(_Described):
    aliases: list[str]
    nationality: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(_Described):
    jurisdiction: str | None
    registration_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(_Described):
    indicator_kind: str
    value: str
    first_seen_at: datetime


Entity: TypeAlias = Person | Organization | Indicator
KINDS: Final[dict[str, type[Entity]]] = {
    "PERSON": Person,
    "ORGANIZATION": Organization,
    "INDICATOR": Indicator,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    id: str
    kind: str
    confidence: float
    target: Entity
