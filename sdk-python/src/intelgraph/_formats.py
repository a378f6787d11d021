"""The canonical text of native values, the same in variables and in dumped results.

It stands apart from `_scalars.py` because variables are encoded without pydantic.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


def format_datetime(value: dt.datetime) -> str:
    """RFC 3339 in UTC with the fewest digits that keep the instant.

    A naive value raises ValueError, because it does not say which instant it means.
    """
    if value.utcoffset() is None:
        raise ValueError("a naive datetime names no instant; give it a tzinfo, such as UTC")
    utc = value.astimezone(dt.UTC)
    is_in_milliseconds = utc.microsecond % 1000 == 0 and utc.microsecond != 0
    text = utc.isoformat(timespec="milliseconds" if is_in_milliseconds else "auto")
    return text.replace("+00:00", "Z")


def format_decimal(value: Decimal) -> str:
    """Plain notation with every digit; NaN and infinities raise ValueError."""
    if not value.is_finite():
        raise ValueError(f"{value} is not a number that can be sent")
    return format(value, "f")
