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
    from collections.abc import Callable, Iterable, Mapping

    from graphql import GraphQLField, GraphQLResolveInfo, GraphQLSchema

    from intelgraph_server.jobs.worker import Handle
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
            own = _resolvers_of(graphql_type, named)
            strangers -= set(own.values())
            types[graphql_type.name] = _python_type(graphql_type.name, named)
            bound = {field: (name, named[name]) for field, name in own.items()}
            problems += _bind(graphql_type, bound, types[graphql_type.name])
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


def _resolvers_of(graphql_type: GraphQLObjectType, named: Mapping[str, Any]) -> dict[str, str]:
    """The names of the type's resolvers and of its interfaces', by field."""
    owners = [f"{snake(t.name)}_" for t in (*graphql_type.interfaces, graphql_type)]
    prefixes = [""] if graphql_type.name in ROOTS else owners
    candidates = [(f, f"{RESOLVE}{p}{snake(f)}") for p in prefixes for f in graphql_type.fields]
    return {field: name for field, name in candidates if name in named}


def _python_type(name: str, named: Mapping[str, Any]) -> type:
    found = next((kind for end, kind in SHARED.items() if name.endswith(end)), named.get(name))
    return found if isinstance(found, type) else object


def _bind(
    graphql_type: GraphQLObjectType,
    resolvers: Mapping[str, tuple[str, Resolver]],
    python_type: type,
) -> list[str]:
    problems: list[str] = []
    for name, graphql_field in graphql_type.fields.items():
        where = f"{graphql_type.name}.{name}"
        for argument_name, argument in graphql_field.args.items():
            argument.out_name = _parameter(argument_name)
        permission = required_permission(graphql_field)
        if graphql_type.name in ROOTS and not (
            permission or _directive(graphql_field, "public") is not None
        ):
            problems.append(f"{where} has neither @auth(abac:) nor @public")
        if name in resolvers:
            problems += _argument_problems(where, graphql_field, *resolvers[name])
            resolve = _answer(resolvers[name][1], permission, where)
        elif graphql_field.args or not _has_attribute(python_type, snake(name)):
            problems.append(f"{where} has neither a resolver nor an attribute")
            continue
        else:
            resolve = _attribute(snake(name))
            resolve = _answer(resolve, permission, where) if permission else resolve
        graphql_field.resolve = resolve
    return problems


def _argument_problems(
    where: str, graphql_field: GraphQLField, resolver_name: str, resolver: Resolver
) -> list[str]:
    parameters = list(inspect.signature(resolver).parameters)[2:]
    wanted = [argument.out_name or name for name, argument in graphql_field.args.items()]
    if sorted(parameters) == sorted(wanted):
        return []
    return [f"{where} takes {wanted}, but `{resolver_name}` takes {parameters}"]


def _has_attribute(python_type: type, name: str) -> bool:
    return hasattr(python_type, name) or name in inspect.get_annotations(python_type)


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
