from __future__ import annotations

from pathlib import Path

import pytest
from graphql import build_schema

from intelgraph_codegen.changes.change import Bump, bump
from intelgraph_codegen.changes.schemas import compare_schemas

QUERY = "type Query { a: T } type T { x: Int }"
SCHEMAS = sorted((Path(__file__).parents[1] / "golden").glob("*/schema.graphql"))


def kinds(old: str, new: str) -> list[str]:
    return [change.kind for change in compare_schemas(build_schema(old), build_schema(new))]


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.parent.name)
def test_a_schema_does_not_differ_from_itself(path: Path) -> None:
    sdl = path.read_text("utf-8")

    assert kinds(sdl, sdl) == []


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("x: Int", "x: Int!", "field-type-narrowed"),
        ("x: Int!", "x: Int", "field-type-changed"),
        ("x: [Int]", "x: [Int!]!", "field-type-narrowed"),
        ("x: [Int!]!", "x: [Int]!", "field-type-changed"),
        ("x: Int", "x: [Int]", "field-type-changed"),
        ("x: Int", "x: Float", "field-type-changed"),
        ("x(a: Int!): Int", "x(a: Int): Int", "argument-type-widened"),
        ("x(a: [Int!]!): Int", "x(a: [Int]): Int", "argument-type-widened"),
        ("x(a: Int): Int", "x(a: Int!): Int", "argument-type-changed"),
        ("x(a: [Int]): Int", "x(a: [Int!]): Int", "argument-type-changed"),
        ("x(a: Int): Int", "x(a: [Int]): Int", "argument-type-changed"),
        ("x: Int", "x(a: Int): Int", "argument-added"),
        ("x: Int", "x(a: Int! = 1): Int", "argument-added"),
        ("x: Int", "x(a: Int!): Int", "argument-required-added"),
        ("x(a: Int! = 1): Int", "x(a: Int!): Int", "argument-became-required"),
        ("x(a: Int = 1): Int", "x(a: Int): Int", "argument-default-changed"),
    ],
)
def test_output_may_promise_more_and_input_may_ask_for_less(old: str, new: str, kind: str) -> None:
    before, after = (QUERY.replace("x: Int", field) for field in (old, new))

    assert kinds(before, after) == [kind]


def test_an_enum_that_is_only_given_may_grow_and_one_that_is_answered_is_dangerous() -> None:
    given = "type Query { a(e: E): Int } enum E { A }"
    answered = "type Query { a: [E!] } enum E { A }"

    assert kinds(given, given.replace("{ A }", "{ A B }")) == ["enum-value-added-to-input"]
    assert kinds(answered, answered.replace("{ A }", "{ A B }")) == ["enum-value-added"]


def test_the_order_of_things_is_no_change() -> None:
    assert (
        kinds(
            "type Query { a: Int b: Int } enum E { A B }",
            "enum E { B A } type Query { b: Int a: Int }",
        )
        == []
    )


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (QUERY, QUERY, "none"),
        (QUERY, f'"Words." {QUERY}', "patch"),
        (QUERY, f"{QUERY} scalar New", "minor"),
        (QUERY, QUERY.replace("x: Int", "x: Int @deprecated"), "minor"),
        (f"{QUERY} scalar Old", f'"Words." {QUERY} scalar New', "major"),
    ],
)
def test_the_release_is_the_least_that_the_changes_ask_for(
    old: str, new: str, wanted: Bump
) -> None:
    assert bump(compare_schemas(build_schema(old), build_schema(new))) == wanted
