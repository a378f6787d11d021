"""Compares two types of one name, by their kind."""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
)

from .differ import pairs
from .inputs import Owner, compare_given
from .variance import fits_output

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphql import GraphQLField, GraphQLNamedType

    from .differ import Differ

NOUNS: Mapping[type, str] = {
    GraphQLEnumType: "an enum",
    GraphQLInputObjectType: "an input",
    GraphQLInterfaceType: "an interface",
    GraphQLObjectType: "an object",
    GraphQLScalarType: "a scalar",
    GraphQLUnionType: "a union",
}


@dataclass(frozen=True, slots=True)
class Types:
    """Compares types; `is_answered` says whether a server can answer with an enum's values."""

    differ: Differ
    is_answered: Callable[[str], bool]

    def compare(self, old: GraphQLNamedType, new: GraphQLNamedType) -> None:
        """Add every change between two types of one name."""
        name = new.name
        if NOUNS[type(old)] != NOUNS[type(new)]:
            message = f"`{name}` was {NOUNS[type(old)]} and is {NOUNS[type(new)]}."
            self.differ.add("type-kind-changed", name, message, new, name)
            return
        self.differ.words(name, old, new, name)
        match old, new:
            case GraphQLEnumType(), GraphQLEnumType():
                self._enums(old, new)
            case GraphQLInputObjectType(), GraphQLInputObjectType():
                self._inputs(old, new)
            case GraphQLScalarType(), GraphQLScalarType():
                self._scalars(old, new)
            case GraphQLUnionType(), GraphQLUnionType():
                self._members(
                    ("union-member", "a member of the union"), name, old.types, new.types, new
                )
            case (
                GraphQLObjectType() | GraphQLInterfaceType(),
                GraphQLObjectType() | GraphQLInterfaceType(),
            ):
                self._members(
                    ("interface", "implemented by"), name, old.interfaces, new.interfaces, new
                )
                self._fields(name, old.fields, new.fields)
            case _:  # pragma: no cover - The kinds are equal and these are all.
                pass

    def _enums(self, old: GraphQLEnumType, new: GraphQLEnumType) -> None:
        for name, before, after in pairs(old.values, new.values):
            coordinate = f"{new.name}.{name}"
            if after is None:
                message = f"The value `{coordinate}` was removed."
                self.differ.add("enum-value-removed", coordinate, message, before, new.name)
            elif before is None:
                answered = self.is_answered(new.name)
                kind = "enum-value-added" if answered else "enum-value-added-to-input"
                message = f"The value `{coordinate}` was added."
                self.differ.add(kind, coordinate, message, after, new.name)
            else:
                self.differ.words(coordinate, before, after, new.name)

    def _inputs(self, old: GraphQLInputObjectType, new: GraphQLInputObjectType) -> None:
        name = new.name
        before, after = (bool(getattr(item, "is_one_of", False)) for item in (old, new))
        if after and not before:
            message = f"`{name}` now takes exactly one of its fields."
            self.differ.add("one-of-added", name, message, new, name)
        elif before and not after:
            message = f"`{name}` no longer takes exactly one of its fields."
            self.differ.add("one-of-removed", name, message, new, name)
        compare_given(self.differ, Owner("input-field", "field", name), old.fields, new.fields)

    def _scalars(self, old: GraphQLScalarType, new: GraphQLScalarType) -> None:
        if old.specified_by_url != new.specified_by_url:
            message = f"`{new.name}` is specified by `{new.specified_by_url}` now."
            if new.specified_by_url is None:
                message = f"It is no longer said what specifies `{new.name}`."
            self.differ.add("specified-by-changed", new.name, message, new, new.name)

    def _members(
        self,
        words: tuple[str, str],
        name: str,
        old: tuple[GraphQLNamedType, ...],
        new: tuple[GraphQLNamedType, ...],
        item: GraphQLNamedType,
    ) -> None:
        """Members of a union, or interfaces of a type; either way a relation to another type."""
        kind, relation = words
        before, after = ({member.name: member for member in side} for side in (old, new))
        for member, was, is_now in pairs(before, after):
            if was is None or is_now is None:
                done = "removed" if is_now is None else "added"
                state = "no longer" if is_now is None else "now"
                message = f"`{member}` is {state} {relation} `{name}`."
                touched = name if kind == "union-member" else member
                self.differ.add(f"{kind}-{done}", name, message, item, touched)

    def _fields(
        self, owner: str, old: Mapping[str, GraphQLField], new: Mapping[str, GraphQLField]
    ) -> None:
        for name, before, after in pairs(old, new):
            coordinate = f"{owner}.{name}"
            if after is None:
                message = f"The field `{coordinate}` was removed."
                self.differ.add("field-removed", coordinate, message, before, coordinate)
            elif before is None:
                message = f"The field `{coordinate}` was added."
                self.differ.add("field-added", coordinate, message, after)
            else:
                self._field(coordinate, before, after)

    def _field(self, coordinate: str, old: GraphQLField, new: GraphQLField) -> None:
        before, after = str(old.type), str(new.type)
        if before != after:
            kind = "narrowed" if fits_output(old.type, new.type) else "changed"
            message = f"The type of `{coordinate}` changed from `{before}` to `{after}`."
            self.differ.add(f"field-type-{kind}", coordinate, message, new, coordinate)
        compare_given(self.differ, Owner("argument", "argument", coordinate), old.args, new.args)
        self.differ.words(coordinate, old, new, coordinate)
