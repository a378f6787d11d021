"""The shapes of all answers as one text, the same in every language: what fixtures are made from.

One line is one shape, named by its way through the document that asks for it:

    enum EntityKind = PERSON | ORGANIZATION
    GetEntity = Query { entity: ...EntityDetails }
    ...EntityDetails = Person: ...EntityDetails.Person | *: ...EntityDetails.Other
    ...EntityDetails.Person = Person { __typename: __typename name: String! aliases: [String!]! }

A name that begins with dots is a fragment's. Where `*` stands for a type, it is any that is not
listed. The type `__typename` is the name of the type itself, and `=false` is nothing else: there
is no page behind the one page of a fixture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .ir import Choice, ListOf, Selected, leaf_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .ir import Field, Model, Path, Program, Shape, TypeRef

_HAS_MORE = frozenset({"hasNextPage", "hasPreviousPage"})


def shape_table(program: Program) -> list[str]:
    """The lines of the text: the enums that answers hold, the operations, the fragments."""
    documents = [("", each.shapes) for each in program.operations]
    documents += [("...", each.shapes) for each in program.fragments]
    answered = {leaf_name(field.type) for _, shapes in documents for field in _fields(shapes)}
    enums = [
        f"enum {enum.name} = {' | '.join(value.name for value in enum.values)}"
        for enum in program.enums
        if enum.name in answered
    ]
    shapes = [_shape(shape, owner) for owner, shapes in documents for shape in reversed(shapes)]
    return [*enums, *shapes]


def _fields(shapes: Iterable[Shape]) -> Iterator[Field]:
    for shape in shapes:
        if not isinstance(shape, Choice):
            yield from shape.fields


def _shape(shape: Shape, owner: str) -> str:
    name = _key(shape.path, owner)
    if isinstance(shape, Choice):
        arms = [
            f"{type_}: {_key(arm.model, owner)}" for arm in shape.arms for type_ in arm.typenames
        ]
        return f"{name} = {' | '.join([*arms, f'*: {_key(shape.other, owner)}'])}"
    type_ = shape.typenames[0] if shape.typenames else shape.parent
    members = [f"...{base}" for base in shape.bases]
    members += [f"{field.key}: {_type(field, shape, owner)}" for field in shape.fields]
    return f"{name} = {type_} {{ {' '.join(members)} }}"


def _type(field: Field, model: Model, owner: str) -> str:
    if field.name == "__typename":
        return field.name
    if field.name in _HAS_MORE and model.parent == "PageInfo":
        return "=false"
    return _reference(field.type, owner)


def _reference(type_: TypeRef, owner: str) -> str:
    if isinstance(type_, ListOf):
        named = f"[{_reference(type_.item, owner)}]"
    elif isinstance(type_, Selected):
        # What stands for a whole document is another one's: a fragment that is spread alone.
        named = _key(type_.path, owner if len(type_.path) > 1 else "...")
    else:
        named = type_.name
    return named if type_.nullable else f"{named}!"


def _key(path: Path, owner: str) -> str:
    return owner + ".".join(path)
