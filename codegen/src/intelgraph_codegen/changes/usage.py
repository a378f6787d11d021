"""What each operation uses of a schema, in the words in which changes say what they touch.

Names of types, `Type.field`, `Type.field(argument:)`, `Input.field`, `@directive`, and
`fragment Name`; and the kind of the operation, which stands for its root.
"""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLInputObjectType,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    type_from_ast,
    visit,
)

from intelgraph_codegen.documents import name_of
from intelgraph_codegen.places import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphql import (
        DirectiveNode,
        FieldNode,
        FragmentDefinitionNode,
        FragmentSpreadNode,
        GraphQLNamedType,
        GraphQLSchema,
        InlineFragmentNode,
        ObjectFieldNode,
        VariableDefinitionNode,
    )

    from intelgraph_codegen.errors import Place
    from intelgraph_codegen.load import Loaded

    from .change import Change


@dataclass(frozen=True, slots=True)
class Use:
    """What one operation uses, and where it stands."""

    name: str
    place: Place | None
    uses: frozenset[str]


def uses_of(loaded: Loaded, schema: GraphQLSchema) -> tuple[Use, ...]:
    """The uses of every operation, those of the fragments that it spreads included."""
    own = {name_of(node): _seen(node, schema) for node in loaded.operations}
    own |= {node.name.value: _seen(node, schema) for node in loaded.fragments}
    fragments = {node.name.value for node in loaded.fragments}
    return tuple(
        Use(name_of(node), place_of(node), frozenset(_closure(name_of(node), own, fragments)))
        for node in loaded.operations
    )


def affected(change: Change, uses: Iterable[Use]) -> list[Use]:
    """The operations that a change concerns."""
    return [use for use in uses if not change.touches.isdisjoint(use.uses)]


def _closure(name: str, own: dict[str, set[str]], fragments: set[str]) -> set[str]:
    found, waiting, done = set[str](), [name], set[str]()
    while waiting:
        current = waiting.pop()
        if current not in done:
            done.add(current)
            found |= own[current]
            spread = (item.removeprefix("fragment ") for item in own[current] if " " in item)
            waiting += [item for item in spread if item in fragments]
    return found | {f"operation {name}"}


def _seen(
    node: OperationDefinitionNode | FragmentDefinitionNode, schema: GraphQLSchema
) -> set[str]:
    info = TypeInfo(schema)
    seen = _Seen(info, schema)
    visit(node, TypeInfoVisitor(info, seen))
    if isinstance(node, OperationDefinitionNode):
        seen.found.add(node.operation.value)
    return seen.found


class _Seen(Visitor):
    def __init__(self, info: TypeInfo, schema: GraphQLSchema) -> None:
        super().__init__()
        self._info = info
        self._schema = schema
        self.found: set[str] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self._info.get_parent_type()
        known = self._info.get_field_def()
        if parent and known and not node.name.value.startswith("__"):
            self.found |= {parent.name, f"{parent.name}.{node.name.value}"}
            self.found.add(get_named_type(known.type).name)
            for argument in node.arguments or ():
                coordinate = f"{parent.name}.{node.name.value}({argument.name.value}:)"
                self.found.add(coordinate)
                self.found.add(get_named_type(known.args[argument.name.value].type).name)

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        # The stack's last is the field's own type; the object is what holds it.
        parent = get_named_type(self._info.get_parent_input_type())
        if parent:
            self.found |= {parent.name, f"{parent.name}.{node.name.value}"}
        own = get_named_type(self._info.get_input_type())
        if own:
            self.found.add(own.name)

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        type_ = get_named_type(type_from_ast(self._schema, node.type))
        if type_:
            self.found |= set(_reached(type_))

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> None:
        if node.type_condition:
            self.found.add(node.type_condition.name.value)

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: Any) -> None:
        self.found.add(node.type_condition.name.value)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self.found.add(f"fragment {node.name.value}")

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        self.found.add(f"@{node.name.value}")


def _reached(start: GraphQLNamedType) -> Iterator[str]:
    """The input and all that a value of it may hold: a variable may hold any of it."""
    waiting, done = [start], set[str]()
    while waiting:
        type_ = waiting.pop()
        if type_.name in done:
            continue
        done.add(type_.name)
        yield type_.name
        if isinstance(type_, GraphQLInputObjectType):
            for name, item in type_.fields.items():
                yield f"{type_.name}.{name}"
                waiting.append(get_named_type(item.type))
