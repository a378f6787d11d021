"""Which fields a selection set answers with, by the rules of GraphQL's execution.

This is the specification's CollectFields without a request at hand: instead of one object
it asks for a `Scope`, and instead of values of variables it keeps the conditions under
which a field is answered.
"""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NameNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from .documents import composite_type, field_of, needs_typename

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphql import (
        DirectiveNode,
        FragmentDefinitionNode,
        GraphQLCompositeType,
        GraphQLSchema,
        SelectionSetNode,
    )

Conditions: TypeAlias = frozenset[tuple[str, bool]]
"""What must hold, all together: a variable's name and the value it must have."""

ALWAYS: Conditions = frozenset()

_TYPENAME = FieldNode(name=NameNode(value="__typename"), arguments=(), directives=())


@dataclass(frozen=True, slots=True)
class SelectionSet:
    """A selection set, the type it selects from, and when it is part of the answer."""

    node: SelectionSetNode
    parent: GraphQLCompositeType
    conditions: Conditions = ALWAYS


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A field as it stands in one place of a document."""

    node: FieldNode
    parent: GraphQLCompositeType
    conditions: Conditions
    origin: int
    """Which of the merged selection sets it comes from."""

    @property
    def key(self) -> str:
        return self.node.alias.value if self.node.alias else self.node.name.value


@dataclass(slots=True)
class Collected:
    """The occurrences under each response key, and the fragments that are always spread."""

    fields: dict[str, list[Occurrence]] = field(default_factory=dict)
    spreads: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """The objects to collect for.

    With an object type as `parent` it is those objects; with an interface or union it is
    whatever may be answered there, today or after the schema has grown.
    """

    schema: GraphQLSchema
    parent: GraphQLCompositeType

    def is_within(self, condition: GraphQLCompositeType) -> bool:
        """Whether a fragment on `condition` applies to every object of the scope."""
        if condition is self.parent:
            return True
        return is_abstract_type(condition) and self.schema.is_sub_type(condition, self.parent)


@dataclass(frozen=True, slots=True)
class Collector:
    """Collects from selection sets of one set of documents."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]

    def collect(self, sets: Sequence[SelectionSet], scope: Scope) -> Collected:
        """Everything that the merged sets answer for the objects of `scope`."""
        found = Collected()
        for origin, item in enumerate(sets):
            if needs_typename(item.node, item.parent):
                _add(found, Occurrence(_TYPENAME, item.parent, item.conditions, origin))
            self._visit(item, origin=origin, scope=scope, found=found, seen={})
        return found

    def type_conditions(self, sets: Sequence[SelectionSet]) -> tuple[GraphQLCompositeType, ...]:
        """The types that fragments inside the sets are conditioned on, in order of first use."""
        found: dict[str, None] = {}
        seen: set[str] = set()
        pending = [item.node for item in reversed(sets)]
        while pending:
            node = pending.pop()
            for selection in node.selections:
                if isinstance(selection, InlineFragmentNode):
                    if selection.type_condition:
                        found[selection.type_condition.name.value] = None
                    pending.append(selection.selection_set)
                elif isinstance(selection, FragmentSpreadNode):
                    name = selection.name.value
                    if name not in seen:
                        seen.add(name)
                        found[self.fragments[name].type_condition.name.value] = None
                        pending.append(self.fragments[name].selection_set)
        types = (composite_type(self.schema, name) for name in found)
        return tuple(item for item in types if item)

    def nested(self, occurrences: Sequence[Occurrence]) -> tuple[SelectionSet, ...]:
        """The selection sets below one response key, their conditions given that it is answered."""
        shared = frozenset.intersection(*(item.conditions for item in occurrences))
        found: dict[int, list[SelectionSet]] = {}
        for item in occurrences:
            node, inner = item.node.selection_set, self.composite_of(item)
            if node is None or inner is None:
                continue
            conditions = item.conditions - shared
            same = found.setdefault(id(node), [])
            if not any(earlier.conditions <= conditions for earlier in same):
                same.append(SelectionSet(node, inner, conditions))
        return tuple(item for same in found.values() for item in same)

    def composite_of(self, occurrence: Occurrence) -> GraphQLCompositeType | None:
        """The type whose fields are selected below an occurrence; None for a leaf."""
        definition = field_of(self.schema, occurrence.parent, occurrence.node.name.value)
        named = get_named_type(definition.type) if definition else None
        return named if is_composite_type(named) else None

    def _visit(
        self,
        item: SelectionSet,
        *,
        origin: int,
        scope: Scope,
        found: Collected,
        seen: dict[str, list[Conditions]],
    ) -> None:
        for selection in item.node.selections:
            own = conditions_of(selection.directives or ())
            if own is None:
                continue
            conditions = item.conditions | own
            if isinstance(selection, FieldNode):
                _add(found, Occurrence(selection, item.parent, conditions, origin))
                continue
            inner = self._inner(selection, item.parent, conditions)
            if inner is None or not scope.is_within(inner.parent):
                continue
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if any(earlier <= conditions for earlier in seen.get(name, ())):
                    continue
                seen.setdefault(name, []).append(conditions)
                if not conditions:
                    found.spreads[name] = None
                if needs_typename(inner.node, inner.parent):
                    _add(found, Occurrence(_TYPENAME, inner.parent, conditions, origin))
            self._visit(inner, origin=origin, scope=scope, found=found, seen=seen)

    def _inner(
        self, selection: object, parent: GraphQLCompositeType, conditions: Conditions
    ) -> SelectionSet | None:
        if isinstance(selection, FragmentSpreadNode):
            fragment = self.fragments[selection.name.value]
            on = composite_type(self.schema, fragment.type_condition.name.value)
            return SelectionSet(fragment.selection_set, on, conditions) if on else None
        if isinstance(selection, InlineFragmentNode):
            on = parent
            if selection.type_condition:
                named = composite_type(self.schema, selection.type_condition.name.value)
                if named is None:
                    return None
                on = named
            return SelectionSet(selection.selection_set, on, conditions)
        return None


