"""A document's text into a `Prepared` document: parsed, measured and validated, once."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from graphql import (
    GraphQLSyntaxError,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.rules.max_introspection_depth_rule import MaxIntrospectionDepthRule

from intelgraph_server.generated.error_codes import ErrorCode

from .errors import DomainError, InvalidDocumentError
from .limits import Budget, Measure, too_complex, too_deep
from .schema import required_permission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode, GraphQLField, GraphQLSchema

    from .limits import Cost, Limits

RULES: Final = tuple(dict.fromkeys([*specified_rules, MaxIntrospectionDepthRule]))
MOST_ERRORS: Final = 10
# graphql-core 3.3 accepts `{ entity {} }` unless told not to; 3.2 knows no such option.
_STRICT: Final[dict[str, Any]] = (
    {"allow_empty_selection_sets": False}
    if "allow_empty_selection_sets" in inspect.signature(parse).parameters
    else {}
)


@dataclass(frozen=True, slots=True)
class PreparedOperation:
    """One operation of a valid document."""

    name: str | None
    is_mutation: bool
    # The one field that a subscription waits for; None when it is none.
    subscribes_to: str | None
    needs_token: bool
    cost: Cost
    defaults: Mapping[str, int]

    def fields(self, variables: Mapping[str, Any]) -> int:
        """How many fields the answer may have."""
        return Budget({**self.defaults, **variables}).total(self.cost)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A valid document and its operations."""

    document: DocumentNode
    operations: tuple[PreparedOperation, ...]

    def operation(self, name: str | None) -> PreparedOperation:
        if name is None and len(self.operations) == 1:
            return self.operations[0]
        for operation in self.operations:
            if name is not None and operation.name == name:
                return operation
        raise DomainError(
            ErrorCode.BAD_REQUEST,
            "The document has several operations; name one in `operationName`."
            if name is None
            else f"The document has no operation named `{name}`.",
        )


def prepare(schema: GraphQLSchema, text: str, limits: Limits) -> Prepared:
    try:
        document = _parse(text, limits)
        measure = Measure(schema, document, limits)
        operations = tuple(
            _operation(schema, definition, measure)
            for definition in document.definitions
            if isinstance(definition, OperationDefinitionNode)
        )
        errors = validate(schema, document, RULES, MOST_ERRORS)
    except RecursionError:
        raise too_deep(limits) from None
    if errors:
        raise InvalidDocumentError(errors)
    return Prepared(document, operations)


def _parse(text: str, limits: Limits) -> DocumentNode:
    try:
        return parse(text, max_tokens=limits.tokens, **_STRICT)
    except GraphQLSyntaxError as error:
        if f"more than {limits.tokens} tokens" in error.message:
            raise too_complex(f"The document has more than {limits.tokens} tokens.") from None
        if "nested too deeply" in error.message:
            raise too_deep(limits) from None
        raise InvalidDocumentError([error]) from None


def _operation(
    schema: GraphQLSchema, operation: OperationDefinitionNode, measure: Measure
) -> PreparedOperation:
    cost = measure.operation(operation)
    asked = list(measure.root_fields)
    root = schema.get_root_type(operation.operation)
    fields: dict[str, GraphQLField] = root.fields if root else {}
    is_subscription = operation.operation is OperationType.SUBSCRIPTION
    return PreparedOperation(
        name=operation.name.value if operation.name else None,
        is_mutation=operation.operation is OperationType.MUTATION,
        # A document that asks for another number of fields is found invalid below.
        subscribes_to=asked[0] if is_subscription and asked else None,
        needs_token=any(required_permission(fields[name]) for name in asked if name in fields),
        cost=cost,
        defaults={
            v.variable.name.value: int(v.default_value.value)
            for v in operation.variable_definitions or ()
            if isinstance(v.default_value, IntValueNode)
        },
    )
