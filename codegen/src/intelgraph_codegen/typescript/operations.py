"""Operations and fragments: a module each, with the interfaces of what they select."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from intelgraph_codegen.source_file import columns

from .inputs import write_fields
from .layout import typescript_file
from .models import NOTHING, Models
from .pagination import write_iterator
from .text import string, write_doc
from .types import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Generator

    from intelgraph_codegen.inheritance import Lineage
    from intelgraph_codegen.ir import Fragment, Operation
    from intelgraph_codegen.source_file import SourceFile

    from .naming import Module
    from .types import Types


def emit_fragment(fragment: Fragment, types: Types, lineage: Lineage) -> SourceFile:
    """The module of one fragment."""
    module = types.names.fragments[fragment.name]
    file = typescript_file(module.path, fragment.source, own_names=module.types)
    description = fragment.description
    Models(types, lineage, module, fragment.shapes, description=description).write(file)
    return file


def emit_operation(operation: Operation, types: Types, lineage: Lineage) -> SourceFile:
    """The module of one operation: its types and the object that a client runs."""
    module = types.names.operations[operation.name]
    own_names = [module.constant, *filter(None, [module.iterator]), *module.types]
    file = typescript_file(module.path, operation.source, own_names=own_names)
    Models(types, lineage, module, operation.shapes).write(file)
    if module.variables:
        doc = f"The variables of `{operation.name}`."
        write_fields(file, types, module.variables, operation.variables, doc)
    file.gap(1)
    write_doc(file, operation.description, deprecated=operation.deprecated)
    with _opened(file, module):
        _write_member(file, "name", string(operation.name))
        _write_member(file, "kind", string(operation.kind))
        _write_member(file, "opId", string(operation.op_id))
        _write_member(file, "documentId", string(operation.document_id))
        _write_member(file, "retrySafe", "true" if operation.is_retry_safe else "false")
        if operation.is_keyed:
            _write_member(file, "keyed", "true")
        _write_member(file, "document", string(operation.document))
    if operation.pagination is not None:
        write_iterator(file, types, operation, operation.pagination)
    return file


@contextmanager
def _opened(file: SourceFile, module: Module) -> Generator[None, None, None]:
    type_ = file.ref(RUNTIME, "Operation", is_type_only=True)
    data, variables = module.main, module.variables or NOTHING
    flat = f"export const {module.constant}: {type_}<{data}, {variables}> ="
    if len(flat) + len(" {") <= file.room:
        with file.block(f"{flat} {{", "};"):
            yield
    elif len(flat) <= file.room and module.variables:
        # Where only the brace has no place, biome moves nothing but the brace.
        with file.block(flat), file.block("{", "};"):
            yield
    else:
        with file.block(f"export const {module.constant}: {type_}<"):
            file.lines([f"{data},", variables])
        with file.block("> = {", "};"):
            yield


def _write_member(file: SourceFile, key: str, literal: str) -> None:
    if columns(f"{key}: {literal},") <= file.room:
        file.line(f"{key}: {literal},")
        return
    with file.block(f"{key}:"):
        file.line(f"{literal},")
