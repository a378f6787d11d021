"""The normal form of documents (decision 5), so that ids are those of `intelgraph-codegen`.

The rules stand in that package, which this one may not import; that both print the same is
tested on every schema at hand.
"""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NameNode,
    SelectionSetNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    is_abstract_type,
    print_ast,
    strip_ignored_characters,
    visit,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import DocumentNode, GraphQLSchema, Node, OperationDefinitionNode


class MissingFragmentError(LookupError):
    """A document spreads a fragment that it does not hold."""

    def __init__(self, fragment: str, operation: str) -> None:
        super().__init__(f"The document of {operation} does not hold the fragment {fragment}.")
        self.fragment = fragment
        self.operation = operation


def normal_form(
    document: DocumentNode, operation: OperationDefinitionNode, schema: GraphQLSchema | None
) -> str:
    """An operation of a document and its fragments, without a needless character.

    A schema adds each `__typename` that the form needs; what the document lacks raises
    MissingFragmentError.
    """
    definitions = document.definitions
    fragments = {
        node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)
    }
    reached = [fragments[name] for name in _reached(operation, fragments)]
    return "".join(_text(node, schema) for node in (operation, *reached))


def _text(node: Node, schema: GraphQLSchema | None) -> str:
    plain: Node = visit(node, _PlainStrings())
    if schema is not None:
        info = TypeInfo(schema)
        plain = visit(plain, TypeInfoVisitor(info, _Typenames(info)))
    return strip_ignored_characters(print_ast(plain))


class _PlainStrings(Visitor):
    def enter_string_value(self, node: StringValueNode, *_rest: object) -> StringValueNode | None:
        return StringValueNode(value=node.value, block=False) if node.block else None


class _Typenames(Visitor):
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


def _is_plain_typename(node: object) -> bool:
    return (
        isinstance(node, FieldNode)
        and node.name.value == "__typename"
        and not node.alias
        and not node.directives
    )


def _reached(
    operation: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
) -> list[str]:
    """The names of all fragments that the operation reaches, in order of first use."""
    reached: dict[str, None] = {}

    def follow(node: SelectionSetNode) -> None:
        for name in _spreads(node):
            if name not in fragments:
                raise MissingFragmentError(name, operation.name.value if operation.name else "")
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
