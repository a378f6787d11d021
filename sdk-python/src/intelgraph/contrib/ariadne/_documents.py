"""The normal form of documents (decision 5), so that ids are those of `intelgraph-codegen`.

The rules stand in that package, which this one may not import; that both print the same is
tested on every schema at hand.
"""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    is_abstract_type,
    parse,
    print_ast,
    strip_ignored_characters,
    visit,
)

from intelgraph._errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import GraphQLSchema, Node


def normal_form(schema: GraphQLSchema, document: str) -> str:
    """One operation and its fragments: no needless character, and each `__typename` it needs."""
    info = TypeInfo(schema)
    tree = visit(parse(document, no_location=True), TypeInfoVisitor(info, _Normal(info)))
    definitions = tree.definitions
    fragments = {
        node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)
    }
    operation = next(node for node in definitions if isinstance(node, OperationDefinitionNode))
    texts = [_text(operation)]
    texts += [_text(fragments[name]) for name in _reached(operation, fragments)]
    return "".join(texts)


class _Normal(Visitor):
    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info

    def enter_selection_set(
        self, node: SelectionSetNode, _key: object, parent: Node | None, *_rest: object
    ) -> SelectionSetNode | None:
        is_place = isinstance(parent, (FieldNode, FragmentDefinitionNode))
        if not is_place or not is_abstract_type(self._info.get_parent_type()):
            return None
        if any(map(_is_plain_typename, node.selections)):
            return None
        typename = FieldNode(name=NameNode(value="__typename"), arguments=(), directives=())
        return SelectionSetNode(selections=(typename, *node.selections))

    def enter_string_value(self, node: StringValueNode, *_rest: object) -> StringValueNode | None:
        return StringValueNode(value=node.value, block=False) if node.block else None


def _is_plain_typename(node: object) -> bool:
    return (
        isinstance(node, FieldNode)
        and node.name.value == "__typename"
        and not node.alias
        and not node.directives
    )


def _text(node: Node) -> str:
    return strip_ignored_characters(print_ast(node))


def _reached(operation: OperationDefinitionNode, fragments: dict[str, Any]) -> list[str]:
    """The names of all fragments that the operation reaches, in order of first use."""
    reached: dict[str, None] = {}

    def follow(node: SelectionSetNode) -> None:
        for name in _spreads(node):
            if name not in fragments:
                raise ConfigurationError(_incomplete(name, operation))
            if name not in reached:
                reached[name] = None
                follow(fragments[name].selection_set)

    follow(operation.selection_set)
    return list(reached)


def _spreads(node: SelectionSetNode) -> Iterator[str]:
    for selection in node.selections:
        if isinstance(selection, FragmentSpreadNode):
            yield selection.name.value
        elif isinstance(selection, (FieldNode, InlineFragmentNode)) and selection.selection_set:
            yield from _spreads(selection.selection_set)


def _incomplete(fragment: str, operation: OperationDefinitionNode) -> str:
    name = operation.name.value if operation.name else ""
    return (
        f"ariadne-codegen leaves the fragment {fragment} out of the document of {name}, as it does "
        "where a field is selected twice. Select that field once, with all that is wanted of it."
    )
