from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING

import pytest

from intelgraph_codegen.ir import (
    Choice,
    Field,
    ListOf,
    Model,
    Named,
    Selected,
    Shape,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intelgraph_codegen.ir import Fragment, Operation, Path

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


def test_nested_selections_are_named_by_their_path(build_text: Build) -> None:
    operation = query(build_text, "me { id boss { id } }")

    assert list(shapes_of(operation)) == [("Q", "me", "boss"), ("Q", "me"), ("Q",)]
    assert only_type(operation, "me") == Selected(("Q", "me"), nullable=True)
    assert model(operation, "Q", "me").description == "A human being."


def test_a_selection_that_is_one_fragment_is_that_fragment(build_text: Build) -> None:
    operation = query(build_text, "me { ...Card }", "fragment Card on User { id }")

    assert only_type(operation, "me") == Selected(("Card",), nullable=True)
    assert list(shapes_of(operation)) == [("Q",)]


def test_an_inserted_typename_does_not_hide_that_it_is_one_fragment(build_text: Build) -> None:
    operation = query(build_text, "node(id: 1) { ...Card }", "fragment Card on Node { id }")

    assert only_type(operation, "node") == Selected(("Card",), nullable=True)
    assert "node(id:1){__typename ...Card}" in operation.document


def test_a_written_typename_is_more_than_the_fragment_unless_it_has_it(build_text: Build) -> None:
    less = query(build_text, "me { __typename ...Card }", "fragment Card on User { id }")
    same = query(build_text, "me { __typename ...Card }", "fragment Card on Node { id }")

    assert keys(model(less, "Q", "me")) == ["__typename"]
    assert model(less, "Q", "me").bases == ("Card",)
    assert only_type(same, "me") == Selected(("Card",), nullable=True)


def test_a_fragment_on_an_interface_keeps_its_name_on_a_concrete_parent(build_text: Build) -> None:
    operation = query(build_text, "me { ...Card }", "fragment Card on Actor { id login }")

    assert only_type(operation, "me") == Selected(("Card",), nullable=True)


def test_a_fragment_that_may_be_left_out_is_merged_as_optional_fields(build_text: Build) -> None:
    program = build_text(
        SDL,
        "query Q($x: Boolean!) { me { ...Card @include(if: $x) } } fragment Card on User { id }",
    )

    me = model(program.operations[0], "Q", "me")

    assert me.bases == ()
    assert [(field.key, field.is_optional) for field in me.fields] == [("id", True)]


def test_fragments_beside_fields_are_bases(build_text: Build) -> None:
    operation = query(
        build_text,
        "me { ...Card ...Boss login }",
        "fragment Card on User { id state } fragment Boss on User { boss { id } }",
    )

    me = model(operation, "Q", "me")

    assert me.bases == ("Card", "Boss")
    assert keys(me) == ["login"]


def test_a_base_that_another_base_contains_is_not_named_again(build_text: Build) -> None:
    operation = query(
        build_text,
        "me { ...Outer ...Inner login }",
        "fragment Outer on User { state ...Inner } fragment Inner on User { id }",
    )

    assert model(operation, "Q", "me").bases == ("Outer",)


def test_a_fragment_whose_selection_is_merged_with_others_is_no_base(build_text: Build) -> None:
    operation = query(
        build_text,
        "me { ...Boss boss { login } }",
        "fragment Boss on User { id boss { id } }",
    )

    assert model(operation, "Q", "me").bases == ()
    assert keys(model(operation, "Q", "me")) == ["id", "boss"]
    assert keys(model(operation, "Q", "me", "boss")) == ["id", "login"]


def test_a_field_that_is_selected_again_as_a_base_has_it_stays_the_bases(build_text: Build) -> None:
    operation = query(
        build_text,
        "me { id boss { ...Card } ...Boss state }",
        "fragment Boss on User { id boss { ...Card } } fragment Card on User { login }",
    )

    assert model(operation, "Q", "me").bases == ("Boss",)
    assert keys(model(operation, "Q", "me")) == ["state"]


def test_an_optional_field_of_a_fragment_that_is_always_there_is_not_inherited(
    build_text: Build,
) -> None:
    program = build_text(
        SDL,
        "query Q($x: Boolean!) { me { ...Card id } } "
        "fragment Card on User { id @include(if: $x) login }",
    )

    me = model(program.operations[0], "Q", "me")

    assert me.bases == ()
    assert [(field.key, field.is_optional) for field in me.fields] == [
        ("id", False),
        ("login", False),
    ]


def test_aliases_are_the_keys(build_text: Build) -> None:
    operation = query(build_text, "one: me { number: id } two: me { login }")

    assert keys(root(operation)) == ["one", "two"]
    assert model(operation, "Q", "one").fields[0] == Field(
        key="number",
        name="id",
        type=Named("ID", nullable=False),
        description=None,
        deprecated=None,
        is_optional=False,
    )


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ("id @include(if: $x)", [("id", True)]),
        ("id @skip(if: $x)", [("id", True)]),
        ("id @skip(if: $x) id", [("id", False)]),
        ("id @skip(if: true) login", [("login", False)]),
        ("id @include(if: false) login", [("login", False)]),
        ("id @include(if: true)", [("id", False)]),
        ("... @include(if: $x) { id } login", [("id", True), ("login", False)]),
        ("... @include(if: $x) { id } ... @skip(if: $x) { id }", [("id", True)]),
    ],
)
def test_skip_and_include_make_a_field_optional(
    build_text: Build, selection: str, expected: list[tuple[str, bool]]
) -> None:
    uses = "" if "$x" in selection else " login2: login @include(if: $x)"
    program = build_text(SDL, f"query Q($x: Boolean!) {{ me {{ {selection}{uses} }} }}")

    me = model(program.operations[0], "Q", "me")

    found = [(field.key, field.is_optional) for field in me.fields if field.key != "login2"]
    assert found == expected


