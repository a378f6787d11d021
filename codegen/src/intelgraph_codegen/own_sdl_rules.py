"""The rules on type definitions that graphql-core does not have, or not in every version alike."""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from graphql import (
    DirectiveDefinitionNode,
    EnumTypeDefinitionNode,
    FragmentDefinitionNode,
    GraphQLString,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    Visitor,
    is_input_object_type,
    is_interface_type,
    is_introspection_type,
    is_object_type,
)

from .endless_inputs import endless_inputs
from .errors import Diagnostic
from .literals import misfits
from .places import place_of
from .sdl_wording import deprecated_alone, repeated_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graphql import (
        DefinitionNode,
        DirectiveNode,
        GraphQLArgument,
        GraphQLInputField,
        GraphQLInterfaceType,
        GraphQLObjectType,
        GraphQLSchema,
        InputValueDefinitionNode,
        Node,
        TypeNode,
    )

_AnyNode = TypeVar("_AnyNode", bound="Node")

_KINDS: Mapping[type[DefinitionNode], str] = {
    ScalarTypeDefinitionNode: "scalar",
    ObjectTypeDefinitionNode: "object",
    InterfaceTypeDefinitionNode: "interface",
    UnionTypeDefinitionNode: "union",
    EnumTypeDefinitionNode: "enum",
    InputObjectTypeDefinitionNode: "input",
}
_BUILT_IN = dict.fromkeys(("Int", "Float", "String", "Boolean", "ID"), "scalar")
_OUTPUT = frozenset({"scalar", "object", "interface", "union", "enum"})
_INPUT = frozenset({"scalar", "enum", "input"})
_WITH_FIELDS = (
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
)
_INPUTS = (InputObjectTypeDefinitionNode, InputObjectTypeExtensionNode)
_UNIONS = (UnionTypeDefinitionNode, UnionTypeExtensionNode)
_SCHEMAS = (SchemaDefinitionNode, SchemaExtensionNode)


def only_types(
    definitions: Sequence[DefinitionNode],
) -> tuple[tuple[DefinitionNode, ...], list[Diagnostic]]:
    """The type definitions, each type once, and an error for whatever else there is."""
    first: dict[str, Node] = {}
    errors: list[Diagnostic] = []
    kept: list[DefinitionNode] = []
    for node in definitions:
        if isinstance(node, OperationDefinitionNode | FragmentDefinitionNode):
            message = "An operation does not belong among the type definitions."
            errors.append(Diagnostic(message, place_of(node), code="misplaced-definition"))
        elif isinstance(node, TypeDefinitionNode) and node.name.value in first:
            name = node.name.value
            message = (
                f"The type `{name}` is defined twice; the first is at {place_of(first[name])}."
            )
            errors.append(Diagnostic(message, place_of(node), code="defined-twice"))
        else:
            kept.append(node)
            if isinstance(node, TypeDefinitionNode):
                first[node.name.value] = node
    return tuple(kept), errors


class SdlDirectives(Visitor):
    """Checks the arguments that the library reads itself, before it does."""

    def __init__(self) -> None:
        super().__init__()
        self.diagnostics: list[Diagnostic] = []

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if node.name.value not in ("deprecated", "specifiedBy"):
            return
        for argument in node.arguments or ():
            for misfit in misfits(argument.value, GraphQLString, {}):
                self.diagnostics.append(misfit.told())


def check_kinds(definitions: Sequence[DefinitionNode]) -> Iterator[Diagnostic]:
    """Refuse types that stand where their kind cannot."""
    kinds = _BUILT_IN | {
        node.name.value: _KINDS[type(node)]  # type: ignore[attr-defined]
        for node in definitions
        if type(node) in _KINDS
    }
    for node in definitions:
        for name, allowed, words in _uses(node):
            kind = kinds.get(name.name.value)
            if kind is not None and kind not in allowed:
                told = words.format(name=name.name.value, kind=kind)
                yield Diagnostic(told, place_of(name), code="wrong-kind")
    yield from _check_roots(definitions)


