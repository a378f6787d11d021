"""The schema's closed set of error codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .enums import write_enum
from .layout import typescript_file
from .text import string, write_doc

if TYPE_CHECKING:
    from intelgraph_codegen.ir import Enum
    from intelgraph_codegen.source_file import SourceFile


def emit_errors(codes: Enum) -> SourceFile:
    """The union of codes, and which of them may pass by themselves."""
    file = typescript_file("errors.ts", "the schema", own_names=["ErrorCode", "retryableCodes"])
    write_enum(file, codes, "ErrorCode", is_open=False)
    file.gap(1)
    write_doc(file, "The codes after which the very same request may succeed later.")
    retryable = [string(value.name) for value in codes.values if value.is_retryable]
    opening = "export const retryableCodes: ReadonlySet<string> = /* @__PURE__ */ new Set(["
    file.listing(opening, retryable, "]);")
    return file
