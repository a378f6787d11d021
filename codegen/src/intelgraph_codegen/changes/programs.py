"""Compares what two programs let their users call: operations with variables and results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intelgraph_codegen.ir import ListOf, Named

from .differ import pairs
from .results import Results

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intelgraph_codegen.errors import Place
    from intelgraph_codegen.ir import InputField, Operation, Program, TypeRef

    from .change import Change


@dataclass(frozen=True, slots=True)
class Side:
    """A program, and where each operation and fragment stands."""

    program: Program
    places: Mapping[str, Place | None]


def compare_programs(old: Side, new: Side) -> list[Change]:
    """Every change of the generated surface, in the order of the operations."""
    comparison = _Comparison(old, new, Results.of(old.program, new.program))
    comparison.operations()
    comparison.fragments()
    return comparison.results.changes


@dataclass(frozen=True, slots=True)
class _Comparison:
    old: Side
    new: Side
    results: Results

    def operations(self) -> None:
        for name, before, after in pairs(
            {item.name: item for item in self.old.program.operations},
            {item.name: item for item in self.new.program.operations},
        ):
            self.results.about(self._place(name), f"operation {name}")
            if after is None:
                self.results.add("operation-removed", name, f"The operation `{name}` was removed.")
            elif before is None:
                self.results.add("operation-added", name, f"The operation `{name}` was added.")
            else:
                self._operation(before, after)

    def fragments(self) -> None:
        for name, before, after in pairs(
            {item.name: item for item in self.old.program.fragments},
            {item.name: item for item in self.new.program.fragments},
        ):
            self.results.about(self._place(name), f"fragment {name}")
            if after is None:
                self.results.add("fragment-removed", name, f"The fragment `{name}` was removed.")
            elif before is None:
                self.results.add("fragment-added", name, f"The fragment `{name}` was added.")
            else:
                self.results.compare(name)

    def _operation(self, old: Operation, new: Operation) -> None:
        name = new.name
        if old.kind != new.kind:
            message = f"`{name}` was a {old.kind} and is a {new.kind}."
            self.results.add("operation-kind-changed", name, message)
        if old.is_retry_safe and not (new.is_retry_safe or new.is_keyed):
            message = f"`{name}` is no longer sent again by itself after a failure."
            self.results.add("operation-retry-safety-removed", name, message)
        if old.is_keyed and not (new.is_retry_safe or new.is_keyed):
            message = f"`{name}` no longer has a key of its own, with which it was sent again."
            self.results.add("operation-key-removed", name, message)
        if old.document != new.document:
            message = f"`{name}` is sent as another document, which is a new version of its id."
            self.results.add("operation-document-changed", name, message)
        self._variables(old, new)
        before, after = (item.root.key if item.root else None for item in (old, new))
        if before != after:
            message = f"`{name}` returned {_returned(before)} and returns {_returned(after)}."
            self.results.add("result-root-changed", name, message)
        self.results.compare(name)

    def _variables(self, old: Operation, new: Operation) -> None:
        for name, before, after in pairs(
            {item.name: item for item in old.variables}, {item.name: item for item in new.variables}
        ):
            shown = f"{new.name}(${name}:)"
            if after is None:
                self.results.add("variable-removed", shown, f"`${name}` of `{new.name}` is gone.")
            elif before is None:
                kind = "variable-required-added" if after.is_required else "variable-added"
                required = "required " if after.is_required else ""
                message = f"`{new.name}` has a new {required}variable `${name}`."
                self.results.add(kind, shown, message)
            else:
                self._variable(shown, before, after)

    def _variable(self, shown: str, old: InputField, new: InputField) -> None:
        before, after = _text(old.type), _text(new.type)
        if before != after:
            kind = "widened" if _takes(old.type, new.type) else "changed"
            message = f"`{shown}` changed from `{before}` to `{after}`."
            self.results.add(f"variable-type-{kind}", shown, message)
        elif new.is_required and not old.is_required:
            message = f"`{shown}` lost its default and has to be given."
            self.results.add("variable-became-required", shown, message)
            return
        if old.default != new.default:
            was, is_now = (f"`{item.default}`" if item.default else "none" for item in (old, new))
            message = f"The default of `{shown}` changed from {was} to {is_now}."
            self.results.add("variable-default-changed", shown, message)

    def _place(self, name: str) -> Place | None:
        return self.new.places.get(name) or self.old.places.get(name)


def _returned(root: str | None) -> str:
    return "all of its root fields" if root is None else f"the value of `{root}`"


def _takes(old: TypeRef, new: TypeRef) -> bool:
    """Whether every value of the old type may be given for the new one."""
    if old.nullable and not new.nullable:
        return False
    if isinstance(old, ListOf) and isinstance(new, ListOf):
        return _takes(old.item, new.item)
    return isinstance(old, Named) and isinstance(new, Named) and old.name == new.name


def _text(type_: TypeRef) -> str:
    mark = "" if type_.nullable else "!"
    inner = f"[{_text(type_.item)}]" if isinstance(type_, ListOf) else getattr(type_, "name", "")
    return f"{inner}{mark}"
