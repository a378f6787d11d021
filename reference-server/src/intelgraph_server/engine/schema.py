"""The SDL and the domains' resolvers into one executable schema.

Everything is bound and checked once, at start: a field without an answer, a resolver
without a field, and a root field that forgot `@auth` are errors that name themselves.
"""

from __future__ import annotations

import builtins
import inspect
import keyword
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    build_schema,
    is_abstract_type,
    is_introspection_type,
    validate_schema,
)

from .context import require_permission
from .errors import bad_input
from .pagination import Connection, Edge, is_storable
from .scalars import bind_scalars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from graphql import GraphQLField, GraphQLResolveInfo, GraphQLSchema

    from intelgraph_server.jobs import Handle
    from intelgraph_server.services import Gather

Resolver: TypeAlias = "Callable[..., Any]"  # (source, context, **arguments) -> value
ROOTS: Final = ("Query", "Mutation", "Subscription")
RESOLVE: Final = "resolve_"
# Every list has types of its own in the SDL, and these here, by the ends of their names.
SHARED: Final[dict[str, type]] = {"Connection": Connection, "Edge": Edge, "PageInfo": Connection}


class SchemaError(Exception):
    """The SDL and the code do not agree; the message names every place."""


@dataclass(frozen=True, slots=True)
class Domain:
    """What a domain adds; its modules say by their names what stands behind which part of the SDL.

    A class is behind the object type of its name. `resolve_<field>` answers a root field, and
    `resolve_<type>_<field>` another; a field without either is the attribute of its name.
    """

    name: str
    modules: tuple[object, ...]
    # What the domain does later, by the kind of job, and which of it is done once a day.
    jobs: Mapping[str, Handle] = field(default_factory=dict[str, "Handle"])
    daily: tuple[str, ...] = ()
    # What the domain adds to a tenant's evidence bundle, by the files' names.
    evidence: Gather | None = None


def executable_schema(sdl: str, domains: Iterable[Domain]) -> GraphQLSchema:
    schema = build_schema(sdl)
    problems = [error.message for error in validate_schema(schema)]
    modules = (module for domain in domains for module in domain.modules)
    named = {name: value for module in modules for name, value in vars(module).items()}
    strangers = {name for name in named if name.startswith(RESOLVE)}
    types: dict[str, type] = {}
    for graphql_type in schema.type_map.values():
        if isinstance(graphql_type, GraphQLObjectType) and not is_introspection_type(graphql_type):
            kind = types[graphql_type.name] = _python_type(graphql_type.name, named)
            for name in graphql_type.fields:
                resolver_name = _resolver_name(graphql_type, name, named)
                strangers.discard(resolver_name)
                problems += _bind(graphql_type, name, resolver_name, named.get(resolver_name), kind)
        elif isinstance(graphql_type, GraphQLInputObjectType):
            for name, input_field in graphql_type.fields.items():
                input_field.out_name = snake(name)
    problems += [f"`{name}` answers no field of the SDL" for name in sorted(strangers)]
    if problems:
        raise SchemaError("\n".join(problems))
    for graphql_type in schema.type_map.values():
        if is_abstract_type(graphql_type) and not is_introspection_type(graphql_type):
            members = {types[t.name]: t.name for t in schema.get_possible_types(graphql_type)}
            graphql_type.resolve_type = partial(_member, members)
    bind_scalars(schema)
    return schema


def jobs_of(domains: Iterable[Domain]) -> tuple[dict[str, Handle], list[str]]:
    """Every job of the domains, and the kinds that are done once a day."""
    jobs: dict[str, Handle] = {}
    daily: list[str] = []
    for domain in domains:
        jobs.update(domain.jobs)
        daily += domain.daily
    return jobs, daily


def permissions(schema: GraphQLSchema) -> frozenset[str]:
    """Every permission that some field asks for."""
    objects = (t for t in schema.type_map.values() if isinstance(t, GraphQLObjectType))
    asked = (required_permission(f) for t in objects for f in t.fields.values())
    return frozenset(permission for permission in asked if permission)