def test_what_is_below_a_conditional_twin_is_optional(build_text: Build) -> None:
    program = build_text(
        SDL,
        "query Q($x: Boolean!, $y: Boolean!) {"
        "  me { id } me @include(if: $x) { login }"
        "  both: me @include(if: $x) { id login } both: me @include(if: $y) { id state }"
        "  one: me @include(if: $x) { id }"
        "}",
    )
    operation = program.operations[0]

    assert [(f.key, f.is_optional) for f in root(operation).fields] == [
        ("me", False),
        ("both", True),
        ("one", True),
    ]
    assert [(f.key, f.is_optional) for f in model(operation, "Q", "me").fields] == [
        ("id", False),
        ("login", True),
    ]
    assert [(f.key, f.is_optional) for f in model(operation, "Q", "both").fields] == [
        ("id", False),
        ("login", True),
        ("state", True),
    ]
    assert not model(operation, "Q", "one").fields[0].is_optional


def test_a_union_is_a_choice_with_an_arm_for_each_type_and_an_other(build_text: Build) -> None:
    operation = query(build_text, "search { ... on User { login } ... on Page { title } }")

    found = choice(operation, "Q", "search")

    assert [(arm.typenames, arm.model) for arm in found.arms] == [
        (("User",), ("Q", "search", "User")),
        (("Page",), ("Q", "search", "Page")),
    ]
    assert found.other == ("Q", "search", "Other")
    assert keys(model(operation, *found.other)) == ["__typename"]
    assert model(operation, *found.other).typenames == ("Bot",)
    assert keys(model(operation, "Q", "search", "User")) == ["__typename", "login"]
    assert only_type(operation, "search") == ListOf(
        Selected(("Q", "search"), nullable=False), nullable=False
    )


def test_arms_of_the_same_shape_are_one(build_text: Build) -> None:
    operation = query(
        build_text, "search { ... on User { id } ... on Page { id } ... on Bot { version } }"
    )

    found = choice(operation, "Q", "search")

    assert [arm.typenames for arm in found.arms] == [("User", "Page"), ("Bot",)]


def test_an_arm_of_an_interface_bears_its_name(build_text: Build) -> None:
    operation = query(build_text, "search { ... on Actor { login } }")

    found = choice(operation, "Q", "search")

    assert [(arm.typenames, arm.model[-1]) for arm in found.arms] == [(("User", "Bot"), "Actor")]
    assert model(operation, "Q", "search", "Actor").parent == "Actor"


def test_types_to_which_several_conditions_apply_have_arms_of_their_own(build_text: Build) -> None:
    operation = query(
        build_text, "search { ... on Node { id } ... on Actor { login } ... on Bot { version } }"
    )

    found = choice(operation, "Q", "search")

    assert {arm.typenames: keys(model(operation, *arm.model)) for arm in found.arms} == {
        ("User",): ["__typename", "id", "login"],
        ("Bot",): ["__typename", "id", "login", "version"],
        ("Page",): ["__typename", "id"],
    }


def test_an_interface_with_nothing_of_its_own_types_is_one_model(build_text: Build) -> None:
    operation = query(build_text, "node(id: 1) { id ... on Node { id } }")

    found = model(operation, "Q", "node")

    assert keys(found) == ["__typename", "id"]
    assert found.typenames == ("User", "Bot", "Page")


def test_a_type_condition_that_adds_nothing_makes_no_arm(build_text: Build) -> None:
    operation = query(build_text, "node(id: 1) { id ... on User { id } }")

    assert keys(model(operation, "Q", "node")) == ["__typename", "id"]


def test_fields_of_a_wider_interface_belong_to_every_type(build_text: Build) -> None:
    operation = query(build_text, "actor { ... on Node { id } ... on Bot { version } }")

    found = choice(operation, "Q", "actor")

    assert keys(model(operation, *found.other)) == ["__typename", "id"]
    assert [arm.typenames for arm in found.arms] == [("Bot",)]


