"""What may be registered and paid, how an order moves, and where books differ: pure decisions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from .model import Drift, OrderStatus

Books = Mapping[str, Decimal]  # An amount by what it is about.

CENT: Final = Decimal("0.01")
MOST: Final = Decimal("999999.99")  # What the provider takes in one payment.
UNIT_PLACES: Final = 6
_PLUGIN_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_VERSION: Final = re.compile(r"\d{1,9}\.\d{1,9}\.\d{1,9}([-+][0-9A-Za-z.+-]{1,40})?", re.ASCII)
_LONGEST: Final = {"name": 100, "publisher": 100, "summary": 500}

# The states that an order passes when the provider tells of a target. Events come in any order: of
# an order that was paid back, the payment is told too, whether or not it was heard of before.
_PATHS: Final = {
    (OrderStatus.CREATED, OrderStatus.PAID): (OrderStatus.PAID,),
    (OrderStatus.CREATED, OrderStatus.VOID): (OrderStatus.VOID,),
    (OrderStatus.CREATED, OrderStatus.REFUNDED): (OrderStatus.PAID, OrderStatus.REFUNDED),
    (OrderStatus.PAID, OrderStatus.REFUNDED): (OrderStatus.REFUNDED,),
}


def steps(status: str, target: OrderStatus) -> tuple[OrderStatus, ...]:
    """The states to pass, one after the other; none where the news is old or cannot be."""
    return _PATHS.get((OrderStatus(status), target), ())


def cents(price: Decimal) -> int | None:
    """The price in cents, exact; None when it is no whole number of them."""
    return int(price * 100) if price == price.quantize(CENT) else None


def problems(release: Mapping[str, Any]) -> Iterator[str]:
    """What keeps a release from being registered, as sentences."""
    price, unit = release["price_usd"], release.get("unit_price_usd") or Decimal(0)
    if not _PLUGIN_ID.fullmatch(release["plugin_id"]):
        yield (
            "A plugin's id has up to 64 lower case letters, digits and `_`,"
            " and begins with a letter."
        )
    if not _VERSION.fullmatch(release["version"]):
        yield "A version has three numbers, such as `1.2.0`."
    if not 0 <= price <= MOST or cents(price) is None:
        yield f"A price is from 0 to {MOST}, in whole cents."
    if not 0 <= unit <= MOST or unit != round(unit, UNIT_PLACES):
        yield f"A unit price is from 0 to {MOST}, with at most {UNIT_PLACES} decimal places."
    for name, most in _LONGEST.items():
        if not 0 < len(release[name].strip()) <= most:
            yield f"The {name} has from 1 to {most} characters."


def order_id(text: str) -> str | None:
    """The id as the database knows it; None when it is not the id of any order."""
    try:
        return str(UUID(text))
    except ValueError:
        return None


def drifts(kind: str, expected: Books, found: Books) -> list[Drift]:
    """Every subject of which two books tell different amounts; a missing one counts as nothing."""
    subjects = sorted({*expected, *found})
    pairs = [(s, expected.get(s, Decimal(0)), found.get(s, Decimal(0))) for s in subjects]
    return [Drift(kind, s, str(e), str(f)) for s, e, f in pairs if e != f]
