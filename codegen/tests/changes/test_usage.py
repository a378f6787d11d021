from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.changes.change import Change
from intelgraph_codegen.changes.usage import affected, uses_of

if TYPE_CHECKING:
    from conftest import Load

SDL = """
type Query { user(in: In, e: E): Node other: Int }
interface Node { id: ID }
type User implements Node { id: ID name(long: Boolean): String }
input In { e: E deep: Deep }
input Deep { x: Int more: In }
enum E { A }
directive @mine on QUERY
"""
DOCUMENTS = """
query Plain @mine { other }
query Literal { user(in: { e: A, deep: { x: 1 } }) { id } }
query Variable($in: In) { user(in: $in) { ...F } }
query Inline { user { ... on User { id } } }
fragment F on Node { ...G }
fragment G on User { name(long: true) }
"""


@pytest.mark.parametrize(
    ("touched", "names"),
    [
        ("Query.other", ["Plain"]),
        ("@mine", ["Plain"]),
        ("query", ["Plain", "Literal", "Variable", "Inline"]),
        ("Query.user", ["Literal", "Variable", "Inline"]),
        ("Query.user(in:)", ["Literal", "Variable"]),
        ("Query.user(e:)", []),
        ("In.e", ["Literal", "Variable"]),
        ("Deep.x", ["Literal", "Variable"]),
        ("Deep.more", ["Variable"]),
        ("E", ["Literal", "Variable"]),
        ("Node", ["Literal", "Variable", "Inline"]),
        ("User", ["Variable", "Inline"]),
        ("User.name", ["Variable"]),
        ("User.name(long:)", ["Variable"]),
        ("fragment G", ["Variable"]),
        ("operation Inline", ["Inline"]),
    ],
)
def test_the_operations_that_use_something_are_found(
    load_text: Load, touched: str, names: list[str]
) -> None:
    loaded = load_text(SDL, DOCUMENTS)
    change = Change("type-removed", touched, "", None, frozenset({touched}))

    found = affected(change, uses_of(loaded, loaded.schema))

    assert [use.name for use in found] == names
    assert all(use.place and use.place.path == "operations.graphql" for use in found)
