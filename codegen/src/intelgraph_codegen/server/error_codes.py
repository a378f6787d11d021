"""The closed set of error codes, for the server to raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph_codegen.source_file import WIDTH

from .enums import HEAD, enum_class
from .text import STEP, docstring, module, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intelgraph_codegen.ir import Enum


def emit_error_codes(codes: Enum) -> str:
    """The module of the enum and of the codes that may pass by themselves."""
    retryable = (value.name for value in codes.values if value.is_retryable)
    lines = [
        *HEAD.split("\n"),
        *enum_class(codes),
        "",
        "",
        *_retryable(retryable),
        *docstring("The codes after which the very same request may succeed later.", ""),
    ]
    return module("the schema", lines)


def _retryable(names: Iterator[str]) -> list[str]:
    literals = [string(name) for name in names]
    opening = "RETRYABLE_CODES: frozenset[str] = frozenset("
    if not literals:
        return [f"{opening})"]
    flat = f"{opening}{{{', '.join(literals)}}})"
    if len(flat) <= WIDTH:
        return [flat]
    listed = [f"{STEP * 2}{literal}," for literal in literals]
    return [opening, f"{STEP}{{", *listed, f"{STEP}}}", ")"]
