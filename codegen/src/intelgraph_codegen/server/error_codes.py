"""The closed set of error codes, for the server to raise."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING

from intelgraph_codegen.source_file import WIDTH

from .text import STEP, docstring, module, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intelgraph_codegen.ir import Enum, EnumValue

_HEAD = """
from __future__ import annotations

from enum import StrEnum


class ErrorCode(StrEnum):"""


def emit_error_codes(codes: Enum) -> str:
    """The module of the enum and of the codes that may pass by themselves."""
    retryable = (value.name for value in codes.values if value.is_retryable)
    lines = [
        *_HEAD.split("\n"),
        *docstring(codes.description, STEP),
        *(line for value in codes.values for line in _member(value)),
        "",
        "",
        *_retryable(retryable),
        *docstring("The codes after which the very same request may succeed later.", ""),
    ]
    return module("the schema", lines)


def _member(value: EnumValue) -> Iterator[str]:
    name = f"{value.name}_" if keyword.iskeyword(value.name) else value.name
    yield ""
    yield f"{STEP}{name} = {string(value.name)}"
    yield from docstring(value.description, STEP)


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
