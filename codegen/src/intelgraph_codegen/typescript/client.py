"""The client: one method for each operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .layout import typescript_file, write_generic_opening, write_method_opening
from .naming import OBJECT_MEMBERS
from .pagination import iterator_parameters, paged_types, write_iterator_doc
from .text import write_doc
from .types import RUNTIME, reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intelgraph_codegen.ir import Operation, Pagination
    from intelgraph_codegen.source_file import SourceFile

    from .naming import Module
    from .types import Types


def emit_client(
    types: Types, operations: Sequence[Operation], source: str, *, has_error_codes: bool
) -> SourceFile:
    """The module of the client."""
    file = typescript_file("client.ts", source, own_names=["Client"])
    file.gap(1)
    write_doc(file, "The operations of the schema, one method each.")
    with file.block(f"export class Client extends {file.ref(RUNTIME, 'BaseClient')} {{", "}"):
        if has_error_codes:
            codes = file.ref("./errors.js", "retryableCodes")
            file.line(f"protected override readonly retryableCodes: ReadonlySet<string> = {codes};")
        for number, operation in enumerate(operations):
            if number or has_error_codes:
                file.gap(1)
            _write_method(file, types, operation)
            if operation.pagination is not None:
                file.gap(1)
                _write_iterator(file, types, operation, operation.pagination)
    return file


def _write_method(file: SourceFile, types: Types, operation: Operation) -> None:
    module = types.names.operations[operation.name]
    options = f"options?: {file.ref(RUNTIME, 'CallOptions', is_type_only=True)}"
    variables = _variables(file, operation, module)
    data = reference(file, module, module.main)
    returns = data if operation.root is None else f'{data}["{operation.root.key}"]'
    write_doc(file, operation.description, deprecated=operation.deprecated)
    parameters = [variables, options] if variables else [options]
    if operation.kind == "subscription":
        _write_subscription(file, types, operation, parameters, returns)
        return
    method = types.names.methods[operation.name]
    write_method_opening(file, method, parameters, ("Promise", returns), is_async=True)
    with file.indented():
        constant = reference(file, module, module.constant, is_type_only=False)
        arguments = [constant, "variables" if variables else "{}", "options"]
        _write_return(file, arguments, operation.root.key if operation.root else None)
    file.line("}")


def _write_iterator(
    file: SourceFile, types: Types, operation: Operation, found: Pagination
) -> None:
    module = types.names.operations[operation.name]
    method = types.names.iterators[operation.name]
    write_iterator_doc(file, operation)
    parameters = iterator_parameters(file, operation, module)
    paginator = file.ref(RUNTIME, "Paginator", is_type_only=True)
    generics = paged_types(file, types, operation, found)
    write_generic_opening(file, method, parameters, paginator, generics)
    with file.indented():
        iterator = reference(file, module, module.iterator, is_type_only=False)
        file.line(f"return {iterator}(this, variables, options);")
    file.line("}")


def _write_subscription(
    file: SourceFile,
    types: Types,
    operation: Operation,
    parameters: Sequence[str],
    returns: str,
) -> None:
    module = types.names.operations[operation.name]
    write_method_opening(
        file,
        types.names.methods[operation.name],
        parameters,
        ("AsyncGenerator", returns, "void", "undefined"),
        is_async=False,
    )
    with file.indented():
        constant = reference(file, module, module.constant, is_type_only=False)
        subscribe = file.ref(RUNTIME, "subscribe")
        # A subscription has one field, as a rule of the language.
        key = f".{operation.root.key}" if operation.root else ""
        variables = "variables" if module.variables else "{}"
        arguments = ["this", constant, variables, "options", f"(data) => data{key}"]
        file.listing(f"return {subscribe}(", arguments, ");")
    file.line("}")


def _variables(file: SourceFile, operation: Operation, module: Module) -> str | None:
    if not module.variables:
        return None
    name = reference(file, module, module.variables)
    # To a compiler, `{}` has the members of all objects, which variables of these names are not.
    is_needed = any(
        variable.is_required or variable.name in OBJECT_MEMBERS for variable in operation.variables
    )
    return f"variables: {name}" if is_needed else f"variables: {name} = {{}}"


def _write_return(file: SourceFile, arguments: Sequence[str], key: str | None) -> None:
    if key is None:
        file.listing("return await this.execute(", arguments, ");")
        return
    flat = f"return (await this.execute({', '.join(arguments)}))"
    if len(f"{flat}.{key};") <= file.room:
        file.line(f"{flat}.{key};")
    elif len(flat) <= file.room:
        with file.block(flat):
            file.line(f".{key};")
    else:
        with file.block("return (", f").{key};"):
            file.listing("await this.execute(", arguments, ")")
