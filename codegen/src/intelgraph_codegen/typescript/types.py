"""References to types as TypeScript writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intelgraph_codegen.ir import ListOf, Selected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intelgraph_codegen.ir import InputField, Path, TypeRef
    from intelgraph_codegen.source_file import SourceFile
    from intelgraph_codegen.targets import ScalarTarget

    from .naming import Module, Names

RUNTIME = "@intelgraph/sdk/runtime"

_BUILT_IN = {
    "Int": "number",
    "Float": "number",
    "String": "string",
    "ID": "string",
    "Boolean": "boolean",
}


@dataclass(frozen=True, slots=True)
class Types:
    """Writes types, and notes the imports that they need."""

    names: Names
    scalars: Mapping[str, ScalarTarget]

    def result(self, file: SourceFile, type_: TypeRef, within: Module) -> str:
        """What a response holds; `within` is the module whose shapes the type may be one of."""
        if isinstance(type_, ListOf):
            text = f"ReadonlyArray<{self.result(file, type_.item, within)}>"
        elif isinstance(type_, Selected):
            text = self.shape(file, type_.path, within)
        else:
            text = self._named(file, type_.name)
        return _optional(text, "null") if type_.nullable else text

    def argument(self, file: SourceFile, field: InputField) -> str:
        """What a caller gives for an input field or a variable, if anything."""
        text = self.given(file, field.type)
        return text if field.is_required else _optional(text, "undefined")

    def given(self, file: SourceFile, type_: TypeRef) -> str:
        """What a caller gives."""
        if isinstance(type_, Selected):
            raise TypeError("a selection cannot be an argument")
        if isinstance(type_, ListOf):
            text = f"ReadonlyArray<{self.given(file, type_.item)}>"
        else:
            text = self._named(file, type_.name)
        return _optional(text, "null") if type_.nullable else text

    def shape(self, file: SourceFile, path: Path, within: Module) -> str:
        """The type of a selection; a path of one name is always a fragment."""
        fragment, *nested = path
        module = within if nested and path in within.shapes else self.names.fragments[fragment]
        return reference(file, module, module.shapes[path])

    def _named(self, file: SourceFile, name: str) -> str:
        if name in _BUILT_IN:
            return _BUILT_IN[name]
        if module := self.names.enums.get(name) or self.names.inputs.get(name):
            return reference(file, module, module.main)
        target = self.scalars.get(name)
        if target is None or target.typescript is None:
            return "unknown"
        place, _, exported = target.typescript.rpartition("#")
        return file.ref(place, exported, is_type_only=True) if place else exported


def reference(file: SourceFile, module: Module, name: str, *, is_type_only: bool = True) -> str:
    """A name of this or another generated module."""
    if file.path == module.path:
        return name
    if file.folder == module.folder:
        place = f"./{module.name}.js"
    else:
        place = f"{'..' if file.folder else '.'}/{module.folder}/{module.name}.js"
    return file.ref(place, name, is_type_only=is_type_only)


def _optional(type_: str, nothing: str) -> str:
    # Unknown takes in everything already.
    return type_ if type_ == "unknown" else f"{type_} | {nothing}"
