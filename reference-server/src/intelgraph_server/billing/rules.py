"""What may be registered and paid, how an order moves, and where books differ: pure decisions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from .model import Drift, Money, OrderStatus

Books = Mapping[str, Decimal]  # An amount by what it is about.

CENT: Final = Decimal("0.01")
MOST: Final = Decimal("999999.99")  # What the provider takes in one payment.
UNIT_PLACES: Final = 6
WEBHOOK_TOLERANCE: Final = timedelta(minutes=5)
_PLUGIN_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_VERSION: Final = re.compile(r"\d{1,9}\.\d{1,9}\.\d{1,9}([-+][0-9A-Za-z.+-]{1,40})?", re.ASCII)

# The states that an order passes when the provider tells of a target. Events come in any order: of
# an order that was paid back, the payment is told too, whether or not it was heard of before.
_PATHS: Final = {
    (OrderStatus.CREATED, OrderStatus.PAID): (OrderStatus.PAID,),
    (OrderStatus.CREATED, OrderStatus.VOID): (OrderStatus.VOID,),
    (OrderStatus.CREATED, OrderStatus.REFUNDED): (OrderStatus.PAID, OrderStatus.REFUNDED),
    (OrderStatus.PAID, OrderStatus.REFUNDED): (OrderStatus.REFUNDED,),
}


def steps(state: OrderStatus, target: OrderStatus) -> tuple[OrderStatus, ...]:
    """The states to pass, one after the other; none where the news is old or cannot be."""
    return _PATHS.get((state, target), ())


def cents(price: Decimal) -> int | None:
    """The price in cents, exact; None when it is no whole number of them."""
    return int(price * 100) if price == price.quantize(CENT) else None


def problem_of_release(plugin_id: str, version: str, price: Decimal, unit: Decimal) -> str | None:
    """What keeps a release from being registered, as a sentence."""
    if not _PLUGIN_ID.fullmatch(plugin_id):
        return (
            "A plugin's id has up to 64 lower case letters, digits and `_`,"
            " and begins with a letter."
        )
    if not _VERSION.fullmatch(version):
        return "A version has three numbers, such as `1.2.0`."
    if not 0 <= price <= MOST or cents(price) is None:
        return f"A price is from 0 to {MOST}, in whole cents."
    if not 0 <= unit <= MOST or unit != round(unit, UNIT_PLACES):
        return f"A unit price is from 0 to {MOST}, with at most {UNIT_PLACES} decimal places."
    return None


def is_usage_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def order_id(text: str) -> str | None:
    """The id as the database knows it; None when it is not the id of any order."""
    try:
        return str(UUID(text))
    except ValueError:
        return None


def drifts(kind: str, expected: Books, found: Books) -> list[Drift]:
    """Every subject of which two books tell different amounts; a missing one counts as nothing."""
    nothing = Decimal(0)
    pairs = {
        subject: (expected.get(subject, nothing), found.get(subject, nothing))
        for subject in sorted({*expected, *found})
    }
    return [Drift(kind, s, Money(e), Money(f)) for s, (e, f) in pairs.items() if e != f]
