"""The enums that operations use, for the server to say their values by name."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING

from .text import STEP, docstring, module, string

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intelgraph_codegen.ir import Enum, EnumValue

HEAD = """
from __future__ import annotations

from enum import StrEnum"""


def emit_enums(enums: Iterable[Enum]) -> str:
    lines = (line for enum in enums for line in enum_class(enum))
    return module("the schema", [*HEAD.split("\n"), *lines])


def enum_class(enum: Enum) -> Iterator[str]:
    """The class under the two empty lines that part it from what is before."""
    yield from ("", "", f"class {enum.name}(StrEnum):")
    yield from docstring(enum.description, STEP)
    for value in enum.values:
        yield from _member(value)


def _member(value: EnumValue) -> Iterator[str]:
    name = f"{value.name}_" if keyword.iskeyword(value.name) else value.name
    yield ""
    yield f"{STEP}{name} = {string(value.name)}"
    yield from docstring(value.description, STEP)
