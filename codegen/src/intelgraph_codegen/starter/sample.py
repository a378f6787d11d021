"""A first operation, made from a schema: small, valid, and of fields that tell something."""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import GraphQLField, GraphQLNamedType, GraphQLSchema

HEAD: Final = "# Made by `intelgraph-codegen init` from the schema; change it to what you need.\n\n"

_MOST_LEAVES = 4
_DEEPEST = 4
_INDENT = "  "


def sample_operation(schema: GraphQLSchema) -> str:
    """The text of a file with one query of one root field."""
    root = schema.query_type
    if root is None:  # A schema without one is refused before.
        return ""
    name, field = min(root.fields.items(), key=_rank)
    arguments = [(key, item) for key, item in field.args.items() if is_required_argument(item)]
    variables = ", ".join(f"${key}: {item.type}" for key, item in arguments)
    passed = ", ".join(f"{key}: ${key}" for key, _ in arguments)
    selection = _selection(get_named_type(field.type), _DEEPEST, 2)
    operation = f"Get{name.strip('_')[:1].upper()}{name.strip('_')[1:]}"
    return (
        f"{HEAD}query {operation}{_in_parentheses(variables)} {{\n"
        f"{_INDENT}{name}{_in_parentheses(passed)}{selection}\n}}\n"
    )


def _rank(item: tuple[str, GraphQLField]) -> tuple[bool, int, bool, bool]:
    """Small for a field that makes a good example; the schema's order decides among equals."""
    name, field = item
    needs = sum(map(is_required_argument, field.args.values()))
    says_little = name.startswith("_") or name in {"node", "nodes"}
    named = get_named_type(field.type)
    return (
        field.deprecation_reason is not None or says_little,
        needs,
        is_leaf_type(named) or not _leaves(named),
        isinstance(named, GraphQLUnionType),
    )


def _selection(type_: GraphQLNamedType, depth: int, level: int) -> str:
    """The selection set that a field of this type needs, with a space before it."""
    if is_leaf_type(type_):
        return ""
    lines = [*_leaves(type_)[:_MOST_LEAVES]] or _deeper(type_, depth, level) or ["__typename"]
    inner = "".join(f"\n{_INDENT * level}{line}" for line in lines)
    return f" {{{inner}\n{_INDENT * (level - 1)}}}"


def _leaves(type_: GraphQLNamedType) -> list[str]:
    return [name for name, field in _fields(type_) if is_leaf_type(get_named_type(field.type))]


def _deeper(type_: GraphQLNamedType, depth: int, level: int) -> list[str]:
    """The first field that leads to leaves, for a type that has none of its own."""
    if depth == 0:
        return []
    for name, field in _fields(type_):
        named = get_named_type(field.type)
        if _leaves(named) or _deeper(named, depth - 1, level + 1):
            return [f"{name}{_selection(named, depth - 1, level + 1)}"]
    return []


def _fields(type_: GraphQLNamedType) -> Iterable[tuple[str, GraphQLField]]:
    """The fields that can be selected without arguments and are not on their way out."""
    if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        return ()
    return [
        (name, field)
        for name, field in type_.fields.items()
        if field.deprecation_reason is None
        and not any(map(is_required_argument, field.args.values()))
    ]


def _in_parentheses(text: str) -> str:
    return f"({text})" if text else ""
