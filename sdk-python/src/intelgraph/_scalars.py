"""Custom scalars: strings on the wire, native values in Python.

Each is a type with pydantic's annotations: read strictly from a JSON string, written back
in the canonical text that variables are sent in.
"""

from __future__ import annotations

import datetime as dt
import decimal
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

from pydantic import GetPydanticSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ._formats import format_datetime, format_decimal

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

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


def scalar(parse: Callable[[Any], T], serialize: Callable[[T], object]) -> GetPydanticSchema:
    """Annotates a type that is read from JSON and written back by functions of the user's own.

    Whatever `parse` raises is a wrong value of the response, at its path.
    """

    def read(value: object) -> T:
        try:
            return parse(value)
        except Exception as error:  # noqa: BLE001 - whatever a user's function may raise.
            # Without what the error says, which may hold the value.
            raised = {"function": parse.__name__, "error": type(error).__name__}
            raise PydanticCustomError("scalar", "{function} raised {error}", raised) from None

    def schema(source: object, _handler: object) -> CoreSchema:
        native = core_schema.is_instance_schema(source) if isinstance(source, type) else None
        return core_schema.json_or_python_schema(
            json_schema=core_schema.no_info_plain_validator_function(read),
            python_schema=native or core_schema.any_schema(),
            serialization=core_schema.plain_serializer_function_ser_schema(
                serialize, when_used="json"
            ),
        )

    return GetPydanticSchema(schema)
