"""Shapes of responses as pydantic models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph_codegen.ir import Choice, Model
from intelgraph_codegen.prose import paragraphs
from intelgraph_codegen.source_file import columns

from .enums import deprecation
from .layout import STEP, broken, value_block, write_call, write_variable
from .naming import is_wire_name, unknown_paths
from .text import string, write_doc
from .types import RUNTIME, optional, reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intelgraph_codegen.inheritance import Lineage, Member
    from intelgraph_codegen.ir import Field, Path, Shape
    from intelgraph_codegen.source_file import SourceFile

    from .naming import Module
    from .types import Types

NARROWS = """\
A class narrows the `__typename` of a fragment that it extends.
pyright: reportIncompatibleVariableOverride=false"""


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
        root: Field | None = None,
    ) -> None:
        """`description` is the fragment's own; it goes before that of the type.

        `root` is the field that a client's method returns. Its deprecation is the method's,
        which would otherwise warn of itself.
        """
        self._types = types
        self._description = description
        self._root = root
        self._module = module
        self._shapes = shapes
        choices = [shape for shape in shapes if isinstance(shape, Choice)]
        models = [shape for shape in shapes if isinstance(shape, Model)]
        arms = {arm.model: arm.typenames for choice in choices for arm in choice.arms}
        self._others = {choice.other for choice in choices}
        self._unknown = unknown_paths(shapes)
        self._families = {model.path: lineage.of(model, arms.get(model.path)) for model in models}

    def attributes(self) -> set[str]:
        """Every attribute of every class, as none of them may hide an import."""
        return {
            member.attribute
            for family in self._families.values()
            for member in family.members.values()
        }

    def attribute(self, path: Path, key: str) -> str:
        """The attribute that holds a response key of the model at `path`."""
        return self._families[path].members[key].attribute

    def write(self, file: SourceFile) -> None:
        for shape in self._shapes:
            if isinstance(shape, Choice):
                self._write_choice(file, shape)
            elif shape.path not in self._unknown:
                self._write_model(file, shape)

    def _write_model(self, file: SourceFile, model: Model) -> None:
        family = self._families[model.path]
        fragments = self._types.names.fragments
        bases = [
            reference(file, fragments[name], fragments[name].main) for name in family.bases
        ] or [file.ref(RUNTIME, "Model")]
        if family.narrows:
            file.remark(NARROWS)
        file.gap(2)
        file.listing(f"class {self._module.shapes[model.path]}(", bases, "):")
        doc = self._doc(model)
        with file.indented():
            write_doc(file, doc)
            is_apart = bool(doc)
            for member in family.own:
                if is_apart or (member is not family.own[0] and member.field.description):
                    file.gap(1)
                self._write_field(file, member)
                is_apart = bool(member.field.description)
            if not doc and not family.own:
                file.line("pass")

    def _write_field(self, file: SourceFile, member: Member) -> None:
        field = member.field
        arguments: list[str] = []
        if member.typenames:
            literals = ", ".join(string(name) for name in member.typenames)
            annotation = f"{file.ref('typing', 'Literal')}[{literals}]"
        else:
            annotation = self._types.result(file, field.type, self._module)
        if field.is_optional:
            annotation = optional(annotation)
            arguments.append("default=None")
        if not is_wire_name(member.attribute, field.key):
            arguments.append(f"alias={string(field.key)}")
        is_root = field is self._root
        if field.deprecated is not None and not is_root:
            arguments.append(f"deprecated={string(field.deprecated)}")
        if not arguments:
            write_variable(file, member.attribute, annotation)
        elif arguments == ["default=None"]:
            write_variable(file, member.attribute, annotation, "None")
        else:
            callee = file.ref(RUNTIME, "Field")
            write_call(file, member.attribute, annotation, callee, arguments)
        told = deprecation(field.deprecated) if is_root else None
        write_doc(file, paragraphs(field.description, told))

    def _write_choice(self, file: SourceFile, choice: Choice) -> None:
        annotated = file.ref("typing", "Annotated")
        tag = file.ref(RUNTIME, "Tag")
        arms = [
            f"{annotated}[{self._shape(file, arm.model)}, {tag}({string(arm.typenames[0])})]"
            for arm in choice.arms
        ]
        other = self._shape(file, choice.other)
        arms.append(f"{annotated}[{other}, {tag}({file.ref(RUNTIME, 'UNKNOWN')})]")
        file.gap(2)
        name = self._module.shapes[choice.path]
        type_alias = file.ref("typing", "TypeAlias")
        union = " | ".join(arms)
        room = file.room - 2 * len(STEP)
        # Where some line is too long anyway, the formatter sees no use in parentheses.
        fits = all(columns(line) <= room for line in broken(union, room, ","))
        with value_block(file, name, type_alias, f"{annotated}[", "]", may_be_apart=fits):
            file.lines(broken(union, file.room, ","))
            self._write_discriminator(file, choice)
        write_doc(file, self._doc(choice))

    def _write_discriminator(self, file: SourceFile, choice: Choice) -> None:
        by_typename = file.ref(RUNTIME, "by_typename")
        if all(len(arm.typenames) == 1 for arm in choice.arms):
            items = [string(arm.typenames[0]) for arm in choice.arms]
            file.listing(f"{by_typename}(", items, "),")
            return
        # The tag of an arm is its first type.
        items = [
            f"{string(name)}: {string(arm.typenames[0])}"
            for arm in choice.arms
            for name in arm.typenames
        ]
        if len(by_typename) + sum(len(item) + 2 for item in items) + len("({}),") <= file.room:
            file.line(f"{by_typename}({{{', '.join(items)}}}),")
            return
        with file.block(f"{by_typename}(", "),"), file.block("{", "},"):
            file.lines(f"{item}," for item in items)

    def _shape(self, file: SourceFile, path: Path) -> str:
        if path in self._unknown:
            return file.ref(RUNTIME, "Unknown")
        return self._module.shapes[path]

    def _doc(self, shape: Shape) -> str | None:
        if shape.path == (self._module.operation,):
            return f"The data of `{self._module.operation}`."
        if shape.path in self._others:
            return f"Any `{shape.parent}` whose type this client does not list."
        if len(shape.path) == 1 and self._description:
            return self._description
        return shape.description
