"""The schema's text as a constant, one literal a line, so that a change reads like one."""

from __future__ import annotations

from intelgraph_codegen.source_file import WIDTH, columns

from .text import STEP, module, string


def emit_sdl(sdl: str) -> str:
    """The module that holds the schema definition language in the order of its files."""
    literals = [string(line) for line in sdl.splitlines(keepends=True)]
    # A formatter would join literals that fit on one line.
    flat = f"SDL = {string(sdl)}"
    if len(literals) < 2 or columns(flat) <= WIDTH:  # noqa: PLR2004
        return module("the schema", ["", flat])
    return module("the schema", ["", "SDL = (", *(STEP + each for each in literals), ")"])
