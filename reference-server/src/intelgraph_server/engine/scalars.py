"""Custom scalars between Python values and JSON: `DateTime` and `Decimal`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from graphql import GraphQLError

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql import GraphQLSchema

_RFC3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)
_DECIMAL: Final = re.compile(r"-?\d{1,40}(\.\d{1,40})?", re.ASCII)


def serialize_datetime(value: object) -> str:
    """RFC 3339 in UTC, with milli- or microseconds only where there are any."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError(f"DateTime cannot represent {value!r}")
    if value.microsecond == 0:
        precision = "seconds"
    else:
        precision = "microseconds" if value.microsecond % 1000 else "milliseconds"
    utc = value.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec=precision)}Z"


def parse_datetime(value: object) -> datetime:
    match = _RFC3339.fullmatch(value) if isinstance(value, str) else None
    if match:
        day, time, fraction, zone = match.groups()
        # Python keeps microseconds; finer digits are dropped.
        text = f"{day}T{time}{(fraction or '.0')[:7].ljust(7, '0')}{zone.upper()}"
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise GraphQLError("A DateTime is RFC 3339 with a time zone, such as 2026-04-15T09:30:00Z.")


def serialize_decimal(value: object) -> str:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise TypeError(f"Decimal cannot represent {value!r}")
    return format(value, "f")


def parse_decimal(value: object) -> Decimal:
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    raise GraphQLError('A Decimal is a string in plain notation, such as "1249.50".')


_SCALARS: Final[dict[str, tuple[Callable[[object], str], Callable[[object], object]]]] = {
    "DateTime": (serialize_datetime, parse_datetime),
    "Decimal": (serialize_decimal, parse_decimal),
}


def bind_scalars(schema: GraphQLSchema) -> None:
    for name, (serialize, parse) in _SCALARS.items():
        scalar = schema.type_map.get(name)
        if scalar is None:
            continue
        # graphql-core 3.3 renamed the two functions; the old names still serve 3.2.
        for attribute in ("serialize", "coerce_output_value"):
            setattr(scalar, attribute, serialize)
        for attribute in ("parse_value", "coerce_input_value"):
            setattr(scalar, attribute, parse)
