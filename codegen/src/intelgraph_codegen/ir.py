"""What the emitters print: one schema and its operations in GraphQL's own words.

Everything is frozen and ordered as the sources order it. Names are GraphQL's; each
emitter escapes and recases them for its own language. Nothing points back at an AST,
and a model refers to another by name, never by object, so the whole is a plain value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

OperationKind: TypeAlias = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True)
class Named:
    """A reference to a type by its GraphQL name: a scalar, an enum or an input object."""

    name: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of another reference."""

    item: TypeRef
    nullable: bool


@dataclass(frozen=True, slots=True)
class Selected:
    """A reference to what a selection set selects: a model, a choice or a fragment.

    `path` is the key of an entry in `Document.shapes`.
    """

    path: Path
    nullable: bool


TypeRef: TypeAlias = Named | ListOf | Selected

Path: TypeAlias = tuple[str, ...]
"""The name of a shape before recasing: the operation's or fragment's name, then response keys,
then, for an arm, the type condition: `("GetEntity",)`, `("GetEntity", "entity", "Person")`."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A custom scalar; `specified_by` is its `@specifiedBy` address."""

    name: str
    description: str | None
    specified_by: str | None


@dataclass(frozen=True, slots=True)
class EnumValue:
    name: str
    description: str | None
    deprecated: str | None
    """The reason, or None where the value is not deprecated."""
    is_retryable: bool = False
    """Whether the SDL marks it `@retryable`; meaningful on the values of `ErrorCode`."""


@dataclass(frozen=True, slots=True)
class Enum:
    name: str
    description: str | None
    values: tuple[EnumValue, ...]


@dataclass(frozen=True, slots=True)
class InputField:
    """A field of an input object, or a variable of an operation.

    It may be left out when its type is nullable or it has a default.
    """

    name: str
    type: TypeRef
    description: str | None
    deprecated: str | None
    default: str | None
    """The default as a GraphQL literal, or None where there is none."""

    @property
    def is_required(self) -> bool:
        """Whether a caller must give it."""
        return not self.type.nullable and self.default is None


@dataclass(frozen=True, slots=True)
class InputObject:
    name: str
    description: str | None
    fields: tuple[InputField, ...]
    is_one_of: bool


@dataclass(frozen=True, slots=True)
class Argument:
    """What a field is asked with, as far as variables have a part in it."""

    name: str
    variables: tuple[str, ...]
    """All that stand anywhere in its value."""
    is_variable: bool
    """Whether its value is nothing but the one variable."""


@dataclass(frozen=True, slots=True)
class Field:
    """One response key of a selection set."""

    key: str
    """The response key: the alias, or the field's name."""
    name: str
    """The field's name in the schema; `__typename` for the meta field."""
    type: TypeRef
    description: str | None
    deprecated: str | None
    is_optional: bool
    """Whether `@skip` or `@include` may leave the key out of the response."""
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """The shape of a selection set on objects that all answer the same keys.

    `bases` are fragments whose every field is selected here, unconditionally and with no
    nested selection of its own to merge; `fields` are the ones that no base has.
    `typenames` are the concrete types an answer of this shape can come from as far as the
    schema knows; it is what the `__typename` literal of an arm lists.
    """

    path: Path
    parent: str
    """The type whose fields are selected, as the document names it."""
    description: str | None
    bases: tuple[str, ...]
    fields: tuple[Field, ...]
    typenames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arm:
    """One listed alternative of a choice: the concrete types that have this shape."""

    typenames: tuple[str, ...]
    model: Path


@dataclass(frozen=True, slots=True)
class Choice:
    """The shape of a selection set whose keys depend on the concrete type.

    Every arm selects `__typename`. `other` is the shape of any `__typename` that no arm
    lists, with the fields common to all types; it is what keeps a client alive when the
    schema grows.
    """

    path: Path
    parent: str
    description: str | None
    arms: tuple[Arm, ...]
    other: Path


Shape: TypeAlias = Model | Choice


@dataclass(frozen=True, slots=True)
class Fragment:
    """A named fragment; its own shape stands in `shapes` under `(name,)`."""

    name: str
    source: str
    """The file that holds it, as it was given on the command line."""
    description: str | None
    shapes: tuple[Shape, ...]
    """The fragment's shape last, the nested shapes it refers to before it."""


@dataclass(frozen=True, slots=True)
class Access:
    """A field on the way into a response, and the model that has it."""

    model: Path
    field: Field
    arm: Arm | None = None
    """The arm of a choice that alone has it; None where there is no choice."""


@dataclass(frozen=True, slots=True)
class Pagination:
    """How a Relay connection of an operation is read page after page."""

    variable: str
    """The variable that takes the cursor."""
    is_backward: bool
    """Whether it asks for what stands before the cursor, from the end of the list on."""
    way: tuple[Access, ...]
    """From the data to the connection, which is the last."""
    items: Access
    """The list of the connection: its `nodes`, or its `edges`."""
    node: Access | None
    """The item of an edge; None where the list holds the items themselves."""
    edge_cursor: Access | None
    """The cursor of an edge, where edges are read and it is selected."""
    page_info: Access
    has_more: Access
    """`hasNextPage`, or `hasPreviousPage`."""
    cursor: Access
    """`endCursor`, or `startCursor`."""

    @property
    def item(self) -> TypeRef:
        """The type of one item; nullable where an edge may be missing as well."""
        listed = self.items.field.type
        if not isinstance(listed, ListOf) or self.node is None:
            return listed.item if isinstance(listed, ListOf) else listed
        is_nullable = listed.item.nullable or self.node.field.type.nullable
        return replace(self.node.field.type, nullable=is_nullable)


@dataclass(frozen=True, slots=True)
class Operation:
    """A named operation with its document; its data shape stands in `shapes` under `(name,)`."""

    name: str
    kind: OperationKind
    source: str
    description: str | None
    """The document's own description or comment, else that of its only root field."""
    deprecated: str | None
    """The reason, where every root field is deprecated."""
    variables: tuple[InputField, ...]
    shapes: tuple[Shape, ...]
    """The data shape last, the nested shapes it refers to before it."""
    root: Field | None
    """The only root field, when there is exactly one and it is not optional."""
    op_id: str
    """`getEntity:v1`."""
    document: str
    """Exactly the bytes a client sends, as text."""
    document_id: str
    """`sha256:<hex>` of those bytes."""
    is_retry_safe: bool
    """A query, or a mutation whose every root field is marked `@idempotent`."""
    is_keyed: bool = False
    """A mutation that is not retry-safe, whose every other root field is marked `@keyed`."""
    pagination: Pagination | None = None
    """How it is read page after page, where it selects a connection that can be."""


@dataclass(frozen=True, slots=True)
class Guard:
    """An `@auth(abac:)` of the schema, for the server: the permission that a field asks for."""

    type: str
    field: str
    permission: str


@dataclass(frozen=True, slots=True)
class Program:
    """A whole run's input to the emitters; only what the operations use, in SDL order.

    `error_codes` is the schema's `ErrorCode` enum, or None where it has none.
    """

    scalars: tuple[Scalar, ...]
    enums: tuple[Enum, ...]
    inputs: tuple[InputObject, ...]
    fragments: tuple[Fragment, ...]
    operations: tuple[Operation, ...]
    error_codes: Enum | None


def leaf_name(type_: TypeRef) -> str:
    """The name of the scalar, enum or input at the bottom of a reference, else `""`."""
    while isinstance(type_, ListOf):
        type_ = type_.item
    return "" if isinstance(type_, Selected) else type_.name
