"""The function that finds, in an answer, the page of a connection that it holds."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intelgraph_codegen.ir import ListOf, Model
from intelgraph_codegen.recase import distinct

from .layout import write_constant, write_signature
from .text import write_doc
from .types import RUNTIME, reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intelgraph_codegen.inheritance import Lineage
    from intelgraph_codegen.ir import Access, Operation, Pagination, Path, Program
    from intelgraph_codegen.source_file import SourceFile

    from .naming import Module
    from .types import Types

# What the function calls its argument and what it loops over, and the functions that it calls.
_TAKEN = ("bool", "data", "edge", "isinstance", "reversed")


@dataclass(frozen=True, slots=True)
class Pages:
    """Writes what reads the pages of a program's operations."""

    types: Types
    lineage: Lineage
    fragments: dict[Path, Model]

    def write(self, file: SourceFile, operation: Operation, found: Pagination) -> None:
        """Write the function of one operation into its module."""
        module = self.types.names.operations[operation.name]
        page = file.ref(RUNTIME, "PageOf")
        generics = paged_types(file, self.types, operation, found)
        file.gap(2)
        returns = f"{page}[{', '.join(generics)}]:"
        write_signature(file, f"def {module.page}", [f"data: {module.main}"], returns)
        with file.indented():
            write_doc(file, f"The page that an answer to `{operation.name}` holds.")
            self._write_body(file, operation, found, module)

    def _write_body(
        self, file: SourceFile, operation: Operation, found: Pagination, module: Module
    ) -> None:
        own = {shape.path: shape for shape in operation.shapes if isinstance(shape, Model)}
        reader = _Reader(self.lineage, ChainMap(own, self.fragments))
        steps = [reader.attribute(each) for each in found.way]
        *names, about = distinct([*steps, "page_info"], taken=_TAKEN, separator="_")
        result = names[0] if operation.root else "data"
        before, is_nullable = "data", False
        for access, attribute, name in zip(found.way, steps, names, strict=True):
            if access.arm is not None:
                arm = self.types.shape(file, access.arm.model, module)
                file.listing("if not isinstance(", [before, arm], "):")
                _write_empty(file, result)
            elif is_nullable:
                file.line(f"if {before} is None:")
                _write_empty(file, result)
            write_constant(file, name, f"{before}.{attribute}")
            before, is_nullable = name, access.field.type.nullable
        if is_nullable:
            file.line(f"if {before} is None:")
            _write_empty(file, result)
        write_constant(file, about, f"{before}.{reader.attribute(found.page_info)}")
        with file.block(f"return {file.ref(RUNTIME, 'PageOf')}(", ")"):
            file.line(f"{result},")
            for argument, value in reader.arguments(found, before, about):
                _write_argument(file, argument, value)


@dataclass(frozen=True, slots=True)
class _Reader:
    lineage: Lineage
    models: Mapping[Path, Model]

    def attribute(self, access: Access) -> str:
        model = self.models[access.model]
        return self.lineage.of(model).members[access.field.key].attribute

    def arguments(
        self, found: Pagination, connection: str, about: str
    ) -> Iterator[tuple[str, str]]:
        listed = f"{connection}.{self.attribute(found.items)}"
        yield "items", self._each(found, listed, found.node)
        has_more = f"{about}.{self.attribute(found.has_more)}"
        cursor = f"{about}.{self.attribute(found.cursor)}"
        if found.page_info.field.type.nullable:
            yield "has_more", f"bool({about} and {has_more})"
            yield "cursor", f"None if {about} is None else {cursor}"
        else:
            is_certain = not found.has_more.field.type.nullable
            yield "has_more", has_more if is_certain else f"bool({has_more})"
            yield "cursor", cursor
        if found.edge_cursor is not None:
            yield "cursors", self._each(found, listed, found.edge_cursor)

    def _each(self, found: Pagination, listed: str, access: Access | None) -> str:
        type_ = found.items.field.type
        if type_.nullable:
            listed = f"{listed} or []" if access or not found.is_backward else f"({listed} or [])"
        if access is None:
            return f"{listed}[::-1]" if found.is_backward else listed
        value = f"edge.{self.attribute(access)}"
        if isinstance(type_, ListOf) and type_.item.nullable:
            value = f"None if edge is None else {value}"
        edges = f"reversed({listed})" if found.is_backward else listed
        return f"[{value} for edge in {edges}]"


def paged_types(
    file: SourceFile, types: Types, operation: Operation, found: Pagination
) -> tuple[str, str]:
    """What the operation's method returns for a page, and the type of one item."""
    module = types.names.operations[operation.name]
    if operation.root is None:
        result = reference(file, module, module.main, is_type_only=True)
    else:
        result = types.result(file, operation.root.type, module, is_type_only=True)
    return result, types.result(file, found.item, module, is_type_only=True)


def models_of_fragments(program: Program) -> dict[Path, Model]:
    """The models that a connection may be made of besides an operation's own."""
    return {
        shape.path: shape
        for fragment in program.fragments
        for shape in fragment.shapes
        if isinstance(shape, Model)
    }


def _write_empty(file: SourceFile, result: str) -> None:
    with file.indented():
        file.line(f"return {file.ref(RUNTIME, 'PageOf')}({result})")


def _write_argument(file: SourceFile, name: str, value: str) -> None:
    if len(f"{name}={value},") <= file.room or not value.startswith("["):
        file.line(f"{name}={value},")
        return
    with file.block(f"{name}=[", "],"):
        inner = value[1:-1]
        if len(inner) <= file.room:
            file.line(inner)
        else:
            element, _, loop = inner.partition(" for ")
            file.lines([element, f"for {loop}"])
