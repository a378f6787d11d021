"""The one normal form of a document, and the id that is made from it.

What is decided here is frozen with the first published id: which `__typename` are added,
in which order fragments follow, and which characters are printed. The printer is our own,
so that no release of a GraphQL library can change an id.
"""

# graphql-core's types refer to themselves in a way that only mypy can follow.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListTypeNode,
    ListValueNode,
    NamedTypeNode,
    NonNullTypeNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionSetNode,
    StringValueNode,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    ValueNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graphql import (
        ArgumentNode,
        DirectiveNode,
        GraphQLField,
        GraphQLObjectType,
        OperationType,
        TypeNode,
        VariableDefinitionNode,
    )

_PUNCTUATION = frozenset("!$&().:=@[]{|}")

_ESCAPES = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), *range(0x7F, 0xA0))},
    ord("\b"): "\\b",
    ord("\t"): "\\t",
    ord("\n"): "\\n",
    ord("\f"): "\\f",
    ord("\r"): "\\r",
    ord('"'): '\\"',
    ord("\\"): "\\\\",
}


class Documents:
    """Prints the documents of one validated set of operations.

    A fragment is printed once, however many operations reach it.
    """

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._printed: dict[str, _Printed] = {}

    def document(self, operation: OperationDefinitionNode) -> str:
        """The operation in normal form, its fragments behind it in order of first use."""
        printed = self._print_operation(operation)
        names = self._reached(printed.spreads)
        return printed.text + "".join(self._fragment(name).text for name in names)

    def fragments_of(self, operation: OperationDefinitionNode) -> tuple[str, ...]:
        """The names of the fragments that the operation reaches, in order of first use."""
        return self._reached(self._print_operation(operation).spreads)

    def _reached(self, spreads: Iterable[str]) -> tuple[str, ...]:
        reached: dict[str, None] = {}
        pending = list(reversed(list(spreads)))
        while pending:
            name = pending.pop()
            if name not in reached:
                reached[name] = None
                pending.extend(reversed(self._fragment(name).spreads))
        return tuple(reached)

    def _fragment(self, name: str) -> _Printed:
        if name not in self._printed:
            self._printed[name] = self._print_fragment(self._fragments[name])
        return self._printed[name]

    def _print_operation(self, node: OperationDefinitionNode) -> _Printed:
        writer = _Writer(self._schema)
        writer.write(node.operation.value)
        if node.name:
            writer.write(node.name.value)
        writer.variables(node.variable_definitions or ())
        writer.directives(node.directives or ())
        root = self._schema.get_root_type(node.operation)
        writer.selection_set(node.selection_set, root, inserts=False)
        return writer.printed()

    def _print_fragment(self, node: FragmentDefinitionNode) -> _Printed:
        writer = _Writer(self._schema)
        condition = node.type_condition.name.value
        writer.write("fragment", node.name.value, "on", condition)
        writer.directives(node.directives or ())
        parent = composite_type(self._schema, condition)
        writer.selection_set(node.selection_set, parent, inserts=True)
        return writer.printed()


def name_of(node: OperationDefinitionNode) -> str:
    """The name of an operation; empty where it has none, which validation refuses."""
    return node.name.value if node.name else ""


def known_type(schema: GraphQLSchema, name: str) -> GraphQLCompositeType:
    """The object, interface or union of a name that validation has seen."""
    found = composite_type(schema, name)
    if found is None:
        raise LookupError(name)
    return found


def known_root(schema: GraphQLSchema, operation: OperationType) -> GraphQLObjectType:
    """The type at which a validated operation starts."""
    found = schema.get_root_type(operation)
    if found is None:
        raise LookupError(operation)
    return found


def composite_type(schema: GraphQLSchema, name: str) -> GraphQLCompositeType | None:
    """The object, interface or union of that name."""
    found = schema.type_map.get(name)
    return found if is_composite_type(found) else None


def field_of(
    schema: GraphQLSchema, parent: GraphQLCompositeType | None, name: str
) -> GraphQLField | None:
    """The definition of a field as it may be selected on `parent`, the meta fields included."""
    if name == "__typename":
        return TypeNameMetaFieldDef
    if parent is schema.query_type and name == "__schema":
        return SchemaMetaFieldDef
    if parent is schema.query_type and name == "__type":
        return TypeMetaFieldDef
    fields: Mapping[str, GraphQLField] = getattr(parent, "fields", {})
    return fields.get(name)


def known_field(schema: GraphQLSchema, parent: GraphQLCompositeType, name: str) -> GraphQLField:
    """The definition of a field that validation has seen."""
    found = field_of(schema, parent, name)
    if found is None:
        raise LookupError(name)
    return found


