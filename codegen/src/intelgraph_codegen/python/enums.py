"""Enums as `StrEnum`, each with the alias that results use, open to members still unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph_codegen.prose import paragraphs

from .layout import python_file, write_alias, write_constant
from .naming import member_names
from .text import string, write_doc
from .types import RUNTIME

if TYPE_CHECKING:
    from intelgraph_codegen.ir import Enum
    from intelgraph_codegen.source_file import SourceFile

    from .naming import Module


def emit_enum(enum: Enum, module: Module) -> SourceFile:
    """The module of one enum."""
    alias = f"Open{module.main}"
    file = python_file(module.path, "the schema", own_names=[module.main, alias])
    write_enum(file, enum, module.main)
    file.gap(2)
    annotated, type_alias = file.ref("typing", "Annotated"), file.ref("typing", "TypeAlias")
    field = file.ref(RUNTIME, "Field")
    arguments = [f"{module.main} | str", f'{field}(union_mode="left_to_right")']
    write_alias(file, alias, type_alias, annotated, arguments)
    write_doc(
        file, f"`{module.main}`, or the plain string where a newer server has another member."
    )
    return file


def write_enum(file: SourceFile, enum: Enum, name: str) -> None:
    """Write the class of an enum."""
    members = member_names(value.name for value in enum.values)
    file.gap(2)
    file.listing(f"class {name}(", [file.ref(RUNTIME, "StrEnum")], "):")
    with file.indented():
        write_doc(file, enum.description)
        is_documented = bool(enum.description)
        for member, value in zip(members, enum.values, strict=True):
            if is_documented:
                file.gap(1)
            write_constant(file, member, string(value.name))
            doc = paragraphs(value.description, deprecation(value.deprecated))
            write_doc(file, doc)
            is_documented = doc is not None


def deprecation(reason: str | None) -> str | None:
    """How a docstring tells what no decorator can mark."""
    return None if reason is None else f"Deprecated: {reason}"
