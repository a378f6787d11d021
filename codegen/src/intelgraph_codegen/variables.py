"""Finds the argument that each variable of a document is passed to.

A variable has no documentation of its own in most documents; that of the argument it
stands for is what its user wants to read.
"""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

from .documents import composite_type, field_of
from .ir import Argument

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import (
        FragmentDefinitionNode,
        GraphQLArgument,
        GraphQLCompositeType,
        GraphQLSchema,
        OperationDefinitionNode,
        SelectionSetNode,
        ValueNode,
    )


class VariableUses:
    """The arguments behind the variables of one validated set of documents."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._of_fragment: dict[str, dict[str, GraphQLArgument]] = {}

    def of(self, operation: OperationDefinitionNode) -> Mapping[str, GraphQLArgument]:
        """The first argument that each variable is passed to as it is, by variable."""
        found: dict[str, GraphQLArgument] = {}
        if operation.variable_definitions:
            root = self._schema.get_root_type(operation.operation)
            self._visit(operation.selection_set, root, found)
        return found

    def _visit(
        self,
        node: SelectionSetNode,
        parent: GraphQLCompositeType | None,
        found: dict[str, GraphQLArgument],
    ) -> None:
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                self._visit_field(selection, parent, found)
            elif isinstance(selection, FragmentSpreadNode):
                for name, argument in self._fragment(selection.name.value).items():
                    found.setdefault(name, argument)
            elif isinstance(selection, InlineFragmentNode):
                on = selection.type_condition
                inner = composite_type(self._schema, on.name.value) if on else parent
                self._visit(selection.selection_set, inner, found)

    def _visit_field(
        self,
        node: FieldNode,
        parent: GraphQLCompositeType | None,
        found: dict[str, GraphQLArgument],
    ) -> None:
        definition = field_of(self._schema, parent, node.name.value)
        if definition is None:
            return
        for argument in node.arguments or ():
            known = definition.args.get(argument.name.value)
            if known and isinstance(argument.value, VariableNode):
                found.setdefault(argument.value.name.value, known)
        named = get_named_type(definition.type)
        if node.selection_set and is_composite_type(named):
            self._visit(node.selection_set, named, found)

    def _fragment(self, name: str) -> Mapping[str, GraphQLArgument]:
        if name not in self._of_fragment:
            found: dict[str, GraphQLArgument] = {}
            self._of_fragment[name] = found
            node = self._fragments[name]
            parent = composite_type(self._schema, node.type_condition.name.value)
            self._visit(node.selection_set, parent, found)
        return self._of_fragment[name]


def arguments_of(node: FieldNode) -> tuple[Argument, ...]:
    """What a field is asked with, and the variables that stand in it."""
    return tuple(
        Argument(
            argument.name.value,
            tuple(_variables_in(argument.value)),
            is_variable=isinstance(argument.value, VariableNode),
        )
        for argument in node.arguments or ()
    )


def _variables_in(node: ValueNode) -> Iterator[str]:
    if isinstance(node, VariableNode):
        yield node.name.value
    elif isinstance(node, ListValueNode):
        for value in node.values:
            yield from _variables_in(value)
    elif isinstance(node, ObjectValueNode):
        for member in node.fields:
            yield from _variables_in(member.value)
