"""Prints what a server needs: the schema's text, the documents it knows, its enums and error codes.

The output imports nothing but the standard library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .enums import emit_enums
from .error_codes import emit_error_codes
from .persisted_documents import emit_persisted_documents
from .sdl import emit_sdl
from .text import module

if TYPE_CHECKING:
    from intelgraph_codegen.ir import Program
    from intelgraph_codegen.manifest import Manifest


def emit(program: Program, sdl: str, manifest: Manifest) -> dict[str, str]:
    """The files of the package: their text by their path inside it."""
    files = {
        "__init__.py": module("the schema", ['"""What the schema tells the server."""']),
        "persisted_documents.py": emit_persisted_documents(manifest),
        "sdl.py": emit_sdl(sdl),
    }
    if program.enums:
        files["enums.py"] = emit_enums(program.enums)
    if program.error_codes is not None:
        files["error_codes.py"] = emit_error_codes(program.error_codes)
    return files
