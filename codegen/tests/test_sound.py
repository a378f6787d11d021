from __future__ import annotations

import pytest

from intelgraph_codegen.files import TextFile
from intelgraph_codegen.outline import read_outline
from intelgraph_codegen.sound import Types, deprecations, is_sound, repeated_fields

GOOD = """
interface Thing { id: ID! }
interface Named implements Thing { id: ID!  name(short: Boolean): Thing }
type Query implements Named & Thing {
  id: ID!
  name(short: Boolean, long: Boolean = true): Query!
  all: [Found!]!
  some(of: [Filter!], state: State): Date
}
type Other implements Thing { id: ID! }
union Found = Query | Other
enum State { ON OFF }
input Filter { state: State! = ON  inner: Filter  other: Choice }
input Choice @oneOf { a: Int  b: Filter }
scalar Date
extend type Query { more: Int }
directive @mark(state: State) on OBJECT
"""


def types(sdl: str) -> Types:
    found = read_outline([TextFile("s.graphql", "", sdl)])
    assert found  # What the patterns refuse is not what this is about.
    return Types(found)


def test_a_valid_schema_is_sound() -> None:
    assert is_sound(types(GOOD), lenient=False)


@pytest.mark.parametrize(
    "sdl",
    [
        "type Query { again: Int }",
        "enum Query { A }",
        "extend type Nothing { a: Int }",
        "extend interface Query { a: Int }",
        "type Twice @mark { a: Int } extend type Twice @mark { b: Int }",
        "scalar Int",
        "type __Hidden { a: Int }",
        "type Hiding { __a: Int }",
        "type Hiding { a(__b: Int): Int }",
        "type Twice { a: Int a: Int }",
        "extend type Query { id: ID! }",
        "type Twice { a(b: Int, b: Int): Int }",
        "enum Twice { A A }",
        "input Twice { a: Int a: Int }",
        "type Empty",
        "interface Empty",
        "input Empty",
        "enum Empty",
        "union Empty",
        "type Lost { a: Unknown }",
        "type Lost { a(b: Unknown): Int }",
        "input Lost { a: Unknown }",
        "directive @lost(a: Unknown) on FIELD",
        "type Wrong { a: Filter }",
        "type Wrong { a(b: Query): Int }",
        "input Wrong { a: Thing }",
        "enum Wrong { true }",
        "schema { query: Thing }",
        "schema { query: Unknown }",
        "schema { query: Query mutation: Query }",
        "schema { query: Query query: Other }",
        "schema { mutation: Query }",
        "union Wrong = Thing",
        "union Wrong = Unknown",
        "union Wrong = Query | Query",
        "enum Wrong implements Thing { A }",
        "type Wrong implements Other { id: ID! }",
        "type Wrong implements Unknown { id: ID! }",
        "type Wrong implements Thing & Thing { id: ID! }",
        "interface Wrong implements Wrong { id: ID! }",
        "type Wrong implements Named { id: ID! name(short: Boolean): Thing }",
        "type Wrong implements Thing { a: Int }",
        "type Wrong implements Thing { id: ID }",
        "type Wrong implements Thing { id: [ID!]! }",
        "interface L { l: [Int] } type Wrong implements L { l: Int }",
        "interface F { f: Found } type Wrong implements F { f: Thing }",
        "interface A { a(b: Int): Int } type Wrong implements A { a: Int }",
        "interface A { a(b: Int): Int } type Wrong implements A { a(b: Int!): Int }",
        "interface A { a: Int } type Wrong implements A { a(b: Int!): Int }",
        "type Wrong { a(b: Int! @deprecated): Int }",
        "input Wrong { a: Int! @deprecated }",
        "input Wrong { a: Wrong! }",
        "input Wrong { a: Wronger! } input Wronger { a: Wrong! }",
        "input Wrong { a: Filter = {state: ON} }",
        "input Wrong @oneOf { a: Int! }",
        "input Wrong @oneOf { a: Int = 1 }",
        "input Wrong @oneOf { a: Wrong }",
        "directive @mark on FIELD",
    ],
)
def test_a_schema_with_a_mistake_is_not(sdl: str) -> None:
    assert not is_sound(types(f"{GOOD}\n{sdl}"), lenient=False)


def test_a_schema_without_a_query_type_is_not_sound() -> None:
    assert not is_sound(types("type Other { a: Int }"), lenient=False)


def test_with_leniency_the_first_of_repeated_fields_counts() -> None:
    found = types(f"{GOOD}\ntype Twice {{ a: Int\n a: String }}\ninput In {{ a: Int a: Int }}")

    assert is_sound(found, lenient=True)
    assert found.members["Twice"]["a"].type == "Int"
    told = [(item.message, str(item.place).partition(":")[2]) for item in repeated_fields(found)]
    assert told == [
        (
            "The field `Twice.a` is defined twice; the first is at s.graphql:19:14.",
            "20:2",
        ),
        ("The field `In.a` is defined twice; the first is at s.graphql:21:12.", "21:19"),
    ]


def test_leniency_is_not_for_values_of_enums() -> None:
    assert not is_sound(types(f"{GOOD}\nenum Twice {{ A A }}"), lenient=True)


def test_a_field_that_only_its_type_deprecates_is_told() -> None:
    found = types(f"{GOOD}\ntype Old implements Thing {{ id: ID! @deprecated }}")

    assert is_sound(found, lenient=False)
    assert [item.message for item in deprecations(found)] == [
        "The field `Old.id` is deprecated, but its interface's `Thing.id` is not."
    ]
    assert not any(deprecations(types(GOOD)))
