"""What is printed of the shapes is enough to make answers that the printed models take."""

from __future__ import annotations

import json
import shutil
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hostile import Hostile

from intelgraph import Operation
from intelgraph.testing.fixtures import Fixtures
from intelgraph_codegen import python
from intelgraph_codegen.build import build, print_documents
from intelgraph_codegen.load import load
from intelgraph_codegen.shape_table import shape_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intelgraph_codegen.ir import Program

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())
# Those of the goldens' scalars that are no common ones.
SCALARS = {
    "Fraction": lambda number: f"1/{number}",
    "address": lambda number: f"10.0.0.{number % 256}",
}


def program_of(folder: Path, schema: str, documents: str) -> Program:
    (folder / "schema.graphql").write_text(schema, "utf-8")
    (folder / "operations.graphql").write_text(documents, "utf-8")
    loaded = load(["schema.graphql"], ["operations.graphql"], root=folder, lenient=True)
    return build(loaded, print_documents(loaded))


def operations_of(package: Any) -> Iterator[Operation[Any]]:
    found = (getattr(package.operations, name) for name in package.operations.__all__)
    yield from (each for each in found if isinstance(each, Operation))


def check_fits(package: str) -> None:
    """Make answers of several seeds to every operation of a package, as data and as JSON."""
    fixtures = Fixtures(import_module(f"{package}.shapes").SHAPES, scalars=SCALARS)
    for operation in operations_of(import_module(package)):
        for seed in range(8):
            made = fixtures.answer(operation, seed=seed)
            answer = json.dumps(fixtures.response(operation, seed=seed)["data"])
            assert made == operation.data.model_validate_json(answer, by_name=False)


@pytest.mark.parametrize("case", CASES)
def test_answers_to_every_golden_are_what_its_models_take(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(GOLDEN / case / "expected" / "python", tmp_path / f"shaped_{case}")
    monkeypatch.syspath_prepend(tmp_path)

    check_fits(f"shaped_{case}")


@pytest.mark.parametrize("seed", [408, 409])
def test_answers_to_unkind_schemas_are_what_their_models_take(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Hostile(seed)
    package = tmp_path / f"unkind_{seed}"
    for path, text in python.emit(
        program_of(tmp_path, source.schema, source.documents), {}
    ).items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_text(text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    check_fits(package.name)


SCHEMA = """
type Query { node(id: ID!): Node  things(first: Int): ThingConnection! }
interface Node { id: ID! }
enum Colour { RED GREEN }
enum Unused { A }
type Thing implements Node { id: ID! colour: Colour! tags: [[String!]!] hasNextPage: Boolean! }
type Other implements Node { id: ID! }
type ThingConnection { nodes: [Thing]! pageInfo: PageInfo! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
"""
DOCUMENTS = """
query GetNode { node(id: "1") { id ... on Thing { ...Painted } } }
query Things($first: Int) {
  things(first: $first) {
    nodes { hasNextPage ...Painted }
    pageInfo { more: hasNextPage endCursor }
  }
}
fragment Painted on Thing { colour tags }
"""
CONNECTION = (
    "Things.things = ThingConnection"
    " { nodes: [Things.things.nodes]! pageInfo: Things.things.pageInfo! }"
)


def test_each_shape_is_one_line_and_only_used_enums_are_told(tmp_path: Path) -> None:
    assert shape_table(program_of(tmp_path, SCHEMA, DOCUMENTS)) == [
        "enum Colour = RED | GREEN",
        "GetNode = Query { node: GetNode.node }",
        "GetNode.node = Thing: GetNode.node.Thing | *: GetNode.node.Other",
        "GetNode.node.Other = Other { __typename: __typename id: ID! }",
        "GetNode.node.Thing = Thing { ...Painted __typename: __typename id: ID! }",
        "Things = Query { things: Things.things! }",
        CONNECTION,
        "Things.things.pageInfo = PageInfo { more: =false endCursor: String }",
        "Things.things.nodes = Thing { ...Painted hasNextPage: Boolean! }",
        "...Painted = Thing { colour: Colour! tags: [[String!]!] }",
    ]
