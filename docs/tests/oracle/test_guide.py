"""The guides for those who keep the clients of others, followed where these are installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fences import ticks_on
from test_docs_run import follow

if TYPE_CHECKING:
    from pathlib import Path

    from reference_server import ReferenceServer


def test_every_block_of_the_guide_to_ariadne_codegen_does_what_it_says(
    open_server: ReferenceServer, tmp_path: Path
) -> None:
    followed = follow("docs/guides/ariadne_codegen.md", open_server, tmp_path)

    assert followed == ticks_on("docs/guides/ariadne_codegen.md")


def test_every_block_of_the_guide_to_gql_does_what_it_says(
    open_server: ReferenceServer, tmp_path: Path
) -> None:
    followed = follow("docs/guides/gql.md", open_server, tmp_path)

    assert followed == ticks_on("docs/guides/gql.md")
