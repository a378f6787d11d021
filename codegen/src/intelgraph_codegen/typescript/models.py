"""Shapes of responses as interfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph_codegen.ir import Choice, Model

from .layout import write_interface_opening, write_property, write_union
from .text import string, write_doc
from .types import reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intelgraph_codegen.inheritance import Lineage, Member
    from intelgraph_codegen.ir import Shape
    from intelgraph_codegen.source_file import SourceFile

    from .naming import Module
    from .types import Types

# What stands for all names that are not listed; a plain string would defeat narrowing.
OTHER = ("%other",)
# An object without members, such as data whose every field is skipped for good.
NOTHING = "Record<string, never>"


class Models:
    """Writes the shapes of one operation or fragment into its module."""

    def __init__(
        self,
        types: Types,
        lineage: Lineage,
        module: Module,
        shapes: Sequence[Shape],
        *,
        description: str | None = None,
    ) -> None:
        """`description` is the fragment's own; it goes before that of the type."""
        self._types = types
        self._lineage = lineage
        self._module = module
        self._shapes = shapes
        self._description = description
        choices = [shape for shape in shapes if isinstance(shape, Choice)]
        self._typenames = {arm.model: arm.typenames for each in choices for arm in each.arms}
        self._typenames |= {choice.other: OTHER for choice in choices}

    def write(self, file: SourceFile) -> None:
        for shape in self._shapes:
            file.gap(1)
            write_doc(file, self._doc(shape))
            if isinstance(shape, Choice):
                paths = [*(arm.model for arm in shape.arms), shape.other]
                members = [self._module.shapes[path] for path in paths]
                write_union(file, self._module.shapes[shape.path], members)
            else:
                self._write_model(file, shape)

    def _write_model(self, file: SourceFile, model: Model) -> None:
        family = self._lineage.of(model, self._typenames.get(model.path))
        fragments = self._types.names.fragments
        bases = [reference(file, fragments[name], fragments[name].main) for name in family.bases]
        name = self._module.shapes[model.path]
        if not family.own and not bases:
            file.line(f"export type {name} = {NOTHING};")
            return
        if not family.own:
            write_interface_opening(file, name, bases, "{}")
            return
        write_interface_opening(file, name, bases, "{")
        with file.indented():
            for member in family.own:
                self._write_field(file, member)
        file.line("}")

    def _write_field(self, file: SourceFile, member: Member) -> None:
        field = member.field
        write_doc(file, field.description, deprecated=field.deprecated)
        if member.typenames:
            type_ = " | ".join(string(name) for name in member.typenames)
        else:
            type_ = self._types.result(file, field.type, self._module)
        write_property(file, f"{field.key}?" if field.is_optional else field.key, type_)

    def _doc(self, shape: Shape) -> str | None:
        if shape.path == (self._module.operation,):
            return f"The data of `{self._module.operation}`."
        if self._typenames.get(shape.path) is OTHER:
            return f"Any `{shape.parent}` whose type this client does not list."
        if len(shape.path) == 1 and self._description:
            return self._description
        return shape.description
