"""Compares what two programs let their users read: the shapes of operations and fragments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from intelgraph_codegen.ir import Choice, ListOf, Model, Named, Selected

from .change import Change
from .differ import pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intelgraph_codegen.errors import Place
    from intelgraph_codegen.ir import Field, Path, Program, Shape, TypeRef


@dataclass(slots=True)
class Results:
    """Walks two programs' shapes side by side."""

    old: Mapping[Path, Shape]
    new: Mapping[Path, Shape]
    changes: list[Change] = field(default_factory=list[Change])
    _place: Place | None = None
    _touches: frozenset[str] = frozenset()

    @classmethod
    def of(cls, old: Program, new: Program) -> Results:
        return cls(_shapes(old), _shapes(new))

    def about(self, place: Place | None, *touches: str) -> None:
        """Say where what is compared next stands, and who uses it."""
        self._place, self._touches = place, frozenset(touches)

    def compare(self, name: str) -> None:
        """Add the changes of the shape of an operation or a fragment."""
        self._shape((name,), (name,), name)

    def add(self, kind: str, coordinate: str, message: str) -> None:
        self.changes.append(Change(kind, coordinate, message, self._place, self._touches))

    def _shape(self, old: Path, new: Path, shown: str) -> None:
        before, after = self.old[old], self.new[new]
        if isinstance(before, Choice) and isinstance(after, Choice):
            self._choice(before, after, shown)
        elif isinstance(before, Model) and isinstance(after, Model):
            self._model(before, after, shown)
        else:
            states = {True: "one of several types", False: "one type"}
            was, is_now = (states[isinstance(item, Choice)] for item in (before, after))
            message = f"`{shown}` was {was} and is {is_now}."
            self.add("result-key-type-changed", shown, message)

    def _choice(self, old: Choice, new: Choice, shown: str) -> None:
        before, after = (
            {name: arm.model for arm in item.arms for name in arm.typenames} for item in (old, new)
        )
        compared: set[tuple[Path, Path]] = set()
        for name, was, is_now in pairs(before, after):
            if was is None or is_now is None:
                done = "removed" if is_now is None else "added"
                state = "no longer has" if is_now is None else "has"
                message = f"`{shown}` {state} an arm `{name}`."
                self.add(f"result-arm-{done}", f"{shown}.{name}", message)
            elif (was, is_now) not in compared:
                compared.add((was, is_now))
                self._shape(was, is_now, f"{shown}.{name}")
        self._shape(old.other, new.other, f"{shown} of any other type")

    def _model(self, old: Model, new: Model, shown: str) -> None:
        before, after = _fields(old, self.old), _fields(new, self.new)
        for key, was, is_now in pairs(before, after):
            coordinate = f"{shown}.{key}"
            if is_now is None:
                self.add("result-key-removed", coordinate, f"`{coordinate}` is no longer selected.")
            elif was is None:
                self.add("result-key-added", coordinate, f"`{coordinate}` is selected.")
            elif was[1] is None or was[1] != is_now[1]:
                # What both inherit from one fragment is told of the fragment.
                self._field(coordinate, was[0], is_now[0])

    def _field(self, shown: str, old: Field, new: Field) -> None:
        if old.is_optional != new.is_optional:
            kind = "became-optional" if new.is_optional else "became-certain"
            state = "can be absent now" if new.is_optional else "is always there now"
            self.add(f"result-key-{kind}", shown, f"`{shown}` {state}.")
        if not _fits(old.type, new.type):
            message = f"`{shown}` changed from `{_text(old.type)}` to `{_text(new.type)}`."
            self.add("result-key-type-changed", shown, message)
            return
        if _text(old.type) != _text(new.type):
            message = f"`{shown}` changed from `{_text(old.type)}` to `{_text(new.type)}`."
            self.add("result-key-type-narrowed", shown, message)
        before, after = _selected(old.type), _selected(new.type)
        if before is None or after is None or (before == after and len(before) == 1):
            return  # A fragment is compared once, by itself.
        if before != after:
            message = f"The type of `{shown}` has another name."
            self.add("result-type-renamed", shown, message)
        self._shape(before, after, shown)


def _shapes(program: Program) -> dict[Path, Shape]:
    shapes = {shape.path: shape for item in program.fragments for shape in item.shapes}
    return shapes | {shape.path: shape for item in program.operations for shape in item.shapes}


def _fields(model: Model, shapes: Mapping[Path, Shape]) -> dict[str, tuple[Field, str | None]]:
    """Every field with the fragment that it is inherited from, if any."""
    found: dict[str, tuple[Field, str | None]] = {}
    for base in model.bases:
        shape = shapes[base,]
        if isinstance(shape, Model):
            inherited = _fields(shape, shapes)
            found |= {key: (item, base) for key, (item, _) in inherited.items()}
    return found | {item.key: (item, None) for item in model.fields}


def _fits(old: TypeRef, new: TypeRef) -> bool:
    """Whether who reads the old type can read the new one: it may promise more, not less."""
    if new.nullable and not old.nullable:
        return False
    match old, new:
        case ListOf(), ListOf():
            return _fits(old.item, new.item)
        case Named(), Named():
            return old.name == new.name
        case Selected(), Selected():
            return True
        case _:
            return False


def _text(type_: TypeRef) -> str:
    mark = "" if type_.nullable else "!"
    match type_:
        case ListOf():
            return f"[{_text(type_.item)}]{mark}"
        case Named():
            return f"{type_.name}{mark}"
        case Selected():
            return f"{{…}}{mark}"


def _selected(type_: TypeRef) -> Path | None:
    while isinstance(type_, ListOf):
        type_ = type_.item
    return type_.path if isinstance(type_, Selected) else None
