"""Gives the nested selections of one document their names and lays them out as shapes.

A shape is named by its path of response keys. Two paths of a document may still read the
same once they are written as one word (`a.bC` and `aB.c`), or like the name of an enum
that stands in the same file; then the later one takes a number, here and for all
languages alike.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .ir import Arm, Choice, Field, ListOf, Model, Selected, leaf_name
from .selection import ChoiceTree, ModelTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .ir import Path, Shape, TypeRef
    from .selection import FieldTree, Selections, Tree

OTHER = "Other"
"""The last part of the path of a choice's shape for typenames that no arm lists."""


class Shapes:
    """Lays out the shapes of one document."""

    def __init__(self, selections: Selections, reserved: Iterable[str]) -> None:
        self._selections = selections
        self._taken = {_folded((name,)) for name in reserved}
        self._shapes: list[Shape] = []

    def lay_out(self, tree: Tree, name: str) -> tuple[Shape, ...]:
        """The shapes of the whole document, the outermost last under `(name,)`."""
        self._taken.discard(_folded((name,)))
        self._add(tree, (name,))
        return tuple(self._shapes)

    def _add(self, tree: Tree, wanted: Path) -> Path:
        path = self._claim(wanted)
        if isinstance(tree, ChoiceTree):
            arms = tuple(
                Arm(arm.model.typenames, self._add(arm.model, (*path, arm.name)))
                for arm in tree.arms
            )
            other = self._add(tree.other, (*path, OTHER))
            self._shapes.append(Choice(path, tree.parent, tree.description, arms, other))
        else:
            self._shapes.append(self._model(tree, path))
        return path

    def _model(self, tree: ModelTree, path: Path) -> Model:
        inherited = {key for base in tree.bases for key in self._keys(base)} - {"__typename"}
        return Model(
            path=path,
            parent=tree.parent,
            description=tree.description,
            bases=tree.bases,
            fields=tuple(
                self._field(item, path) for item in tree.fields if item.key not in inherited
            ),
            typenames=tree.typenames,
        )

    def _keys(self, fragment: str) -> Iterator[str]:
        tree = self._selections.fragment(fragment)
        if isinstance(tree, ModelTree):
            yield from (item.key for item in tree.fields)

    def _field(self, tree: FieldTree, path: Path) -> Field:
        type_ = tree.type
        if isinstance(tree.child, str):
            type_ = _resolved(type_, (tree.child,))
        elif tree.child is not None:
            type_ = _resolved(type_, self._add(tree.child, (*path, tree.key)))
        return Field(
            key=tree.key,
            name=tree.name,
            type=type_,
            description=tree.description,
            deprecated=tree.deprecated,
            is_optional=tree.is_optional,
            arguments=tree.arguments,
        )

    def _claim(self, wanted: Path) -> Path:
        path, number = wanted, 1
        while _folded(path) in self._taken:
            number += 1
            path = (*wanted[:-1], f"{wanted[-1]}{number}")
        self._taken.add(_folded(path))
        return path


def names_in(tree: Tree) -> Iterator[str]:
    """The enums, scalars and fragments that the shapes of a tree mention, with repetitions."""
    if isinstance(tree, ChoiceTree):
        for model in (*(arm.model for arm in tree.arms), tree.other):
            yield from names_in(model)
        return
    yield from tree.bases
    for item in tree.fields:
        if isinstance(item.child, str):
            yield item.child
        elif item.child is not None:
            yield from names_in(item.child)
        else:
            yield leaf_name(item.type)


def _resolved(type_: TypeRef, path: Path) -> TypeRef:
    if isinstance(type_, ListOf):
        return replace(type_, item=_resolved(type_.item, path))
    return replace(type_, path=path) if isinstance(type_, Selected) else type_


def _folded(path: Path) -> str:
    return "".join(part.replace("_", "") for part in path).lower()
