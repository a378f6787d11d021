"""The function that hands out the items of an operation's connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph_codegen.ir import ListOf

from .layout import write_constant, write_generic_opening
from .text import string, write_doc
from .types import RUNTIME, reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intelgraph_codegen.ir import Access, Operation, Pagination
    from intelgraph_codegen.source_file import SourceFile

    from .naming import Module
    from .types import Types


def write_iterator(file: SourceFile, types: Types, operation: Operation, found: Pagination) -> None:
    """Write the function into the module of its operation."""
    module = types.names.operations[operation.name]
    paginate = file.ref(RUNTIME, "paginate")
    client = f"client: {file.ref(RUNTIME, 'BaseClient', is_type_only=True)}"
    file.gap(1)
    write_iterator_doc(file, operation)
    opening = f"export function {module.iterator}"
    parameters = [client, *iterator_parameters(file, operation, module)]
    paginator = file.ref(RUNTIME, "Paginator", is_type_only=True)
    generics = paged_types(file, types, operation, found)
    write_generic_opening(file, opening, parameters, paginator, generics)
    with file.indented():
        arguments = ["client", module.constant, "variables", "options", string(found.variable)]
        flat = f"return {paginate}({', '.join(arguments)}, (data) => {{"
        if len(flat) <= file.room:
            with file.block(flat, "});"):
                _write_page(file, operation, found)
        else:
            with file.block(f"return {paginate}(", ");"):
                file.lines(f"{argument}," for argument in arguments)
                with file.block("(data) => {", "},"):
                    _write_page(file, operation, found)
    file.line("}")


def write_iterator_doc(file: SourceFile, operation: Operation) -> None:
    """Write what both the function and the client's method say of themselves."""
    doc = f"The items of `{operation.name}`, one request a page, each sent when it is needed."
    write_doc(file, doc, deprecated=operation.deprecated)


def iterator_parameters(file: SourceFile, operation: Operation, module: Module) -> list[str]:
    """What is given for the list as a whole."""
    is_needed = any(variable.is_required for variable in operation.variables)
    name = reference(file, module, module.variables)
    options = file.ref(RUNTIME, "IterOptions", is_type_only=True)
    return [f"variables: {name}{'' if is_needed else ' = {}'}", f"options?: {options}"]


def paged_types(
    file: SourceFile, types: Types, operation: Operation, found: Pagination
) -> tuple[str, str]:
    """What the operation's method returns for a page, and the type of one item."""
    module = types.names.operations[operation.name]
    data = reference(file, module, module.main)
    result = data if operation.root is None else f'{data}["{operation.root.key}"]'
    return result, types.result(file, found.item, module)


def _write_page(file: SourceFile, operation: Operation, found: Pagination) -> None:
    connection, is_nullable = _write_way(file, found)
    result = "data" if operation.root is None else f"data.{operation.root.key}"
    about = f"{connection}{'?' if is_nullable else ''}.{found.page_info.field.key}"
    if found.page_info.field.type.nullable:
        about += "?"
    with file.block("return {", "};"):
        file.line(f"result: {result},")
        optional = f"{connection}{'?' if is_nullable else ''}"
        _write_list(file, "items", found, optional, found.node)
        file.line(f"hasMore: {about}.{found.has_more.field.key},")
        file.line(f"cursor: {about}.{found.cursor.field.key},")
        if found.edge_cursor is not None:
            _write_list(file, "cursors", found, optional, found.edge_cursor)


def _write_way(file: SourceFile, found: Pagination) -> tuple[str, bool]:
    """Write a constant for the connection; its name, and whether it may be nothing."""
    before, is_nullable, number = "data", False, ""
    for access in found.way:
        step = f"{'?' if is_nullable else ''}.{access.field.key}"
        # A chain that is too long for a line would be broken by the formatter's own rules.
        is_long = "." in before and len(f"  {before}{step};") > file.room
        if access.arm is not None or is_long:
            parent, arm = f"parent{number}", f"arm{number}"
            number = str(int(number or "1") + 1)
            write_constant(file, parent, before)
            before = parent
            if access.arm is not None:
                _write_arm(file, arm, parent, access.arm.typenames, is_nullable=is_nullable)
                before, step, is_nullable = arm, f"?.{access.field.key}", True
        before += step
        is_nullable = is_nullable or access.field.type.nullable
    write_constant(file, "connection", before)
    return "connection", is_nullable


def _write_arm(
    file: SourceFile, name: str, parent: str, typenames: Sequence[str], *, is_nullable: bool
) -> None:
    mark = "?" if is_nullable else ""
    tests = [f"{parent}{mark}.__typename === {string(each)}" for each in typenames]
    flat = f"{' || '.join(tests)} ? {parent} : null"
    if len(f"  {flat};") <= file.room:
        write_constant(file, name, flat)
        return
    with file.block(f"const {name} ="):
        *others, last = tests
        file.lines([*(f"{test} ||" for test in others), last])
        with file.indented():
            file.lines([f"? {parent}", ": null;"])


def _write_list(
    file: SourceFile, name: str, found: Pagination, connection: str, access: Access | None
) -> None:
    type_ = found.items.field.type
    mark = "?" if type_.nullable else ""
    listed = f"{name}: {connection}.{found.items.field.key}"
    if access is None:
        file.line(f"{listed}{f'{mark}.slice().reverse()' if found.is_backward else ''},")
        return
    is_loose = isinstance(type_, ListOf) and type_.item.nullable
    key = access.field.key
    pick = f"(edge) => edge?.{key} ?? null" if is_loose else f"(edge) => edge.{key}"
    ending = ").reverse()," if found.is_backward else "),"
    file.listing(f"{listed}{mark}.map(", [pick], ending)
