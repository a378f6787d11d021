from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING

import pytest
from graphql import version_info

from intelgraph_codegen.ir import (
    Choice,
    InputField,
    ListOf,
    Model,
    Named,
    Selected,
    Shape,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intelgraph_codegen.ir import Fragment, Operation, Path, Program

    from .conftest import Build

SDL = (pathlib.Path(__file__).parent / "everything.graphql").read_text(encoding="utf-8")


def shapes_of(document: Operation | Fragment) -> Mapping[Path, Shape]:
    return {shape.path: shape for shape in document.shapes}


def model(document: Operation | Fragment, *path: str) -> Model:
    shape = shapes_of(document)[path]
    assert isinstance(shape, Model)
    return shape


def choice(document: Operation | Fragment, *path: str) -> Choice:
    shape = shapes_of(document)[path]
    assert isinstance(shape, Choice)
    return shape


def keys(shape: Model) -> list[str]:
    return [field.key for field in shape.fields]


def only_type(document: Operation | Fragment, key: str) -> object:
    (field,) = (item for item in root(document).fields if item.key == key)
    return field.type


def root(document: Operation | Fragment) -> Model:
    return model(document, document.name)


def query(build_text: Build, selection: str, fragments: str = "") -> Operation:
    return build_text(SDL, f"query Q {{ {selection} }} {fragments}").operations[0]


def test_only_what_is_used_is_in_the_program_in_the_order_of_the_sdl(build_text: Build) -> None:
    program = build_text(
        SDL,
        "query Q($f: Filter) { search(filter: $f) { ... on User { born } } } "
        "fragment Unused on User { state }",
    )

    assert [item.name for item in program.scalars] == ["Date"]
    assert [item.name for item in program.enums] == ["State"]
    assert [item.name for item in program.inputs] == ["Filter", "Inner"]
    assert program.fragments == ()


def test_inputs_say_what_may_be_left_out(build_text: Build) -> None:
    program = build_text(SDL, "query Q($f: Filter) { search(filter: $f) { __typename } }")

    filter_, inner = program.inputs

    assert filter_.fields == (
        InputField("inner", Named("Inner", nullable=True), None, None, None),
        InputField("text", Named("String", nullable=False), None, None, '"*"'),
        InputField("date", Named("Date", nullable=True), None, None, None),
        InputField("old", Named("Int", nullable=True), None, "No longer supported", None),
    )
    assert not filter_.fields[1].is_required
    assert inner.fields[1].type == ListOf(Named("Inner", nullable=False), nullable=True)


def test_variables_are_described_by_the_arguments_they_fill(build_text: Build) -> None:
    program = build_text(
        SDL,
        "query Q($id: ID!, $n: Int! = 5) { node(id: $id) { id } search(first: $n) { __typename } }",
    )

    assert program.operations[0].variables == (
        InputField("id", Named("ID", nullable=False), "Which node.", None, None),
        InputField("n", Named("Int", nullable=False), None, None, "5"),
    )


def test_enums_keep_descriptions_and_deprecations(build_text: Build) -> None:
    (state,) = build_text(SDL, "query Q { me { state } }").enums

    assert state.description == "How it stands."
    assert [(v.name, v.description, v.deprecated) for v in state.values] == [
        ("ON", "Works.", None),
        ("OFF", None, "Never."),
    ]


def test_fields_keep_descriptions_and_deprecations(build_text: Build) -> None:
    operation = query(build_text, "me { login old }")

    login, old = model(operation, "Q", "me").fields

    assert login.description == "The name to log in with."
    assert old.deprecated == "Use `born`."


def test_a_comment_directly_above_describes_an_operation(build_text: Build) -> None:
    program = build_text(
        SDL,
        "# The file.\n\n# Who asks,\r\n#   and no one else.\nquery A { me { ...F } }\n"
        "# Not this one.\n\nquery B { me { ...F } } query C { me { id } node(id: 1) { id } }\n"
        "# A card.\nfragment F on User { id }",
    )

    assert [item.description for item in program.operations] == [
        "Who asks,\n  and no one else.",
        "The one who asks.",
        None,
    ]
    assert program.fragments[0].description == "A card."


@pytest.mark.skipif(version_info < (3, 3), reason="graphql-core 3.2 cannot parse them")
def test_a_description_of_its_own_describes_an_operation(build_text: Build) -> None:
    program = build_text(
        SDL,
        '# No.\n"Asks."\nquery Q("Mine." $i: ID!) { node(id: $i) { ...F } } '
        '"Card." fragment F on Node { id }',
    )

    assert program.operations[0].description == "Asks."
    assert program.operations[0].variables[0].description == "Mine."
    assert program.fragments[0].description == "Card."
    assert "Asks" not in program.operations[0].document


def test_the_only_root_field_is_known(build_text: Build) -> None:
    program = build_text(
        SDL,
        "query A { me { id } } query B { me { id } actor { id } } "
        "query C($x: Boolean!) { me @skip(if: $x) { id } }",
    )

    one, two, optional = program.operations

    assert one.root is not None
    assert one.root.key == "me"
    assert two.root is None
    assert optional.root is None


def test_root_fields_of_a_fragment_are_the_operations_own(build_text: Build) -> None:
    operation = query(build_text, "...Start", "fragment Start on Query { me { id } }")

    assert operation.root is not None
    assert root(operation).bases == ()
    assert operation.root.type == Selected(("Q", "me"), nullable=True)


def test_retry_safety_follows_the_schema_and_the_configuration(build_text: Build) -> None:
    documents = (
        'query A { me { id } } mutation B { rename(name: "x") { id } } '
        'mutation C { rename(name: "x") { id } delete } subscription D { changed { id } }'
    )

    plain = build_text(SDL, documents)
    configured = build_text(SDL, documents, idempotent_mutations=["delete"])

    assert [item.is_retry_safe for item in plain.operations] == [True, True, False, False]
    assert [item.is_retry_safe for item in configured.operations] == [True, True, True, False]


def test_an_operation_is_keyed_when_all_that_is_not_idempotent_is(build_text: Build) -> None:
    documents = (
        'query A { me { id } } mutation B { rename(name: "x") { id } } '
        'mutation C { rename(name: "x") { id } delete } mutation D { delete }'
        "mutation E { again: delete buy } mutation F { delete ring }"
        "subscription G { changed { id } }"
    )
    sdl = SDL + (
        "extend type Mutation { buy: Boolean @keyed ring: Boolean }"
        " directive @keyed on FIELD_DEFINITION"
    )

    plain = build_text(sdl, documents)
    configured = build_text(sdl, documents, keyed_mutations=["delete", "rename"])

    assert [item.name for item in plain.operations if item.is_keyed] == []
    assert [item.name for item in configured.operations if item.is_keyed] == ["C", "D", "E"]


def test_an_operation_is_deprecated_when_all_its_roots_are(build_text: Build) -> None:
    program = build_text(
        'type Query { a: Int @deprecated(reason: "Use `b`.") b: Int }',
        "query A { a } query B { a b }",
    )

    assert [item.deprecated for item in program.operations] == ["Use `b`.", None]


ERROR_CODES = "enum ErrorCode { A B @retryable } directive @retryable on ENUM_VALUE "


def test_error_codes_say_what_is_retryable(build_text: Build) -> None:
    sdl = ERROR_CODES + "type Query { a: Int }"

    plain = build_text(sdl, "query Q { a }").error_codes
    more = build_text(sdl, "query Q { a }", retryable_codes=["A", "C"]).error_codes
    foreign = build_text("type Query { a: Int }", "query Q { a }", retryable_codes=["X"])

    assert plain is not None
    assert [(v.name, v.is_retryable) for v in plain.values] == [("A", False), ("B", True)]
    assert more is not None
    assert [v.name for v in more.values if v.is_retryable] == ["A", "B", "C"]
    assert foreign.error_codes is not None
    assert build_text("type Query { a: Int }", "query Q { a }").error_codes is None


def test_introspection_is_answered_with_plain_strings(build_text: Build) -> None:
    operation = query(build_text, "__schema { types { kind } }")

    assert model(operation, "Q", "__schema", "types").fields[0].type == Named(
        "String", nullable=False
    )


def test_one_of_inputs_are_marked(build_text: Build) -> None:
    program = build_text(
        SDL + "extend type Query { pick(by: Choice!): Int }",
        "query Q($c: Choice!) { pick(by: $c) }",
    )

    assert program.inputs[0].is_one_of


def test_a_fragment_is_built_once_for_all_operations(build_text: Build) -> None:
    program: Program = build_text(
        SDL,
        "query A { me { ...F } } query B { me { ...F } } fragment F on User { boss { login } }",
    )

    assert [shape.path for shape in program.fragments[0].shapes] == [("F", "boss"), ("F",)]
