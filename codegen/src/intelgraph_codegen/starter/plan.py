"""The files that `init` writes: decided here as texts, written all or not at all."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from intelgraph_codegen.config import OWN_FILE, TABLE
from intelgraph_codegen.errors import Diagnostic, Place, UsageError
from intelgraph_codegen.files import SUFFIXES
from intelgraph_codegen.outputs import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

PYPROJECT: Final = "pyproject.toml"
MANIFEST: Final = "persisted_documents.json"
EXAMPLE_SCHEMA: Final = "example_schema.graphql"
OPERATIONS: Final = "operations"

EXAMPLE_SDL: Final = '''\
"""
An example, so that there is something to generate from. Put your own schema in its place, or
fetch it: `intelgraph-codegen schema pull https://… --output schema.graphql`.
"""
type Query {
  "The books of the library, newest first."
  books(limit: Int = 20): [Book!]!
  "One book by its number."
  book(isbn: ID!): Book
}

"A book as the library holds it."
type Book {
  isbn: ID!
  title: String!
  "Absent where nobody knows."
  pages: Int
  state: BookState!
}

enum BookState {
  ON_SHELF
  LENT
}
'''


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody decided, by answering or by `--yes`."""

    schema: tuple[str, ...]
    documents: tuple[str, ...]
    python: str | None
    typescript: str | None
    lenient: bool = False


def missing_documents(documents: Sequence[str], folder: Path) -> Iterator[str]:
    """The file for a first operation, if none of the places for operations is there."""
    if not any((folder / name).exists() for name in documents):
        for name in documents[:1]:
            yield name if name.endswith(SUFFIXES) else f"{name.rstrip('/')}/example.graphql"


def config_file(folder: Path) -> str:
    """Where the configuration belongs: with a JavaScript project's own, else pyproject.toml."""
    only_javascript = (folder / "package.json").is_file() and not (folder / PYPROJECT).is_file()
    return OWN_FILE if only_javascript else PYPROJECT


def config_text(choices: Choices, name: str) -> str:
    """The lines of the configuration in a file of this name."""
    values: dict[str, object] = {
        "schema": choices.schema,
        "documents": choices.documents,
        "python": choices.python,
        "typescript": choices.typescript,
        "manifest": MANIFEST,
        "lenient": choices.lenient,
    }
    head = [] if name == OWN_FILE else [f"[{'.'.join(TABLE)}]"]
    # A JSON string without escapes of surrogates is a TOML string.
    lines = (
        f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value
    )
    return "".join(f"{line}\n" for line in (*head, *lines))


def with_config(old: str, added: str) -> str:
    """A pyproject.toml with the table behind all that stands in it, which stays as it is.

    Raises `UsageError` where that would not be the same file with one table more.
    """
    end = "\r\n" if "\r\n" in old else "\n"
    gap = "" if not old else end if old.endswith("\n") else end * 2
    new = old + gap + added.replace("\n", end)
    try:
        tomllib.loads(new.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        message = (
            f"The table cannot be added to this file; write it yourself, or into `{OWN_FILE}`:\n"
            f"{added.rstrip()}"
        )
        raise UsageError([Diagnostic(message, Place(PYPROJECT), code="wrong-setting")]) from None
    return new


def write_all(folder: Path, files: Mapping[str, str]) -> None:
    """Write new files and the changed pyproject.toml; refuse before the first when one is there."""
    there = [
        Diagnostic(
            "This file is there already, and init overwrites nothing.",
            Place(name),
            code="file-exists",
        )
        for name in files
        if name != PYPROJECT and (folder / name).exists()
    ]
    if there:
        raise UsageError(there)
    for name, text in files.items():
        replace_file(folder / name, text)
