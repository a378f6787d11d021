"""Whether a type that changed still fits those who know the old one."""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import GraphQLList, GraphQLNonNull

if TYPE_CHECKING:
    from graphql import GraphQLType


def fits_output(old: GraphQLType, new: GraphQLType) -> bool:
    """Whether every answer of the new type could have been one of the old: it may promise more."""
    if isinstance(new, GraphQLNonNull):
        inner = old.of_type if isinstance(old, GraphQLNonNull) else old
        return fits_output(inner, new.of_type)
    if isinstance(old, GraphQLNonNull):
        return False
    if isinstance(old, GraphQLList) and isinstance(new, GraphQLList):
        return fits_output(old.of_type, new.of_type)
    return str(old) == str(new)


def fits_input(old: GraphQLType, new: GraphQLType) -> bool:
    """Whether every value of the old type is one of the new: it may ask for less."""
    return fits_output(new, old)
