"""Whether the literals of an outline fit: defaults, and the arguments of directives.

They are the one part of a schema that patterns cannot judge, and there are few different ones.
"""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from graphql import (
    DirectiveLocation,
    GraphQLList,
    GraphQLNonNull,
    ScalarTypeDefinitionNode,
    is_required_argument,
    parse,
    parse_const_value,
    specified_scalar_types,
)

from .literals import misfits
from .sdl_patterns import SIMPLY_DEPRECATED

if TYPE_CHECKING:
    from graphql import DirectiveNode, GraphQLSchema

    from .sound import Types

_OF_MEMBERS = frozenset(
    {"FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INPUT_FIELD_DEFINITION", "ENUM_VALUE"}
)


def literals_fit(schema: GraphQLSchema, types: Types) -> bool:
    """Whether every default and directive is right; `schema` has to know the types of defaults."""
    outline = types.outline
    defaults = {(item.type, item.default) for item in types.inputs() if item.default is not None}
    is_built_in = all(directive.name != "deprecated" for directive in outline.directives)
    uses = [
        (place, text)
        for place, text in outline.uses
        if not (is_built_in and _is_plain(place, text))
    ]
    return all(_fits(schema, type_, outline.restored(text)) for type_, text in defaults) and all(
        _is_allowed(schema, place, outline.restored(text)) for place, text in uses
    )


def _is_plain(place: str, text: str) -> bool:
    """Whether it is but the built-in mark of what is deprecated, where a member may have it."""
    return place in _OF_MEMBERS and SIMPLY_DEPRECATED.fullmatch(text) is not None


def _fits(schema: GraphQLSchema, written: str, default: str) -> bool:
    return not any(misfits(parse_const_value(default), _type(schema, written), {}))


def _type(schema: GraphQLSchema, written: str) -> Any:
    if written.endswith("!"):
        return GraphQLNonNull(_type(schema, written[:-1]))
    if written.startswith("["):
        return GraphQLList(_type(schema, written[1:-1]))
    # A schema knows the scalars that it uses.
    return schema.type_map.get(written) or specified_scalar_types[written]


def _is_allowed(schema: GraphQLSchema, place: str, written: str) -> bool:
    (node,) = parse(f"scalar S {written}").definitions
    seen: set[str] = set()
    for directive in cast("ScalarTypeDefinitionNode", node).directives or ():
        name = directive.name.value
        known = schema.get_directive(name)
        if known is None or DirectiveLocation[place] not in known.locations:
            return False
        if name in seen and not known.is_repeatable:
            return False
        seen.add(name)
        if not _is_called_rightly(directive, schema):
            return False
    return True


def _is_called_rightly(node: DirectiveNode, schema: GraphQLSchema) -> bool:
    known = schema.get_directive(node.name.value)
    arguments = known.args if known else {}
    given = {item.name.value: item.value for item in node.arguments or ()}
    if len(given) != len(node.arguments or ()) or not given.keys() <= arguments.keys():
        return False
    for name, argument in arguments.items():
        if name not in given:
            if is_required_argument(argument):
                return False
        elif any(misfits(given[name], argument.type, {})):
            return False
    return True
