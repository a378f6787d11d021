"""Custom scalars: strings on the wire, native values in Python.

Each is a type with pydantic's annotations: read strictly from a JSON string, written back
in the canonical text that variables are sent in.
"""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Annotated, TypeAlias

from pydantic import GetPydanticSchema
from pydantic_core import CoreSchema, core_schema

from ._formats import format_datetime, format_decimal

# Stricter than pydantic, which takes a string of digits for a Unix time.
_RFC3339 = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})$"
)
_DECIMAL = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$"


def _datetime_schema() -> CoreSchema:
    native = core_schema.datetime_schema(strict=False, tz_constraint="aware")
    return core_schema.json_or_python_schema(
        json_schema=core_schema.chain_schema(
            [core_schema.str_schema(strict=True, pattern=_RFC3339), native]
        ),
        python_schema=core_schema.datetime_schema(strict=True, tz_constraint="aware"),
        serialization=core_schema.plain_serializer_function_ser_schema(
            format_datetime, when_used="json"
        ),
    )


def _decimal_schema() -> CoreSchema:
    native = core_schema.decimal_schema(strict=False, allow_inf_nan=False)
    return core_schema.json_or_python_schema(
        json_schema=core_schema.chain_schema(
            [core_schema.str_schema(strict=True, pattern=_DECIMAL), native]
        ),
        python_schema=core_schema.decimal_schema(strict=True, allow_inf_nan=False),
        serialization=core_schema.plain_serializer_function_ser_schema(
            format_decimal, when_used="json"
        ),
    )


DateTime: TypeAlias = Annotated[
    dt.datetime, GetPydanticSchema(lambda _source, _handler: _datetime_schema())
]
"""An instant: an aware `datetime` in Python, RFC 3339 on the wire."""

Decimal: TypeAlias = Annotated[
    decimal.Decimal, GetPydanticSchema(lambda _source, _handler: _decimal_schema())
]
"""An exact number: a `decimal.Decimal` in Python, a string in plain notation on the wire."""
