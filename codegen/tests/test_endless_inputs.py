from __future__ import annotations

import pytest
from graphql import build_schema

from intelgraph_codegen.endless_inputs import endless_inputs

QUERY = "type Query { a: Int }"


def told(sdl: str) -> list[str]:
    schema = build_schema(f"{QUERY}\n{sdl}", assume_valid_sdl=True)
    return [item.message.partition("itself through ")[2] for item in endless_inputs(schema)]


@pytest.mark.parametrize(
    "sdl",
    [
        "input A { a: A }",
        "input A { a: [A!]! }",
        "input A { b: B! } input B { a: A }",
        "input A @oneOf { a: A b: Int }",
        "input A @oneOf { a: [A!] }",
        "input A @oneOf { b: B } input B { a: A }",
        "input A { b: B! } input B @oneOf { a: A c: Int }",
    ],
)
def test_an_input_that_can_end_is_none(sdl: str) -> None:
    assert told(sdl) == []


@pytest.mark.parametrize(
    ("sdl", "through"),
    [
        ("input A { a: A! }", ["`a`."]),
        ("input A { b: B! } input B { a: A! }", ["`b`, `a`."]),
        ("input A { a: A! b: B! } input B { a: A! }", ["`a`.", "`b`, `a`."]),
        ("input A @oneOf { a: A }", ["`a`."]),
        ("input A @oneOf { b: B } input B { a: A! }", ["`b`, `a`."]),
        ("input A { b: B! } input B { c: C! } input C { b: B! }", ["`c`, `b`."]),
    ],
)
def test_one_that_never_ends_is_told_with_the_way_back(sdl: str, through: list[str]) -> None:
    assert told(sdl) == through
