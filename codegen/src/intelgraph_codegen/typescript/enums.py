"""Enums as unions of their members, open to what a newer server may send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph_codegen.prose import paragraphs

from .layout import typescript_file, write_union
from .text import string, write_doc

if TYPE_CHECKING:
    from intelgraph_codegen.ir import Enum, EnumValue
    from intelgraph_codegen.source_file import SourceFile

    from .naming import Module

OPEN = "(string & {})"


def emit_enum(enum: Enum, module: Module) -> SourceFile:
    """The module of one enum."""
    file = typescript_file(module.path, "the schema", own_names=[module.main])
    write_enum(file, enum, module.main, is_open=True)
    return file


def write_enum(file: SourceFile, enum: Enum, name: str, *, is_open: bool) -> None:
    """Write the type of an enum; members of a union cannot have comments of their own."""
    members = [string(value.name) for value in enum.values]
    values = [line for value in enum.values if (line := _described(value))]
    file.gap(1)
    write_doc(file, paragraphs(enum.description, "\n".join(values)))
    write_union(file, name, [*members, OPEN] if is_open else members)


def _described(value: EnumValue) -> str | None:
    deprecation = None if value.deprecated is None else f"Deprecated: {value.deprecated}"
    told = " ".join(filter(None, [value.description, deprecation]))
    return f"- `{value.name}`: {' '.join(told.split())}" if told else None
