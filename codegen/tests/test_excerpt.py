from __future__ import annotations

import pytest
from graphql import build_schema, parse, print_schema

from intelgraph_codegen.excerpt import excerpt
from intelgraph_codegen.files import TextFile
from intelgraph_codegen.outline import read_outline
from intelgraph_codegen.sound import Types

SDL = """
schema { query: Start mutation: Change }
type Start {
  "One of them."
  thing(by: By, size: Size = {width: 1}): Thing
  found: [Found!]
  unasked(by: Unasked): Unreached
}
type Change { a: Int }
interface Thing { id: ID! owner: Person }
interface Marked { mark: String }
"Who has things."
type Person implements Marked { name: String mark: String  age: Int }
"A book."
type Book implements Thing & Marked { id: ID! owner: Person mark: String }
type Page implements Thing { id: ID! owner: Person }
union Found = Book | Person
enum State { ON OFF }
input By { state: State inner: Deep }
input Deep { date: Date }
input Size { width: Int }
input Unasked { a: Int }
scalar Date
type Unreached { a: Int }
enum ErrorCode { LOST }
extend type Person { born: Date }
directive @seen(state: State) on OBJECT
"""


def of(documents: str, sdl: str = SDL) -> str | None:
    outline = read_outline([TextFile("s.graphql", "", sdl)])
    assert outline
    return excerpt(Types(outline), parse(documents).definitions)


def types_of(documents: str) -> dict[str, list[str]]:
    text = of(documents)
    assert text
    schema = build_schema(text, assume_valid=True, assume_valid_sdl=True)
    return {
        name: [*getattr(type_, "fields", ())]
        for name, type_ in schema.type_map.items()
        if not name.startswith("__")
    }


def test_only_the_selected_fields_of_objects_are_in_it() -> None:
    found = types_of("query Q { found { ... on Person { name } } }")

    assert found["Start"] == ["found"]
    assert found["Person"] == ["name"]
    assert found["Book"] == []
    assert "Unreached" not in found


def test_whatever_the_arguments_of_a_selected_field_need_is_whole() -> None:
    found = types_of("query Q { thing { id } }")

    assert (found["By"], found["Deep"]) == (["state", "inner"], ["date"])
    assert {"State", "Date", "Size"} <= found.keys()
    assert "Unasked" not in found


def test_every_object_that_a_selected_interface_stands_for_is_mentioned() -> None:
    found = types_of("query Q { thing { id } }")

    assert {"Thing", "Book", "Page"} <= found.keys()
    assert found["Marked"] == []


def test_a_field_of_an_interface_is_there_on_whatever_may_tell_more_of_it() -> None:
    found = types_of("query Q { thing { id } found { ... on Marked { mark } } }")

    assert (found["Book"], found["Page"], found["Person"]) == (["id", "mark"], ["id"], ["mark"])


def test_an_interface_that_is_only_mentioned_brings_nobody() -> None:
    found = types_of("query Q { found { ... on Book { id } } }")

    assert "Thing" in found
    assert "Page" not in found


def test_the_types_of_variables_and_conditions_are_in_it() -> None:
    found = types_of("query Q($by: Unasked) { found { ... on Marked { mark } } }")

    assert "Unasked" in found
    assert found["Marked"] == ["mark"]


def test_fragments_that_nobody_spreads_count_too() -> None:
    assert types_of("query Q { found { __typename } } fragment U on Unreached { a }")["Unreached"]


def test_the_codes_of_errors_and_the_roots_are_always_in_it() -> None:
    found = types_of("query Q { __typename }")

    assert {"ErrorCode", "Change", "Start"} <= found.keys()


def test_what_an_extension_adds_is_asked_for_as_all_else() -> None:
    assert types_of("query Q { found { ... on Person { born } } }")["Person"] == ["born"]


def test_descriptions_and_the_order_of_the_schema_stay() -> None:
    text = of("query Q { found { ... on Person { name } ... on Book { id } } thing { id } }")

    assert text
    printed = print_schema(build_schema(text, assume_valid=True, assume_valid_sdl=True))
    assert '"""Who has things."""\ntype Person' in printed
    assert '"""One of them."""\n  thing(' in printed
    assert printed.index("type Person") < printed.index("type Book") < printed.index("union Found")


def test_the_first_of_repeated_fields_is_taken() -> None:
    text = of("query Q { a }", "type Query { a: Int a: String } input I { b: Int b: String }")

    assert text
    assert "a: Int" in text
    assert "String" not in text


@pytest.mark.parametrize(
    "documents",
    [
        "query Q { nothing }",
        "query Q { found { name } }",
        "query Q { thing { ... on Nothing { a } } }",
        "query Q($a: Nothing) { found { __typename } }",
        "subscription S { a }",
        "fragment F on State { a }",
        "fragment F on __Type { name }",
    ],
)
def test_there_is_none_of_what_the_schema_does_not_have(documents: str) -> None:
    assert of(documents) is None
