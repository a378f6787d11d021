"""The guide for projects of ariadne-codegen, followed where that is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fences import ticks_on
from reference_server import running
from test_docs_run import follow

if TYPE_CHECKING:
    from pathlib import Path


def test_every_block_of_the_guide_does_what_it_says(main_python: Path, tmp_path: Path) -> None:
    with running(python=main_python) as server:
        followed = follow("docs/guides/ariadne_codegen.md", server, tmp_path)

    assert followed == ticks_on("docs/guides/ariadne_codegen.md")
