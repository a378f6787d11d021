"""Whether documents are valid beyond doubt, found out in one walk over them.

graphql-core's rules visit every node once for each of them, which takes longer than reading and
printing everything. Here a fragment is looked at once, whoever spreads it. As in `sound`, nothing
is worded: where anything is wrong or unusual, the rules are asked, and what they find is told.
"""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLBoolean,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    InlineFragmentNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    VariableNode,
    do_types_overlap,
    get_named_type,
    is_composite_type,
    is_input_type,
    is_required_argument,
    is_type_sub_type_of,
    type_from_ast,
)

from .documents import composite_type
from .literals import misfits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphql import (
        DefinitionNode,
        DirectiveNode,
        GraphQLCompositeType,
        GraphQLField,
        GraphQLSchema,
        SelectionSetNode,
        ValueNode,
        VariableDefinitionNode,
    )


def unused_fragments(
    schema: GraphQLSchema, definitions: Sequence[DefinitionNode]
) -> list[FragmentDefinitionNode] | None:
    """The fragments that no operation uses; None where more than that may be wrong."""
    try:
        return _Walk(schema, definitions).unused()
    except (_DoubtError, RecursionError):
        return None


class _DoubtError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Use:
    """A variable in its place."""

    name: str
    type: Any
    """What is wanted there."""
    has_default: bool
    """Whether there is something to take instead of nothing."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a definition uses by itself."""

    uses: list[_Use] = field(default_factory=list[_Use])
    spreads: dict[str, None] = field(default_factory=dict[str, None])