def test_fragments_are_bases_of_the_arms_they_cover(build_text: Build) -> None:
    operation = query(
        build_text,
        "actor { ...Card ... on Bot { ...Version owner { id } } }",
        "fragment Card on Actor { id login } fragment Version on Bot { version }",
    )

    found = choice(operation, "Q", "actor")

    assert model(operation, *found.arms[0].model).bases == ("Card", "Version")
    assert keys(model(operation, *found.arms[0].model)) == ["__typename", "owner"]
    assert model(operation, *found.other).bases == ("Card",)


def test_a_fragment_that_is_a_choice_is_merged_beside_other_fields(build_text: Build) -> None:
    operation = query(
        build_text,
        "actor { login ...Details }",
        "fragment Details on Actor { id ... on Bot { version } }",
    )

    found = choice(operation, "Q", "actor")

    assert keys(model(operation, *found.arms[0].model)) == ["__typename", "login", "id", "version"]
    assert model(operation, *found.arms[0].model).bases == ()


def test_a_fragment_of_abstract_type_on_a_concrete_parent_needs_no_choice(
    build_text: Build,
) -> None:
    operation = query(
        build_text, "me { ... on Actor { login ... on User { state } ... on Bot { version } } }"
    )

    assert keys(model(operation, "Q", "me")) == ["login", "state"]


def test_types_may_recur_through_fragments(build_text: Build) -> None:
    program = build_text(
        SDL,
        "query Q { me { ...Card boss { ...Card boss { ...Card } } } } fragment Card on User { id }",
    )

    assert model(program.operations[0], "Q", "me").bases == ("Card",)
    assert model(program.operations[0], "Q", "me", "boss").bases == ("Card",)
    assert model(program.operations[0], "Q", "me", "boss").fields[0].type == Selected(
        ("Card",), nullable=True
    )


def test_lists_of_lists_keep_what_may_be_null(build_text: Build) -> None:
    operation = query(build_text, "matrix { id }")

    inner = ListOf(Selected(("Q", "matrix"), nullable=False), nullable=True)
    assert only_type(operation, "matrix") == ListOf(inner, nullable=False)


def test_lenient_types_on_disjoint_objects_are_kept_by_each_arm(build_text: Build) -> None:
    program = build_text(
        "union U = A | B type A { x: Int } type B { x: [String] } type Query { u: U }",
        "query Q { u { ... on A { x } ... on B { x } } }",
        lenient=True,
    )
    operation = program.operations[0]

    assert model(operation, "Q", "u", "A").fields[1].type == Named("Int", nullable=True)
    assert isinstance(model(operation, "Q", "u", "B").fields[1].type, ListOf)


def test_paths_that_would_read_alike_are_numbered(build_text: Build) -> None:
    program = build_text(
        SDL,
        "query A { meBoss: me { id } me { boss { id } } data: me { id } state: me { id state } }",
    )

    assert [shape.path for shape in program.operations[0].shapes] == [
        ("A", "meBoss"),
        ("A", "me", "boss2"),
        ("A", "me"),
        ("A", "data2"),
        ("A", "state"),
        ("A",),
    ]


def test_a_path_that_reads_like_an_enum_of_the_document_is_numbered(build_text: Build) -> None:
    program = build_text(SDL, "query Sta { te: me { state } }")

    assert [shape.path for shape in program.operations[0].shapes] == [("Sta", "te2"), ("Sta",)]


def test_a_field_of_an_interface_is_told_of_as_the_type_at_hand_tells_of_it(
    build_text: Build,
) -> None:
    sdl = """
    type Query { node: Node }
    interface Node { "Any id." id: ID! "Any name." name: String }
    type A implements Node { "An A's id." id: ID! name: String a: Int }
    type B implements Node { "A B's id." id: ID! name: String }
    type C implements Node { "A C's id." id: ID! name: String }
    """
    fields = "node { id name ... on A { a } ... on B { x: name } ... on C { x: name } }"

    operation = build_text(sdl, f"query Q {{ {fields} }}").operations[0]

    told = [
        (shape.path[-1], field.key, field.description)
        for shape in operation.shapes
        if isinstance(shape, Model)
        for field in shape.fields
        if field.key in {"id", "name"}
    ]
    assert told == [
        ("A", "id", "An A's id."),
        ("A", "name", "Any name."),
        # B and C have the same fields, and what only one of them says would be wrong of both.
        ("B", "id", "Any id."),
        ("B", "name", "Any name."),
        ("Other", "id", "Any id."),
        ("Other", "name", "Any name."),
    ]


def test_leniently_each_type_keeps_its_own_where_a_key_differs_on_disjoint_ones(
    build_text: Build,
) -> None:
    sdl = "union U = A | B type A { x: Int } type B { x: [String!]! } type Query { u: U }"
    document = "query Q { u { ... on A { x } ... on B { x } } }"

    operation = build_text(sdl, document, lenient=True).operations[0]

    types = {
        shape.path[-1]: field.type
        for shape in operation.shapes
        if isinstance(shape, Model)
        for field in shape.fields
        if field.key == "x"
    }
    assert types == {
        "A": Named("Int", nullable=True),
        "B": ListOf(Named("String", nullable=False), nullable=False),
    }
