"""The `index` modules: everything by name, in a namespace for each folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .imports import from_statement, name_order
from .layout import typescript_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intelgraph_codegen.source_file import SourceFile

    from .naming import Module


def emit_package(source: str, *, has_error_codes: bool) -> SourceFile:
    """The index of the whole: the client, and the folders as namespaces."""
    file = typescript_file("index.ts", source)
    file.gap(1)
    file.line('export { Client } from "./client.js";')
    file.line('export type * as enums from "./enums/index.js";')
    if has_error_codes:
        file.line('export { type ErrorCode, retryableCodes } from "./errors.js";')
    file.line('export type * as fragments from "./fragments/index.js";')
    file.line('export type * as inputs from "./inputs/index.js";')
    file.line('export * as operations from "./operations/index.js";')
    return file


def emit_folder(folder: str, source: str, modules: Sequence[Module]) -> SourceFile:
    """A folder's index, with what each module is there for, then what else is free."""
    file = typescript_file(f"{folder}/index.ts", source)
    owner: dict[str, Module] = {}
    for module in modules:
        for name in filter(None, (module.constant, module.main, module.variables)):
            owner.setdefault(name, module)
    for module in modules:
        for name in filter(None, [module.iterator, *module.types]):
            owner.setdefault(name, module)
    owned: dict[str, list[str]] = {}
    for name, module in owner.items():
        owned.setdefault(module.name, []).append(name)
    file.gap(1)
    if not modules:
        file.line("export {};")
    for module in sorted(modules, key=lambda each: name_order(each.name)):
        names = sorted(owned[module.name], key=name_order)
        are_types = [name not in (module.constant, module.iterator) for name in names]
        file.lines(from_statement("export", names, are_types, f"./{module.name}.js"))
    return file
