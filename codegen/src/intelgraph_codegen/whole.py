"""A whole schema without operations, for the commands that look at more than operations use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .check_sdl import build_schema, check_sdl
from .errors import Place, raise_errors
from .files import read_files
from .parsing import parse_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphql import GraphQLSchema

    from .errors import Diagnostic
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
    raise_errors(found)
    return schema_of(files, lenient=lenient)


def schema_of(files: Sequence[TextFile], *, lenient: bool = False) -> WholeSchema:
    """The same of texts that were read already."""
    found: list[Diagnostic] = []
    definitions = parse_files(files, found)
    raise_errors(found)
    definitions = check_sdl(definitions, lenient=lenient, diagnostics=found)
    raise_errors(found)
    whole = Place(files[0].path) if files else None
    schema = build_schema(definitions, whole=whole, diagnostics=found)
    raise_errors(found)
    return WholeSchema(schema, tuple(found))
