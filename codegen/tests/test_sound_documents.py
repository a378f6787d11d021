from __future__ import annotations

import pytest
from graphql import build_schema, parse

from intelgraph_codegen.sound_documents import unused_fragments

SCHEMA = build_schema(
    """
    type Query { me: Person who(by: By, ids: [ID!], any: Any, one: One, n: Int! = 1): Thing }
    type Subscription { told: Person }
    interface Thing { id: ID! }
    type Person implements Thing { id: ID! name(short: Boolean!): String found: [Found] }
    type Book implements Thing { id: ID! }
    union Found = Person | Book
    input By { name: String! page: Int = 1 inner: By }
    input One @oneOf { a: Int b: Int }
    scalar Any
    """
)

GOOD = """
query Q($by: By!, $id: ID!, $page: Int = 2, $short: Boolean!, $any: Any, $skip: Boolean!) {
  me @skip(if: $skip) { ...P }
  who(by: {name: "x", page: $page}, ids: [$id, "2"], any: $any) { ... on Person { id } }
  again: who(by: $by, one: {a: 1}) @include(if: true) { __typename id }
}
fragment P on Person { name(short: $short) found { ... on Thing { id } ...B } }
fragment B on Book { id }
subscription S { told { id } }
"""


def unused(documents: str) -> list[str] | None:
    found = unused_fragments(SCHEMA, parse(documents).definitions)
    return None if found is None else [node.name.value for node in found]


def test_valid_documents_are_beyond_doubt() -> None:
    assert unused(GOOD) == []


def test_fragments_that_no_operation_uses_are_told() -> None:
    assert unused(f"{GOOD} fragment U on Book {{ id ...V }} fragment V on Book {{ id }}") == [
        "U",
        "V",
    ]


@pytest.mark.parametrize(
    "documents",
    [
        "query Q { me { id } }",
        "fragment P on Book { id }",
        "{ me { id } }",
        "type T { a: Int }",
        "query X { nothing }",
        "query X { me }",
        "query X { me { id { a } } }",
        "query X { me { name } }",
        "query X { me { name(short: true, long: true) } }",
        "query X { me { name(short: true, short: true) } }",
        "query X { me { name(short: 1) } }",
        "query X { me { __typename: id } }",
        "query X { me { __typename { a } } }",
        "query X { __schema { description } }",
        "query X { me { found { id } } }",
        "query X { me { ... on Book { id } } }",
        "query X { me { ... on Nothing { id } } }",
        "query X { me { ... on By { name } } }",
        "query X { me { ...B } }",
        "query X { me { ...Nothing } }",
        "query X { me { id @skip } }",
        'query X { me { id @skip(if: "x") } }',
        "query X { me { id @skip(if: true) @skip(if: false) } }",
        "query X { me { id @skip(if: true, unless: false) } }",
        "query X { me { id @unknown } }",
        "query X { me { ... @defer { id } } }",
        "query X @unknown { me { id } }",
        "query X($a: Int @unknown) { who(n: $a) { id } }",
        "query X { me { id @skip(if: $gone) } }",
        "query X { who(by: {name: $gone}) { id } }",
        "query X($a: Int) { me { id } }",
        "query X($a: Int, $a: Int) { who(n: $a) { id } }",
        "query X($a: Person) { who(any: $a) { id } }",
        "query X($a: Nothing) { who(any: $a) { id } }",
        'query X($a: Int = "x") { who(n: $a) { id } }',
        "query X($a: String) { who(n: $a) { id } }",
        "query X($a: Boolean) { me { name(short: $a) } }",
        "query X($a: Boolean = null) { me { name(short: $a) } }",
        "query X($a: ID) { who(ids: [$a]) { id } }",
        "query X($a: ID!) { who(ids: $a) { id } }",
        "query X($a: String) { who(by: {name: $a}) { id } }",
        'query X($a: String!) { who(by: {name: "x", name: $a}) { id } }',
        "query X { who(by: {page: 1}) { id } }",
        'query X { who(by: {name: "x", nothing: 1}) { id } }',
        "query X($a: Int) { who(one: {a: $a}) { id } }",
        "query X { who(one: {a: 1, b: 2}) { id } }",
        "query X { who(any: {a: 1}) { id } }",
        "query X { me { ...C } } fragment C on Person { found { ...C } }",
        "query X { me { ...C } } fragment C on Person { ...D } fragment D on Person { ...C }",
        "query X { me { ...C } } fragment C on Nothing { id }",
        "query X { me { ...C } } fragment C on Person @unknown { id }",
        "mutation X { a }",
        "subscription X { told { id } more: told { id } }",
        "subscription X { told @skip(if: true) { id } }",
        "subscription X { ... { told { id } } }",
        "subscription X { __typename }",
    ],
)
def test_a_mistake_or_a_rarity_is_left_to_the_rules(documents: str) -> None:
    assert unused(f"{GOOD}\n{documents}") is None


def test_a_variable_of_a_fragment_counts_for_each_operation_that_reaches_it() -> None:
    fragments = "fragment P on Person { ...N } fragment N on Person { name(short: $a) }"

    assert unused(f"query X($a: Boolean!) {{ me {{ ...P }} }} {fragments}") == []
    assert unused(f"query X($b: Boolean!) {{ me {{ ...P }} }} {fragments}") is None


def test_fragments_that_nest_too_deeply_are_left_to_the_rules() -> None:
    chain = " ".join(f"fragment F{n} on Book {{ ...F{n + 1} }}" for n in range(2000))

    assert unused(f"{chain} fragment F2000 on Book {{ id }}") is None
