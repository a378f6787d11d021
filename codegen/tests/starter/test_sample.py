from __future__ import annotations

from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from intelgraph_codegen.starter.sample import HEAD, sample_operation

GOLDEN = Path(__file__).parents[1] / "golden"
OWN_SCHEMA = sorted((Path(__file__).parents[3] / "schema/sdl").glob("*.graphql"))
SCHEMAS = sorted(GOLDEN.glob("*/schema.graphql"))


def sample(sdl: str) -> str:
    text = sample_operation(build_schema(sdl))
    assert text.startswith(HEAD)
    return text.removeprefix(HEAD)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.parent.name)
def test_the_sample_is_valid_against_the_schema_it_was_made_from(path: Path) -> None:
    schema = build_schema(path.read_text("utf-8"))

    assert validate(schema, parse(sample_operation(schema))) == []


def test_the_sample_of_a_large_real_schema_is_valid_and_small() -> None:
    schema = build_schema("".join(path.read_text("utf-8") for path in OWN_SCHEMA))
    text = sample_operation(schema)

    assert validate(schema, parse(text)) == []
    assert text.count("\n") < 15


def test_a_field_without_required_arguments_is_preferred() -> None:
    assert sample("type Query { one(id: ID!): A two(n: Int): A } type A { x: Int y: Int }") == (
        "query GetTwo {\n  two {\n    x\n    y\n  }\n}\n"
    )


def test_required_arguments_become_variables() -> None:
    sdl = "type Query { one(id: [ID!]!, n: Int! = 1): A } type A { x: Int }"

    assert sample(sdl) == "query GetOne($id: [ID!]!) {\n  one(id: $id) {\n    x\n  }\n}\n"


def test_a_connection_is_followed_until_there_is_something_to_read() -> None:
    sdl = "type Query { all: C } type C { edges: [E] } type E { node: A } type A { x: Int }"

    assert sample(sdl) == (
        "query GetAll {\n  all {\n    edges {\n      node {\n        x\n      }\n    }\n  }\n}\n"
    )


def test_types_that_lead_only_to_themselves_end_with_their_name() -> None:
    assert sample("type Query { a: A } type A { a: A }") == (
        "query GetA {\n  a {\n    __typename\n  }\n}\n"
    )


def test_what_is_deprecated_or_there_for_machines_is_left_out() -> None:
    sdl = """
    type Query { _service: A node(id: ID!): A old: A @deprecated good: A }
    type A { x: Int @deprecated y(n: Int!): Int z: Int }
    """

    assert sample(sdl) == "query GetGood {\n  good {\n    z\n  }\n}\n"


def test_a_schema_of_scalars_and_of_unions_has_a_sample() -> None:
    assert sample("type Query { version: String }") == "query GetVersion {\n  version\n}\n"
    assert "__typename" in sample("type Query { u: U } union U = A type A { x: Int }")
