"""That reading closely only what is reached never changes what a run finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from damage import compare

from intelgraph_codegen.build import build, print_documents
from intelgraph_codegen.load import load

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 250  # `nox -s soak` tries many more.


def test_a_damaged_schema_is_found_to_be_what_a_close_reading_finds(tmp_path: Path) -> None:
    accepted = compare(tmp_path, rounds=ROUNDS, seed=7)

    assert ROUNDS > accepted > ROUNDS / 25


@pytest.mark.parametrize("name", ["linear", "github"])
def test_a_real_schema_is_not_read_further_than_it_is_reached(
    name: str, corpora: Path, github_schema: str, request: pytest.FixtureRequest
) -> None:
    schema = github_schema if name == "github" else "schema.graphql"
    documents = ["operations.graphql"]

    quick = load([schema], documents, root=corpora / name, lenient=True)

    whole = request.getfixturevalue(name)
    assert len(quick.schema.type_map) < len(whole.schema.type_map)
    assert quick.warnings == whole.warnings
    assert (quick.type_order, quick.scalar_names) == (whole.type_order, whole.scalar_names)
    assert quick.mutation_names == whole.mutation_names
    assert build(quick, print_documents(quick)) == build(whole, print_documents(whole))
