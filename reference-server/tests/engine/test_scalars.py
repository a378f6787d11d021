from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from graphql import GraphQLError

from intelgraph_server.engine.scalars import (
    parse_datetime,
    parse_decimal,
    serialize_datetime,
    serialize_decimal,
)

NOON = datetime(2026, 4, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (NOON, "2026-04-15T12:00:00Z"),
        (NOON + timedelta(milliseconds=5), "2026-04-15T12:00:00.005Z"),
        (NOON + timedelta(microseconds=5), "2026-04-15T12:00:00.000005Z"),
        (NOON.astimezone(timezone(timedelta(hours=-5))), "2026-04-15T12:00:00Z"),
    ],
)
def test_an_instant_is_written_in_utc_with_no_more_digits_than_it_has(
    instant: datetime, written: str
) -> None:
    assert serialize_datetime(instant) == written
    assert parse_datetime(written) == instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-04-15T14:00:00+02:00", NOON),
        ("2026-04-15t12:00:00z", NOON),
        ("2026-04-15T12:00:00.1Z", NOON + timedelta(milliseconds=100)),
        ("2026-04-15T12:00:00.000000999Z", NOON),
    ],
)
def test_rfc_3339_is_read(text: str, instant: datetime) -> None:
    assert parse_datetime(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-15",
        "2026-04-15T12:00:00",
        "2026-04-15 12:00:00Z",
        "2026-04-15T24:00:00Z",
        "2026-04-15T12:00:60Z",
        "2026-02-30T12:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "2026-04-15T12:00:00+99:00",
        "\uff12026-04-15T12:00:00Z",
        "",
        1776254400,
        None,
    ],
)
def test_what_is_not_rfc_3339_is_refused(text: object) -> None:
    with pytest.raises(GraphQLError, match=r"^A DateTime is RFC 3339 with a time zone, such as "):
        parse_datetime(text)


@pytest.mark.parametrize("text", ["1249.50", "-0.001", "0", "12345678901234567890.12"])
def test_a_decimal_keeps_its_digits(text: str) -> None:
    assert serialize_decimal(parse_decimal(text)) == text


def test_a_decimal_is_never_written_with_an_exponent() -> None:
    assert serialize_decimal(Decimal("1E+3")) == "1000"


@pytest.mark.parametrize("text", ["1e3", "NaN", "Infinity", " 1", "1_000", "", 1.5, None])
def test_what_is_not_plain_notation_is_refused(text: object) -> None:
    with pytest.raises(GraphQLError, match=r"^A Decimal is a string in plain notation"):
        parse_decimal(text)


@pytest.mark.parametrize("value", [NOON.replace(tzinfo=None), "2026-04-15", None])
def test_a_value_that_is_no_instant_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        serialize_datetime(value)


@pytest.mark.parametrize("value", [1.5, Decimal("NaN"), "1"])
def test_a_value_that_is_no_decimal_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        serialize_decimal(value)
