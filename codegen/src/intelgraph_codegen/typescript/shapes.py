"""The module of shapes, which nothing but tests of a user's own ever loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .layout import typescript_file
from .text import write_doc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intelgraph_codegen.source_file import SourceFile


def emit_shapes(lines: Sequence[str], source: str) -> SourceFile:
    """The table as one text."""
    file = typescript_file("shapes.ts", source, own_names=["shapes"])
    file.gap(1)
    write_doc(file, "What each operation answers, for the fixtures of `@intelgraph/sdk/testing`.")
    file.line("export const shapes: string = `")
    file.lines(lines)
    file.line("`;")
    return file
