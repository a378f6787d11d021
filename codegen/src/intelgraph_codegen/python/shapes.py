"""The module of shapes, which nothing but tests of a user's own ever loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .layout import python_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intelgraph_codegen.source_file import SourceFile


def emit_shapes(lines: Sequence[str], source: str) -> SourceFile:
    """The table as one text."""
    file = python_file("shapes.py", source, own_names=["SHAPES"])
    file.gap(1)
    file.line('SHAPES = """\\')
    file.lines(lines)
    file.line('"""')
    file.line(
        '"""What each operation answers: `Fixtures(SHAPES)` of `intelgraph.testing.fixtures`."""'
    )
    return file