def required_permission(graphql_field: GraphQLField) -> str | None:
    """What `@auth(abac:)` of the SDL says about a field."""
    return (_directive(graphql_field, "auth") or {}).get("abac")


def _directive(graphql_field: GraphQLField, name: str) -> dict[str, str] | None:
    """The arguments of a directive that the SDL puts on a field."""
    directives = graphql_field.ast_node.directives if graphql_field.ast_node else ()
    for directive in directives or ():
        if directive.name.value == name:
            return {a.name.value: getattr(a.value, "value", "") for a in directive.arguments or ()}
    return None


def snake(name: str) -> str:
    """`amountUSD` to `amount_usd`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _parameter(name: str) -> str:
    # `id` and `filter` as parameters would hide Python's own.
    own = snake(name)
    return f"{own}_" if hasattr(builtins, own) or keyword.iskeyword(own) else own


def _resolver_name(owner: GraphQLObjectType, name: str, named: Mapping[str, Any]) -> str:
    """The name of the field's resolver, or else of one for the field of an interface."""
    owners = [f"{snake(kind.name)}_" for kind in (owner, *owner.interfaces)]
    candidates = [f"{RESOLVE}{o}{snake(name)}" for o in ([""] if owner.name in ROOTS else owners)]
    return next((candidate for candidate in candidates if candidate in named), "")


def _python_type(name: str, named: Mapping[str, Any]) -> type:
    found = next((kind for end, kind in SHARED.items() if name.endswith(end)), named.get(name))
    return found if isinstance(found, type) else object


def _bind(
    owner: GraphQLObjectType, name: str, resolver_name: str, resolver: Resolver | None, kind: type
) -> Iterator[str]:
    """Lets a field be answered by its resolver or by an attribute; gives what is wrong with it."""
    field, where = owner.fields[name], f"{owner.name}.{name}"
    for argument_name, argument in field.args.items():
        argument.out_name = _parameter(argument_name)
    permission = required_permission(field)
    if owner.name in ROOTS and not permission and _directive(field, "public") is None:
        yield f"{where} has neither @auth(abac:) nor @public"
    if resolver is not None:
        parameters = list(inspect.signature(resolver).parameters)[2:]
        wanted = [argument.out_name or "" for argument in field.args.values()]
        if sorted(parameters) != sorted(wanted):
            yield f"{where} takes {wanted}, but `{resolver_name}` takes {parameters}"
    elif field.args or not _has_attribute(kind, snake(name)):
        yield f"{where} has neither a resolver nor an attribute"
    answer = resolver or _attribute(snake(name))
    # An attribute that all may read needs no checks, and is what is asked for most.
    is_plain = resolver is None and not permission
    field.resolve = answer if is_plain else _answer(answer, permission, where)


def _has_attribute(kind: type, name: str) -> bool:
    return hasattr(kind, name) or name in inspect.get_annotations(kind)


def _attribute(name: str) -> Resolver:
    def resolve(source: object, _context: object) -> object:
        return getattr(source, name)

    return resolve


def _answer(resolver: Resolver, permission: str | None, where: str) -> Resolver:
    def resolve(source: object, info: GraphQLResolveInfo[Any], **arguments: object) -> object:
        if permission:
            require_permission(info.context.principal, permission, where)
        _refuse_unstorable_text(arguments)
        return resolver(source, info.context, **arguments)

    return resolve


def _refuse_unstorable_text(value: object) -> None:
    if isinstance(value, str) and not is_storable(value):
        raise bad_input(
            "An argument holds U+0000 or half of a surrogate pair, which no text here has."
        )
    if isinstance(value, dict):
        value = list(cast("dict[str, object]", value).values())
    if isinstance(value, list):
        for item in cast("list[object]", value):
            _refuse_unstorable_text(item)


def _member(members: Mapping[type, str], value: object, _info: object, _type: object) -> str | None:
    return members.get(value.__class__)
