"""Input objects and variables on their way to JSON.

Inputs are slotted classes and no pydantic models: a misspelt argument is a TypeError at
once, types may refer to each other in any way, and hundreds of them load in milliseconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias, cast
from uuid import UUID

from ._formats import format_datetime, format_decimal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Serializers: TypeAlias = Mapping[str, Callable[[Any], object]]


class Unset(Enum):
    """The type of `UNSET`."""

    UNSET = "UNSET"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""Leaves a variable or an input field out of the request, where None sends null."""


class Input:
    """The base of generated input classes: keyword-only fields that UNSET leaves out."""

    __slots__: ClassVar[tuple[str, ...]] = ()
    _wire_names: ClassVar[tuple[str, ...]] = ()
    _serializers: ClassVar[Serializers] = {}

    def _require_one(self) -> None:
        # Here and not in generated code, where a field may be called `type` or `sum`.
        if sum(getattr(self, name) is not UNSET for name in self.__slots__) != 1:
            raise TypeError(f"{type(self).__name__} takes exactly one of its fields")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment] # Fields may be assigned to.

    def __iter__(self) -> Iterator[tuple[str, object]]:
        """The fields that are set, by their wire names, so that `dict(input)` has them.

        What a custom scalar's own function writes is there as it was written.
        """
        for name, wire_name in zip(self.__slots__, self._wire_names, strict=True):
            value = getattr(self, name)
            if value is not UNSET:
                yield wire_name, _serialized(value, wire_name, self._serializers)

    def __repr__(self) -> str:
        fields = ((name, getattr(self, name)) for name in self.__slots__)
        given = ", ".join(f"{name}={value!r}" for name, value in fields if value is not UNSET)
        return f"{type(self).__name__}({given})"


def encode_variables(
    variables: Mapping[str, object], serializers: Serializers = MappingProxyType({})
) -> dict[str, object]:
    """Variables as JSON values by their wire names, without those that are UNSET.

    A value that has no JSON form raises TypeError, and one that must not be sent, such as
    a naive datetime, ValueError; both name the variable's place and not its value. So does
    a value that contains itself.
    """
    if not hasattr(variables, "items"):
        kind = type(variables).__name__
        raise TypeError(f"variables are a mapping of names to values, not a {kind}")
    written = {
        name: _serialized(value, name, serializers) if name in serializers else value
        for name, value in variables.items()
    }
    try:
        return _encode_members(written.items(), "")
    except RecursionError:
        names = ", ".join(name for name, value in written.items() if type(value) not in _AS_IS)
        raise ValueError(f"{names}: nested too deeply to be sent, or in itself") from None


def _serialized(value: object, name: str, serializers: Serializers) -> object:
    """What the function of a custom scalar makes of a value, or of each item of a list."""
    serialize = serializers.get(name)
    if serialize is None or value is None or value is UNSET:
        return value
    if isinstance(value, list):
        return [_serialized(item, name, serializers) for item in cast("list[object]", value)]
    try:
        return serialize(value)
    except Exception as error:
        told = f"{serialize.__name__} raised {type(error).__name__} for a {type(value).__name__}"
        raise TypeError(f"{name}: {told}") from error


def _encode(value: object, place: str) -> object:
    if type(value) in _AS_IS:
        return value
    if isinstance(value, Input):
        return _encode_members(value, f"{place}.")
    if isinstance(value, (list, tuple)):
        items = cast("Sequence[object]", value)
        return [_encode(item, f"{place}[{index}]") for index, item in enumerate(items)]
    if isinstance(value, Mapping):
        return _encode_members(cast("Mapping[Any, object]", value).items(), f"{place}.")
    return _encode_scalar(value, place)


def _encode_members(members: Iterable[tuple[Any, object]], prefix: str) -> dict[str, object]:
    encoded: dict[str, object] = {}
    # A loop takes no frame of its own, unlike a comprehension: values nest half as deep again.
    for name, member in members:
        if member is not UNSET:
            plain = type(member) in _AS_IS
            value = member if plain else _encode(member, f"{prefix}{name}")
            encoded[_member_name(name, prefix)] = value
    return encoded


def _member_name(name: object, prefix: str) -> str:
    if isinstance(name, str):
        return name
    raise TypeError(f"{prefix}{name}: a JSON object's names are strings")


def _encode_scalar(value: object, place: str) -> object:
    for kind, encode in _SCALARS:
        if isinstance(value, kind) and value is not UNSET:
            try:
                return encode(value)
            except ValueError as error:
                raise ValueError(f"{place}: {error}") from None
    raise TypeError(f"{place}: {type(value).__name__} has no JSON form")


def _unchanged(value: object) -> object:
    return value


_AS_IS = frozenset({str, int, float, bool, type(None)})

# In this order, because a datetime is a date and a StrEnum is a str.
_SCALARS: tuple[tuple[type | tuple[type, ...], Callable[[Any], object]], ...] = (
    (Enum, attrgetter("value")),
    (dt.datetime, format_datetime),
    (dt.date, dt.date.isoformat),
    (dt.time, dt.time.isoformat),
    (Decimal, format_decimal),
    (UUID, str),
    ((str, int, float), _unchanged),
)
