"""Reads what is compared: a schema, or a project with its own configuration and operations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intelgraph_codegen.build import Facts, build, print_documents
from intelgraph_codegen.documents import name_of
from intelgraph_codegen.errors import CodegenError
from intelgraph_codegen.load import load
from intelgraph_codegen.places import place_of
from intelgraph_codegen.whole import whole_schema

from .change import Change
from .programs import Side

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphql import GraphQLSchema

    from intelgraph_codegen.config import Settings
    from intelgraph_codegen.load import Loaded


@dataclass(frozen=True, slots=True)
class Version:
    """One of the two: its schema, and its operations where it has any."""

    settings: Settings
    schema: GraphQLSchema
    loaded: Loaded | None

    @property
    def side(self) -> Side | None:
        return _side(self.loaded, self.settings) if self.loaded else None


def read_version(settings: Settings, root: Path) -> Version:
    """Read what the settings name; raises `CodegenError` for what is not valid in itself."""
    paths, lenient = settings.schema, settings.lenient
    if not settings.documents:
        schema = whole_schema(paths, root=root, lenient=lenient).schema
        return Version(settings, schema, None)
    loaded = load(paths, settings.documents, root=root, lenient=lenient, whole=True)
    return Version(settings, loaded.schema, loaded)


def judged_by(old: Version, new: Settings, root: Path) -> tuple[Side | None, tuple[Change, ...]]:
    """The old operations as the new schema sees them, or what it refuses of them."""
    try:
        mine = old.settings
        loaded = load(new.schema, mine.documents, root=root, lenient=mine.lenient, whole=True)
    except CodegenError as error:
        return None, tuple(_refused(old, error))
    return _side(loaded, old.settings), ()


def _refused(old: Version, error: CodegenError) -> Iterator[Change]:
    for finding in error.diagnostics:
        if finding.severity == "error":
            words = " ".join(filter(None, (finding.message, finding.suggestion)))
            place = finding.place
            owner, touches = "", ""
            for node in (*old.loaded.operations, *old.loaded.fragments) if old.loaded else ():
                whole = place_of(node)
                is_before = (
                    place
                    and whole
                    and whole.path == place.path
                    and ((whole.line, whole.column) <= (place.line, place.column))
                )
                if is_before and node.name:
                    owner = node.name.value
                    kind = "fragment" if node.kind == "fragment_definition" else "operation"
                    touches = f"{kind} {owner}"
            message = f"`{owner}` is not valid against the new schema: {words}"
            yield Change("operation-invalid", owner, message, place, frozenset({touches}))


def _side(loaded: Loaded, settings: Settings) -> Side:
    facts = Facts(
        frozenset(settings.idempotent_mutations),
        frozenset(settings.keyed_mutations),
        settings.retryable_codes,
    )
    program = build(loaded, print_documents(loaded), facts=facts)
    places = {name_of(node): place_of(node) for node in loaded.operations}
    places |= {node.name.value: place_of(node) for node in loaded.fragments}
    return Side(program, places)
