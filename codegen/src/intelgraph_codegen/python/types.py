"""References to types as Python annotations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intelgraph_codegen.ir import ListOf, Named, Selected, leaf_name

from .text import string

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intelgraph_codegen.ir import InputField, Path, TypeRef
    from intelgraph_codegen.source_file import SourceFile
    from intelgraph_codegen.targets import ScalarTarget

    from .naming import Module, Names

RUNTIME = "intelgraph.runtime"

_BUILT_IN = {"Int": "int", "Float": "float", "String": "str", "ID": "str", "Boolean": "bool"}


@dataclass(frozen=True, slots=True)
class Types:
    """Writes annotations, and notes the imports that they need."""

    names: Names
    scalars: Mapping[str, ScalarTarget]

    def result(
        self, file: SourceFile, type_: TypeRef, within: Module, *, is_type_only: bool = False
    ) -> str:
        """What a response holds; `within` is the module whose shapes the type may be one of."""
        if isinstance(type_, ListOf):
            item = self.result(file, type_.item, within, is_type_only=is_type_only)
            text = f"list[{item}]"
        elif isinstance(type_, Selected):
            text = self.shape(file, type_.path, within, is_type_only=is_type_only)
        elif module := self.names.enums.get(type_.name):
            # An enum of a newer server may have more members than this client knows.
            text = reference(file, module, f"Open{module.main}", is_type_only=is_type_only)
        else:
            text = self._scalar(file, type_.name, is_type_only=is_type_only)
        return optional(text) if type_.nullable else text

    def argument(self, file: SourceFile, type_: TypeRef, *, nullable: bool | None = None) -> str:
        """What a caller gives; only type checkers read it."""
        if isinstance(type_, Selected):
            raise TypeError("a selection cannot be an argument")
        if isinstance(type_, ListOf):
            text = f"list[{self.argument(file, type_.item)}]"
        else:
            text = self._input(file, type_)
        return optional(text) if (type_.nullable if nullable is None else nullable) else text

    def shape(
        self, file: SourceFile, path: Path, within: Module, *, is_type_only: bool = False
    ) -> str:
        """The class or alias of a selection; a path of one name is always a fragment."""
        fragment, *nested = path
        module = within if nested and path in within.shapes else self.names.fragments[fragment]
        return reference(file, module, module.shapes[path], is_type_only=is_type_only)

    def _input(self, file: SourceFile, type_: Named) -> str:
        module = self.names.enums.get(type_.name) or self.names.inputs.get(type_.name)
        if module:
            return reference(file, module, module.main, is_type_only=True)
        return self._scalar(file, type_.name, is_type_only=True)

    def _scalar(self, file: SourceFile, name: str, *, is_type_only: bool) -> str:
        if name in _BUILT_IN:
            return _BUILT_IN[name]
        target = self.scalars.get(name)
        if target is None or target.python is None:
            return file.ref(RUNTIME, "JsonValue", is_type_only=is_type_only)
        if target.parse:
            place = ".." if file.folder else "."
            return file.ref(f"{place}scalars", self.names.scalars[name], is_type_only=is_type_only)
        return dotted(file, target.python, is_type_only=is_type_only)

    def serializers(self, file: SourceFile, fields: Iterable[InputField]) -> list[str]:
        """The items of a dict from names to the functions that write what is given for them."""
        functions = {
            field.name: target.serialize
            for field in fields
            if (target := self.scalars.get(leaf_name(field.type))) and target.serialize
        }
        return [f"{string(name)}: {dotted(file, path)}" for name, path in functions.items()]


def dotted(file: SourceFile, path: str, *, is_type_only: bool = False) -> str:
    """Something of the user's own, or of a library, that the configuration names."""
    module, _, attribute = path.rpartition(".")
    if module in {"", "builtins"}:
        return attribute
    return file.ref(module, attribute, is_type_only=is_type_only)


def reference(file: SourceFile, module: Module, name: str, *, is_type_only: bool = False) -> str:
    """A name of this or another generated module."""
    if file.path == module.path:
        return name
    if file.folder == module.folder:
        place = f".{module.name}"
    else:
        place = f"{'..' if file.folder else '.'}{module.folder}.{module.name}"
    return file.ref(place, name, is_type_only=is_type_only)


def optional(annotation: str) -> str:
    """The annotation with None, once."""
    return annotation if annotation.endswith(" | None") else f"{annotation} | None"
