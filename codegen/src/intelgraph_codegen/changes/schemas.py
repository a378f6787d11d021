"""Compares two schemas as wholes: roots, types and directives."""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
)

from .differ import Differ, pairs
from .inputs import Owner, compare_given
from .types import NOUNS, Types

if TYPE_CHECKING:
    from graphql import GraphQLDirective, GraphQLNamedType, GraphQLSchema

    from .change import Change

_ROOTS = ("query", "mutation", "subscription")


def compare_schemas(old: GraphQLSchema, new: GraphQLSchema) -> list[Change]:
    """Every change from the old schema to the new, in the order of the schemas."""
    differ = Differ()
    if old.description != new.description:
        message = "The description of the schema changed."
        differ.add("description-changed", "schema", message, new)
    _compare_roots(differ, old, new)
    answered = {name for schema in (old, new) for name in _answered(schema)}
    types = Types(differ, answered.__contains__)
    for name, before, after in pairs(_types(old), _types(new)):
        if after is None and before is not None:
            message = f"`{name}`, {NOUNS[type(before)]}, was removed."
            differ.add("type-removed", name, message, before, name)
        elif before is None and after is not None:
            message = f"`{name}`, {NOUNS[type(after)]}, was added."
            differ.add("type-added", name, message, after)
        elif before is not None and after is not None:
            types.compare(before, after)
    _compare_directives(differ, old, new)
    return differ.changes


def _types(schema: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    return {
        name: type_
        for name, type_ in schema.type_map.items()
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_)
    }


def _answered(schema: GraphQLSchema) -> set[str]:
    """The types that some field answers with."""
    return {
        get_named_type(field.type).name
        for type_ in _types(schema).values()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        for field in type_.fields.values()
    }


def _compare_roots(differ: Differ, old: GraphQLSchema, new: GraphQLSchema) -> None:
    for kind in _ROOTS:
        before, after = (getattr(schema, f"{kind}_type") for schema in (old, new))
        if before is None and after is not None:
            message = f"The schema has a {kind} type now, `{after.name}`."
            differ.add("root-added", kind, message, after)
        elif before is not None and (after is None or after.name != before.name):
            what = "there is none now" if after is None else f"it is `{after.name}` now"
            message = f"The {kind} type was `{before.name}`; {what}."
            differ.add("root-changed", kind, message, after or before, kind)


def _compare_directives(differ: Differ, old: GraphQLSchema, new: GraphQLSchema) -> None:
    for name, before, after in pairs(_directives(old), _directives(new)):
        shown = f"@{name}"
        if after is None:
            message = f"The directive `{shown}` was removed."
            differ.add("directive-removed", shown, message, before, shown)
        elif before is None:
            message = f"The directive `{shown}` was added."
            differ.add("directive-added", shown, message, after)
        else:
            _compare_directive(differ, shown, before, after)


def _compare_directive(
    differ: Differ, name: str, old: GraphQLDirective, new: GraphQLDirective
) -> None:
    before, after = ([place.name for place in item.locations] for item in (old, new))
    for place in dict.fromkeys((*before, *after)):
        if place not in after:
            message = f"`{name}` can no longer stand on {place}."
            differ.add("directive-location-removed", name, message, new, name)
        elif place not in before:
            message = f"`{name}` can stand on {place} now."
            differ.add("directive-location-added", name, message, new)
    if old.is_repeatable != new.is_repeatable:
        done, state = ("added", "can") if new.is_repeatable else ("removed", "can no longer")
        message = f"`{name}` {state} be repeated."
        differ.add(f"directive-repeatable-{done}", name, message, new, name)
    compare_given(differ, Owner("directive-argument", "argument", name), old.args, new.args)
    differ.words(name, old, new)


def _directives(schema: GraphQLSchema) -> dict[str, GraphQLDirective]:
    return {item.name: item for item in schema.directives if not is_specified_directive(item)}
