"""Gathers changes: the words and places that all comparisons share."""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from graphql import print_ast

from intelgraph_codegen.places import place_of

from .change import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import Node

_Item = TypeVar("_Item")

_TOLD_OTHERWISE = frozenset({"deprecated", "specifiedBy", "oneOf"})


class Described(Protocol):
    """What most parts of a schema are."""

    description: str | None


@dataclass(slots=True)
class Differ:
    """The changes found so far."""

    changes: list[Change] = field(default_factory=list[Change])

    def add(self, kind: str, coordinate: str, message: str, item: object, *touches: str) -> None:
        """Add a change of a part of the schema, which says where it stands."""
        node: Node | None = getattr(item, "ast_node", None)
        place = place_of(node) if node else None
        self.changes.append(Change(kind, coordinate, message, place, frozenset(touches)))

    def words(self, coordinate: str, old: Described, new: Described, *touches: str) -> None:
        """Compare what a part says of itself: description, deprecation, applied directives."""
        if old.description != new.description:
            message = f"The description of `{coordinate}` changed."
            self.add("description-changed", coordinate, message, new)
        before, after = (getattr(item, "deprecation_reason", None) for item in (old, new))
        if before is None and after is not None:
            message = f"`{coordinate}` is deprecated: {after}"
            self.add("deprecation-added", coordinate, message, new, *touches)
        elif after is None and before is not None:
            message = f"`{coordinate}` is no longer deprecated."
            self.add("deprecation-removed", coordinate, message, new, *touches)
        elif before != after:
            message = f"`{coordinate}` is deprecated for another reason: {after}"
            self.add("deprecation-reason-changed", coordinate, message, new)
        self._applied(coordinate, old, new, touches)

    def _applied(self, coordinate: str, old: object, new: object, touches: tuple[str, ...]) -> None:
        before, after = dict.fromkeys(_applied(old)), dict.fromkeys(_applied(new))
        for text in before:
            if text not in after:
                message = f"`{coordinate}` is no longer marked `{text}`."
                self.add("applied-directive-removed", coordinate, message, new, *touches)
        for text in after:
            if text not in before:
                message = f"`{coordinate}` is now marked `{text}`."
                self.add("applied-directive-added", coordinate, message, new, *touches)


def pairs(
    old: Mapping[str, _Item], new: Mapping[str, _Item]
) -> Iterator[tuple[str, _Item | None, _Item | None]]:
    """Each name with what it was and is, in the old order and then the new."""
    for name in dict.fromkeys((*old, *new)):
        yield name, old.get(name), new.get(name)


def _applied(item: object) -> Iterator[str]:
    nodes = [getattr(item, "ast_node", None), *(getattr(item, "extension_ast_nodes", None) or ())]
    for node in nodes:
        for directive in getattr(node, "directives", None) or ():
            if directive.name.value not in _TOLD_OTHERWISE:
                yield print_ast(directive)
