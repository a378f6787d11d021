"""The normal form; that it is the one of intelgraph-codegen is tested in docs/tests/oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from graphql import build_schema, parse

from intelgraph.contrib._documents import MissingFragmentError, normal_form

if TYPE_CHECKING:
    from graphql import GraphQLSchema

SCHEMA = build_schema(
    """
    interface Animal { name: String!, friend: Animal }
    type Cat implements Animal { name: String!, friend: Animal, lives: Int! }
    type Query { pets(like: String): [Animal!]!, cat: Cat! }
    """
)


def normal(text: str, schema: GraphQLSchema | None = SCHEMA, which: int = 0) -> str:
    document = parse(text)
    operations = [each for each in document.definitions if hasattr(each, "operation")]
    operation: Any = operations[which]
    return normal_form(document, operation, schema)


def test_a_document_has_no_needless_character_and_its_fragments_in_order_of_use() -> None:
    text = """
    fragment B on Cat { lives, ...C }  # Nine.
    query Cats($like: String = \"\"\"a "b" \\n\"\"\") {
      cat { ...B ...A } pets(like: $like) { __typename name }
    }
    fragment A on Cat { name }
    fragment C on Cat { name }
    """

    assert normal(text) == (
        r'query Cats($like:String="a \"b\" \\n"){cat{...B ...A}pets(like:$like){__typename name}}'
        "fragment B on Cat{lives ...C}fragment C on Cat{name}fragment A on Cat{name}"
    )


def test_a_typename_is_added_to_fields_and_fragments_of_abstract_types_and_nowhere_else() -> None:
    text = """
    query Pets { pets { ...Named ... on Cat { lives friend { kind: __typename } } } cat { name } }
    fragment Named on Animal { name friend { __typename @skip(if: true) } }
    """

    assert normal(text) == (
        "query Pets{pets{__typename ...Named ...on Cat{lives friend{__typename kind:__typename}}}"
        "cat{name}}"
        "fragment Named on Animal{__typename name friend{__typename __typename@skip(if:true)}}"
    )


def test_without_a_schema_no_typename_is_added() -> None:
    text = 'query Pets { pets(like: """a""") { name } }'

    assert normal(text, None) == 'query Pets{pets(like:"a"){name}}'


def test_an_operation_among_others_takes_only_its_own_fragments_along() -> None:
    text = """
    query Cats { cat { ...A } } fragment A on Cat { name }
    query Lives { cat { ...B } } fragment B on Cat { lives }
    """

    assert normal(text, which=1) == "query Lives{cat{...B}}fragment B on Cat{lives}"


def test_a_fragment_that_is_missing_is_told() -> None:
    with pytest.raises(MissingFragmentError, match="Cats does not hold the fragment Lost"):
        normal("query Cats { cat { ...Lost } }")
