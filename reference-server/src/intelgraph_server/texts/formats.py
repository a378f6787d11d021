"""Amounts, shares, numbers and instants as one locale writes them.

The same functions exist in the browser, so each says the call of `Intl` that gives the same
text. Rounding is half to even everywhere, digits are always grouped, instants are in UTC.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

PLAIN_SPACE: Final = {0x202F: "\N{NO-BREAK SPACE}"}


class Formats:
    """How a locale writes what is not text.

    `Intl.NumberFormat(locale, {useGrouping: "always", roundingMode: "halfEven", …})` on the
    decimal as a string, where … is what each function says.
    """

    def __init__(self, locale: str) -> None:
        self._locale: Final = Locale.parse(locale)

    def money(self, amount: object, currency: str) -> str:
        """Exact: `{style: "currency", currency, maximumFractionDigits: 20}`."""
        shown = format_currency(
            _exact(amount), str(currency), locale=self._locale, decimal_quantization=False
        )
        # A code that ends in a letter stands apart, as CLDR has it and Babel does not.
        return re.sub(r"(?<=[A-Z])(?=\d)", "\N{NO-BREAK SPACE}", shown.translate(PLAIN_SPACE))

    def pct(self, ratio: object, *, digits: int = 2) -> str:
        """A ratio as a percentage: `{style: "percent"}` with that many digits exactly."""
        pattern = self._locale.percent_formats[None].pattern.replace("0", _zeros(digits))
        return format_percent(_exact(ratio), pattern, self._locale).translate(PLAIN_SPACE)

    def num(self, number: object, *, digits: int | None = None) -> str:
        """That many digits exactly, or all there are: `{maximumFractionDigits: 20}`."""
        is_exact, pattern = digits is None, None if digits is None else f"#,##{_zeros(digits)}"
        return format_decimal(_exact(number), pattern, self._locale, not is_exact)

    def date(self, day: object) -> str:
        """`Intl.DateTimeFormat(locale, {dateStyle: "long", timeZone: "UTC"})`."""
        day = _instant(day).date() if isinstance(day, dt.datetime) else day
        if not isinstance(day, dt.date):
            raise TypeError(f"{day!r} is not a date")
        return format_date(day, "long", self._locale)

    def datetime(self, instant: object) -> str:
        """The date, `, `, hour and minute of 24 hours with two digits each, and ` UTC`."""
        at = _instant(instant)
        return f"{self.date(at)}, {at:%H:%M} UTC"


def _exact(number: object) -> Decimal:
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal | str):
        raise TypeError(f"{number!r} is not a number")
    return Decimal(str(number))


def _zeros(digits: int) -> str:
    return f"0.{'0' * int(digits)}".rstrip(".")


def _instant(value: object) -> dt.datetime:
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise TypeError(f"{value!r} is not an instant with its time zone")
    return value.astimezone(dt.UTC)
