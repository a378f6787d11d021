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
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from graphql import (
    GraphQLAbstractType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    build_schema,
    is_abstract_type,
    is_introspection_type,
    validate_schema,
)

from intelgraph_server.generated.error_codes import ErrorCode

from .errors import DomainError
from .pagination import Connection, Edge, PageInfo, is_storable
from .scalars import bind_scalars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graphql import DirectiveNode, GraphQLField, GraphQLResolveInfo, GraphQLSchema

    from intelgraph_server.jobs import Handle
    from intelgraph_server.services import Gather

    from .context import Context

Resolver: TypeAlias = "Callable[..., Any]"  # (source, context, **arguments) -> value
ROOTS: Final = ("Query", "Mutation", "Subscription")
RESOLVE: Final = "resolve_"
# Every list has types of its own in the SDL, and these here, by the ends of their names.
SHARED: Final[list[type]] = [Connection, Edge, PageInfo]


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

    def named(self) -> dict[str, Any]:
        """Everything in the domain's modules, by its name."""
        return {name: value for module in self.modules for name, value in vars(module).items()}


def executable_schema(sdl: str, domains: Iterable[Domain]) -> GraphQLSchema:
    schema = build_schema(sdl)
    problems = [error.message for error in validate_schema(schema)]
    named: dict[str, Any] = {}
    for domain in domains:
        named.update(domain.named())
    resolvers = {name: value for name, value in named.items() if name.startswith(RESOLVE)}
    strangers = set(resolvers)
    types: dict[str, type] = {}
    for graphql_type in schema.type_map.values():
        if isinstance(graphql_type, GraphQLObjectType) and not is_introspection_type(graphql_type):
            own = _resolvers_of(graphql_type, resolvers)
            strangers -= {resolver_name for resolver_name, _ in own.values()}
            types[graphql_type.name] = _python_type(graphql_type.name, named)
            problems += _bind(graphql_type, own, types[graphql_type.name])
        elif isinstance(graphql_type, GraphQLInputObjectType):
            for name, input_field in graphql_type.fields.items():
                input_field.out_name = snake(name)
    problems += [f"`{name}` answers no field of the SDL" for name in sorted(strangers)]
    _resolve_types(schema, types)
    bind_scalars(schema)
    if problems:
        raise SchemaError("\n".join(problems))
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
    directives = graphql_field.ast_node.directives if graphql_field.ast_node else ()
    for directive in directives or ():
        if directive.name.value == "auth":
            return _string_argument(directive, "abac")
    return None


def is_public(graphql_field: GraphQLField) -> bool:
    """Whether `@public` of the SDL lets everybody ask for a field."""
    directives = graphql_field.ast_node.directives if graphql_field.ast_node else ()
    return any(directive.name.value == "public" for directive in directives or ())


def snake(name: str) -> str:
    """`amountUSD` to `amount_usd`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _string_argument(directive: DirectiveNode, name: str) -> str:
    for argument in directive.arguments or ():
        if argument.name.value == name:
            return str(getattr(argument.value, "value", ""))
    return ""


def _parameter(name: str) -> str:
    # `id` and `filter` as parameters would hide Python's own.
    own = snake(name)
    return f"{own}_" if hasattr(builtins, own) or keyword.iskeyword(own) else own


def _resolvers_of(
    graphql_type: GraphQLObjectType, resolvers: Mapping[str, Resolver]
) -> dict[str, tuple[str, Resolver]]:
    """The resolvers of the type and of its interfaces, with their names, by field."""
    owners = [f"{snake(t.name)}_" for t in (*graphql_type.interfaces, graphql_type)]
    prefixes = [""] if graphql_type.name in ROOTS else owners
    candidates = [(f, f"{RESOLVE}{p}{snake(f)}") for p in prefixes for f in graphql_type.fields]
    return {f: (name, resolvers[name]) for f, name in candidates if name in resolvers}


def _python_type(name: str, named: Mapping[str, Any]) -> type:
    found = next((kind for kind in SHARED if name.endswith(kind.__name__)), named.get(name))
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
        if graphql_type.name in ROOTS and not (permission or is_public(graphql_field)):
            problems.append(f"{where} has neither @auth(abac:) nor @public")
        if name in resolvers:
            problems += _argument_problems(where, graphql_field, *resolvers[name])
            resolve = _call(resolvers[name][1])
        elif graphql_field.args or not _has_attribute(python_type, snake(name)):
            problems.append(f"{where} has neither a resolver nor an attribute")
            continue
        else:
            resolve = _attribute(snake(name))
        graphql_field.resolve = _guard(resolve, permission, where) if permission else resolve
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
    def resolve(source: object, _info: object) -> object:
        return getattr(source, name)

    return resolve


def _call(resolver: Resolver) -> Resolver:
    def resolve(source: object, info: GraphQLResolveInfo[Any], **arguments: object) -> object:
        _refuse_unstorable_text(arguments)
        return resolver(source, info.context, **arguments)

    return resolve


def _guard(resolve: Resolver, permission: str, where: str) -> Resolver:
    def resolve_if_granted(
        source: object, info: GraphQLResolveInfo[Any], **arguments: object
    ) -> object:
        context: Context = info.context
        if permission not in context.authenticated().permissions:
            raise DomainError(
                ErrorCode.FORBIDDEN,
                f"The token does not grant `{permission}`, which `{where}` asks for.",
            )
        return resolve(source, info, **arguments)

    return resolve_if_granted


def _refuse_unstorable_text(value: object) -> None:
    if isinstance(value, str) and not is_storable(value):
        raise DomainError(
            ErrorCode.BAD_USER_INPUT,
            "An argument holds U+0000 or half of a surrogate pair, which no text here has.",
        )
    if isinstance(value, dict):
        value = list(cast("dict[str, object]", value).values())
    if isinstance(value, list):
        for item in cast("list[object]", value):
            _refuse_unstorable_text(item)


def _resolve_types(schema: GraphQLSchema, types: Mapping[str, type]) -> None:
    for graphql_type in schema.type_map.values():
        if is_abstract_type(graphql_type) and not is_introspection_type(graphql_type):
            members = {types[t.name]: t.name for t in schema.get_possible_types(graphql_type)}
            _resolve_type(graphql_type, members)


def _resolve_type(graphql_type: GraphQLAbstractType, members: Mapping[type, str]) -> None:
    graphql_type.resolve_type = lambda value, _info, _type: members.get(value.__class__)
