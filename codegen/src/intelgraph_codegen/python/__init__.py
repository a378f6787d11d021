"""Prints a program as a Python package."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from intelgraph_codegen.inheritance import Lineage
from intelgraph_codegen.shape_table import shape_table

from .client import Clients
from .enums import emit_enum
from .errors import emit_errors
from .inputs import emit_input
from .naming import model_attributes, names_of
from .operations import emit_fragment, emit_operation
from .packages import emit_folder, emit_package
from .pagination import Pages, models_of_fragments
from .scalars import emit_scalars
from .shapes import emit_shapes
from .types import Types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intelgraph_codegen.ir import Program
    from intelgraph_codegen.source_file import SourceFile
    from intelgraph_codegen.targets import ScalarTarget


def emit(program: Program, scalars: Mapping[str, ScalarTarget]) -> dict[str, str]:
    """The files of the package: their text by their path inside it."""
    files = {file.path: file.text() for file in _files(program, scalars)}
    return {**files, "py.typed": ""}


def _files(program: Program, scalars: Mapping[str, ScalarTarget]) -> Iterator[SourceFile]:
    names = names_of(program)
    types = Types(names, scalars)
    lineage = Lineage(program.fragments, model_attributes)
    sources = [each.source for each in program.operations]
    documents = _folder([*sources, *(each.source for each in program.fragments)])
    has_error_codes = program.error_codes is not None
    clients = Clients(types, lineage, program.operations, documents, has_error_codes)
    yield emit_package(documents)
    yield clients.emit(is_async=False)
    yield clients.emit(is_async=True)
    if program.error_codes is not None:
        yield emit_errors(program.error_codes)
    yield emit_shapes(shape_table(program), documents)
    pages = Pages(types, lineage, models_of_fragments(program))
    with_functions = {name: each for name, each in scalars.items() if each.parse}
    if any(each.name in with_functions for each in program.scalars):
        yield emit_scalars(program.scalars, with_functions, names.scalars)
    for operation in program.operations:
        yield emit_operation(operation, types, lineage, pages)
    for fragment in program.fragments:
        yield emit_fragment(fragment, types, lineage)
    for each in program.inputs:
        yield emit_input(each, names.inputs[each.name], types)
    for enum in program.enums:
        yield emit_enum(enum, names.enums[enum.name])
    for folder, source, modules in (
        ("operations", documents, names.operations),
        ("fragments", documents, names.fragments),
        ("inputs", "the schema", names.inputs),
        ("enums", "the schema", names.enums),
    ):
        yield emit_folder(folder, source, list(modules.values()))


def _folder(sources: list[str]) -> str:
    """What all the documents have in common: their file, or the folder they stand in."""
    return posixpath.commonpath(sources) if sources else ""