def without_repeated_fields(
    definitions: tuple[DefinitionNode, ...],
) -> tuple[tuple[DefinitionNode, ...], list[Diagnostic]]:
    """The definitions with the first of each repeated field only, and a warning for the others."""
    first: dict[tuple[str, str], Node] = {}
    warnings: list[Diagnostic] = []
    kept: list[DefinitionNode] = []
    for node in definitions:
        if not isinstance(node, (*_WITH_FIELDS, *_INPUTS)):
            kept.append(node)
            continue
        fields = []
        for field in node.fields or ():
            key = (node.name.value, field.name.value)
            if key in first:
                place, first_place = place_of(field), place_of(first[key])
                warnings.append(repeated_field(".".join(key), place, first_place))
            else:
                first[key] = field
                fields.append(field)
        is_whole = len(fields) == len(node.fields or ())
        kept.append(node if is_whole else _replaced(node, fields=tuple(fields)))
    return tuple(kept), warnings


def check_types(schema: GraphQLSchema) -> Iterator[Diagnostic]:
    """Refuse defaults that do not fit and inputs that never end.

    Warn of deprecations that an interface does not share.
    """
    yield from endless_inputs(schema)
    for directive in schema.directives:
        yield from _check_defaults(directive.args.values())
    for type_ in schema.type_map.values():
        if is_introspection_type(type_):
            continue
        if is_input_object_type(type_):
            yield from _check_defaults(type_.fields.values())
        if is_object_type(type_) or is_interface_type(type_):
            for field in type_.fields.values():
                yield from _check_defaults(field.args.values())
            yield from _check_deprecations(type_)


def _uses(node: DefinitionNode) -> Iterator[tuple[NamedTypeNode, frozenset[str], str]]:
    if isinstance(node, _WITH_FIELDS):
        for interface in node.interfaces or ():
            yield interface, frozenset({"interface"}), "`{name}` is no interface to implement."
        for field in node.fields or ():
            yield _named(field.type), _OUTPUT, "`{name}` is an input and cannot be answered."
            yield from _arguments(field.arguments or ())
    elif isinstance(node, _INPUTS):
        yield from _arguments(node.fields or ())
    elif isinstance(node, DirectiveDefinitionNode):
        yield from _arguments(node.arguments or ())
    elif isinstance(node, _UNIONS):
        for member in node.types or ():
            yield member, frozenset({"object"}), "`{name}` is no object type to be in a union."
    elif isinstance(node, _SCHEMAS):
        for item in node.operation_types or ():
            yield item.type, frozenset({"object"}), "`{name}` is no object type to start from."


def _arguments(
    nodes: Iterable[InputValueDefinitionNode],
) -> Iterator[tuple[NamedTypeNode, frozenset[str], str]]:
    for node in nodes:
        yield _named(node.type), _INPUT, "`{name}` is answered and cannot be an input."


def _named(node: TypeNode) -> NamedTypeNode:
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    return cast("NamedTypeNode", node)


def _check_roots(definitions: Sequence[DefinitionNode]) -> Iterator[Diagnostic]:
    first: dict[str, Node] = {}
    seen: set[str] = set()
    for node in definitions:
        if not isinstance(node, _SCHEMAS):
            continue
        for item in node.operation_types or ():
            name = item.type.name.value
            if item.operation.value in seen:
                continue
            seen.add(item.operation.value)
            if name in first:
                yield Diagnostic(
                    f"`{name}` is a root type twice; the first is at {place_of(first[name])}.",
                    place_of(item.type),
                    code="defined-twice",
                )
            first.setdefault(name, item.type)


def _replaced(node: _AnyNode, **changes: Any) -> _AnyNode:
    """A copy, made in the one way that all versions of graphql-core's nodes allow."""
    fields: dict[str, Any] = {key: getattr(node, key) for key in node.keys}
    return type(node)(**{**fields, **changes})


def _check_defaults(
    items: Iterable[GraphQLArgument | GraphQLInputField],
) -> Iterator[Diagnostic]:
    for item in items:
        if item.ast_node and item.ast_node.default_value:
            for misfit in misfits(item.ast_node.default_value, item.type, {}):
                yield misfit.told()


def _check_deprecations(type_: GraphQLObjectType | GraphQLInterfaceType) -> Iterator[Diagnostic]:
    for interface in type_.interfaces:
        for name, field in interface.fields.items():
            own = type_.fields.get(name)
            if own is None or field.deprecation_reason is not None or own.ast_node is None:
                continue
            if own.deprecation_reason is not None:
                yield deprecated_alone(
                    f"{type_.name}.{name}", f"{interface.name}.{name}", place_of(own.ast_node)
                )
