"""Prints a program as TypeScript modules."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from intelgraph_codegen.inheritance import Lineage
from intelgraph_codegen.shape_table import shape_table

from .client import emit_client
from .enums import emit_enum
from .errors import emit_errors
from .inputs import emit_input
from .naming import names_of, property_names
from .operations import emit_fragment, emit_operation
from .packages import emit_folder, emit_package
from .shapes import emit_shapes
from .types import Types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intelgraph_codegen.ir import Program
    from intelgraph_codegen.source_file import SourceFile
    from intelgraph_codegen.targets import ScalarTarget


def emit(program: Program, scalars: Mapping[str, ScalarTarget]) -> dict[str, str]:
    """The modules: their text by their path."""
    return {file.path: file.text() for file in _files(program, scalars)}


def _files(program: Program, scalars: Mapping[str, ScalarTarget]) -> Iterator[SourceFile]:
    names = names_of(program)
    types = Types(names, scalars)
    lineage = Lineage(program.fragments, property_names)
    sources = [each.source for each in program.operations]
    documents = _folder([*sources, *(each.source for each in program.fragments)])
    has_error_codes = program.error_codes is not None
    yield emit_package(documents, has_error_codes=has_error_codes)
    yield emit_client(types, program.operations, documents, has_error_codes=has_error_codes)
    if program.error_codes is not None:
        yield emit_errors(program.error_codes)
    yield emit_shapes(shape_table(program), documents)
    for operation in program.operations:
        yield emit_operation(operation, types, lineage)
    for fragment in program.fragments:
        yield emit_fragment(fragment, types, lineage)
    for each in program.inputs:
        yield emit_input(each, names.inputs[each.name], types)
    for enum in program.enums:
        yield emit_enum(enum, names.enums[enum.name])
    yield emit_folder("operations", documents, list(names.operations.values()))
    yield emit_folder("fragments", documents, list(names.fragments.values()))
    yield emit_folder("inputs", "the schema", list(names.inputs.values()))
    yield emit_folder("enums", "the schema", list(names.enums.values()))


def _folder(sources: list[str]) -> str:
    """What all the documents have in common: their file, or the folder they stand in."""
    return posixpath.commonpath(sources) if sources else ""
