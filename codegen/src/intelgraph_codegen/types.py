"""Turns the schema's scalars, enums, inputs and variables into the program's words."""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    ListTypeNode,
    NonNullTypeNode,
)

from . import ir
from .documents import print_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql import (
        GraphQLArgument,
        GraphQLInputField,
        GraphQLInputObjectType,
        GraphQLInputType,
        GraphQLScalarType,
        GraphQLSchema,
        NamedTypeNode,
        TypeNode,
        VariableDefinitionNode,
    )

ERROR_CODES = "ErrorCode"
"""The enum whose values are the codes of errors, by convention."""


def scalar(type_: GraphQLScalarType) -> ir.Scalar:
    return ir.Scalar(type_.name, type_.description, type_.specified_by_url)


def enum(type_: GraphQLEnumType) -> ir.Enum:
    values = tuple(
        ir.EnumValue(
            name=name,
            description=value.description,
            deprecated=value.deprecation_reason,
            is_retryable=has_directive(value, "retryable"),
        )
        for name, value in type_.values.items()
    )
    return ir.Enum(type_.name, type_.description, values)


def error_codes(schema: GraphQLSchema, retryable: Sequence[str]) -> ir.Enum | None:
    """The schema's `ErrorCode`, with the codes that the configuration calls retryable."""
    found = schema.type_map.get(ERROR_CODES)
    known = enum(found) if isinstance(found, GraphQLEnumType) else None
    if not retryable:
        return known
    values = {value.name: value for value in known.values} if known else {}
    for name in retryable:
        old = values.get(name)
        values[name] = ir.EnumValue(
            name=name,
            description=old.description if old else None,
            deprecated=old.deprecated if old else None,
            is_retryable=True,
        )
    description = known.description if known else "The error codes that this client knows."
    return ir.Enum(ERROR_CODES, description, tuple(values.values()))


def input_object(type_: GraphQLInputObjectType) -> ir.InputObject:
    fields = tuple(_input_field(name, item) for name, item in type_.fields.items())
    is_one_of = bool(getattr(type_, "is_one_of", False))
    return ir.InputObject(type_.name, type_.description, fields, is_one_of)


def variable(node: VariableDefinitionNode, argument: GraphQLArgument | None) -> ir.InputField:
    """A variable, described by its own words or else by those of the argument it fills."""
    own = getattr(node, "description", None)
    return ir.InputField(
        name=node.variable.name.value,
        type=_type_of_node(node.type),
        description=own.value if own else (argument.description if argument else None),
        deprecated=argument.deprecation_reason if argument else None,
        default=print_value(node.default_value) if node.default_value else None,
    )


def has_directive(item: object, name: str) -> bool:
    """Whether the SDL marks a field or enum value with a directive."""
    node = getattr(item, "ast_node", None)
    directives = getattr(node, "directives", None) or ()
    return any(directive.name.value == name for directive in directives)


def _input_field(name: str, item: GraphQLInputField) -> ir.InputField:
    default = item.ast_node.default_value if item.ast_node else None
    return ir.InputField(
        name=name,
        type=_type_of(item.type),
        description=item.description,
        deprecated=item.deprecation_reason,
        default=print_value(default) if default else None,
    )


def _type_of(type_: GraphQLInputType) -> ir.TypeRef:
    nullable = not isinstance(type_, GraphQLNonNull)
    inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(inner, GraphQLList):
        return ir.ListOf(_type_of(inner.of_type), nullable)
    return ir.Named(inner.name, nullable)


def _type_of_node(node: TypeNode) -> ir.TypeRef:
    nullable = not isinstance(node, NonNullTypeNode)
    inner: TypeNode = node.type if isinstance(node, NonNullTypeNode) else node
    if isinstance(inner, ListTypeNode):
        return ir.ListOf(_type_of_node(inner.type), nullable)
    return ir.Named(cast("NamedTypeNode", inner).name.value, nullable)
