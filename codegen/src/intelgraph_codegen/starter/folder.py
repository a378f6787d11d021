"""What a folder says of the project in it: its languages, its name, and its GraphQL."""

from __future__ import annotations

import json
import keyword
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from intelgraph_codegen.files import SUFFIXES
from intelgraph_codegen.outputs import LIST_NAME
from intelgraph_codegen.untyped import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NOT_LOOKED_INTO = frozenset(
    {"__pycache__", "build", "dist", "node_modules", "site-packages", "target", "venv"}
)
_DEFINITION = re.compile(
    r"^\s*(?:extend\s+)?(?:type|interface|union|enum|input|scalar|schema|directive)\b", re.MULTILINE
)
_OPERATION = re.compile(r"^\s*(?:(?:query|mutation|subscription|fragment)\b|\{)", re.MULTILINE)
_COMMENTS_AND_STRINGS = re.compile(r'"""(?:\\"""|.)*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*', re.DOTALL)
_BRACES = re.compile(r"\{[^{}]*\}|\([^()]*\)")
_FALLBACK_NAME = "graph"


@dataclass(frozen=True, slots=True)
class Project:
    """What `init` proposes for a folder; None for a language that the folder does not speak."""

    python: str | None
    typescript: str | None
    schema: tuple[str, ...]
    documents: tuple[str, ...]


def look_at(folder: Path) -> Project:
    """Look at a folder without changing anything; unreadable files count as absent."""
    has_python = (folder / "pyproject.toml").is_file()
    has_javascript = (folder / "package.json").is_file()
    found = dict(_graphql_files(folder))
    introspections = [] if "schema" in found.values() else _introspections(folder)
    return Project(
        python=_python(folder) if has_python or not has_javascript else None,
        typescript=_typescript(folder) if has_javascript else None,
        schema=_shortened([name for name, kind in found.items() if kind == "schema"], found)
        or tuple(introspections[:1]),
        documents=_shortened([name for name, kind in found.items() if kind == "documents"], found),
    )


def kind_of(text: str) -> str | None:
    """`schema` or `documents` for a GraphQL text, None for neither or both."""
    outer = _COMMENTS_AND_STRINGS.sub(" ", text)
    while _BRACES.search(outer):
        outer = _BRACES.sub("\n;\n", outer)
    defines = _DEFINITION.search(outer) is not None
    asks = _OPERATION.search(outer) is not None or outer.strip() == ";"
    return {(True, False): "schema", (False, True): "documents"}.get((defines, asks))


def _python(folder: Path) -> str:
    """Where a generated package stands best: inside the project's own, else beside it."""
    source = folder / "src"
    inside = source if source.is_dir() else folder
    prefix = "src/" if source.is_dir() else ""
    packages = sorted(path.parent.name for path in inside.glob("*/__init__.py"))
    packages = [name for name in packages if name not in {"tests", "test", "docs"}]
    wanted = _name(_project_name(folder))
    if wanted in packages or len(packages) == 1:
        return f"{prefix}{wanted if wanted in packages else packages[0]}/generated"
    return f"{prefix}{wanted}_client"


def _typescript(folder: Path) -> str:
    return "src/generated" if (folder / "src").is_dir() else "generated"


def _project_name(folder: Path) -> str:
    for file, read, way in (
        ("pyproject.toml", tomllib.loads, ("project", "name")),
        ("package.json", json.loads, ("name",)),
    ):
        try:
            value: object = read((folder / file).read_text("utf-8-sig"))
        except (OSError, ValueError, RecursionError):
            continue
        for key in way:
            value = (table(value) or {}).get(key)
        if isinstance(value, str):
            return value.rpartition("/")[2]
    return folder.resolve().name


def _name(written: str) -> str:
    """A Python identifier of a project's name."""
    name = re.sub(r"[^a-z0-9]+", "_", written.lower()).strip("_")
    return name if name.isidentifier() and not keyword.iskeyword(name) else _FALLBACK_NAME


def _graphql_files(folder: Path) -> Iterator[tuple[str, str | None]]:
    for path in _walk(folder):
        if path.name.endswith(SUFFIXES):
            try:
                text = path.read_text("utf-8-sig")
            except (OSError, ValueError):
                continue
            yield path.relative_to(folder).as_posix(), kind_of(text)


def _introspections(folder: Path) -> list[str]:
    """The JSON files here that look like the answer to an introspection query."""
    found: list[str] = []
    for path in sorted(folder.glob("*.json")):
        if re.search(r"schema|introspection", path.name):
            try:
                text = path.read_text("utf-8-sig")
            except (OSError, ValueError):
                continue
            if '"__schema"' in text:
                found.append(path.name)
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        if LIST_NAME in names:
            folders.clear()
            continue
        folders[:] = sorted(
            name for name in folders if name not in _NOT_LOOKED_INTO and not name.startswith(".")
        )
        yield from (here / name for name in sorted(names))


def _shortened(names: Sequence[str], found: dict[str, str | None]) -> tuple[str, ...]:
    """The files, or the folder that holds them all and no other GraphQL."""
    parents = [PurePath(name).parent for name in names]
    for folder in parents[:1]:
        others = [name for name in found if folder in PurePath(name).parents]
        if folder.parts and len(names) > 1 and sorted(others) == sorted(names):
            return (folder.as_posix(),)
    return tuple(names)
