"""Turns GraphQL files into a validated schema and validated documents.

Each file is read and parsed once. The stages are functions of their own (parse, check the
SDL, build the schema, check the documents), and what is wrong in one stage is told
completely before the next begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from graphql import (
    DefinitionNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    Source,
    SourceLocation,
    TypeDefinitionNode,
    is_scalar_type,
    parse,
)

from .check_documents import check_documents
from .check_sdl import build_schema, check_sdl
from .errors import CodegenError, Diagnostic, Place
from .files import TextFile, read_files
from .syntax import empty_selections, syntax_diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .ir import OperationKind

_NOTHING = re.compile(r"(?:[\s,\ufeff]|#[^\n\r]*)*\Z")

_Node = TypeVar("_Node", bound=DefinitionNode)


class _Source(Source):
    """A text whose lines graphql-core need not count for every error that it makes.

    It would read megabytes from their beginning for each, and nobody looks: what is told of a
    finding's place is `places.place_of`.
    """

    def get_location(self, position: int) -> SourceLocation:
        """Some place."""
        del position
        return self.location_offset


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the files of a run say, valid as a whole."""

    schema: GraphQLSchema
    type_order: tuple[str, ...]
    """The names of the schema's own types, as the files order them."""
    operations: tuple[OperationDefinitionNode, ...]
    fragments: tuple[FragmentDefinitionNode, ...]
    labels: Mapping[str, str]
    """The label of each document file by its path."""
    sdl: str
    """The whole SDL with `\\n` as line end."""
    warnings: tuple[Diagnostic, ...]

    @property
    def scalar_names(self) -> tuple[str, ...]:
        """The schema's own scalars."""
        types = self.schema.type_map
        return tuple(name for name in self.type_order if is_scalar_type(types[name]))

    @property
    def mutation_names(self) -> tuple[str, ...]:
        """The fields of the mutation type."""
        root = self.schema.mutation_type
        return tuple(root.fields) if root else ()

    @property
    def operation_kinds(self) -> Mapping[str, OperationKind]:
        """Query, mutation or subscription for each operation by its name, in order."""
        return {node.name.value: node.operation.value for node in self.operations if node.name}

    @property
    def fragments_by_name(self) -> Mapping[str, FragmentDefinitionNode]:
        """The fragments by their names, which are unique in valid documents."""
        return {node.name.value: node for node in self.fragments}


def load(
    schema: Sequence[str], documents: Sequence[str], *, root: Path, lenient: bool = False
) -> Loaded:
    """Read, parse and check files and folders; relative paths start at `root`.

    Raises `CodegenError` with every finding of the first stage that has one.
    """
    found: list[Diagnostic] = []
    sdl_files = read_files(schema, root=root, purpose="type definitions", diagnostics=found)
    document_files = read_files(documents, root=root, purpose="operations", diagnostics=found)
    sdl = _parse_all(sdl_files, found)
    definitions = _parse_all(document_files, found)
    _raise_errors(found)
    sdl = check_sdl(sdl, lenient=lenient, diagnostics=found)
    _raise_errors(found)
    built = build_schema(sdl, whole=_whole(schema), diagnostics=found)
    _raise_errors(found)
    check_documents(built, definitions, whole=_whole(documents), lenient=lenient, diagnostics=found)
    _raise_errors(found)
    return Loaded(
        schema=built,
        type_order=tuple(node.name.value for node in _only(sdl, TypeDefinitionNode)),
        operations=_only(definitions, OperationDefinitionNode),
        fragments=_only(definitions, FragmentDefinitionNode),
        labels={file.path: file.label for file in document_files},
        sdl=_join_texts(sdl_files),
        warnings=tuple(found),
    )


def _parse_all(
    files: Sequence[TextFile], diagnostics: list[Diagnostic]
) -> tuple[DefinitionNode, ...]:
    definitions: list[DefinitionNode] = []
    for file in files:
        definitions.extend(_parse(file, diagnostics))
    return tuple(definitions)


def _parse(file: TextFile, diagnostics: list[Diagnostic]) -> tuple[DefinitionNode, ...]:
    if _NOTHING.match(file.text):
        return ()
    try:
        document = parse(_Source(file.text, file.path))
    except GraphQLSyntaxError as error:
        start = next(iter(error.positions or ()), 0)
        diagnostics.append(syntax_diagnostic(error.message, file, start))
    except RecursionError:
        diagnostics.append(Diagnostic("This file nests too deeply to be read.", Place(file.path)))
    else:
        diagnostics.extend(empty_selections(document, file))
        return tuple(document.definitions)
    return ()


def _only(definitions: Sequence[DefinitionNode], kind: type[_Node]) -> tuple[_Node, ...]:
    return tuple(node for node in definitions if isinstance(node, kind))


def _whole(paths: Sequence[str]) -> Place | None:
    return Place(paths[0]) if paths else None


def _raise_errors(diagnostics: Sequence[Diagnostic]) -> None:
    if any(item.severity == "error" for item in diagnostics):
        raise CodegenError(diagnostics)


def _join_texts(files: Sequence[TextFile]) -> str:
    texts = (re.sub(r"\r\n?", "\n", file.text).rstrip("\n") for file in files)
    return "".join(f"{text}\n" for text in texts)
