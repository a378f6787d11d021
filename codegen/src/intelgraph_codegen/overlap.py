"""Whether the fields of every selection can be merged into one answer.

This is the specification's rule FieldsInSetCanMerge in the formulation of Simon Adameit,
which compares groups of fields instead of pairs of selection sets and therefore stays fast
on documents of hundreds of fragments. Fields under one response key must have the same
shape on whatever objects they are; where they can be on the same object they must be the
same field with the same arguments, too.
"""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLList,
    GraphQLNonNull,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    get_named_type,
    is_composite_type,
    is_leaf_type,
    is_object_type,
)

from .documents import composite_type, field_of, print_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graphql import (
        FragmentDefinitionNode,
        GraphQLCompositeType,
        GraphQLField,
        GraphQLOutputType,
        GraphQLSchema,
        SelectionSetNode,
        ValueNode,
    )

_Set: TypeAlias = "tuple[SelectionSetNode, GraphQLCompositeType | None]"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two fields under one response key that cannot both be answered."""

    key: str
    first: FieldNode
    second: FieldNode
    reason: str
    """What differs, with `{first}` where the place of the first field belongs."""
    is_on_one_object: bool
    """Whether one object could have to answer both; if not, each type can keep its own."""


@dataclass(frozen=True, slots=True)
class _Entry:
    node: FieldNode
    parent: GraphQLCompositeType | None
    definition: GraphQLField


@dataclass(slots=True)
class Overlaps:
    """Finds the conflicts of one set of documents, each pair of fields once."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    _conflicts: dict[frozenset[int], Conflict] = field(default_factory=dict)
    _groups: dict[frozenset[int], dict[str, list[_Entry]]] = field(default_factory=dict)
    _seen: dict[bool, set[frozenset[int]]] = field(
        default_factory=lambda: {True: set(), False: set()}
    )

    def find(self, sets: Iterable[_Set]) -> tuple[Conflict, ...]:
        """The conflicts within the selection sets of operations and fragments."""
        whole = [(item,) for item in sets]
        for one in whole:
            self._check(one, on_one_object=True)
        for one in whole:
            self._check(one, on_one_object=False)
        return tuple(self._conflicts.values())

    def _check(self, sets: Sequence[_Set], *, on_one_object: bool) -> None:
        pending: list[Sequence[_Set]] = [sets]
        while pending:
            current = pending.pop()
            identity = frozenset(id(node) for node, _ in current)
            if not current or identity in self._seen[on_one_object]:
                continue
            self._seen[on_one_object].add(identity)
            if identity not in self._groups:
                self._groups[identity] = self._grouped(current)
            for key, group in self._groups[identity].items():
                if len(group) == 1 and not group[0].node.selection_set:
                    continue  # Most fields are a leaf that is selected once.
                parts = _partitions(group) if on_one_object else [group]
                for part in parts:
                    self._compare(key, part, on_one_object=on_one_object)
                    pending.append(_children(part))

    def _compare(self, key: str, group: Sequence[_Entry], *, on_one_object: bool) -> None:
        first = group[0]
        for other in group[1:]:
            if other.node is first.node:
                continue
            reason = _difference(first, other, names=on_one_object)
            if reason:
                pair = frozenset((id(first.node), id(other.node)))
                conflict = Conflict(key, first.node, other.node, reason, on_one_object)
                self._conflicts.setdefault(pair, conflict)

    def _grouped(self, sets: Sequence[_Set]) -> dict[str, list[_Entry]]:
        groups: dict[str, list[_Entry]] = {}
        spread: set[str] = set()
        for node, parent in sets:
            for entry in self._entries(node, parent, spread):
                key = entry.node.alias.value if entry.node.alias else entry.node.name.value
                groups.setdefault(key, []).append(entry)
        return groups

    def _entries(
        self, node: SelectionSetNode, parent: GraphQLCompositeType | None, spread: set[str]
    ) -> Iterator[_Entry]:
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                definition = field_of(self.schema, parent, selection.name.value)
                if definition:
                    yield _Entry(selection, parent, definition)
            elif isinstance(selection, InlineFragmentNode):
                on = selection.type_condition
                inner = composite_type(self.schema, on.name.value) if on else parent
                yield from self._entries(selection.selection_set, inner, spread)
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self.fragments.get(selection.name.value)
                if fragment and fragment.name.value not in spread:
                    spread.add(fragment.name.value)
                    inner = composite_type(self.schema, fragment.type_condition.name.value)
                    yield from self._entries(fragment.selection_set, inner, spread)


def _partitions(group: Sequence[_Entry]) -> list[list[_Entry]]:
    """The fields that may be on one object: those of each object type with all others."""
    anywhere: list[_Entry] = []
    by_object: dict[str, list[_Entry]] = {}
    for entry in group:
        if is_object_type(entry.parent):
            by_object.setdefault(entry.parent.name, []).append(entry)
        else:
            anywhere.append(entry)
    return [[*anywhere, *entries] for entries in by_object.values()] or [anywhere]


def _children(group: Sequence[_Entry]) -> list[_Set]:
    found: dict[int, _Set] = {}
    for entry in group:
        named = get_named_type(entry.definition.type)
        if entry.node.selection_set and is_composite_type(named):
            found[id(entry.node.selection_set)] = (entry.node.selection_set, named)
    return list(found.values())


def _difference(first: _Entry, other: _Entry, *, names: bool) -> str | None:
    if names and first.node.name.value != other.node.name.value:
        return (
            f"is the field `{other.node.name.value}` here and "
            f"`{first.node.name.value}` at {{first}}"
        )
    if names and _arguments(first.node) != _arguments(other.node):
        return "has other arguments here than at {first}"
    # The reference implementation does not look at the types of `__typename` and its like,
    # and real documents rely on it.
    is_meta = any(entry.node.name.value.startswith("__") for entry in (first, other))
    if not is_meta and _shapes_differ(first.definition.type, other.definition.type):
        return (
            f"is of type `{other.definition.type}` here and `{first.definition.type}` at {{first}}"
        )
    return None


def _shapes_differ(one: GraphQLOutputType, other: GraphQLOutputType) -> bool:
    for wrapper in (GraphQLNonNull, GraphQLList):
        if isinstance(one, wrapper) or isinstance(other, wrapper):
            if isinstance(one, wrapper) and isinstance(other, wrapper):
                return _shapes_differ(one.of_type, other.of_type)
            return True
    return (is_leaf_type(one) or is_leaf_type(other)) and one is not other


def _arguments(node: FieldNode) -> dict[str, str]:
    return {item.name.value: _canonical(item.value) for item in node.arguments or ()}


def _canonical(node: ValueNode) -> str:
    """A literal with the fields of objects in alphabetical order, which has no meaning."""
    if isinstance(node, ObjectValueNode):
        fields = sorted((item.name.value, _canonical(item.value)) for item in node.fields or ())
        return "{" + ",".join(f"{name}:{value}" for name, value in fields) + "}"
    if isinstance(node, ListValueNode):
        return "[" + ",".join(map(_canonical, node.values or ())) + "]"
    return print_value(node)
