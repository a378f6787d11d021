"""The schema's closed set of error codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .enums import write_enum
from .layout import python_file
from .text import string, write_doc

if TYPE_CHECKING:
    from intelgraph_codegen.ir import Enum
    from intelgraph_codegen.source_file import SourceFile


def emit_errors(codes: Enum) -> SourceFile:
    """The enum of codes, and which of them may pass by themselves."""
    file = python_file("errors.py", "the schema", own_names=["ErrorCode", "RETRYABLE_CODES"])
    write_enum(file, codes, "ErrorCode")
    file.gap(2)
    retryable = [string(value.name) for value in codes.values if value.is_retryable]
    opening = "RETRYABLE_CODES: frozenset[str] = frozenset("
    if not retryable:
        file.line(f"{opening})")
    elif len(flat := f"{opening}{{{', '.join(retryable)}}})") <= file.room:
        file.line(flat)
    else:
        with file.block(opening, ")"), file.block("{", "}"):
            file.lines(f"{code}," for code in retryable)
    write_doc(file, "The codes after which the very same request may succeed later.")
    return file
