"""What a schema's directives, or a caller's lists in their place, say of operations and codes."""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from graphql import FieldNode, GraphQLEnumType

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from graphql import GraphQLSchema, OperationDefinitionNode


def retryable_codes(schema: GraphQLSchema) -> frozenset[str]:
    """The values of `ErrorCode` that are marked `@retryable`."""
    codes = schema.type_map.get("ErrorCode")
    values = codes.values if isinstance(codes, GraphQLEnumType) else {}
    return frozenset(name for name, value in values.items() if _is_marked(value, "retryable"))


def is_idempotent(
    operation: OperationDefinitionNode, schema: GraphQLSchema | None, named: Collection[str]
) -> bool:
    """Whether each field of a mutation is one of `named` or is marked `@idempotent`."""
    return _each_is(operation, schema, {"idempotent": named})


def is_keyed(
    operation: OperationDefinitionNode,
    schema: GraphQLSchema | None,
    idempotent: Collection[str],
    keyed: Collection[str],
) -> bool:
    """Whether a mutation that is not idempotent is so but for fields that are `@keyed`."""
    if is_idempotent(operation, schema, idempotent):
        return False
    return _each_is(operation, schema, {"idempotent": idempotent, "keyed": keyed})


def _each_is(
    operation: OperationDefinitionNode,
    schema: GraphQLSchema | None,
    facts: Mapping[str, Collection[str]],
) -> bool:
    if operation.operation.value != "mutation":
        return False
    root = schema.mutation_type if schema is not None else None
    known = root.fields if root is not None else {}
    fields = [node for node in operation.selection_set.selections if _is_field(node)]
    told = (
        any(
            node.name.value in named or _is_marked(known.get(node.name.value), directive)
            for directive, named in facts.items()
        )
        for node in fields
    )
    # A spread might bring fields of its own; then nothing is taken for granted.
    return len(fields) == len(operation.selection_set.selections) and all(told)


def _is_marked(definition: object, directive: str) -> bool:
    # A schema that was asked of a server has no nodes, and so no directives.
    node = getattr(definition, "ast_node", None)
    return any(each.name.value == directive for each in getattr(node, "directives", None) or ())


def _is_field(node: object) -> TypeGuard[FieldNode]:
    return isinstance(node, FieldNode) and node.name.value != "__typename"