def conditions_of(directives: Iterable[DirectiveNode]) -> Conditions | None:
    """When `@skip` and `@include` let a selection pass; None when they never do."""
    found: set[tuple[str, bool]] = set()
    for node in directives:
        name = node.name.value
        if name not in ("skip", "include"):
            continue
        wanted = name == "include"
        for argument in node.arguments or ():
            value = argument.value
            if isinstance(value, BooleanValueNode) and value.value != wanted:
                return None
            if isinstance(value, VariableNode):
                found.add((value.name.value, wanted))
    return frozenset(found)


def possible_types(schema: GraphQLSchema, parent: GraphQLCompositeType) -> tuple[str, ...]:
    """The names of the object types that an answer of type `parent` can have, in SDL order."""
    if is_abstract_type(parent):
        return tuple(item.name for item in schema.get_possible_types(parent))
    return (parent.name,)


def narrowest(
    schema: GraphQLSchema, parents: Sequence[GraphQLCompositeType]
) -> GraphQLCompositeType:
    """The one of some overlapping types that lies within all others, or else the first."""
    for candidate in parents:
        scope = Scope(schema, candidate)
        if all(scope.is_within(other) for other in parents):
            return candidate
    return parents[0]


def shared_types(schema: GraphQLSchema, parents: Sequence[GraphQLCompositeType]) -> tuple[str, ...]:
    """The object types that belong to all of `parents`, in the order of the first."""
    rest = [frozenset(possible_types(schema, parent)) for parent in parents[1:]]
    first = possible_types(schema, parents[0])
    return tuple(name for name in first if all(name in names for names in rest)) or first


def _add(found: Collected, occurrence: Occurrence) -> None:
    found.fields.setdefault(occurrence.key, []).append(occurrence)
