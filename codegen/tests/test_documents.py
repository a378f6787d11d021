from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    is_abstract_type,
    parse,
    parse_value,
    print_ast,
    strip_ignored_characters,
    visit,
)

from intelgraph_codegen.build import print_documents
from intelgraph_codegen.documents import Documents, print_value
from intelgraph_codegen.identity import document_id, op_id
from intelgraph_codegen.load import load

if TYPE_CHECKING:
    from graphql import GraphQLSchema

    from intelgraph_codegen.load import Loaded

    from .conftest import Load

REPOSITORY = Path(__file__).parents[2]

SDL = """
type Query { a(x: Any, s: String): Node b: User u: U }
interface Node { id: ID }
type User implements Node { id: ID me: User friend: Node }
union U = User
scalar Any
"""


def normal(load_text: Load, documents: str) -> str:
    return next(iter(print_documents(load_text(SDL, documents)).values()))


def test_the_id_is_that_of_the_utf8_bytes() -> None:
    assert document_id("é") == "sha256:" + hashlib.sha256("é".encode()).hexdigest()


def test_an_op_id_starts_small_and_is_otherwise_the_name() -> None:
    assert op_id("GetEntity", 2) == "getEntity:v2"
    assert op_id("issue_labels", 1) == "issue_labels:v1"
    assert op_id("_Ab", 1) == "_Ab:v1"


def test_nothing_insignificant_is_left(load_text: Load) -> None:
    text = normal(
        load_text,
        "# Comment.\nquery  Q ( $x : Any = { a : [ 1 , -2 , 3.5e1 ] } , $y: Any ) {\n"
        "  k : b @include ( if : true ) { ... @skip(if: false) { id } }\n"
        '  a( x : [ $x, $y, null, EN, "s" ] ) { ... on User { me { id } } ...F } }\n'
        "fragment F on Node { id }",
    )

    assert text == (
        "query Q($x:Any={a:[1 -2 3.5e1]}$y:Any){k:b@include(if:true){...@skip(if:false){id}}"
        'a(x:[$x$y null EN "s"]){__typename ...on User{me{id}}...F}}'
        "fragment F on Node{__typename id}"
    )


def test_typename_is_inserted_once_where_a_type_is_abstract(load_text: Load) -> None:
    text = normal(
        load_text,
        "query Q { a { id __typename } k: a { t: __typename } u { ... on User { me { id } } }"
        " b { friend { id } me { ...F } } } fragment F on Node { id }",
    )

    assert text == (
        "query Q{a{id __typename}k:a{__typename t:__typename}u{__typename ...on User{me{id}}}"
        "b{friend{__typename id}me{...F}}}fragment F on Node{__typename id}"
    )


def test_a_typename_that_may_be_left_out_does_not_count(load_text: Load) -> None:
    text = normal(load_text, "query Q($x: Boolean!) { a { __typename @include(if: $x) id } }")

    assert text == "query Q($x:Boolean!){a{__typename __typename@include(if:$x)id}}"


def test_fragments_follow_in_order_of_first_use_depth_first(load_text: Load) -> None:
    text = normal(
        load_text,
        "fragment B on User { id } fragment D on User { id } fragment C on User { me { ...D } }"
        " fragment A on User { me { ...C } me { ...B } } query Q { b { ...A ...B ...D } }",
    )

    assert [part.split()[0] for part in text.split("fragment ")[1:]] == ["A", "C", "D", "B"]


@pytest.mark.parametrize(
    ("literal", "printed"),
    [
        ('"a\\u0041\\n\\t\\"\\\\/"', '"aA\\n\\t\\"\\\\/"'),
        ('"\\u0001\\u007f\\u0085"', '"\\u0001\\u007F\\u0085"'),
        ('"""\n  block "quoted"\n    deeper\n"""', '"block \\"quoted\\"\\n  deeper"'),
        ('"é😀"', '"é😀"'),
        ('"\\u{1F600}"', '"😀"'),
        ('""', '""'),
        ("{}", "{}"),
        ("[]", "[]"),
        ("[[1],[2]]", "[[1][2]]"),
        ("-0", "-0"),
    ],
)
def test_literals_are_printed_one_way(load_text: Load, literal: str, printed: str) -> None:
    assert normal(load_text, f"query Q {{ a(x: {literal}) {{ id }} }}") == (
        f"query Q{{a(x:{printed}){{__typename id}}}}"
    )
    assert print_value(parse_value(literal)) == printed


def test_our_own_documents_equal_what_graphql_would_print() -> None:
    loaded = load(["schema/sdl"], ["schema/operations"], root=REPOSITORY)

    assert_equals_graphql(loaded)


def test_the_documents_of_linear_equal_what_graphql_would_print(linear: Loaded) -> None:
    assert_equals_graphql(linear)


def test_normalizing_a_normal_form_changes_nothing(linear: Loaded) -> None:
    for text in list(print_documents(linear).values())[::20]:
        assert _printed(linear.schema, parse(text)) == text


def assert_equals_graphql(loaded: Loaded) -> None:
    documents = Documents(loaded.schema, loaded.fragments_by_name)
    whole = _with_typenames(loaded)
    fragments = {
        node.name.value: node
        for node in whole.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    originals = {node.name.value: node for node in loaded.operations if node.name}
    for node in whole.definitions:
        if isinstance(node, OperationDefinitionNode) and node.name:
            original = originals[node.name.value]
            reached = [fragments[name] for name in documents.fragments_of(original)]
            printed = print_ast(DocumentNode(definitions=(node, *reached)))
            assert documents.document(original) == strip_ignored_characters(printed)


def _printed(schema: GraphQLSchema, document: DocumentNode) -> str:
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return Documents(schema, fragments).document(operation)


def _with_typenames(loaded: Loaded) -> DocumentNode:
    """The documents with `__typename` inserted by graphql-core's own visitor."""
    document = DocumentNode(definitions=(*loaded.operations, *loaded.fragments))
    info = TypeInfo(loaded.schema)
    result = visit(document, TypeInfoVisitor(info, _InsertTypenames(info)))
    assert isinstance(result, DocumentNode)
    return result


class _InsertTypenames(Visitor):
    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info

    def leave_selection_set(
        self, node: SelectionSetNode, _key: object, parent: object, *_: object
    ) -> SelectionSetNode | None:
        if not isinstance(parent, FieldNode | FragmentDefinitionNode):
            return None
        has_typename = any(
            isinstance(item, FieldNode) and item.name.value == "__typename" and not item.alias
            for item in node.selections
        )
        if has_typename or not is_abstract_type(self._info.get_parent_type()):
            return None
        typename = FieldNode(name=NameNode(value="__typename"), arguments=(), directives=())
        return SelectionSetNode(selections=(typename, *node.selections))

    def leave_string_value(self, node: StringValueNode, *_: object) -> StringValueNode | None:
        return StringValueNode(value=node.value, block=False) if node.block else None
