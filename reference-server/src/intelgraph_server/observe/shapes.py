"""Whether JSON has the shape it should, and if not, what is wrong and where.

What was sent is never quoted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Number:
    """A number within finite bounds, both of which belong to them."""

    least: float
    most: float
    is_whole: bool = False
    may_be_null: bool = False

    def fits(self, value: object) -> bool:
        if value is None:
            return self.may_be_null
        # To Python, true is a number.
        if isinstance(value, bool) or not isinstance(value, int if self.is_whole else int | float):
            return False
        return self.least <= value <= self.most

    def __str__(self) -> str:
        null, whole = "null or " * self.may_be_null, "whole " * self.is_whole
        return f"{null}a {whole}number from {self.least} to {self.most}"


@dataclass(frozen=True, slots=True)
class Text:
    """Null, or text that is not empty."""

    most: int

    def fits(self, value: object) -> bool:
        return value is None or (isinstance(value, str) and 0 < len(value) <= self.most)

    def __str__(self) -> str:
        return f"null or text of up to {self.most} characters"


Shape: TypeAlias = "Number | Text | Mapping[str, Shape]"


def fault(value: object, shape: Shape, place: str = "") -> str | None:
    """What is wrong first, with its place; None when nothing is."""
    if isinstance(shape, Number | Text):
        return None if shape.fits(value) else f"{place} is not {shape}"
    if not isinstance(value, dict):
        return f"{place or 'it'} is not an object"
    members, prefix = cast("dict[str, object]", value), f"{place}." if place else ""
    if members.keys() != shape.keys():
        return f"{place or 'it'} does not have the members {', '.join(shape)} and no others"
    faults = (fault(members[name], inner, prefix + name) for name, inner in shape.items())
    return next((found for found in faults if found is not None), None)
