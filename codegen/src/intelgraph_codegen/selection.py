"""Turns selection sets into trees of what they answer, still without names.

The trees are values: two selections that answer the same compare equal whatever their
documentation says, which is how arms are grouped and how it is found out that a fragment
is wholly contained in a selection.
"""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from graphql import (
    FragmentSpreadNode,
    GraphQLList,
    GraphQLNonNull,
    is_abstract_type,
    is_composite_type,
)

from .collect import (
    ALWAYS,
    Collected,
    Collector,
    Occurrence,
    Scope,
    SelectionSet,
    conditions_of,
    narrowest,
    possible_types,
    shared_types,
)
from .documents import (
    field_of,
    is_plain_typename,
    known_field,
    known_root,
    known_type,
    needs_typename,
)
from .ir import ListOf, Named, Selected
from .variables import arguments_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphql import (
        FragmentDefinitionNode,
        GraphQLCompositeType,
        GraphQLOutputType,
        GraphQLSchema,
        OperationDefinitionNode,
        SelectionSetNode,
    )

    from .ir import Argument, TypeRef

NESTED = ()
"""The path that a type refers to until its nested selection has a name."""


@dataclass(frozen=True, slots=True)
class FieldTree:
    key: str
    name: str
    type: TypeRef
    child: Tree | str | None
    """The nested selection; the name of a fragment where it is just that; None for a leaf."""
    is_optional: bool
    arguments: tuple[Argument, ...] = field(compare=False)
    description: str | None = field(compare=False)
    deprecated: str | None = field(compare=False)


@dataclass(frozen=True, slots=True)
class ModelTree:
    fields: tuple[FieldTree, ...]
    """All of them, those of the bases too."""
    bases: tuple[str, ...] = field(compare=False)
    parent: str = field(compare=False)
    description: str | None = field(compare=False)
    typenames: tuple[str, ...] = field(compare=False)


@dataclass(frozen=True, slots=True)
class ArmTree:
    name: str
    """The type condition, which becomes the last part of the arm's path."""
    model: ModelTree


@dataclass(frozen=True, slots=True)
class ChoiceTree:
    arms: tuple[ArmTree, ...]
    other: ModelTree
    parent: str = field(compare=False)
    description: str | None = field(compare=False)


Tree: TypeAlias = ModelTree | ChoiceTree