def needs_typename(node: SelectionSetNode, parent: GraphQLCompositeType | None) -> bool:
    """Whether the normal form inserts `__typename` into a field's or fragment's selection set.

    One that `@skip` or `@include` may leave out does not count as being there.
    """
    return is_abstract_type(parent) and not any(map(is_plain_typename, node.selections))


def is_plain_typename(node: object) -> bool:
    """Whether it selects `__typename` under its own name, always."""
    return (
        isinstance(node, FieldNode)
        and node.name.value == "__typename"
        and not node.alias
        and not node.directives
    )


def print_value(node: ValueNode) -> str:
    """A literal in normal form."""
    return _join(_value(node))


@dataclass(frozen=True, slots=True)
class _Printed:
    text: str
    spreads: tuple[str, ...]


class _Writer:
    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._tokens: list[str] = []
        self._spreads: dict[str, None] = {}

    def printed(self) -> _Printed:
        return _Printed(_join(self._tokens), tuple(self._spreads))

    def write(self, *tokens: str) -> None:
        self._tokens.extend(tokens)

    def variables(self, nodes: Iterable[VariableDefinitionNode]) -> None:
        definitions = tuple(nodes)
        if not definitions:
            return
        self.write("(")
        for node in definitions:
            self.write("$", node.variable.name.value, ":", *_type(node.type))
            if node.default_value:
                self.write("=", *_value(node.default_value))
            self.directives(node.directives or ())
        self.write(")")

    def directives(self, nodes: Iterable[DirectiveNode]) -> None:
        for node in nodes:
            self.write("@", node.name.value)
            self._arguments(node.arguments or ())

    def selection_set(
        self, node: SelectionSetNode, parent: GraphQLCompositeType | None, *, inserts: bool
    ) -> None:
        self.write("{")
        if inserts and needs_typename(node, parent):
            self.write("__typename")
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                self._field(selection, parent)
            elif isinstance(selection, FragmentSpreadNode):
                self._spreads[selection.name.value] = None
                self.write("...", selection.name.value)
                self.directives(selection.directives or ())
            elif isinstance(selection, InlineFragmentNode):
                self._inline_fragment(selection, parent)
        self.write("}")

    def _inline_fragment(
        self, node: InlineFragmentNode, parent: GraphQLCompositeType | None
    ) -> None:
        self.write("...")
        if node.type_condition:
            self.write("on", node.type_condition.name.value)
            parent = composite_type(self._schema, node.type_condition.name.value)
        self.directives(node.directives or ())
        self.selection_set(node.selection_set, parent, inserts=False)

    def _field(self, node: FieldNode, parent: GraphQLCompositeType | None) -> None:
        if node.alias:
            self.write(node.alias.value, ":")
        self.write(node.name.value)
        self._arguments(node.arguments or ())
        self.directives(node.directives or ())
        if node.selection_set:
            field = field_of(self._schema, parent, node.name.value)
            inner = get_named_type(field.type) if field else None
            inner_parent = inner if is_composite_type(inner) else None
            self.selection_set(node.selection_set, inner_parent, inserts=True)

    def _arguments(self, nodes: Iterable[ArgumentNode]) -> None:
        arguments = tuple(nodes)
        if not arguments:
            return
        self.write("(")
        for node in arguments:
            self.write(node.name.value, ":", *_value(node.value))
        self.write(")")


def _type(node: TypeNode) -> Iterator[str]:
    if isinstance(node, NonNullTypeNode):
        yield from _type(node.type)
        yield "!"
    elif isinstance(node, ListTypeNode):
        yield "["
        yield from _type(node.type)
        yield "]"
    elif isinstance(node, NamedTypeNode):
        yield node.name.value


def _value(node: ValueNode) -> Iterator[str]:
    match node:
        case VariableNode():
            yield "$"
            yield node.name.value
        case IntValueNode() | FloatValueNode() | EnumValueNode():
            yield node.value
        case StringValueNode():
            yield f'"{node.value.translate(_ESCAPES)}"'
        case BooleanValueNode():
            yield "true" if node.value else "false"
        case NullValueNode():
            yield "null"
        case ListValueNode():
            yield "["
            for item in node.values or ():
                yield from _value(item)
            yield "]"
        case ObjectValueNode():
            yield "{"
            for field in node.fields or ():
                yield field.name.value
                yield ":"
                yield from _value(field.value)
            yield "}"
        case _:
            raise TypeError(node)


def _join(tokens: Iterable[str]) -> str:
    """The tokens with a space only where two would run together otherwise.

    A spread needs one too: `1...` would start like a number with a fraction.
    """
    parts: list[str] = []
    after_word = False
    for part in tokens:
        is_word = part[0] not in _PUNCTUATION
        if after_word and (is_word or part == "..."):
            parts.append(" ")
        parts.append(part)
        after_word = is_word
    return "".join(parts)
