"""Custom scalars that functions of the user's own read and write, as aliases of their types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .layout import python_file, write_alias
from .text import write_doc
from .types import RUNTIME, dotted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from intelgraph_codegen.ir import Scalar
    from intelgraph_codegen.source_file import SourceFile
    from intelgraph_codegen.targets import ScalarTarget


def emit_scalars(
    scalars: Sequence[Scalar], targets: Mapping[str, ScalarTarget], names: Mapping[str, str]
) -> SourceFile:
    """The module of all scalars that have functions."""
    used = [each for each in scalars if each.name in targets]
    file = python_file("scalars.py", "the schema", own_names=[names[each.name] for each in used])
    for each in used:
        target = targets[each.name]
        annotated, alias = file.ref("typing", "Annotated"), file.ref("typing", "TypeAlias")
        functions = [dotted(file, path) for path in (target.parse, target.serialize) if path]
        read = f"{file.ref(RUNTIME, 'scalar')}({', '.join(functions)})"
        file.gap(1)
        native = dotted(file, target.python or "")
        write_alias(file, names[each.name], alias, annotated, [native, read])
        write_doc(file, each.description)
    return file
