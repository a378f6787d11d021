from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from intelgraph._formats import format_datetime, format_decimal

EAST = dt.timezone(dt.timedelta(hours=2))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.datetime(2026, 4, 15, 9, 30, tzinfo=dt.UTC), "2026-04-15T09:30:00Z"),
        (dt.datetime(2026, 4, 15, 9, 30, tzinfo=EAST), "2026-04-15T07:30:00Z"),
        (dt.datetime(2026, 4, 15, 9, 30, 1, 250000, tzinfo=dt.UTC), "2026-04-15T09:30:01.250Z"),
        (dt.datetime(2026, 4, 15, 9, 30, 1, 7, tzinfo=dt.UTC), "2026-04-15T09:30:01.000007Z"),
    ],
)
def test_an_instant_is_written_in_utc_with_the_fewest_digits(value: dt.datetime, text: str) -> None:
    assert format_datetime(value) == text


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        format_datetime(dt.datetime(2026, 4, 15))  # noqa: DTZ001 - the point.


@pytest.mark.parametrize(
    ("value", "text"),
    [("1249.50", "1249.50"), ("1E+3", "1000"), ("-0.000001", "-0.000001"), ("1E-7", "0.0000001")],
)
def test_a_decimal_is_written_in_plain_notation_with_every_digit(value: str, text: str) -> None:
    assert format_decimal(Decimal(value)) == text


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        format_decimal(Decimal(value))
