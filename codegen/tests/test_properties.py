"""Laws that hold for any document, tried on random ones over a schema with everything in it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from answers import Answers
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    build_schema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    parse,
    print_ast,
    specified_rules,
    validate,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from intelgraph_codegen.build import build, print_documents
from intelgraph_codegen.check_documents import check_documents
from intelgraph_codegen.documents import composite_type
from intelgraph_codegen.ir import Choice, ListOf, Model, Named, Selected
from intelgraph_codegen.load import Loaded
from intelgraph_codegen.overlap import Overlaps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import GraphQLOutputType, GraphQLSchema

    from intelgraph_codegen.errors import Diagnostic
    from intelgraph_codegen.ir import Fragment, Operation, Path, Program, Shape, TypeRef

SCHEMA = build_schema(
    """
    type Query { node: Node found: [Found] user: User! deep: [[Actor!]!] }
    interface Node { id: ID! name: String self: Node }
    interface Actor implements Node { id: ID! name: String self: Node age(unit: Int): Int }
    type User implements Node & Actor {
      id: ID! name: String self: Node age(unit: Int): Int boss: User tag: String!
    }
    type Bot implements Node & Actor {
      id: ID! name: String self: Node age(unit: Int): Int owner: User tag: [String]
    }
    type Page implements Node { id: ID! name: String self: Node tag: Int author: Actor! }
    union Found = User | Bot | Page
    """
)
COMPOSITES = ("Node", "Actor", "User", "Bot", "Page", "Found")


class Writer:
    """Writes one random set of documents."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311

    def many(self) -> Iterator[str]:
        """One set of documents after the other; about every second is valid."""
        while True:
            yield self.documents()

    def documents(self) -> str:
        # A fragment spreads only later ones, so that there are no cycles.
        types = self._types = [self._random.choice(COMPOSITES) for _ in range(3)]
        fragments = [
            f"fragment F{index} on {name} {self._selection(name, 2, index + 1)}"
            for index, name in enumerate(types)
        ]
        head = "query Q($x: Boolean!, $y: Boolean!, $n: Int)"
        return f"{head} {self._selection('Query', 3, 0)} " + " ".join(fragments)

    def _selection(self, parent: str, depth: int, first_fragment: int) -> str:
        parts = [
            self._part(parent, depth, first_fragment) for _ in range(self._random.randint(1, 4))
        ]
        return "{ " + " ".join(parts) + " }"

    def _part(self, parent: str, depth: int, first_fragment: int) -> str:
        sort = self._random.random()
        condition = self._random.choice(("", "", "", " @include(if: $x)", " @skip(if: $y)"))
        if sort < 0.2 and parent != "Query":
            fitting = [
                index for index in range(first_fragment, 3) if _overlap(parent, self._types[index])
            ]
            if fitting:
                return f"...F{self._random.choice(fitting)}{condition}"
        if sort < 0.4 and depth and parent != "Query":
            any_type = self._random.random() < 0.02
            fitting_types = [item for item in COMPOSITES if any_type or _overlap(parent, item)]
            name = self._random.choice(fitting_types)
            return f"... on {name}{condition} {self._selection(name, depth - 1, first_fragment)}"
        return self._field(parent, depth, first_fragment, condition)

    def _field(self, parent: str, depth: int, first_fragment: int, condition: str) -> str:
        fields = getattr(SCHEMA.type_map[parent], "fields", {})
        leaves = {name: field for name, field in fields.items() if not _inner(field.type)}
        names = list(fields) if depth else list(leaves)
        name = self._random.choice([*names, "__typename"])
        alias = self._random.choice((*[""] * 20, "k: ", "id: "))
        arguments = (
            self._random.choice((*[""] * 6, "(unit: 1)", "(unit: $n)")) if name == "age" else ""
        )
        inner = _inner(fields[name].type) if name in fields else None
        below = f" {self._selection(inner, depth - 1, first_fragment)}" if inner else ""
        return f"{alias}{name}{arguments}{condition}{below}"


def _inner(type_: GraphQLOutputType) -> str | None:
    named = get_named_type(type_)
    return named.name if is_composite_type(named) else None


def _overlap(one: str, other: str) -> bool:
    return bool(_members(one) & _members(other))


def _members(name: str) -> set[str]:
    type_ = SCHEMA.type_map[name]
    return (
        {item.name for item in SCHEMA.get_possible_types(type_)}
        if is_abstract_type(type_)
        else {name}
    )


seeds = st.integers(0, 2**32)


@given(seeds)
@settings(max_examples=100)
def test_documents_are_accepted_and_refused_as_graphql_does(seed: int) -> None:
    document = parse(Writer(seed).documents())
    found: list[Diagnostic] = []

    check_documents(SCHEMA, document.definitions, whole=None, lenient=False, diagnostics=found)

    refused = any(item.severity == "error" for item in found)
    rules = [rule for rule in specified_rules if rule.__name__ != "NoUnusedFragmentsRule"]
    assert refused == bool(validate(SCHEMA, document, rules))


