"""A server that answers anything of the right type, for documents that nobody here has seen."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    execute_sync,
    is_abstract_type,
    is_composite_type,
    is_input_object_type,
    parse,
    print_ast,
)

if TYPE_CHECKING:
    from graphql import GraphQLAbstractType, GraphQLInputType, GraphQLOutputType, GraphQLSchema


class Answers:
    """Executes documents against a schema that answers anything of the right type.

    `nulls` is how often a value is null that may be; `leaves` says what scalars are like.
    """

    def __init__(
        self, schema: GraphQLSchema, seed: int, *, nulls: float = 0, **leaves: object
    ) -> None:
        self._schema = schema
        # What is wrong with it the loader has told; GitHub's is not valid for graphql-core.
        schema._validation_errors = []
        self._random = random.Random(seed)  # noqa: S311
        self._nulls = nulls
        self._leaves = {"Int": 1, "Float": 1.5, "Boolean": True} | leaves

    def answer(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        result = execute_sync(
            self._schema,
            parse(document),
            root_value={},
            variable_values=variables,
            field_resolver=self._resolve,
            type_resolver=self._type_of,
        )
        assert result.errors is None, result.errors
        assert result.data is not None
        return result.data

    def variables(self, document: str) -> dict[str, Any]:
        operation = parse(document).definitions[0]
        assert isinstance(operation, OperationDefinitionNode)
        values: dict[str, Any] = {}
        for node in operation.variable_definitions or ():
            if node.type.kind == "non_null_type":
                name = print_ast(node.type).strip("![]")
                inner: Any = self._schema.type_map[name]
                values[node.variable.name.value] = self._input(inner)
        return values

    def _input(self, type_: GraphQLInputType) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return self._input(type_.of_type)
        if isinstance(type_, GraphQLList):
            return []
        if is_input_object_type(type_):
            if getattr(type_, "is_one_of", False):
                name, field = next(iter(type_.fields.items()))
                return {name: self._input(field.type)}
            required = {
                name: field.type
                for name, field in type_.fields.items()
                if isinstance(field.type, GraphQLNonNull)
            }
            return {name: self._input(inner) for name, inner in required.items()}
        return self._leaf(type_)

    def _resolve(self, _source: object, info: GraphQLResolveInfo[Any], **_: object) -> Any:
        return self._value(info.return_type)

    def _value(self, type_: GraphQLOutputType) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return self._present(type_.of_type)
        return None if self._random.random() < self._nulls else self._present(type_)

    def _present(self, type_: Any) -> Any:
        if isinstance(type_, GraphQLList):
            return [self._value(type_.of_type) for _ in range(2)]
        return {} if is_composite_type(type_) else self._leaf(type_)

    def _leaf(self, type_: Any) -> Any:
        if isinstance(type_, GraphQLEnumType):
            return self._random.choice(list(type_.values))
        return self._leaves.get(type_.name, "text")

    def _type_of(
        self, _value: object, _info: GraphQLResolveInfo[Any], abstract: GraphQLAbstractType
    ) -> str:
        assert is_abstract_type(abstract)
        return self._random.choice(self._schema.get_possible_types(abstract)).name
