"""A server that answers anything of the right type, for documents that nobody here has seen."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    execute_sync,
    is_abstract_type,
    is_composite_type,
    parse,
    type_from_ast,
)

if TYPE_CHECKING:
    from graphql import GraphQLAbstractType, GraphQLInputType, GraphQLOutputType, GraphQLSchema

BUILT_IN: dict[str, tuple[object, ...]] = {
    "Boolean": (True, False),
    "Float": (1.5, -2e-9, 3),
    "ID": ("text", "7", "Tm9kZTox"),
    "Int": (0, 1, -(2**31)),
    "String": ("", "text", 'quotes " and \\ \n', "é漢😀\u2028"),
}
JSON: tuple[object, ...] = ("text", 7, True, 1.5, [], {"any": [None, {"thing": 1}]})


class Answers:
    """Executes documents against a schema that answers anything of the right type.

    `nulls` is how often a value is null that may be; `leaves` are what a scalar is one of.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        seed: int,
        *,
        nulls: float = 0,
        leaves: dict[str, tuple[object, ...]] | None = None,
    ) -> None:
        self._schema = schema
        # What is wrong with it the loader has told; GitHub's is not valid for graphql-core.
        schema._validation_errors = []
        self._random = random.Random(seed)  # noqa: S311
        self._nulls = nulls
        self._leaves = BUILT_IN | (leaves or {})

    def answer(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        result = execute_sync(
            self._schema,
            parse(document, no_location=True),
            root_value={},
            variable_values=variables,
            field_resolver=self._resolve,
            type_resolver=self._type_of,
        )
        assert result.errors is None, result.errors
        assert result.data is not None
        return result.data

    def variables(self, document: str) -> dict[str, Any]:
        """Random variables of the right type, as JSON; some that may be left out are."""
        operation = parse(document, no_location=True).definitions[0]
        assert isinstance(operation, OperationDefinitionNode)
        values: dict[str, Any] = {}
        for node in operation.variable_definitions or ():
            type_: Any = type_from_ast(self._schema, node.type)
            if isinstance(type_, GraphQLNonNull) or self._random.random() < 0.5:
                # Where it fills an argument that has a default, null is not allowed.
                values[node.variable.name.value] = self._given(_required(type_), 0)
        return values

    def _given(self, type_: GraphQLInputType, depth: int) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return self._given(type_.of_type, depth)
        if isinstance(type_, GraphQLList):
            return [self._given(_required(type_.of_type), depth) for _ in range(self._few(depth))]
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_, depth)
        return self._leaf(type_)

    def _object(self, type_: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        if type_.is_one_of:
            names = [name for name, item in type_.fields.items() if _is_shallow(item.type)]
            chosen = self._random.choice(names if depth and names else list(type_.fields))
            return {chosen: self._given(type_.fields[chosen].type, depth + 1)}
        values: dict[str, Any] = {}
        for name, item in type_.fields.items():
            if isinstance(item.type, GraphQLNonNull):
                values[name] = self._given(item.type, depth + 1)
            elif self._random.random() < 0.5 / (depth * 2 + 1):
                is_null = self._random.random() < self._nulls
                values[name] = None if is_null else self._given(item.type, depth + 1)
        return values

    def _few(self, depth: int) -> int:
        return self._random.randint(0, 2) if depth < 3 else 0

    def _resolve(self, _source: object, info: GraphQLResolveInfo[Any], /, **_: object) -> Any:
        return self._value(info.return_type)

    def _value(self, type_: GraphQLOutputType) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return self._present(type_.of_type)
        # What has no object types can only be null.
        is_empty = is_abstract_type(type_) and not self._schema.get_possible_types(type_)
        return None if is_empty or self._random.random() < self._nulls else self._present(type_)

    def _present(self, type_: Any) -> Any:
        if isinstance(type_, GraphQLList):
            return [self._value(type_.of_type) for _ in range(self._random.randint(1, 2))]
        return {} if is_composite_type(type_) else self._leaf(type_)

    def _leaf(self, type_: Any) -> Any:
        if isinstance(type_, GraphQLEnumType):
            return self._random.choice(list(type_.values))
        return self._random.choice(self._leaves.get(type_.name, JSON))

    def _type_of(
        self, _value: object, _info: GraphQLResolveInfo[Any], abstract: GraphQLAbstractType
    ) -> str:
        assert is_abstract_type(abstract)
        return self._random.choice(self._schema.get_possible_types(abstract)).name


def _required(type_: Any) -> Any:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


def _is_shallow(type_: Any) -> bool:
    inner = _required(type_)
    while isinstance(inner, GraphQLList):
        inner = _required(inner.of_type)
    return not isinstance(inner, GraphQLInputObjectType)
