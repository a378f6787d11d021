"""The `__init__` modules: everything is there by name, and nothing is loaded before its use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .imports import export_order
from .layout import python_file
from .text import string
from .types import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from intelgraph_codegen.source_file import SourceFile

    from .naming import Module

FOLDERS = ("enums", "fragments", "inputs", "operations")


def emit_package(source: str) -> SourceFile:
    """The package itself: the clients, and its folders as attributes."""
    file = python_file("__init__.py", source)
    where = {"AsyncClient": ".async_client", "Client": ".client"}
    where |= {folder: f".{folder}" for folder in FOLDERS}
    for name, module in where.items():
        file.ref("." if name in FOLDERS else module, name, is_type_only=True)
    _write_lazy(file, where)
    return file


def emit_folder(folder: str, source: str, modules: Sequence[Module]) -> SourceFile:
    """A folder's `__init__`, with what each module is there for, then what else is free."""
    file = python_file(f"{folder}/__init__.py", source)
    where: dict[str, str] = {}
    for module in modules:
        for name in filter(None, (module.constant, module.main)):
            where.setdefault(name, f".{module.name}")
    for module in modules:
        for name in module.names:
            where.setdefault(name, f".{module.name}")
    for name, place in where.items():
        file.ref(place, name, is_type_only=True)
    _write_lazy(file, where)
    return file


def _write_lazy(file: SourceFile, where: Mapping[str, str]) -> None:
    names = sorted(where, key=export_order)
    file.gap(1)
    if not names:
        file.line("__all__: list[str] = []")
        return
    with file.block("__all__ = [", "]"):
        file.lines(f"{string(name)}," for name in names)
    file.gap(1)
    # Checkers would take any name for good if they saw this. They know TYPE_CHECKING by its
    # name; that of `typing` would double the time that Python takes to import this.
    checking = file.ref(RUNTIME, "TYPE_CHECKING")
    with file.block(f"if not {checking}:"), file.block("__getattr__ = lazy(", ")"):
        file.line("__name__,")
        with file.block("{", "},"):
            file.lines(f"{string(name)}: {string(where[name])}," for name in names)
    file.ref(RUNTIME, "lazy")
