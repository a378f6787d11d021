"""Invoices, plugins and exact amounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Money:
    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    id: str
    name: str
    name_folded: str
    summary: str
    publisher: str
    kind: str
    price: Money
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    id: str
    created_at: datetime
    amount: Money
    exact_usd: Decimal
    uri: str
    plugin_id: str | None

    @property
    def amount_usd(self) -> float:
        """For charts only; `amount` is what is owed."""
        return float(self.exact_usd)