class _Walk:
    def __init__(self, schema: GraphQLSchema, definitions: Sequence[DefinitionNode]) -> None:
        self._schema = schema
        self._operations: dict[str, OperationDefinitionNode] = {}
        self._fragments: dict[str, FragmentDefinitionNode] = {}
        for node in definitions:
            if isinstance(node, OperationDefinitionNode) and node.name:
                self._operations[node.name.value] = node
            elif isinstance(node, FragmentDefinitionNode):
                self._fragments[node.name.value] = node
        _sure(len(self._operations) + len(self._fragments) == len(definitions))
        self._overlapping: dict[tuple[str, str], bool] = {}
        self._seen = _Seen()

    def unused(self) -> list[FragmentDefinitionNode]:
        seen = {name: self._fragment(node) for name, node in self._fragments.items()}
        reached = _reached(seen)
        used: set[str] = set()
        for node in self._operations.values():
            own = self._operation(node)
            names = {name for spread in own.spreads for name in (spread, *reached[spread])}
            used |= names
            uses = [*own.uses, *(use for name in names for use in seen[name].uses)]
            self._variables(node.variable_definitions or (), uses)
        return [node for name, node in self._fragments.items() if name not in used]

    def _fragment(self, node: FragmentDefinitionNode) -> _Seen:
        _sure(not node.directives and not node.variable_definitions)
        parent = composite_type(self._schema, node.type_condition.name.value)
        return self._definition(node.selection_set, parent)

    def _operation(self, node: OperationDefinitionNode) -> _Seen:
        _sure(not node.directives)
        if node.operation.value == "subscription":
            fields = list(node.selection_set.selections)
            only = fields[0] if len(fields) == 1 else None
            _sure(isinstance(only, FieldNode) and only.name.value != "__typename")
            _sure(only and not only.directives)
        return self._definition(node.selection_set, self._schema.get_root_type(node.operation))

    def _definition(self, node: SelectionSetNode, parent: GraphQLCompositeType | None) -> _Seen:
        self._seen = _Seen()
        _sure(parent is not None)
        self._selections(node, cast("GraphQLCompositeType", parent))
        return self._seen

    def _selections(self, node: SelectionSetNode, parent: GraphQLCompositeType) -> None:
        for selection in node.selections:
            if selection.directives:
                self._directives(selection.directives)
            if isinstance(selection, FieldNode):
                self._field(selection, parent)
            elif isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                _sure(name in self._fragments)
                self._seen.spreads[name] = None
                self._narrow(parent, self._fragments[name].type_condition.name.value)
            elif isinstance(selection, InlineFragmentNode):
                on = selection.type_condition
                inner = self._narrow(parent, on.name.value) if on else parent
                self._selections(selection.selection_set, inner)

    def _narrow(self, parent: GraphQLCompositeType, name: str) -> GraphQLCompositeType:
        inner = composite_type(self._schema, name)
        if inner is None:
            raise _DoubtError
        if inner is not parent:
            pair = (parent.name, name)
            if pair not in self._overlapping:
                self._overlapping[pair] = do_types_overlap(self._schema, parent, inner)
            _sure(self._overlapping[pair])
        return inner

    def _field(self, node: FieldNode, parent: GraphQLCompositeType) -> None:
        name = node.name.value
        if name == "__typename":
            _sure(not node.selection_set and not node.arguments)
            return
        _sure(not (node.alias and node.alias.value == "__typename"))
        fields: Mapping[str, GraphQLField] = getattr(parent, "fields", {})
        definition = fields.get(name)
        if definition is None:
            raise _DoubtError
        if node.arguments or definition.args:
            self._arguments(node, definition)
        inner = get_named_type(definition.type)
        if node.selection_set:
            _sure(is_composite_type(inner))
            self._selections(node.selection_set, cast("GraphQLCompositeType", inner))
        else:
            _sure(not is_composite_type(inner))

    def _arguments(self, node: FieldNode, definition: GraphQLField) -> None:
        given = {item.name.value: item.value for item in node.arguments or ()}
        _sure(len(given) == len(node.arguments or ()) and given.keys() <= definition.args.keys())
        for name, argument in definition.args.items():
            if name in given:
                self._value(given[name], argument.type, has_default=_has_default(argument))
            else:
                _sure(not is_required_argument(argument))

    def _value(self, node: ValueNode, type_: Any, *, has_default: bool) -> None:
        if isinstance(node, VariableNode):
            self._seen.uses.append(_Use(node.name.value, type_, has_default))
            return
        _sure(not any(misfits(node, type_, {})))
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if isinstance(node, ListValueNode):
            item_type = inner.of_type if isinstance(inner, GraphQLList) else inner
            for item in node.values or ():
                self._value(item, item_type, has_default=False)
        elif isinstance(node, ObjectValueNode):
            while isinstance(inner, GraphQLList | GraphQLNonNull):
                inner = inner.of_type
            self._object(node, inner)

    def _object(self, node: ObjectValueNode, type_: Any) -> None:
        # A custom scalar may be written as an object, and what its fields want is not known.
        _sure(isinstance(type_, GraphQLInputObjectType))
        items = {item.name.value: item.value for item in node.fields or ()}
        _sure(len(items) == len(node.fields or ()))
        if getattr(type_, "is_one_of", False):
            # Whether a variable may be null is told where the operation is known.
            _sure(not any(isinstance(value, VariableNode) for value in items.values()))
        for name, value in items.items():
            known = type_.fields[name]
            self._value(value, known.type, has_default=_has_default(known))

    def _directives(self, nodes: Sequence[DirectiveNode]) -> None:
        names = [node.name.value for node in nodes]
        _sure(len(set(names)) == len(names) and {"skip", "include"}.issuperset(names))
        for node in nodes:
            given = {item.name.value: item.value for item in node.arguments or ()}
            _sure(given.keys() == {"if"} and len(node.arguments or ()) == 1)
            value = given["if"]
            if isinstance(value, VariableNode):
                wanted = GraphQLNonNull(GraphQLBoolean)
                self._seen.uses.append(_Use(value.name.value, wanted, has_default=False))
            else:
                _sure(isinstance(value, BooleanValueNode))

    def _variables(self, nodes: Sequence[VariableDefinitionNode], uses: Sequence[_Use]) -> None:
        types: dict[str, Any] = {}
        defaults: set[str] = set()
        for node in nodes:
            type_ = type_from_ast(self._schema, node.type)
            _sure(is_input_type(type_) and not node.directives)
            types[node.variable.name.value] = type_
            if node.default_value:
                _sure(not any(misfits(node.default_value, cast("Any", type_), {})))
                if not isinstance(node.default_value, NullValueNode):
                    defaults.add(node.variable.name.value)
        _sure(len(types) == len(nodes) and types.keys() == {use.name for use in uses})
        for use in uses:
            self._use(use, types[use.name], has_default=use.name in defaults)

    def _use(self, use: _Use, given: Any, *, has_default: bool) -> None:
        wanted = use.type
        if given is wanted:
            return
        if isinstance(wanted, GraphQLNonNull) and not isinstance(given, GraphQLNonNull):
            _sure(has_default or use.has_default)
            wanted = wanted.of_type
        _sure(is_type_sub_type_of(self._schema, given, wanted))


def _reached(seen: Mapping[str, _Seen]) -> dict[str, set[str]]:
    """The fragments behind each fragment; raises where one is behind itself."""
    reached: dict[str, set[str]] = {}

    def reach(name: str, above: tuple[str, ...]) -> set[str]:
        if name not in reached:
            _sure(name not in above)
            inner = seen[name].spreads
            found = set(inner)
            for other in inner:
                found |= reach(other, (*above, name))
            reached[name] = found
        return reached[name]

    for name in seen:
        reach(name, ())
    return reached


def _has_default(item: Any) -> bool:
    return bool(item.ast_node and item.ast_node.default_value)


def _sure(condition: object) -> None:
    if not condition:
        raise _DoubtError
