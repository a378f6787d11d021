"""Places in an answer, and how a newer or a broken server would answer differently there."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from intelgraph_codegen.ir import Choice, ListOf, Model, Named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corpora import Call

    from intelgraph_codegen.ir import Path as ShapePath
    from intelgraph_codegen.ir import Program, Shape, TypeRef

ResponsePath: TypeAlias = tuple[str | int, ...]

WRONG: Mapping[str, object] = {
    "Boolean": "true",
    "Float": "1.5",
    "ID": 7,
    "Int": "7",
    "String": {"text": "text"},
}
ABSENT = object()


@dataclass(frozen=True, slots=True)
class Mutation:
    """Another value at a path of an answer."""

    path: ResponsePath
    value: object
    kept: object = None
    """What of a value that a newer server adds to is read."""
    blamed: ResponsePath = ()
    """The path that the error for a wrong value names."""

    def applied(self, answer: dict[str, Any], value: object) -> dict[str, Any]:
        changed = copy.deepcopy(answer)
        *way, last = self.path
        inside: Any = changed
        for step in way:
            inside = inside[step]
        if value is ABSENT:
            del inside[last]
        else:
            inside[last] = value
        return changed


class Mutations:
    """What servers newer than a program, and broken ones, may answer."""

    def __init__(self, program: Program) -> None:
        self._enums = {each.name for each in program.enums}
        self._fragments = {
            each.name: {shape.path: shape for shape in each.shapes} for each in program.fragments
        }

    def newer(self, call: Call) -> Iterator[Mutation]:
        """Answers with members, types and fields that the schema did not have."""
        for place in self._places(call):
            value = place.value
            if isinstance(place.type, Named) and place.type.name in self._enums:
                yield Mutation(place.path, "BRAND_NEW", "BRAND_NEW")
            if isinstance(value, dict) and place.shape is not None:
                yield Mutation(place.path, value | {"brandNew": [{"any": 1}]}, value)
            if isinstance(place.shape, Choice):
                common = self._read(value, place.shapes[place.shape.other], place.shapes)
                unlisted = common | {"__typename": "BrandNew"}
                yield Mutation(place.path, unlisted, unlisted)

    def broken(self, call: Call) -> Iterator[Mutation]:
        """Answers that lack what was asked for, or have it of another type."""
        for place in self._places(call):
            path = place.path
            if isinstance(path[-1], str) and not place.is_optional:
                # Which type an object has is asked of the whole object.
                is_tag = path[-1] == "__typename" and place.is_in_choice
                yield Mutation(path, ABSENT, blamed=path[:-1] if is_tag else path)
            if place.is_in_choice and path[-1] == "__typename":
                continue
            wrong = self._wrong(place.type)
            may_be_anything = isinstance(place.type, Named) and wrong is ABSENT
            if not place.type.nullable and not place.is_optional and not may_be_anything:
                yield Mutation(path, None, blamed=path)
            if isinstance(place.type, Named):
                if not may_be_anything and path[-1] != "__typename":
                    yield Mutation(path, wrong, blamed=path)
            elif place.value is not None:
                yield Mutation(path, "text", blamed=path)

    def _wrong(self, type_: TypeRef) -> object:
        """What no value of a leaf is, or ABSENT where it may be anything."""
        if not isinstance(type_, Named):
            return ABSENT
        return 7 if type_.name in self._enums else WRONG.get(type_.name, ABSENT)

    def _places(self, call: Call) -> Iterator[_Place]:
        shapes = {shape.path: shape for shape in call.operation.shapes}
        yield from self._inside(call.answers[0], call.operation.shapes[-1], shapes, ())

    def _inside(
        self,
        value: dict[str, Any],
        shape: Shape,
        shapes: Mapping[ShapePath, Shape],
        path: ResponsePath,
        *,
        is_in_choice: bool = False,
    ) -> Iterator[_Place]:
        if isinstance(shape, Choice):
            arms = {name: arm.model for arm in shape.arms for name in arm.typenames}
            arm = shapes[arms.get(value["__typename"], shape.other)]
            yield from self._inside(value, arm, shapes, path, is_in_choice=True)
            return
        for field, theirs in self._fields(shape, shapes):
            if field.key in value:
                place = _Place(
                    (*path, field.key),
                    value[field.key],
                    field.type,
                    theirs,
                    is_optional=field.is_optional,
                    is_in_choice=is_in_choice,
                )
                yield from self._at(place)

    def _at(self, place: _Place) -> Iterator[_Place]:
        value, type_, shapes = place.value, place.type, place.shapes
        if isinstance(type_, ListOf):
            yield place
            for index, item in enumerate(value or ()):
                yield from self._at(_Place((*place.path, index), item, type_.item, shapes))
        elif isinstance(type_, Named) or value is None:
            yield place
        else:
            if len(type_.path) == 1:
                shapes = self._fragments[type_.path[0]]
            shape = shapes[type_.path]
            yield _Place(place.path, value, type_, shapes, shape, is_optional=place.is_optional)
            yield from self._inside(value, shape, shapes, place.path)

    def _fields(self, model: Model, shapes: Mapping[ShapePath, Shape]) -> Iterator[Any]:
        for base in model.bases:
            theirs = self._fragments[base]
            root = theirs[base,]
            assert isinstance(root, Model)
            yield from self._fields(root, theirs)
        yield from ((field, shapes) for field in model.fields)

    def _read(
        self, value: dict[str, Any], shape: Shape, shapes: Mapping[ShapePath, Shape]
    ) -> dict[str, Any]:
        """What a shape reads of an object that may have more."""
        if isinstance(shape, Choice):
            arms = {name: arm.model for arm in shape.arms for name in arm.typenames}
            return self._read(value, shapes[arms.get(value["__typename"], shape.other)], shapes)
        fields = {field.key: (field.type, theirs) for field, theirs in self._fields(shape, shapes)}
        return {
            key: self._read_value(item, *fields[key])
            for key, item in value.items()
            if key in fields
        }

    def _read_value(self, value: Any, type_: TypeRef, shapes: Mapping[ShapePath, Shape]) -> Any:
        if value is None or isinstance(type_, Named):
            return value
        if isinstance(type_, ListOf):
            return [self._read_value(item, type_.item, shapes) for item in value]
        if len(type_.path) == 1:
            shapes = self._fragments[type_.path[0]]
        return self._read(value, shapes[type_.path], shapes)


@dataclass(frozen=True, slots=True)
class _Place:
    path: ResponsePath
    value: Any
    type: TypeRef
    shapes: Mapping[ShapePath, Shape]
    shape: Shape | None = None
    is_optional: bool = False
    is_in_choice: bool = False
