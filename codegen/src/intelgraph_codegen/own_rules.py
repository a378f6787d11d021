"""The rules on documents that graphql-core does not have, or not in every version alike."""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    Visitor,
)

from .errors import Diagnostic
from .literals import misfits
from .places import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import (
        ArgumentNode,
        DirectiveNode,
        FragmentDefinitionNode,
        GraphQLSchema,
        OperationDefinitionNode,
        SelectionSetNode,
        TypeInfo,
        TypeNode,
        ValueNode,
        VariableDefinitionNode,
    )

    from .findings import Code

_INCREMENTAL = ("defer", "stream")


class OwnRules(Visitor):
    """Walks the documents beside graphql-core's rules and gathers `diagnostics`."""

    def __init__(
        self,
        schema: GraphQLSchema,
        type_info: TypeInfo,
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> None:
        super().__init__()
        self.diagnostics: list[Diagnostic] = []
        self._schema = schema
        self._type_info = type_info
        self._fragments = fragments
        self._variables: dict[str, TypeNode] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: object) -> None:
        kind = node.operation.value
        self._variables = {
            item.variable.name.value: item.type for item in node.variable_definitions or ()
        }
        if node.name is None:
            self._report(
                node,
                "This operation has no name, and the client's method is named after it.",
                "anonymous-operation",
            )
        if self._schema.get_root_type(node.operation) is None:
            self._report(node, f"The schema has no {kind} type.", "missing-root")
        if kind == "subscription":
            self._check_subscription(node)

    def leave_operation_definition(self, *_: object) -> None:
        self._variables = {}

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> None:
        if node.default_value:
            self._check_value(node.default_value)

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        self._check_value(node.value)

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if node.name.value in _INCREMENTAL and self._schema.get_directive(node.name.value):
            self._report(
                node,
                f"The directive `@{node.name.value}` asks for an answer in parts, which the "
                "generated clients do not read.",
                "incremental-delivery",
            )

    def enter_field(self, node: FieldNode, *_: object) -> None:
        if node.alias and node.alias.value == "__typename" != node.name.value:
            words = "The key `__typename` is for the type's name; choose another alias."
            self._report(node, words, "reserved-name")

    def _check_value(self, node: ValueNode) -> None:
        type_ = self._type_info.get_input_type()
        if type_ is None:
            return
        for misfit in misfits(node, type_, self._variables):
            self.diagnostics.append(misfit.told())

    def _check_subscription(self, node: OperationDefinitionNode) -> None:
        fields = list(self._root_fields(node.selection_set, set(), conditional=False))
        keys = {_key(field) for field, _ in fields}
        other = next((field for field, _ in fields if _key(field) != _key(fields[0][0])), None)
        if other is not None and len(keys) > 1:
            words = "A subscription selects exactly one field; this is another one."
            self._report(other, words, "invalid-subscription")
        for field, is_conditional in fields:
            if field.name.value.startswith("__"):
                words = f"A subscription cannot be to `{field.name.value}`."
                self._report(field, words, "invalid-subscription")
            if is_conditional:
                words = "The field of a subscription cannot depend on `@skip` or `@include`."
                self._report(field, words, "invalid-subscription")

    def _root_fields(
        self, node: SelectionSetNode, spread: set[str], *, conditional: bool
    ) -> Iterator[tuple[FieldNode, bool]]:
        for selection in node.selections:
            here = conditional or any(
                item.name.value in ("skip", "include") for item in selection.directives or ()
            )
            if isinstance(selection, FieldNode):
                yield selection, here
            elif isinstance(selection, InlineFragmentNode):
                yield from self._root_fields(selection.selection_set, spread, conditional=here)
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self._fragments.get(selection.name.value)
                if fragment and fragment.name.value not in spread:
                    spread.add(fragment.name.value)
                    inner = fragment.selection_set
                    yield from self._root_fields(inner, spread, conditional=here)

    def _report(
        self,
        node: FieldNode | DirectiveNode | OperationDefinitionNode,
        message: str,
        code: Code,
    ) -> None:
        self.diagnostics.append(Diagnostic(message, place_of(node), code=code))


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value
