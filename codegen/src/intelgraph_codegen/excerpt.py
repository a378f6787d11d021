"""The part of a schema that some documents reach, as SDL of its own.

A type of which fields are selected has these fields and no others; one that is only mentioned
has none; inputs, enums and unions are whole. So the excerpt is no valid schema, but whatever is
said of the documents with it is what the whole schema would say.
"""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    ListTypeNode,
    NonNullTypeNode,
    OperationDefinitionNode,
)

from .outline import named
from .types import ERROR_CODES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import DefinitionNode, NamedTypeNode, SelectionSetNode, TypeNode

    from .outline import Member, Part
    from .sound import Types

_COMPOSITE = frozenset({"type", "interface", "union"})


def excerpt(types: Types, definitions: Iterable[DefinitionNode]) -> str | None:
    """What `definitions` need of the schema; None where they ask for what it does not have."""
    reach = _Reach(types)
    try:
        reach.documents(definitions)
        reach.close()
    except LookupError:
        return None
    return reach.text()


class _Reach:
    """What was reached so far; raises `LookupError` for what there is not."""

    def __init__(self, types: Types) -> None:
        self._types = types
        self._fields: dict[str, dict[str, None]] = {}
        """The selected fields of objects and interfaces."""
        self._mentioned: dict[str, None] = {}
        self._pending: list[str] = []

    def documents(self, definitions: Iterable[DefinitionNode]) -> None:
        """Follow operations and fragments."""
        for node in definitions:
            if isinstance(node, FragmentDefinitionNode):
                self._select(node.selection_set, node.type_condition.name.value)
            elif isinstance(node, OperationDefinitionNode):
                for item in node.variable_definitions or ():
                    self._mention(_name_of(item.type))
                self._select(node.selection_set, self._types.roots[node.operation.value])

    def close(self) -> None:
        """Add what the parts of the schema that were reached speak of themselves."""
        types = self._types
        for name in [name for name in self._fields if types.kinds[name] == "interface"]:
            self._share(name)
        for name in types.roots.values():
            self._mention(name)
        for directive in types.outline.directives:
            self._inputs(directive.arguments)
        self._literals()
        if ERROR_CODES in types.kinds:
            self._mention(ERROR_CODES)
        while self._pending:
            self._speak(self._pending.pop())

    def text(self) -> str:
        """The definitions that were reached, in the schema's order."""
        outline = self._types.outline
        parts = (self._part(part) for part in outline.parts if part.name in self._mentioned)
        return outline.restored("\n".join([*outline.whole, *parts]))

    def _select(self, node: SelectionSetNode, parent: str) -> None:
        self._choose(parent)
        chosen = self._fields[parent]
        known = self._types.members[parent]
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                name = selection.name.value
                if name.startswith("__"):
                    continue
                field = known[name]
                chosen[name] = None
                if selection.selection_set:
                    self._select(selection.selection_set, named(field.type))
            elif isinstance(selection, InlineFragmentNode):
                on = selection.type_condition
                self._select(selection.selection_set, on.name.value if on else parent)

    def _choose(self, name: str) -> None:
        if name not in self._fields:
            if self._types.kinds[name] not in _COMPOSITE:
                raise LookupError(name)
            self._fields[name] = {}
            self._mention(name)

    def _share(self, interface: str) -> None:
        """Add an interface's selected fields to the types that may tell more of them."""
        fields = self._fields[interface]
        for name in (*self._types.implementers.get(interface, ()), *self._fields):
            own = self._types.members[name]
            chosen = self._fields.setdefault(name, {})
            chosen.update((field, None) for field in fields if field in own)

    def _literals(self) -> None:
        """Mention what is needed to judge the defaults of all arguments."""
        for item in self._types.inputs():
            if item.default is not None:
                self._mention(named(item.type))

    def _mention(self, name: str) -> None:
        if name not in self._mentioned:
            self._mentioned[name] = None
            self._pending.append(name)

    def _speak(self, name: str) -> None:
        types = self._types
        kind = types.kinds[name]
        for other in types.names.get(name, ()):
            self._mention(other)
        if kind == "input":
            self._inputs(types.members[name].values())
        elif kind == "interface" and name in self._fields:
            for other in types.implementers.get(name, ()):
                self._mention(other)
        for field in self._fields.get(name, ()):
            member = types.members[name][field]
            self._mention(named(member.type))
            self._inputs(member.arguments)

    def _inputs(self, items: Iterable[Member]) -> None:
        for item in items:
            self._mention(named(item.type))

    def _part(self, part: Part) -> str:
        text = part.text.short
        if part.kind not in ("type", "interface", "input"):
            return text[part.start : part.end]
        head = text[part.start : part.body].rstrip(" \t\n\r,{")
        members = self._types.members[part.name]
        chosen = members if part.kind == "input" else self._fields.get(part.name, {})
        kept = [item for item in part.members if item.name in chosen and members[item.name] is item]
        if kept:
            return "".join([head, "{", *(text[item.start : item.end] for item in kept), "}"])
        is_empty_extension = part.is_extension and not (part.names or part.directives)
        return "" if is_empty_extension else head


def _name_of(node: TypeNode) -> str:
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    return cast("NamedTypeNode", node).name.value
