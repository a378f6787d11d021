"""Finds input objects of which no value could ever end.

One that needs a field of its own type, through whatever others, is never complete; a `@oneOf`
input is not where each of its choices leads back. Not every graphql-core looks at the latter.
"""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from graphql import GraphQLInputObjectType, GraphQLNonNull

from .errors import Diagnostic
from .places import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import GraphQLInputField, GraphQLSchema

_Step: TypeAlias = "tuple[str, GraphQLInputField, str]"
"""A field of an input, by name, and the name of the input that it needs."""


def endless_inputs(schema: GraphQLSchema) -> Iterator[Diagnostic]:
    """Refuse each way that such an input contains itself, at its first field."""
    endless = _endless(schema)
    seen: set[str] = set()
    for name in endless:
        if name not in seen:
            yield from _circles(name, endless, [], {}, seen)


def _endless(schema: GraphQLSchema) -> dict[str, list[_Step]]:
    """The inputs without a finite value, with the fields to blame."""
    types = [item for item in schema.type_map.values() if isinstance(item, GraphQLInputObjectType)]
    pending = {item.name: item for item in types}
    while ended := [name for name, item in pending.items() if _ends(item, pending)]:
        for name in ended:
            del pending[name]
    return {name: list(_steps(item, pending)) for name, item in pending.items()}


def _ends(type_: GraphQLInputObjectType, endless: Mapping[str, object]) -> bool:
    steps = sum(1 for _ in _steps(type_, endless))
    return steps < len(type_.fields) if type_.is_one_of else steps == 0


def _steps(type_: GraphQLInputObjectType, endless: Mapping[str, object]) -> Iterator[_Step]:
    for name, field in type_.fields.items():
        is_required = isinstance(field.type, GraphQLNonNull)
        inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
        leads_on = isinstance(inner, GraphQLInputObjectType) and inner.name in endless
        if leads_on and (is_required or type_.is_one_of):
            yield name, field, inner.name


def _circles(
    name: str,
    endless: Mapping[str, list[_Step]],
    path: list[_Step],
    entered: dict[str, int],
    seen: set[str],
) -> Iterator[Diagnostic]:
    seen.add(name)
    entered[name] = len(path)
    for step in endless[name]:
        path.append(step)
        if step[2] in entered:
            yield _circle(path[entered[step[2]] :])
        elif step[2] not in seen:
            yield from _circles(step[2], endless, path, entered, seen)
        path.pop()
    del entered[name]


def _circle(path: list[_Step]) -> Diagnostic:
    through = ", ".join(f"`{name}`" for name, _, _ in path)
    node = path[0][1].ast_node
    return Diagnostic(
        f"No value of this input could ever end: it contains itself through {through}.",
        place_of(node) if node else None,
        code="endless-input",
    )
