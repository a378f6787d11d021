"""Operations and fragments: a module each, with the models of what they select."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph_codegen.source_file import WIDTH, columns

from .layout import STEP, python_file, write_call
from .models import Models
from .text import string
from .types import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from intelgraph_codegen.inheritance import Lineage
    from intelgraph_codegen.ir import Fragment, Operation
    from intelgraph_codegen.source_file import SourceFile

    from .pagination import Pages
    from .types import Types


def emit_fragment(fragment: Fragment, types: Types, lineage: Lineage) -> SourceFile:
    """The module of one fragment."""
    module = types.names.fragments[fragment.name]
    models = Models(types, lineage, module, fragment.shapes, description=fragment.description)
    own_names = [*module.names, *models.attributes()]
    file = python_file(module.path, fragment.source, own_names=own_names)
    models.write(file)
    return file


def emit_operation(
    operation: Operation, types: Types, lineage: Lineage, pages: Pages
) -> SourceFile:
    """The module of one operation: its models and the constant that a client runs."""
    module = types.names.operations[operation.name]
    models = Models(types, lineage, module, operation.shapes, root=operation.root)
    own_names = [*module.names, *models.attributes()]
    file = python_file(module.path, operation.source, own_names=own_names)
    models.write(file)
    file.gap(2)
    callee = file.ref(RUNTIME, "Operation")
    write_call(
        file,
        module.constant,
        f"{callee}[{module.main}]",
        callee,
        [
            f"name={string(operation.name)}",
            f"kind={string(operation.kind)}",
            f"op_id={string(operation.op_id)}",
            f"document_id={string(operation.document_id)}",
            f"document={string(operation.document)}",
            f"retry_safe={operation.is_retry_safe}",
            *(["keyed=True"] if operation.is_keyed else []),
            f"data={module.main}",
            *_serializers(types.serializers(file, operation.variables)),
        ],
    )
    if operation.pagination is not None:
        pages.write(file, operation, operation.pagination)
    return file


def _serializers(items: Sequence[str]) -> Iterator[str]:
    if not items:
        return
    flat = f"serializers={{{', '.join(items)}}}"
    if columns(f"{STEP}{flat},") <= WIDTH:
        yield flat
    else:
        yield "\n".join(["serializers={", *(f"{STEP}{item}," for item in items), "}"])
