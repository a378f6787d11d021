from __future__ import annotations

from decimal import Decimal

import pytest

from intelgraph_server.billing import rules
from intelgraph_server.billing.model import Drift, OrderStatus

S = OrderStatus


@pytest.mark.parametrize(
    ("price", "cents"),
    [("0.29", 29), ("1.1", 110), ("0", 0), ("149.995", None), ("999999.99", 99999999)],
)
def test_a_price_is_a_whole_number_of_cents_or_cannot_be_paid(
    price: str, cents: int | None
) -> None:
    assert rules.cents(Decimal(price)) == cents


def test_an_order_moves_only_forward() -> None:
    allowed = {
        (state, target): rules.steps(state, target)
        for state in S
        for target in S
        if rules.steps(state, target)
    }

    assert allowed == {
        (S.CREATED, S.PAID): (S.PAID,),
        (S.CREATED, S.VOID): (S.VOID,),
        (S.CREATED, S.REFUNDED): (S.PAID, S.REFUNDED),
        (S.PAID, S.REFUNDED): (S.REFUNDED,),
    }


def test_drift_is_every_subject_of_which_two_books_differ() -> None:
    expected = {"a": Decimal("1.00"), "b": Decimal(2), "d": Decimal("0.00")}
    found = {"a": Decimal(1), "c": Decimal(3)}

    assert rules.drifts("order", expected, found) == [
        Drift("order", "b", "2", "0"),
        Drift("order", "c", "0", "3"),
    ]


@pytest.mark.parametrize("text", ["", "1", "g" * 32, "{}", "0" * 33])
def test_what_is_no_uuid_is_no_order(text: str) -> None:
    assert rules.order_id(text) is None
