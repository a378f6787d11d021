"""Input objects as slotted keyword-only classes.

They are not pydantic: a misspelt field is a TypeError at once, and inputs may refer to each
other in any way, because only type checkers evaluate their annotations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph_codegen.prose import paragraphs

from .enums import deprecation
from .layout import python_file, write_constant, write_signature, write_variable
from .naming import TYPES, attribute_names
from .text import string, write_doc
from .types import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intelgraph_codegen.ir import InputField, InputObject
    from intelgraph_codegen.source_file import SourceFile

    from .naming import Module
    from .types import Types


def emit_input(each: InputObject, module: Module, types: Types) -> SourceFile:
    """The module of one input object."""
    names = attribute_names((field.name for field in each.fields), reserved=TYPES | {"self"})
    fields = dict(zip(names, each.fields, strict=True))
    file = python_file(module.path, "the schema", own_names=[module.main, *names])
    file.gap(2)
    file.listing(f"class {module.main}(", [file.ref(RUNTIME, "Input")], "):")
    with file.indented():
        rule = "Exactly one of its fields must be given." if each.is_one_of else None
        doc = paragraphs(each.description, rule)
        write_doc(file, doc)
        if doc:
            file.gap(1)
        _write_tables(file, fields)
        if serializers := types.serializers(file, each.fields):
            file.listing("_serializers = {", serializers, "}")
        is_apart = True
        for name, field in fields.items():
            description = input_doc(field)
            if is_apart or description:
                file.gap(1)
            write_variable(file, name, _annotation(file, types, field, each))
            write_doc(file, description)
            is_apart = bool(description)
        file.gap(1)
        if each.is_one_of:
            _write_one_of(file, types, fields, each)
        else:
            _write_init(file, types, fields, each)
    return file


def input_doc(field: InputField) -> str | None:
    """The description of an input field or a variable, with its default and deprecation."""
    default = f"The default is `{field.default}`." if field.default is not None else None
    return paragraphs(field.description, default, deprecation(field.deprecated))


def _write_tables(file: SourceFile, fields: Mapping[str, InputField]) -> None:
    wire_names = [field.name for field in fields.values()]
    for table, names in (("__slots__", list(fields)), ("_wire_names", wire_names)):
        items = [string(name) for name in names]
        if len(items) == 1:
            file.line(f"{table} = ({items[0]},)")
        else:
            file.listing(f"{table} = (", items, ")")


def _write_init(
    file: SourceFile, types: Types, fields: Mapping[str, InputField], each: InputObject
) -> None:
    parameters = [
        f"{name}: {_annotation(file, types, field, each)}"
        + ("" if _is_required(field, each) else f" = {file.ref(RUNTIME, 'UNSET')}")
        for name, field in fields.items()
    ]
    write_signature(file, "def __init__", ["self", "*", *parameters], "None:")
    with file.indented():
        for name in fields:
            write_constant(file, f"self.{name}", name)


def _write_one_of(
    file: SourceFile, types: Types, fields: Mapping[str, InputField], each: InputObject
) -> None:
    if len(fields) > 1:
        overload = file.ref("typing", "overload")
        for name, field in fields.items():
            given = types.argument(file, field.type, nullable=False)
            file.line(f"@{overload}")
            write_signature(file, "def __init__", ["self", "*", f"{name}: {given}"], "None: ...")
    _write_init(file, types, fields, each)
    if len(fields) > 1:
        with file.indented():
            file.line("self._require_one()")


def _is_required(field: InputField, each: InputObject) -> bool:
    return field.is_required or (each.is_one_of and len(each.fields) == 1)


def _annotation(file: SourceFile, types: Types, field: InputField, each: InputObject) -> str:
    annotation = types.argument(file, field.type, nullable=False if each.is_one_of else None)
    if _is_required(field, each):
        return annotation
    return f"{annotation} | {file.ref(RUNTIME, 'Unset', is_type_only=True)}"
