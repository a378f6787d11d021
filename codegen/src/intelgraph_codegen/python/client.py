"""The two clients: one method for each operation, the same blocking and awaiting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intelgraph_codegen.prose import paragraphs, wrapped

from .imports import export_order, import_statement
from .inputs import input_doc
from .layout import STEP, python_file, write_signature
from .models import Models
from .naming import CALL_OPTIONS, attribute_names
from .pagination import paged_types
from .text import string, write_doc
from .types import RUNTIME, reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from intelgraph_codegen.inheritance import Lineage
    from intelgraph_codegen.ir import InputField, Operation, Pagination
    from intelgraph_codegen.source_file import SourceFile

    from .naming import Module
    from .types import Types

LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Clients:
    """Writes the clients of a program."""

    types: Types
    lineage: Lineage
    operations: Sequence[Operation]
    source: str
    has_error_codes: bool

    def emit(self, *, is_async: bool) -> SourceFile:
        """The module of the blocking or of the awaiting client."""
        name = "AsyncClient" if is_async else "Client"
        path = "async_client.py" if is_async else "client.py"
        methods = self.types.names.methods
        file = python_file(path, self.source, own_names=[name, *methods.values()])
        base = file.ref(RUNTIME, "AsyncBaseClient" if is_async else "BaseClient")
        file.gap(2)
        with file.block(f"class {name}({base}):"):
            write_doc(file, "The operations of the schema, one method each.")
            if self.has_error_codes:
                file.gap(1)
                file.line(f"_retryable_codes = {file.ref('.errors', 'RETRYABLE_CODES')}")
            for operation in self.operations:
                file.gap(1)
                self._write_method(file, operation, is_async=is_async)
                if operation.pagination is not None:
                    file.gap(1)
                    self._write_iterator(file, operation, operation.pagination, is_async=is_async)
        return file

    def _write_method(self, file: SourceFile, operation: Operation, *, is_async: bool) -> None:
        variables = _parameters(operation)
        module = self.types.names.operations[operation.name]
        _write_deprecation(file, operation)
        parameters = [self._parameter(file, name, each) for name, each in variables.items()]
        returns = self._returns(file, operation, module)
        is_stream = operation.kind == "subscription"
        if is_stream:
            # A generator is called, and only what it gives is awaited.
            kind = file.ref(
                RUNTIME, "AsyncGenerator" if is_async else "Generator", is_type_only=True
            )
            returns = f"{kind}[{returns}]"
        write_signature(
            file,
            f"{'async ' if is_async and not is_stream else ''}def"
            f" {self.types.names.methods[operation.name]}",
            ["self", *(["*"] if parameters else []), *parameters],
            f"{returns}:",
        )
        with file.indented():
            write_doc(file, _doc(operation, variables, file.room))
            place = f".operations.{module.name}"
            file.lines(import_statement(place, [module.constant], room=file.room))
            file.gap(1)
            if is_stream:
                self._write_stream(file, operation, module, variables)
            else:
                self._write_return(file, operation, module, variables, is_async=is_async)

    def _write_iterator(
        self, file: SourceFile, operation: Operation, found: Pagination, *, is_async: bool
    ) -> None:
        names = self.types.names
        module = names.operations[operation.name]
        variables = _parameters(operation, LIMIT)
        _write_deprecation(file, operation)
        parameters = [self._parameter(file, name, each) for name, each in variables.items()]
        generics = ", ".join(paged_types(file, self.types, operation, found))
        kind = file.ref(RUNTIME, "AsyncPaginator" if is_async else "Paginator", is_type_only=True)
        write_signature(
            file,
            f"def {names.iterators[operation.name]}",
            ["self", "*", *parameters, f"{LIMIT}: int | None = None"],
            f"{kind}[{generics}]:",
        )
        with file.indented():
            write_doc(file, _iterator_doc(names.methods[operation.name]))
            place = f".operations.{module.name}"
            imported = sorted([module.constant, module.page], key=export_order)
            file.lines(import_statement(place, imported, room=file.room))
            file.gap(1)
            items = [f"{string(each.name)}: {name}" for name, each in variables.items()]
            with file.block("return self._paginate(", ")"):
                file.line(f"{module.constant},")
                file.listing("{", items, "},")
                file.line(f"{module.page},")
                file.line(f"cursor={string(found.variable)},")
                file.line(f"limit={LIMIT},")

    def _parameter(self, file: SourceFile, name: str, variable: InputField) -> str:
        annotation = self.types.argument(file, variable.type)
        if variable.is_required:
            return f"{name}: {annotation}"
        unset = file.ref(RUNTIME, "Unset", is_type_only=True)
        return f"{name}: {annotation} | {unset} = {file.ref(RUNTIME, 'UNSET')}"

    def _returns(self, file: SourceFile, operation: Operation, module: Module) -> str:
        if operation.root is None:
            return reference(file, module, module.main, is_type_only=True)
        return self.types.result(file, operation.root.type, module, is_type_only=True)

    def _write_stream(
        self,
        file: SourceFile,
        operation: Operation,
        module: Module,
        variables: Mapping[str, InputField],
    ) -> None:
        items = [f"{string(each.name)}: {name}" for name, each in variables.items()]
        models = Models(self.types, self.lineage, module, operation.shapes)
        # A subscription has one field, as a rule of the language.
        root = operation.root
        attribute = models.attribute((operation.name,), root.key) if root else ""
        pick = f"lambda data: data.{attribute}" if root else "lambda data: data"
        flat = f"return self._subscribe({module.constant}, {{{', '.join(items)}}}, {pick})"
        if len(flat) <= file.room:
            file.line(flat)
            return
        with file.block("return self._subscribe(", ")"):
            file.line(f"{module.constant},")
            file.listing("{", items, "},")
            file.line(f"{pick},")

    def _write_return(
        self,
        file: SourceFile,
        operation: Operation,
        module: Module,
        variables: Mapping[str, InputField],
        *,
        is_async: bool,
    ) -> None:
        items = [f"{string(each.name)}: {name}" for name, each in variables.items()]
        call = f"{'await ' if is_async else ''}self._call("
        flat = f"{call}{module.constant}, {{{', '.join(items)}}})"
        suffix = ""
        if operation.root is not None:
            models = Models(self.types, self.lineage, module, operation.shapes)
            suffix = f".{models.attribute((operation.name,), operation.root.key)}"
        opening, closing = "", suffix
        if is_async and suffix:
            opening, closing = "(", f"){suffix}"
        if len(whole := f"return {opening}{flat}{closing}") <= file.room:
            file.line(whole)
        elif opening:
            with file.block("return (", closing):
                _write_call(file, call, module.constant, items, ")")
        else:
            _write_call(file, f"return {call}", module.constant, items, f"){suffix}")


def _write_call(
    file: SourceFile, opening: str, constant: str, items: Sequence[str], closing: str
) -> None:
    flat = f"{opening}{constant}, {{{', '.join(items)}}}{closing}"
    if len(flat) <= file.room:
        file.line(flat)
        return
    with file.block(opening, closing):
        file.line(f"{constant},")
        file.listing("{", items, "},")


def _parameters(operation: Operation, *also_reserved: str) -> dict[str, InputField]:
    """The variables by what a method calls them."""
    names = attribute_names(
        (variable.name for variable in operation.variables),
        reserved=CALL_OPTIONS | {*also_reserved},
        prefix="variable",
    )
    return dict(zip(names, operation.variables, strict=True))


def _write_deprecation(file: SourceFile, operation: Operation) -> None:
    if operation.deprecated is not None:
        deprecated = file.ref(RUNTIME, "deprecated")
        file.listing(f"@{deprecated}(", [string(operation.deprecated)], ")")


def _doc(operation: Operation, variables: Mapping[str, InputField], width: int) -> str | None:
    described = {name: doc for name, each in variables.items() if (doc := input_doc(each))}
    if not described:
        return operation.description
    lines = [
        line
        for name, doc in described.items()
        for line in wrapped(f"{name}: {doc}", width, indent=STEP, hang=STEP * 2)
    ]
    summary = operation.description or f"The {operation.kind} `{operation.name}`."
    return paragraphs(summary, "\n".join(["Args:", *lines]))


def _iterator_doc(method: str) -> str:
    # What the variables mean stands with the method itself, once.
    return (
        f"The items of `{method}`, one request a page, each sent when it is needed.\n\n"
        f"The variables are those of `{method}`; `{LIMIT}` is how many items come at most."
    )
