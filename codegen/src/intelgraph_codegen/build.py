"""Turns a validated schema and its documents into the program that the emitters print."""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLScalarType,
    get_named_type,
)

from . import ir
from .descriptions import definition_description
from .documents import Documents, known_field, known_root, name_of
from .identity import document_id, op_id
from .ir import leaf_name
from .pagination import Connections
from .selection import Selections
from .shapes import Shapes, names_in
from .types import enum, error_codes, has_directive, input_object, scalar, variable
from .variables import VariableUses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graphql import (
        FragmentDefinitionNode,
        GraphQLField,
        OperationDefinitionNode,
    )

    from .load import Loaded
    from .selection import ModelTree


@dataclass(frozen=True, slots=True)
class Facts:
    """What a schema without our directives cannot say about itself."""

    idempotent_mutations: frozenset[str] = frozenset()
    keyed_mutations: frozenset[str] = frozenset()
    retryable_codes: tuple[str, ...] = ()


def print_documents(loaded: Loaded) -> dict[str, str]:
    """The document of each operation in normal form, by the operation's name."""
    documents = Documents(loaded.schema, loaded.fragments_by_name)
    return {name_of(node): documents.document(node) for node in loaded.operations}


def build(
    loaded: Loaded,
    documents: Mapping[str, str],
    *,
    op_ids: Mapping[str, str] | None = None,
    facts: Facts = Facts(),
) -> ir.Program:
    """The program of one run; without `op_ids` every operation is version 1."""
    builder = _Builder(loaded, documents, op_ids or {}, facts)
    return builder.program()


class _Builder:
    def __init__(
        self,
        loaded: Loaded,
        documents: Mapping[str, str],
        op_ids: Mapping[str, str],
        facts: Facts,
    ) -> None:
        self._loaded = loaded
        self._schema = loaded.schema
        self._documents = documents
        self._op_ids = op_ids
        self._facts = facts
        self._selections = Selections(loaded.schema, loaded.fragments_by_name)
        self._uses = VariableUses(loaded.schema, loaded.fragments_by_name)

    def program(self) -> ir.Program:
        used = self._used_fragments()
        fragments = tuple(
            self._fragment(node) for node in self._loaded.fragments if node.name.value in used
        )
        connections = Connections(fragments)
        operations = tuple(
            replace(operation, pagination=connections.pagination(operation))
            for operation in map(self._operation, self._loaded.operations)
        )
        names = self._used_types(operations, fragments)
        ordered = [name for name in self._loaded.type_order if name in names]
        types = [self._schema.type_map[name] for name in ordered]
        return ir.Program(
            scalars=tuple(scalar(item) for item in types if isinstance(item, GraphQLScalarType)),
            enums=tuple(enum(item) for item in types if isinstance(item, GraphQLEnumType)),
            inputs=tuple(
                input_object(item) for item in types if isinstance(item, GraphQLInputObjectType)
            ),
            fragments=fragments,
            operations=operations,
            error_codes=error_codes(self._schema, self._facts.retryable_codes),
        )

    def _operation(self, node: OperationDefinitionNode) -> ir.Operation:
        name = name_of(node)
        tree = self._selections.operation(node)
        arguments = self._uses.of(node)
        variables = tuple(
            variable(item, arguments.get(item.variable.name.value))
            for item in node.variable_definitions or ()
        )
        reserved = {name + "Data", name + "Variables", *names_in(tree)}
        shapes = Shapes(self._selections, reserved | {leaf_name(v.type) for v in variables})
        laid_out = shapes.lay_out(tree, name)
        fields = self._root_fields(node, tree)
        document = self._documents[name]
        return ir.Operation(
            name=name,
            kind=node.operation.value,
            source=self._source(node),
            description=definition_description(node) or _only_description(fields),
            deprecated=_deprecation(fields),
            variables=variables,
            shapes=laid_out,
            root=_only_root(laid_out[-1]),
            op_id=self._op_ids.get(name) or op_id(name, 1),
            document=document,
            document_id=document_id(document),
            is_retry_safe=self._is_retry_safe(node, tree),
            is_keyed=self._is_keyed(node, tree),
        )

    def _fragment(self, node: FragmentDefinitionNode) -> ir.Fragment:
        tree = self._selections.fragment(node.name.value)
        shapes = Shapes(self._selections, names_in(tree))
        return ir.Fragment(
            name=node.name.value,
            source=self._source(node),
            description=definition_description(node),
            shapes=shapes.lay_out(tree, node.name.value),
        )

    def _source(self, node: OperationDefinitionNode | FragmentDefinitionNode) -> str:
        path = node.loc.source.name if node.loc else ""
        return self._loaded.labels.get(path, path)

    def _root_fields(
        self, node: OperationDefinitionNode, tree: ModelTree
    ) -> tuple[GraphQLField, ...]:
        root = known_root(self._schema, node.operation)
        return tuple(known_field(self._schema, root, item.name) for item in tree.fields)

    def _is_retry_safe(self, node: OperationDefinitionNode, tree: ModelTree) -> bool:
        if node.operation.value != "mutation":
            return node.operation.value == "query"
        return all("idempotent" in marks for marks in self._marks(node, tree))

    def _is_keyed(self, node: OperationDefinitionNode, tree: ModelTree) -> bool:
        if node.operation.value != "mutation" or self._is_retry_safe(node, tree):
            return False
        # A single field that is neither would act twice, whatever becomes of the others.
        return all(self._marks(node, tree))

    def _marks(self, node: OperationDefinitionNode, tree: ModelTree) -> Iterator[set[str]]:
        facts = self._facts
        told = {"idempotent": facts.idempotent_mutations, "keyed": facts.keyed_mutations}
        for item, definition in zip(tree.fields, self._root_fields(node, tree), strict=True):
            yield {
                mark
                for mark, names in told.items()
                if has_directive(definition, mark) or item.name in names
            }

    def _used_fragments(self) -> set[str]:
        documents = Documents(self._schema, self._loaded.fragments_by_name)
        return {name for node in self._loaded.operations for name in documents.fragments_of(node)}

    def _used_types(
        self, operations: Iterable[ir.Operation], fragments: Iterable[ir.Fragment]
    ) -> set[str]:
        pending = [name for each in operations for name in _leaves(each)]
        pending += [name for each in fragments for name in _leaves(each)]
        found: set[str] = set()
        while pending:
            name = pending.pop()
            if name in found:
                continue
            found.add(name)
            type_ = self._schema.type_map.get(name)
            if isinstance(type_, GraphQLInputObjectType):
                pending.extend(get_named_type(item.type).name for item in type_.fields.values())
        return found


def _leaves(document: ir.Operation | ir.Fragment) -> Iterator[str]:
    if isinstance(document, ir.Operation):
        yield from (leaf_name(item.type) for item in document.variables)
    for shape in document.shapes:
        if isinstance(shape, ir.Model):
            yield from (leaf_name(item.type) for item in shape.fields)


def _only_root(shape: ir.Shape) -> ir.Field | None:
    if not isinstance(shape, ir.Model) or len(shape.fields) != 1:
        return None
    return None if shape.fields[0].is_optional else shape.fields[0]


def _only_description(fields: Sequence[GraphQLField]) -> str | None:
    return fields[0].description if len(fields) == 1 else None


def _deprecation(fields: Sequence[GraphQLField]) -> str | None:
    reasons = [item.deprecation_reason for item in fields]
    if not reasons or None in reasons:
        return None
    return " ".join(dict.fromkeys(reason for reason in reasons if reason))
