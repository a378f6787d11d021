"""The normal form; that it is the one of intelgraph-codegen is tested in docs/tests/oracle."""

from __future__ import annotations

import pytest
from graphql import build_schema

from intelgraph import ConfigurationError
from intelgraph.contrib.ariadne._documents import normal_form

SCHEMA = build_schema(
    """
    interface Animal { name: String!, friend: Animal }
    type Cat implements Animal { name: String!, friend: Animal, lives: Int! }
    type Query { pets(like: String): [Animal!]!, cat: Cat! }
    """
)


def test_a_document_has_no_needless_character_and_its_fragments_in_order_of_use() -> None:
    text = """
    fragment B on Cat { lives, ...C }  # Nine.
    query Cats($like: String = \"\"\"a "b" \\n\"\"\") {
      cat { ...B ...A } pets(like: $like) { __typename name }
    }
    fragment A on Cat { name }
    fragment C on Cat { name }
    """

    assert normal_form(SCHEMA, text) == (
        r'query Cats($like:String="a \"b\" \\n"){cat{...B ...A}pets(like:$like){__typename name}}'
        "fragment B on Cat{lives ...C}fragment C on Cat{name}fragment A on Cat{name}"
    )


def test_a_typename_is_added_to_fields_and_fragments_of_abstract_types_and_nowhere_else() -> None:
    text = """
    query Pets { pets { ...Named ... on Cat { lives friend { kind: __typename } } } cat { name } }
    fragment Named on Animal { name friend { __typename @skip(if: true) } }
    """

    assert normal_form(SCHEMA, text) == (
        "query Pets{pets{__typename ...Named ...on Cat{lives friend{__typename kind:__typename}}}"
        "cat{name}}"
        "fragment Named on Animal{__typename name friend{__typename __typename@skip(if:true)}}"
    )


def test_a_fragment_that_is_missing_is_told() -> None:
    with pytest.raises(ConfigurationError, match="leaves the fragment Lost out"):
        normal_form(SCHEMA, "query Cats { cat { ...Lost } }")
