"""Where a node stands in the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    NamedTypeNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
)

from .errors import Place, place_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphql import DefinitionNode, Node

    from .errors import Diagnostic


def place_of(node: Node) -> Place | None:
    """The place to point at for a node: its name, where it has one."""
    named = _pointed(node)
    if named.loc is None:
        return None
    source = named.loc.source
    end = named.loc.end
    if isinstance(named, SelectionSetNode | OperationDefinitionNode):
        # An anonymous operation or a selection set is shown by its first token.
        end = named.loc.start_token.end
    return place_at(source.name, source.body, named.loc.start, end)


def in_order(
    diagnostics: Iterable[Diagnostic], definitions: Sequence[DefinitionNode]
) -> list[Diagnostic]:
    """The findings as their places follow one another in the files."""
    paths = (node.loc.source.name for node in definitions if node.loc)
    order = {path: index for index, path in enumerate(dict.fromkeys(paths))}
    return sorted(diagnostics, key=lambda item: _position(item.place, order))


def _position(place: Place | None, order: Mapping[str, int]) -> tuple[int, int, int]:
    return (order.get(place.path, -1), place.line, place.column) if place else (-1, 0, 0)


def _pointed(node: Node) -> Node:
    if isinstance(node, VariableDefinitionNode):
        return node.variable
    if isinstance(node, NamedTypeNode | VariableNode):
        return node
    name: Node | None = getattr(node, "name", None)
    return name or node
