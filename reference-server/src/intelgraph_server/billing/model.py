"""Plugins and their releases, orders, uses, invoices, and how the books were found."""

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
    currency: str = "USD"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginRelease:
    """A version of a plugin; `contents` is what `sbom.contents` read from its artefact."""

    plugin_id: str
    version: str
    name: str
    summary: str
    publisher: str
    kind: str
    price: Money
    unit_price: Money | None
    artifact_sha256: str
    contents: Mapping[str, Any]
    registered_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    id: str
    tenant_id: str
    plugin_id: str
    plugin_version: str
    price: Money
    state: OrderStatus
    session: str | None
    invoice_uri: str | None
    created_at: datetime
    paid_at: datetime | None

    @property
    def hex_id(self) -> str:
        """The id as lists order it, for the databases spell it differently."""
        return self.id.replace("-", "")

    @property
    def status(self) -> str:
        return self.state.upper()


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
    plugin_id: str
    quantity: int
    unit_price: Money

    @property
    def amount(self) -> Money:
        return Money(self.quantity * self.unit_price.value)


@dataclass(frozen=True, slots=True)
class Drift:
    kind: str
    subject: str
    expected: Money
    found: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    day: datetime
    reconciled_at: datetime
    line_items: list[UsageLineItem]
    drifts: list[Drift]

    @property
    def is_balanced(self) -> bool:
        return not self.drifts


@dataclass(frozen=True, slots=True)
class Checkout:
    """The provider's session, by which an order is paid; `customer` is the tenant's token."""

    id: str
    url: str
    order_id: str
    customer: str
    is_paid: bool
    amount: Money


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """What the provider tells of an order; `amount` is what was paid or paid back."""

    id: str
    type: str
    order_id: str
    target: OrderStatus
    amount: Money
