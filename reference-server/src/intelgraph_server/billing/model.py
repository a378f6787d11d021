"""Plugins and their releases, orders, uses, invoices, and how the books were found.

What a table holds is called as its columns are; an amount is a plain number, in dollars where
nothing else is said, and becomes `Money` where GraphQL shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal


class OrderStatus(StrEnum):
    """As the table of orders spells it; GraphQL's `OrderStatus` is the same in capitals."""

    CREATED = "created"
    PAID = "paid"
    VOID = "void"
    REFUNDED = "refunded"


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
    price: Decimal
    currency: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    id: str
    created_at: datetime
    amount: Decimal
    currency: str
    amount_usd: Decimal  # For charts only; `amount` is what is owed.
    uri: str
    plugin_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginRelease:
    """A version of a tenant's plugin; `contents` is what `documents.sbom` read of its artefact."""

    plugin_id: str
    version: str
    tenant_id: str
    name: str
    summary: str
    publisher: str
    kind: str
    price_usd: Decimal
    unit_price_usd: Decimal | None = None
    artifact_sha256: str
    contents: Mapping[str, Any]
    registered_at: datetime
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    order_id: str
    tenant_id: str
    plugin_id: str
    plugin_version: str
    price_usd: Decimal
    status: str = OrderStatus.CREATED
    stripe_session: str | None = None
    invoice_uri: str | None = None
    created_at: datetime
    paid_at: datetime | None = None

    @property
    def id(self) -> str:
        return self.order_id

    @property
    def hex_id(self) -> str:
        """The id as lists order it, for the databases spell it differently."""
        return self.order_id.replace("-", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageEvent:
    """A use; `order_id` is the order whose release says what it costs."""

    id: str
    plugin_id: str
    quantity: int
    used_at: datetime
    recorded_at: datetime
    order_id: str


@dataclass(frozen=True, slots=True)
class UsageLineItem:
    """A day's uses of one plugin; amounts are text here and below, as they are kept in JSON."""

    plugin_id: str
    quantity: int
    unit_price: str
    amount: str


@dataclass(frozen=True, slots=True)
class Drift:
    kind: str
    subject: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    day: datetime
    reconciled_at: datetime
    # Of `UsageLineItem` and `Drift`; what comes from the table is as JSON has it.
    line_items: list[Any]
    drifts: list[Any]

    @property
    def is_balanced(self) -> bool:
        return not self.drifts