@given(seeds)
@settings(max_examples=100)
def test_fields_overlap_as_graphql_finds_them_to(seed: int) -> None:
    document = parse(Writer(seed).documents())
    roots = [
        (node.selection_set, SCHEMA.query_type)
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    ]
    fragments = _fragments(document)
    parts = [
        (node.selection_set, composite_type(SCHEMA, node.type_condition.name.value))
        for node in fragments.values()
    ]

    conflicts = Overlaps(SCHEMA, fragments).find([*roots, *parts])

    theirs = validate(SCHEMA, document, [OverlappingFieldsCanBeMergedRule])
    assert bool(conflicts) == bool(theirs)


@given(seeds)
@settings(max_examples=60)
def test_reformatting_a_document_does_not_change_its_normal_form(seed: int) -> None:
    document = parse(Writer(seed).documents())

    text = print_documents(_loaded(SCHEMA, document))["Q"]

    assert print_documents(_loaded(SCHEMA, parse(print_ast(document))))["Q"] == text
    assert print_documents(_loaded(SCHEMA, parse(text)))["Q"] == text


@given(seed=seeds, x=st.booleans(), y=st.booleans())
@settings(max_examples=100)
def test_whatever_graphql_answers_has_the_shape_that_was_built(
    *, seed: int, x: bool, y: bool
) -> None:
    document = next(filter(_is_lenient, map(parse, Writer(seed).many())))
    loaded = _loaded(SCHEMA, document)
    texts = print_documents(loaded)

    program = build(loaded, texts)

    answer = Answers(SCHEMA, seed).answer(texts["Q"], {"x": x, "y": y, "n": 1})
    Conformance(program).check_operation("Q", answer)


class Conformance:
    """Compares answers with shapes: all keys that must be there, none that is unknown."""

    def __init__(self, program: Program) -> None:
        documents: list[Operation | Fragment] = [*program.operations, *program.fragments]
        self._roots = {item.name: item.shapes[-1] for item in program.fragments}
        self._operations = {item.name: item for item in program.operations}
        self._shapes = {
            id(shape): {item.path: item for item in document.shapes}
            for document in documents
            for shape in document.shapes
        }

    def check_operation(self, name: str, data: dict[str, Any]) -> None:
        operation = self._operations[name]
        self._check_shape(data, operation.shapes[-1], {s.path: s for s in operation.shapes})

    def _check(self, value: Any, type_: TypeRef, shapes: Mapping[Path, Shape]) -> None:
        if value is None:
            assert type_.nullable
        elif isinstance(type_, ListOf):
            for item in value:
                self._check(item, type_.item, shapes)
        elif isinstance(type_, Named):
            assert not isinstance(value, dict | list) or type_.name not in {"Int", "String", "ID"}
        else:
            self._check_shape(value, *self._resolve(type_, shapes))

    def _resolve(
        self, type_: Selected, shapes: Mapping[Path, Shape]
    ) -> tuple[Shape, Mapping[Path, Shape]]:
        if len(type_.path) == 1:
            shape = self._roots[type_.path[0]]
            return shape, self._shapes[id(shape)]
        return shapes[type_.path], shapes

    def _check_shape(self, value: Any, shape: Shape, shapes: Mapping[Path, Shape]) -> None:
        if isinstance(shape, Choice):
            self._check_shape(value, self._arm(value["__typename"], shape, shapes), shapes)
            return
        fields = dict(self._fields(shape, shapes))
        assert set(value) <= set(fields)
        for key, (field, where) in fields.items():
            assert key in value or field.is_optional
            if key in value:
                self._check(value[key], field.type, where)
        if "__typename" in value and len(shape.path) > 1:
            assert value["__typename"] in shape.typenames

    def _arm(self, typename: str, choice: Choice, shapes: Mapping[Path, Shape]) -> Shape:
        for arm in choice.arms:
            if typename in arm.typenames:
                return shapes[arm.model]
        return shapes[choice.other]

    def _fields(
        self, model: Model, shapes: Mapping[Path, Shape]
    ) -> Iterator[tuple[str, tuple[Any, Mapping[Path, Shape]]]]:
        for base in model.bases:
            root = self._roots[base]
            assert isinstance(root, Model)
            yield from self._fields(root, self._shapes[id(root)])
        for field in model.fields:
            yield field.key, (field, shapes)


def _loaded(schema: GraphQLSchema, document: DocumentNode) -> Loaded:
    return Loaded(
        schema=schema,
        type_order=tuple(schema.type_map),
        operations=tuple(
            node for node in document.definitions if isinstance(node, OperationDefinitionNode)
        ),
        fragments=tuple(_fragments(document).values()),
        labels={},
        scalar_names=(),
        mutation_names=(),
        sdl="",
        warnings=(),
    )


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }


def _is_lenient(document: DocumentNode) -> bool:
    found: list[Diagnostic] = []
    check_documents(SCHEMA, document.definitions, whole=None, lenient=True, diagnostics=found)
    return all(
        item.severity == "warning" or "never uses its variable" in item.message for item in found
    )


@pytest.mark.parametrize("seed", range(3))
def test_random_documents_are_the_same_for_the_same_seed(seed: int) -> None:
    assert Writer(seed).documents() == Writer(seed).documents()
