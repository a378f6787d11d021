from __future__ import annotations

import datetime as dt
from decimal import Decimal as NativeDecimal
from fractions import Fraction
from typing import Annotated

import pytest
from pydantic import ValidationError

from intelgraph.runtime import DateTime, Decimal, Model, scalar


class Payment(Model):
    """What the tests read scalars into."""

    at: DateTime | None = None
    amount: Decimal | None = None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-04-15T09:30:00Z", dt.datetime(2026, 4, 15, 9, 30, tzinfo=dt.UTC)),
        ("2026-04-15T11:30:00+02:00", dt.datetime(2026, 4, 15, 9, 30, tzinfo=dt.UTC)),
        ("2026-04-15T09:30:00.25Z", dt.datetime(2026, 4, 15, 9, 30, 0, 250000, tzinfo=dt.UTC)),
        # Python has no nanoseconds; what it cannot hold is cut off.
        (
            "2026-04-15T09:30:00.123456789Z",
            dt.datetime(2026, 4, 15, 9, 30, 0, 123456, tzinfo=dt.UTC),
        ),
    ],
)
def test_an_rfc_3339_string_is_read_as_an_aware_instant(text: str, instant: dt.datetime) -> None:
    payment = Payment.model_validate_json(f'{{"at":"{text}"}}')

    assert payment.at == instant
    assert payment.at is not None
    assert payment.at.tzinfo is not None


@pytest.mark.parametrize(
    "value",
    ["1700000000", '"1700000000"', '"2026-04-15"', '"2026-04-15T09:30:00"', '"soon"', "true"],
)
def test_what_is_no_rfc_3339_string_is_no_instant(value: str) -> None:
    with pytest.raises(ValidationError):
        Payment.model_validate_json(f'{{"at":{value}}}')


@pytest.mark.parametrize("text", ["1249.50", "-0.01", "0", "12345678901234567890.123456789", "1e3"])
def test_a_decimal_keeps_every_digit_of_its_string(text: str) -> None:
    payment = Payment.model_validate_json(f'{{"amount":"{text}"}}')

    assert payment.amount == NativeDecimal(text)


@pytest.mark.parametrize("value", ["1249.50", "1", '"NaN"', '"1_000"', '" 1"', '""', '"1,5"'])
def test_what_is_no_plain_decimal_string_is_no_decimal(value: str) -> None:
    with pytest.raises(ValidationError):
        Payment.model_validate_json(f'{{"amount":{value}}}')


def test_scalars_are_written_back_in_their_canonical_form() -> None:
    text = '{"at":"2026-04-15T11:30:00.500+02:00","amount":"1E+3"}'

    payment = Payment.model_validate_json(text)

    assert payment.model_dump_json() == '{"at":"2026-04-15T09:30:00.500Z","amount":"1000"}'


def test_a_result_can_be_made_from_native_values() -> None:
    at = dt.datetime(2026, 4, 15, tzinfo=dt.UTC)

    payment = Payment(at=at, amount=NativeDecimal("1.50"))

    assert (payment.at, payment.amount) == (at, NativeDecimal("1.50"))


def test_a_result_is_not_made_from_a_naive_datetime_or_a_float() -> None:
    with pytest.raises(ValidationError):
        Payment(at=dt.datetime(2026, 4, 15))  # noqa: DTZ001 - the point.
    with pytest.raises(ValidationError):
        Payment.model_validate({"amount": 1.5})


class _Share(Model):
    of: Annotated[Fraction, scalar(Fraction, str)]
    named: Annotated[list[str], scalar(str.split, " ".join)]


def test_functions_of_the_users_own_read_and_write_a_scalar() -> None:
    text = '{"of":"1/3","named":"a b"}'

    share = _Share.model_validate_json(text)

    assert (share.of, share.named) == (Fraction(1, 3), ["a", "b"])
    assert share.model_dump_json() == text
    assert share.model_dump(include={"named"}) == {"named": ["a", "b"]}
    assert share == _Share(of=Fraction(1, 3), named=["a", "b"])


def test_what_such_a_function_raises_is_a_wrong_value_that_is_not_repeated() -> None:
    with pytest.raises(ValidationError) as caught:
        _Share.model_validate_json('{"of":"secret","named":1}')

    told = [(each["loc"], each["msg"]) for each in caught.value.errors()]
    assert told == [
        (("of",), "Fraction raised ValueError"),
        (("named",), "split raised TypeError"),
    ]
    with pytest.raises(ValidationError):
        _Share.model_validate({"of": "1/3", "named": []})
