"""Input objects and variables as interfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph_codegen.prose import paragraphs

from .layout import typescript_file, write_property
from .text import write_doc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intelgraph_codegen.ir import InputField, InputObject
    from intelgraph_codegen.source_file import SourceFile

    from .naming import Module
    from .types import Types


def emit_input(each: InputObject, module: Module, types: Types) -> SourceFile:
    """The module of one input object."""
    file = typescript_file(module.path, "the schema", own_names=[module.main])
    if each.is_one_of:
        _write_one_of(file, types, each, module.main)
    else:
        write_fields(file, types, module.main, each.fields, each.description)
    return file


def write_fields(
    file: SourceFile,
    types: Types,
    name: str,
    fields: Sequence[InputField],
    description: str | None,
) -> None:
    """Write the interface of what a caller gives."""
    file.gap(1)
    write_doc(file, description)
    with file.block(f"export interface {name} {{", "}"):
        for field in fields:
            write_doc(file, _doc(field), deprecated=field.deprecated)
            key = field.name if field.is_required else f"{field.name}?"
            write_property(file, key, types.argument(file, field))


def _write_one_of(file: SourceFile, types: Types, each: InputObject, name: str) -> None:
    file.gap(1)
    write_doc(file, paragraphs(each.description, "Exactly one of its fields must be given."))
    if len(each.fields) == 1:
        with file.block(f"export interface {name} {{", "}"):
            _write_chosen(file, types, each.fields[0], each.fields)
        return
    with file.block(f"export type {name} ="):
        for chosen in each.fields:
            file.line("| {")
            with file.indented(), file.indented():
                _write_chosen(file, types, chosen, each.fields)
            file.line("  };" if chosen is each.fields[-1] else "  }")


def _write_chosen(
    file: SourceFile, types: Types, chosen: InputField, fields: Sequence[InputField]
) -> None:
    for field in fields:
        if field is chosen:
            write_doc(file, _doc(field), deprecated=field.deprecated)
            given = types.given(file, field.type).removesuffix(" | null")
            write_property(file, field.name, given)
        else:
            write_property(file, f"{field.name}?", "never")


def _doc(field: InputField) -> str | None:
    default = f"The default is `{field.default}`." if field.default is not None else None
    return paragraphs(field.description, default)
