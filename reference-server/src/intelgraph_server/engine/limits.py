"""How large a document may be, decided before it is validated or run.

Tokens and aliases bound what validation costs, depth bounds recursion, and the number
of fields that pages of the asked sizes could hold bounds what running costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    InlineFragmentNode,
    IntValueNode,
    VariableNode,
    get_named_type,
)

from intelgraph_server.generated.error_codes import ErrorCode

from .errors import DomainError
from .pagination import LARGEST_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import (
        DocumentNode,
        GraphQLField,
        GraphQLNamedType,
        GraphQLSchema,
        OperationDefinitionNode,
        SelectionNode,
        SelectionSetNode,
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
    page: int | str  # A number of items, or the name of the variable that holds it.
    below: tuple[Cost, ...]


class Budget:
    """Adds up one operation's `Cost` for the variables of one request."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        # A fragment's cost stands in many places; adding it up once keeps this linear.
        self._totals: dict[Cost, int] = {}

    def total(self, cost: Cost) -> int:
        if cost not in self._totals:
            page = self._variables.get(cost.page) if isinstance(cost.page, str) else cost.page
            # Anything but a number from 1 to the largest page fails in a moment, by its own error.
            items = min(max(page, 1), LARGEST_PAGE) if isinstance(page, int) else 1
            self._totals[cost] = cost.fields + items * sum(self.total(c) for c in cost.below)
        return self._totals[cost]


def too_complex(message: str) -> DomainError:
    return DomainError(ErrorCode.DOCUMENT_TOO_COMPLEX, message)


def too_deep(limits: Limits) -> DomainError:
    return too_complex(f"The document nests fields deeper than {limits.depth} levels.")


class Measure:
    """Walks one document of one schema; raises DOCUMENT_TOO_COMPLEX where it is too large."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, limits: Limits) -> None:
        self._schema = schema
        self._limits: Final = limits
        self._fragments: Final = {
            d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
        }
        self._costs: dict[tuple[str, int], Cost] = {}
        self._open: set[str] = set()
        self._aliases = 0
        # The root fields of the operation that was measured last.
        self.root_fields: list[str] = []

    def operation(self, operation: OperationDefinitionNode) -> Cost:
        self._costs.clear()
        self.root_fields.clear()
        root = self._schema.get_root_type(operation.operation)
        below = self._selections(operation.selection_set, root, depth=1)
        return Cost(0, 1, below)

    def _selections(
        self, selections: SelectionSetNode, parent: GraphQLNamedType | None, depth: int
    ) -> tuple[Cost, ...]:
        if depth > self._limits.depth:
            raise too_deep(self._limits)
        return tuple(
            cost for node in selections.selections for cost in self._selection(node, parent, depth)
        )

    def _selection(
        self, node: SelectionNode, parent: GraphQLNamedType | None, depth: int
    ) -> Iterator[Cost]:
        if isinstance(node, FieldNode):
            yield self._field(node, parent, depth)
        elif isinstance(node, FragmentSpreadNode):
            yield self._fragment(node.name.value, depth)
        elif isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            inner = self._schema.get_type(condition.name.value) if condition else parent
            yield from self._selections(node.selection_set, inner, depth)

    def _fragment(self, name: str, depth: int) -> Cost:
        fragment = self._fragments.get(name)
        # Unknown fragments and cycles are for validation to name.
        if fragment is None or name in self._open:
            return Cost(0, 1, ())
        # The depth below a fragment depends on where it is spread, so it is part of the key;
        # without this memory a chain of fragments that spread each other twice is exponential.
        key = (name, depth)
        if key not in self._costs:
            self._open.add(name)
            inner = self._schema.get_type(fragment.type_condition.name.value)
            self._costs[key] = Cost(0, 1, self._selections(fragment.selection_set, inner, depth))
            self._open.discard(name)
        return self._costs[key]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, depth: int) -> Cost:
        if depth == 1:
            self.root_fields.append(node.name.value)
        if node.alias is not None:
            self._aliases += 1
            if self._aliases > self._limits.aliases:
                raise too_complex(f"The document has more than {self._limits.aliases} aliases.")
        if node.selection_set is None:
            return Cost(1, 1, ())
        definition = _definition(parent, node.name.value)
        below = self._selections(node.selection_set, _named_type(definition), depth + 1)
        return Cost(1, _page_size(node, definition), below)


def _definition(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        field: GraphQLField | None = parent.fields.get(name)
        return field
    return None


def _named_type(definition: GraphQLField | None) -> GraphQLNamedType | None:
    # graphql-core leaves open what a list is of.
    output = cast("GraphQLNamedType | None", getattr(definition, "type", None))
    return get_named_type(output)


def _page_size(node: FieldNode, definition: GraphQLField | None) -> int | str:
    """How many items a field with the argument `first` answers; 1 for any other."""
    argument = definition.args.get("first") if definition else None
    if argument is None or argument.ast_node is None:
        return 1
    given = next((a.value for a in node.arguments or () if a.name.value == "first"), None)
    value = given or argument.ast_node.default_value
    if isinstance(value, VariableNode):
        return value.name.value
    return int(value.value) if isinstance(value, IntValueNode) else 1
