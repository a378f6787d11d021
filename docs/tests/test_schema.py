"""The rules of `schema/README.md`: what the SDL and the operation documents must look like."""

from __future__ import annotations

import functools
import re

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    get_named_type,
    parse,
    validate,
    visit,
)
from repository import files, text

SDL = [name for name in files() if name.startswith("schema/sdl/")]
OPERATIONS = [name for name in files() if name.startswith("schema/operations/")]

# The specification's own words: name, arguments, type and permission.
SPECIFIED = {
    "Query.trustTiles": ("", "[TrustTile!]!", "trust.read"),
    "Query.invoices": ("", "[Invoice!]!", "billing.read"),
    "Mutation.createCheckout": ("pluginId: ID!", "String!", "billing.write"),
    "Mutation.downloadEvidenceBundle": ("version: String!", "String!", "trust.read"),
    "Invoice.id": ("", "ID!", None),
    "Invoice.amountUSD": ("", "Float!", None),
    "Invoice.createdAt": ("", "DateTime!", None),
    "Invoice.uri": ("", "String!", None),
    "TrustTile.kind": ("", "String!", None),
    "TrustTile.status": ("", "String!", None),
    "TrustTile.updatedAt": ("", "DateTime!", None),
}


@functools.cache
def schema() -> GraphQLSchema:
    return build_schema("\n".join(text(name) for name in SDL))


@functools.cache
def everything_described() -> dict[str, str]:
    """Each element of the schema, as `Type.field(argument)`, with its description."""
    found: dict[str, str | None] = {}
    for name, type_ in schema().type_map.items():
        if not name.startswith("__") and type_.ast_node:
            found[name] = type_.description
            found |= members_described(name, type_)
    for directive in schema().directives:
        if directive.ast_node:
            found[f"@{directive.name}"] = directive.description
            found |= {f"@{directive.name}({n})": a.description for n, a in directive.args.items()}
    return {element: description or "" for element, description in found.items()}


def members_described(name: str, type_: GraphQLNamedType) -> dict[str, str | None]:
    if isinstance(type_, GraphQLEnumType):
        return {f"{name}.{value}": node.description for value, node in type_.values.items()}
    if isinstance(type_, GraphQLInputObjectType):
        return {f"{name}.{field}": node.description for field, node in type_.fields.items()}
    found: dict[str, str | None] = {}
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        for field, node in type_.fields.items():
            found[f"{name}.{field}"] = node.description
            found |= {f"{name}.{field}({a})": arg.description for a, arg in node.args.items()}
    return found


@functools.cache
def documents() -> DocumentNode:
    return parse("\n".join(text(name) for name in OPERATIONS))


def words(sentence: str) -> set[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", sentence)
    return {word.rstrip("s") for word in re.findall(r"[a-z]+", spaced.lower())}


def permission_of(field: str) -> str | None:
    type_, _, name = field.partition(".")
    owner = schema().type_map[type_]
    assert isinstance(owner, GraphQLObjectType)
    node = owner.fields[name].ast_node
    guards = [d for d in (node.directives if node else None) or () if d.name.value == "auth"]
    return str(getattr(guards[0].arguments[0].value, "value", "")) if guards else None


def test_every_element_of_the_schema_is_described_in_sentences() -> None:
    bare = [
        element
        for element, description in everything_described().items()
        if not re.fullmatch(r"[A-Z`].+\.", description, re.DOTALL)
    ]

    assert bare == []


def test_every_description_says_more_than_the_name() -> None:
    filler = {"the", "a", "an", "of", "this", "is", "it", "to", "in", "for", "and", "or", "by"}
    empty = [
        element
        for element, description in everything_described().items()
        if len(words(description) - words(element) - filler) < 1
    ]

    assert empty == []


def test_types_are_nouns_in_pascal_case_and_values_in_upper_case() -> None:
    wrong = [
        element
        for element in everything_described()
        if not re.fullmatch(
            r"@?\w+\(\w+\)|@\w+|[A-Z][A-Za-z0-9]+(\.([a-z][A-Za-z0-9]*(\(\w+\))?|[A-Z0-9_]+))?",
            element,
        )
    ]

    assert wrong == []


def test_a_mutation_is_either_idempotent_or_keeps_its_answer_by_a_key() -> None:
    owner = schema().mutation_type
    assert owner is not None
    marks = {
        name: {d.name.value for d in (field.ast_node.directives if field.ast_node else None) or ()}
        for name, field in owner.fields.items()
    }

    # What acts once by itself would store an answer for nothing, and the rest acts twice without.
    assert [n for n, found in marks.items() if len(found & {"idempotent", "keyed"}) != 1] == []


@pytest.mark.parametrize("field", SPECIFIED)
def test_what_the_specification_names_stands_unchanged(field: str) -> None:
    arguments, type_, permission = SPECIFIED[field]
    owner = schema().type_map[field.partition(".")[0]]
    assert isinstance(owner, GraphQLObjectType)
    node = owner.fields[field.partition(".")[2]]

    assert ", ".join(f"{name}: {arg.type}" for name, arg in node.args.items()) == arguments
    assert str(node.type) == type_
    assert permission_of(field) == permission


def is_public(field: GraphQLField) -> bool:
    directives = (field.ast_node.directives if field.ast_node else None) or ()
    return any(directive.name.value == "public" for directive in directives)


def test_what_everybody_may_ask_for_is_one_field() -> None:
    query = schema().query_type

    assert query
    assert [name for name, field in query.fields.items() if is_public(field)] == ["publicTrust"]


def test_every_root_field_names_its_permission() -> None:
    roots = [root for root in (schema().query_type, schema().mutation_type) if root]
    open_fields = [
        f"{root.name}.{name}"
        for root in roots
        for name in root.fields
        if not re.fullmatch(r"[a-z]+\.[a-z]+", permission_of(f"{root.name}.{name}") or "")
        and not is_public(root.fields[name])
    ]

    assert open_fields == []


def test_the_operations_are_valid() -> None:
    assert [str(error) for error in validate(schema(), documents())] == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_fragments_stand_before_operations_and_each_is_introduced_by_a_comment(name: str) -> None:
    definitions = parse(text(name)).definitions
    kinds = [isinstance(node, OperationDefinitionNode) for node in definitions]
    lines = text(name).splitlines()
    places = [n for n, line in enumerate(lines) if re.match(r"fragment|query|mutation|subs", line)]

    assert kinds == sorted(kinds)
    assert [lines[n] for n in places if n == 0 or not lines[n - 1].startswith("# ")] == []


class WideSelections(Visitor):
    """Collects the objects of which more than two fields are selected outside a fragment."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.found: list[str] = []

    def enter_selection_set(self, node: SelectionSetNode, *rest: object) -> None:
        is_body = not isinstance(rest[1], FieldNode)
        plain = [s for s in node.selections if isinstance(s, FieldNode)]
        type_ = self.types.get_parent_type()
        named = get_named_type(type_) if type_ else None
        name = named.name if named else ""
        if len(plain) > 2 and not is_body and not name.endswith("Connection"):
            self.found.append(name)


def test_an_object_of_more_than_two_fields_is_read_through_a_fragment() -> None:
    types = TypeInfo(schema())
    wide = WideSelections(types)
    visit(documents(), TypeInfoVisitor(types, wide))

    assert wide.found == []


def test_every_fragment_is_used_by_some_operation() -> None:
    spread: set[str] = set()

    class Spreads(Visitor):
        def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
            spread.add(node.name.value)

    visit(documents(), Spreads())
    defined = {
        n.name.value for n in documents().definitions if isinstance(n, FragmentDefinitionNode)
    }

    assert defined - spread == set()
