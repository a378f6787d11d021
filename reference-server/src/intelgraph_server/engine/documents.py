"""A document's text into a `Prepared` document: parsed, measured and validated, once.

Tokens and aliases bound what validation costs, depth bounds recursion, and the number
of fields that pages of the asked sizes could hold bounds what running costs.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSyntaxError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    get_named_type,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.rules.max_introspection_depth_rule import MaxIntrospectionDepthRule

from .errors import InvalidDocumentError, bad_request, too_complex
from .pagination import LARGEST_PAGE
from .schema import required_permission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import (
        DocumentNode,
        FragmentSpreadNode,
        GraphQLField,
        GraphQLNamedType,
        GraphQLSchema,
        SelectionNode,
        SelectionSetNode,
    )

    from .errors import DomainError

RULES: Final = tuple(dict.fromkeys([*specified_rules, MaxIntrospectionDepthRule]))
MOST_ERRORS: Final = 10
# graphql-core 3.3 accepts `{ entity {} }` unless told not to; 3.2 knows no such option.
_STRICT: Final[dict[str, Any]] = (
    {"allow_empty_selection_sets": False}
    if "allow_empty_selection_sets" in inspect.signature(parse).parameters
    else {}
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may ask for; chosen so that a standard introspection query fits."""

    tokens: int = 2_000
    depth: int = 15
    aliases: int = 50
    fields: int = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Cost:
    """How many fields a selection may answer, given the page sizes of its variables."""

    fields: int
    below: tuple[Cost, ...] = ()
    page: int | str = 1  # A number of items, or the name of the variable that holds it.

    def total(self, variables: Mapping[str, Any], totals: dict[Cost, int]) -> int:
        # A fragment's cost stands in many places; adding it up once keeps this linear.
        if self not in totals:
            page = variables.get(self.page) if isinstance(self.page, str) else self.page
            # Anything but a number from 1 to the largest page fails in a moment, by its own error.
            items = min(max(page, 1), LARGEST_PAGE) if isinstance(page, int) else 1
            totals[self] = self.fields + items * sum(c.total(variables, totals) for c in self.below)
        return totals[self]


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
        return self.cost.total({**self.defaults, **variables}, {})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A valid document and its operations."""

    document: DocumentNode
    operations: tuple[PreparedOperation, ...]

    def operation(self, name: str | None) -> PreparedOperation:
        for operation in self.operations:
            if operation.name == name or (name is None and len(self.operations) == 1):
                return operation
        raise bad_request(
            "The document has several operations; name one in `operationName`."
            if name is None
            else f"The document has no operation named `{name}`."
        )


def prepare(schema: GraphQLSchema, text: str, limits: Limits) -> Prepared:
    try:
        document = _parse(text, limits)
        measure = _Measure(schema, document, limits)
        operations = tuple(
            measure.operation(definition)
            for definition in document.definitions
            if isinstance(definition, OperationDefinitionNode)
        )
        errors = validate(schema, document, RULES, MOST_ERRORS)
    except RecursionError:
        raise _too_deep(limits) from None
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
            raise _too_deep(limits) from None
        raise InvalidDocumentError([error]) from None


def _too_deep(limits: Limits) -> DomainError:
    return too_complex(f"The document nests fields deeper than {limits.depth} levels.")


class _Measure:
    """Walks one document of one schema; raises DOCUMENT_TOO_COMPLEX where it is too large.

    What is unknown or circles is passed over, for validation to name.
    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, limits: Limits) -> None:
        self._schema = schema
        self._limits: Final = limits
        self._fragments: Final = {
            d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
        }
        # The depth below a fragment depends on where it is spread, so it is part of the key;
        # without this memory a chain of fragments that spread each other twice is exponential.
        self._costs: dict[tuple[str, int], Cost] = {}
        self._open: set[str] = set()
        self._aliases = 0
        self._root_fields: list[str] = []

    def operation(self, operation: OperationDefinitionNode) -> PreparedOperation:
        self._costs.clear()
        self._root_fields.clear()
        root = self._schema.get_root_type(operation.operation)
        cost = Cost(0, self._below(operation.selection_set, root, depth=1))
        asked = [(name, _definition(root, name)) for name in self._root_fields]
        is_subscription = operation.operation is OperationType.SUBSCRIPTION
        return PreparedOperation(
            name=operation.name.value if operation.name else None,
            is_mutation=operation.operation is OperationType.MUTATION,
            # A document that asks for another number of fields is found invalid.
            subscribes_to=asked[0][0] if is_subscription and asked else None,
            needs_token=any(field and required_permission(field) for _, field in asked),
            cost=cost,
            defaults={
                v.variable.name.value: int(v.default_value.value)
                for v in operation.variable_definitions or ()
                if isinstance(v.default_value, IntValueNode)
            },
        )

    def _below(
        self, selections: SelectionSetNode, parent: GraphQLNamedType | None, depth: int
    ) -> tuple[Cost, ...]:
        if depth > self._limits.depth:
            raise _too_deep(self._limits)
        return tuple(self._selection(node, parent, depth) for node in selections.selections)

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType | None, depth: int) -> Cost:
        if isinstance(node, FieldNode):
            return self._field(node, parent, depth)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            inner = self._schema.get_type(condition.name.value) if condition else parent
            return Cost(0, self._below(node.selection_set, inner, depth))
        return self._fragment(cast("FragmentSpreadNode", node).name.value, depth)

    def _fragment(self, name: str, depth: int) -> Cost:
        fragment = self._fragments.get(name)
        if fragment is None or name in self._open:
            return Cost(0)
        if (name, depth) not in self._costs:
            self._open.add(name)
            inner = self._schema.get_type(fragment.type_condition.name.value)
            self._costs[name, depth] = Cost(0, self._below(fragment.selection_set, inner, depth))
            self._open.discard(name)
        return self._costs[name, depth]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, depth: int) -> Cost:
        if depth == 1:
            self._root_fields.append(node.name.value)
        if node.alias is not None:
            self._aliases += 1
            if self._aliases > self._limits.aliases:
                raise too_complex(f"The document has more than {self._limits.aliases} aliases.")
        if node.selection_set is None:
            return Cost(1)
        field = _definition(parent, node.name.value)
        # graphql-core leaves open what a list is of.
        inner = cast("GraphQLNamedType | None", getattr(field, "type", None))
        below = self._below(node.selection_set, get_named_type(inner), depth + 1)
        return Cost(1, below, _page_size(node, field))


def _definition(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        field: GraphQLField | None = parent.fields.get(name)
        return field
    return None


def _page_size(node: FieldNode, field: GraphQLField | None) -> int | str:
    """How many items a field with the argument `first` answers; 1 for any other."""
    argument = field.args.get("first") if field else None
    if argument is None or argument.ast_node is None:
        return 1
    given = next((a.value for a in node.arguments or () if a.name.value == "first"), None)
    value = given or argument.ast_node.default_value
    if isinstance(value, VariableNode):
        return value.name.value
    return int(value.value) if isinstance(value, IntValueNode) else 1
