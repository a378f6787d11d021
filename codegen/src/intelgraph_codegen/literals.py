"""Whether a literal fits the type of its place.

graphql-core words this differently in each of its versions and does not check default
values of a schema in all of them, so it is said here once.
"""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    IntValueNode,
    ListValueNode,
    NonNullTypeNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    VariableNode,
)

from .documents import print_value
from .errors import Diagnostic, did_you_mean
from .places import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import GraphQLInputType, Node, TypeNode, ValueNode

    from .findings import Code

_INT_RANGE = range(-(2**31), 2**31)
_INT_DIGITS = 11
_SCALARS: dict[str, tuple[type[ValueNode], ...]] = {
    "Int": (IntValueNode,),
    "Float": (IntValueNode, FloatValueNode),
    "String": (StringValueNode,),
    "Boolean": (BooleanValueNode,),
    "ID": (StringValueNode, IntValueNode),
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """A part of a literal that does not fit."""

    node: Node
    message: str
    suggestion: str | None = None
    code: Code = "wrong-value"

    def told(self) -> Diagnostic:
        """The finding that the user is told of."""
        return Diagnostic(self.message, place_of(self.node), self.suggestion, code=self.code)


def misfits(
    node: ValueNode, type_: GraphQLInputType, variables: Mapping[str, TypeNode]
) -> Iterator[Misfit]:
    """What does not fit `type_`; `variables` are the types of the operation's variables."""
    if isinstance(node, VariableNode):
        return
    if isinstance(type_, GraphQLNonNull):
        if isinstance(node, NullValueNode):
            yield Misfit(node, f"`null` is not of type `{type_}`.")
        else:
            yield from misfits(node, type_.of_type, variables)
    elif isinstance(node, NullValueNode):
        return
    elif isinstance(type_, GraphQLList):
        items = node.values or () if isinstance(node, ListValueNode) else (node,)
        for item in items:
            yield from misfits(item, type_.of_type, variables)
    elif isinstance(type_, GraphQLInputObjectType):
        yield from _object_misfits(node, type_, variables)
    elif isinstance(type_, GraphQLEnumType):
        yield from _enum_misfits(node, type_)
    else:
        yield from _scalar_misfits(node, type_.name)


def _object_misfits(
    node: ValueNode, type_: GraphQLInputObjectType, variables: Mapping[str, TypeNode]
) -> Iterator[Misfit]:
    if not isinstance(node, ObjectValueNode):
        yield Misfit(node, f"`{_brief(node)}` is not of type `{type_.name}`, which is an object.")
        return
    given = {item.name.value: item for item in node.fields or ()}
    for name, item in given.items():
        if name in type_.fields:
            yield from misfits(item.value, type_.fields[name].type, variables)
        else:
            hint = did_you_mean(name, type_.fields)
            yield Misfit(
                item.name, f"The input `{type_.name}` has no field `{name}`.", hint, "unknown-field"
            )
    for name, field in type_.fields.items():
        has_default = bool(field.ast_node and field.ast_node.default_value)
        if isinstance(field.type, GraphQLNonNull) and not has_default and name not in given:
            yield Misfit(node, f"The input `{type_.name}` needs the field `{name}`.")
    if getattr(type_, "is_one_of", False):
        yield from _one_of_misfits(node, type_, variables)


def _one_of_misfits(
    node: ObjectValueNode, type_: GraphQLInputObjectType, variables: Mapping[str, TypeNode]
) -> Iterator[Misfit]:
    values = [item.value for item in node.fields or ()]
    message = f"The input `{type_.name}` needs exactly one field, and not a `null`."
    if len(values) != 1 or isinstance(values[0], NullValueNode):
        yield Misfit(node, message)
        return
    value = values[0]
    if isinstance(value, VariableNode):
        declared = variables.get(value.name.value)
        if declared is not None and not isinstance(declared, NonNullTypeNode):
            yield Misfit(value, f"`${value.name.value}` may be null. {message}")


def _enum_misfits(node: ValueNode, type_: GraphQLEnumType) -> Iterator[Misfit]:
    if isinstance(node, EnumValueNode) and node.value in type_.values:
        return
    written = node.value if isinstance(node, EnumValueNode | StringValueNode) else ""
    hint = did_you_mean(written, type_.values)
    yield Misfit(node, f"`{_brief(node)}` is not a value of the enum `{type_.name}`.", hint)


def _scalar_misfits(node: ValueNode, name: str) -> Iterator[Misfit]:
    if name not in _SCALARS:
        # How a custom scalar is written is known to its server alone.
        return
    if not isinstance(node, _SCALARS[name]):
        yield Misfit(node, f"`{_brief(node)}` is not of type `{name}`.")
    elif name == "Int" and isinstance(node, IntValueNode) and not _is_int(node.value):
        yield Misfit(node, f"`{_brief(node)}` is too large for the type `Int`, which has 32 bits.")


def _is_int(digits: str) -> bool:
    # Python refuses to read a number of thousands of digits.
    return len(digits) <= _INT_DIGITS and int(digits) in _INT_RANGE


def _brief(node: ValueNode) -> str:
    text = print_value(node)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004