class Selections:
    """The trees of the operations and fragments of one validated set of documents."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._collector = Collector(schema, fragments)
        self._trees: dict[str, Tree] = {}

    def operation(self, node: OperationDefinitionNode) -> ModelTree:
        """What an operation answers as `data`."""
        root = known_root(self._schema, node.operation)
        tree = self._model((SelectionSet(node.selection_set, root),), root, (root.name,))
        # Root fields stay together: a client method wants the one that it returns.
        return replace(tree, description=None, bases=())

    def fragment(self, name: str) -> Tree:
        """What a fragment answers wherever it is spread."""
        if name not in self._trees:
            node = self._fragments[name]
            parent = known_type(self._schema, node.type_condition.name.value)
            self._trees[name] = self._tree((SelectionSet(node.selection_set, parent),))
        return self._trees[name]

    def _tree(self, sets: Sequence[SelectionSet]) -> Tree:
        parents = [item.parent for item in sets]
        parent = narrowest(self._schema, parents)
        typenames = shared_types(self._schema, parents)
        if not is_abstract_type(parent):
            return self._model(sets, parent, typenames)
        other = self._model(sets, parent, typenames)
        arms = self._arms(sets, parent, typenames, other)
        if not arms:
            return other
        listed = {name for arm in arms for name in arm.model.typenames}
        rest = tuple(name for name in typenames if name not in listed)
        return ChoiceTree(arms, replace(other, typenames=rest), parent.name, parent.description)

    def _arms(
        self,
        sets: Sequence[SelectionSet],
        parent: GraphQLCompositeType,
        typenames: Sequence[str],
        other: ModelTree,
    ) -> tuple[ArmTree, ...]:
        arms: list[ArmTree] = []
        for conditions, group in self._groups(sets, parent, typenames).items():
            named = self._named(conditions, group, typenames)
            concrete = known_type(self._schema, group[0])
            model = self._model(sets, concrete, group, named)
            if _is_same(model, other):
                continue
            same = next((i for i, arm in enumerate(arms) if _is_same(arm.model, model)), None)
            if same is None:
                arms.append(ArmTree(named.name, model))
            else:
                arms[same] = _joined(arms[same], model, other)
        return tuple(arms)

    def _groups(
        self,
        sets: Sequence[SelectionSet],
        parent: GraphQLCompositeType,
        typenames: Sequence[str],
    ) -> dict[tuple[GraphQLCompositeType, ...], tuple[str, ...]]:
        """The object types to which the same type conditions apply, in order of mention."""
        everywhere = Scope(self._schema, parent)
        conditions = [
            item for item in self._collector.type_conditions(sets) if not everywhere.is_within(item)
        ]
        members = {item.name: frozenset(possible_types(self._schema, item)) for item in conditions}
        groups: dict[tuple[GraphQLCompositeType, ...], list[str]] = {}
        for name in typenames:
            applying = tuple(item for item in conditions if name in members[item.name])
            if applying:
                groups.setdefault(applying, []).append(name)
        order = {item.name: index for index, item in enumerate(conditions)}
        ranked = sorted(groups, key=lambda key: [order[item.name] for item in key])
        return {key: tuple(groups[key]) for key in ranked}

    def _named(
        self,
        conditions: tuple[GraphQLCompositeType, ...],
        group: tuple[str, ...],
        typenames: Sequence[str],
    ) -> GraphQLCompositeType:
        """The type condition that stands for exactly the group, or the group's first type."""
        for condition in conditions:
            members = frozenset(possible_types(self._schema, condition))
            if tuple(name for name in typenames if name in members) == group:
                return condition
        return known_type(self._schema, group[0])

    def _model(
        self,
        sets: Sequence[SelectionSet],
        parent: GraphQLCompositeType,
        typenames: tuple[str, ...],
        named: GraphQLCompositeType | None = None,
    ) -> ModelTree:
        """The fields that an answer of type `parent` has; `named` is what they are told of as."""
        collected = self._collector.collect(sets, Scope(self._schema, parent))
        named = named or parent
        fields = {
            key: self._field(key, occurrences, sets, named)
            for key, occurrences in collected.fields.items()
        }
        return ModelTree(
            fields=tuple(fields.values()),
            bases=self._bases(collected, fields),
            parent=named.name,
            description=named.description,
            typenames=typenames,
        )

    def _bases(self, collected: Collected, fields: Mapping[str, FieldTree]) -> tuple[str, ...]:
        bases: list[str] = []
        within: set[str] = set()
        for name in collected.spreads:
            if name in within:
                continue
            tree = self.fragment(name)
            own = tree.fields if isinstance(tree, ModelTree) else ()
            # One whose every field is skipped for good has nothing to hand down.
            if own and all(fields.get(item.key) == item for item in own):
                bases.append(name)
                within |= self._reached(name)
        return tuple(bases)

    def _reached(self, name: str) -> set[str]:
        reached: set[str] = set()
        pending = [name]
        while pending:
            current = pending.pop()
            if current not in reached:
                reached.add(current)
                node = self._fragments[current].selection_set
                pending.extend(_spreads_in(node))
        return reached

    def _field(
        self,
        key: str,
        occurrences: Sequence[Occurrence],
        sets: Sequence[SelectionSet],
        named: GraphQLCompositeType,
    ) -> FieldTree:
        first = occurrences[0]
        name = first.node.name.value
        definition = known_field(self._schema, first.parent, name)
        # Selected on an interface, a field is still told of as the type at hand tells of it.
        nearest = field_of(self._schema, named, name)
        description = nearest.description if nearest else None
        return FieldTree(
            key=key,
            name=name,
            type=_type_ref(definition.type),
            child=self._child(occurrences),
            is_optional=_may_be_absent(occurrences, sets),
            arguments=arguments_of(first.node),
            description=None if name == "__typename" else description or definition.description,
            deprecated=definition.deprecation_reason,
        )

    def _child(self, occurrences: Sequence[Occurrence]) -> Tree | str | None:
        sets = self._collector.nested(occurrences)
        if not sets:
            return None
        names = {self._sole_fragment(item) for item in sets}
        name = names.pop()
        if name is not None and not names and self._covers(name, sets):
            return name
        return self._tree(sets)

    def _sole_fragment(self, item: SelectionSet) -> str | None:
        """The fragment that is all of a selection set but for `__typename`."""
        rest = [node for node in item.node.selections if not is_plain_typename(node)]
        if len(rest) != 1 or not isinstance(rest[0], FragmentSpreadNode):
            return None
        spread = rest[0]
        return spread.name.value if conditions_of(spread.directives or ()) == ALWAYS else None

    def _covers(self, name: str, sets: Sequence[SelectionSet]) -> bool:
        parent = narrowest(self._schema, [item.parent for item in sets])
        condition = known_type(self._schema, self._fragments[name].type_condition.name.value)
        if not Scope(self._schema, parent).is_within(condition):
            return False
        has_typename = needs_typename(self._fragments[name].selection_set, condition) or any(
            map(is_plain_typename, self._fragments[name].selection_set.selections)
        )
        return has_typename or not any(
            is_plain_typename(node) for item in sets for node in item.node.selections
        )


def _is_same(one: ModelTree, other: ModelTree) -> bool:
    return one.bases == other.bases and set(one.fields) == set(other.fields)


def _joined(arm: ArmTree, model: ModelTree, other: ModelTree) -> ArmTree:
    theirs = {item.key: item.description for item in model.fields}
    general = {item.key: item.description for item in other.fields}
    # What only one of the types says of a field is not true of both.
    fields = tuple(
        item
        if item.description == theirs[item.key]
        else replace(item, description=general.get(item.key, item.description))
        for item in arm.model.fields
    )
    typenames = arm.model.typenames + model.typenames
    return replace(arm, model=replace(arm.model, fields=fields, typenames=typenames))


def _may_be_absent(occurrences: Sequence[Occurrence], sets: Sequence[SelectionSet]) -> bool:
    if any(not item.conditions for item in occurrences):
        return False
    # At least one of the merged sets is part of any answer, so that what stands
    # unconditionally in each of them is always there.
    certain = {
        item.origin for item in occurrences if item.conditions == sets[item.origin].conditions
    }
    return len(certain) < len(sets)


def _type_ref(type_: GraphQLOutputType) -> TypeRef:
    nullable = not isinstance(type_, GraphQLNonNull)
    inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(inner, GraphQLList):
        return ListOf(_type_ref(inner.of_type), nullable)
    if is_composite_type(inner):
        return Selected(NESTED, nullable)
    # The enums of introspection are no part of anybody's schema; their names are text.
    return Named("String" if inner.name.startswith("__") else inner.name, nullable)


def _spreads_in(node: SelectionSetNode) -> Iterator[str]:
    for selection in node.selections:
        if isinstance(selection, FragmentSpreadNode):
            yield selection.name.value
        elif nested := getattr(selection, "selection_set", None):
            yield from _spreads_in(nested)
