"""A whole schema without operations, for the commands that look at more than operations use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import GraphQLSyntaxError, Source, parse

from .check_sdl import build_schema, check_sdl
from .errors import CodegenError, Diagnostic, Place
from .files import read_files
from .syntax import syntax_diagnostic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphql import DefinitionNode, GraphQLSchema

    from .files import TextFile


@dataclass(frozen=True, slots=True)
class WholeSchema:
    """A valid schema, with every type that its files define."""

    schema: GraphQLSchema
    warnings: tuple[Diagnostic, ...]


def whole_schema(paths: Sequence[str], *, root: Path, lenient: bool = False) -> WholeSchema:
    """Read files and folders; raises `CodegenError` with what is wrong with them."""
    found: list[Diagnostic] = []
    files = read_files(paths, root=root, purpose="type definitions", diagnostics=found)
    _raise_errors(found)
    return schema_of(files, lenient=lenient)


def schema_of(files: Sequence[TextFile], *, lenient: bool = False) -> WholeSchema:
    """The same of texts that were read already."""
    found: list[Diagnostic] = []
    definitions = tuple(node for file in files for node in _definitions(file, found))
    _raise_errors(found)
    definitions = check_sdl(definitions, lenient=lenient, diagnostics=found)
    _raise_errors(found)
    whole = Place(files[0].path) if files else None
    schema = build_schema(definitions, whole=whole, diagnostics=found)
    _raise_errors(found)
    return WholeSchema(schema, tuple(found))


def _definitions(file: TextFile, found: list[Diagnostic]) -> tuple[DefinitionNode, ...]:
    try:
        return tuple(parse(Source(file.text, file.path)).definitions)
    except GraphQLSyntaxError as error:
        start = next(iter(error.positions or ()), 0)
        found.append(syntax_diagnostic(error.message, file, start))
    except RecursionError:
        found.append(Diagnostic("This file nests too deeply to be read.", Place(file.path)))
    return ()


def _raise_errors(found: Sequence[Diagnostic]) -> None:
    if any(item.severity == "error" for item in found):
        raise CodegenError(found)
