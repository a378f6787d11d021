from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from graphql import version_info

from intelgraph_codegen.ir import (
    Choice,
    Field,
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

SDL = '''
"Everything that can be read."
type Query {
  "The one who asks."
  me: User
  node(
    "Which node."
    id: ID!
  ): Node
  actor: Actor!
  search(filter: Filter, first: Int = 10): [Found!]!
  matrix: [[User!]]!
}

type Mutation {
  rename(name: String!): User @idempotent
  delete: Boolean
}

type Subscription {
  changed: User
}

directive @idempotent on FIELD_DEFINITION
directive @retryable on ENUM_VALUE

"Whatever has an id."
interface Node { id: ID! }

"Whoever acts."
interface Actor implements Node { id: ID! login: String friend: Actor }

"A human being."
type User implements Node & Actor {
  id: ID!
  "The name to log in with."
  login: String
  friend: Actor
  boss: User
  state: State!
  born: Date
  old: Int @deprecated(reason: "Use `born`.")
}

"A program."
type Bot implements Node & Actor { id: ID! login: String friend: Actor owner: User! version: Int! }

type Page implements Node { id: ID! title: String! author: User! }

union Found = User | Bot | Page

"How it stands."
enum State {
  "Works."
  ON
  OFF @deprecated(reason: "Never.")
}

enum Unused { A }

scalar Date @specifiedBy(url: "https://example.org/date")
scalar Hidden

input Filter { inner: Inner text: String! = "*" date: Date old: Int @deprecated }
input Inner { filter: Filter not: [Inner!] state: State }
input Choice @oneOf { a: Int b: Int }
input Nobody { x: Hidden }
'''


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


def test_fields_of_a_wider_interface_are_common_to_all(build_text: Build) -> None:
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


def test_a_fragment_of_abstract_type_on_a_concrete_parent_needs_no_choice(build_text: Build) -> None:
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
        SDL, "query Q($id: ID!, $n: Int! = 5) { node(id: $id) { id } search(first: $n) { __typename } }"
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
        SDL, '# No.\n"Asks."\nquery Q("Mine." $i: ID!) { node(id: $i) { ...F } } "Card." fragment F on Node { id }'
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
        SDL + "extend type Query { pick(by: Choice!): Int }", "query Q($c: Choice!) { pick(by: $c) }"
    )

    assert program.inputs[0].is_one_of


def test_a_fragment_is_built_once_for_all_operations(build_text: Build) -> None:
    program: Program = build_text(
        SDL,
        "query A { me { ...F } } query B { me { ...F } } fragment F on User { boss { login } }",
    )

    assert [shape.path for shape in program.fragments[0].shapes] == [("F", "boss"), ("F",)]
