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
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    ScalarTypeDefinitionNode,
    Source,
    TypeDefinitionNode,
    build_ast_schema,
)

from .check_documents import check_documents
from .check_sdl import build_schema, check_sdl
from .errors import Place, has_errors, raise_errors
from .excerpt import excerpt
from .files import TextFile, read_files
from .outline import read_outline
from .parsing import parse_files, parse_source
from .sdl_literals import literals_fit
from .sound import Types, deprecations, is_sound, repeated_fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .errors import Diagnostic
    from .ir import OperationKind

_Node = TypeVar("_Node", bound=DefinitionNode)


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
    scalar_names: tuple[str, ...]
    """The schema's own scalars."""
    mutation_names: tuple[str, ...]
    """The fields of the mutation type."""
    sdl: str
    """The whole SDL with `\\n` as line end."""
    warnings: tuple[Diagnostic, ...]

    @property
    def operation_kinds(self) -> Mapping[str, OperationKind]:
        """Query, mutation or subscription for each operation by its name, in order."""
        return {node.name.value: node.operation.value for node in self.operations if node.name}

    @property
    def fragments_by_name(self) -> Mapping[str, FragmentDefinitionNode]:
        """The fragments by their names, which are unique in valid documents."""
        return {node.name.value: node for node in self.fragments}


@dataclass(frozen=True, slots=True)
class _Files:
    schema: Sequence[TextFile]
    documents: Sequence[TextFile]
    definitions: tuple[DefinitionNode, ...]
    """Of the documents."""
    whole_schema: Place | None
    """What stands for all files of the schema."""
    whole_documents: Place | None
    lenient: bool


def load(
    schema: Sequence[str],
    documents: Sequence[str],
    *,
    root: Path,
    lenient: bool = False,
    whole: bool = False,
) -> Loaded:
    """Read, parse and check files and folders; relative paths start at `root`.

    Only what the operations reach of a schema is read closely, and `Loaded.schema` holds no
    more, unless something may be wrong or the `whole` schema is asked for. Raises `CodegenError`
    with every finding of the first stage that has one.
    """
    found: list[Diagnostic] = []
    sdl_files = read_files(schema, root=root, purpose="type definitions", diagnostics=found)
    document_files = read_files(documents, root=root, purpose="operations", diagnostics=found)
    problems = list(found)
    definitions = parse_files(document_files, problems)
    files = _Files(
        *(sdl_files, document_files, definitions),
        *(_whole(schema), _whole(documents), lenient),
    )
    loaded = None if problems or whole else _load_excerpt(files)
    return loaded or _load_whole(files, found, problems[len(found) :])


def _load_excerpt(files: _Files) -> Loaded | None:
    """What is loaded if all is well; None where somebody should look closely."""
    outline = read_outline(files.schema)
    types = Types(outline) if outline else None
    if types is None or not is_sound(types, lenient=files.lenient):
        return None
    built = _build_excerpt(types, files.definitions)
    if built is None:
        return None
    found = [*repeated_fields(types), *deprecations(types)]
    _check_documents(files, built, found)
    if has_errors(found):
        return None
    return _loaded(
        *(files, built, found),
        type_order=tuple(part.name for part in types.outline.parts if not part.is_extension),
        scalar_names=tuple(types.of_kind("scalar")),
        mutation_names=tuple(types.members.get(types.roots.get("mutation", ""), ())),
    )


def _build_excerpt(types: Types, definitions: Sequence[DefinitionNode]) -> GraphQLSchema | None:
    text = excerpt(types, definitions)
    if text is None:
        return None
    try:
        document = parse_source(Source(text), no_location=True)
        schema = build_ast_schema(document, assume_valid_sdl=True)
    except GraphQLError:  # The library evaluates its own directives.
        return None
    return schema if literals_fit(schema, types) else None


def _load_whole(
    files: _Files, found: list[Diagnostic], in_documents: Sequence[Diagnostic]
) -> Loaded:
    sdl = parse_files(files.schema, found)
    found.extend(in_documents)
    raise_errors(found)
    sdl = check_sdl(sdl, lenient=files.lenient, diagnostics=found)
    raise_errors(found)
    built = build_schema(sdl, whole=files.whole_schema, diagnostics=found)
    raise_errors(found)
    _check_documents(files, built, found)
    raise_errors(found)
    types = _only(sdl, TypeDefinitionNode)
    mutations = built.mutation_type
    return _loaded(
        *(files, built, found),
        type_order=tuple(node.name.value for node in types),
        scalar_names=tuple(node.name.value for node in _only(sdl, ScalarTypeDefinitionNode)),
        mutation_names=tuple(mutations.fields) if mutations else (),
    )


def _check_documents(files: _Files, schema: GraphQLSchema, found: list[Diagnostic]) -> None:
    check_documents(
        *(schema, files.definitions),
        whole=files.whole_documents,
        lenient=files.lenient,
        diagnostics=found,
    )


def _loaded(
    files: _Files,
    schema: GraphQLSchema,
    warnings: Sequence[Diagnostic],
    *,
    type_order: tuple[str, ...],
    scalar_names: tuple[str, ...],
    mutation_names: tuple[str, ...],
) -> Loaded:
    return Loaded(
        schema=schema,
        type_order=type_order,
        operations=_only(files.definitions, OperationDefinitionNode),
        fragments=_only(files.definitions, FragmentDefinitionNode),
        labels={file.path: file.label for file in files.documents},
        scalar_names=scalar_names,
        mutation_names=mutation_names,
        sdl=_join_texts(files.schema),
        warnings=tuple(warnings),
    )


def _only(definitions: Sequence[DefinitionNode], kind: type[_Node]) -> tuple[_Node, ...]:
    return tuple(node for node in definitions if isinstance(node, kind))


def _whole(paths: Sequence[str]) -> Place | None:
    return Place(paths[0]) if paths else None


def _join_texts(files: Sequence[TextFile]) -> str:
    texts = (re.sub(r"\r\n?", "\n", file.text).rstrip("\n") for file in files)
    return "".join(f"{text}\n" for text in texts)
