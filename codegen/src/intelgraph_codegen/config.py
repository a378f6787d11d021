"""Reads `[tool.intelgraph-codegen]` of a pyproject.toml, every mistake with its line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from .errors import Diagnostic, Place, UsageError, did_you_mean, place_at, place_of_line
from .targets import ScalarTarget

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE = ("tool", "intelgraph-codegen")

_Table: TypeAlias = "dict[str, object]"
_Keys: TypeAlias = tuple[str, ...]

_LISTS = ("schema", "documents", "idempotent_mutations", "retryable_codes")
_TEXTS = ("python", "typescript", "server", "manifest")
_FLAGS = ("lenient",)
_SCALARS = "scalars"
_LANGUAGES = ("python", "typescript")
_SCALAR_FORMS = {
    "python": (re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)+"), "a dotted path such as `decimal.Decimal`"),
    "typescript": (re.compile(r"[^#\s]+#[A-Za-z_$][\w$]*"), "`module#Name`"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run reads and writes; relative paths start at `root`."""

    schema: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    python: str | None = None
    typescript: str | None = None
    server: str | None = None
    manifest: str | None = None
    lenient: bool = False
    scalars: Mapping[str, ScalarTarget] = field(default_factory=dict)
    idempotent_mutations: tuple[str, ...] = ()
    retryable_codes: tuple[str, ...] = ()
    root: Path = field(default_factory=Path)
    places: Mapping[_Keys, Place] = field(default_factory=dict, repr=False)
    """Where the configuration names each scalar and mutation, for messages about them."""

    @property
    def folders(self) -> tuple[str, ...]:
        """The output folders."""
        named = (self.python, self.typescript, self.server)
        return tuple(path for path in named if path is not None)


def read_config(text: str, path: str) -> Settings | None:
    """The settings that a pyproject.toml holds, or None when it has none for us.

    Raises `UsageError` with everything that is wrong with it.
    """
    try:
        content: _Table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError([_syntax(text, path, str(error))]) from None
    table: object = content
    for key in TABLE:
        table = table.get(key) if isinstance(table, dict) else None
    if table is None:
        return None
    reader = _Reader(text, path)
    settings = reader.settings(table)
    if reader.diagnostics:
        raise UsageError(reader.diagnostics)
    return settings


@dataclass(slots=True)
class _Reader:
    text: str
    path: str
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def settings(self, table: object) -> Settings:
        if not isinstance(table, dict):
            self._refuse("`tool.intelgraph-codegen` must be a table.", TABLE)
            return Settings()
        known = (*_LISTS, *_TEXTS, *_FLAGS, _SCALARS)
        for key in table:
            if key not in known:
                self._unknown(key, known, TABLE)
        return Settings(
            schema=self._list(table, "schema"),
            documents=self._list(table, "documents"),
            python=self._text(table, "python"),
            typescript=self._text(table, "typescript"),
            server=self._text(table, "server"),
            manifest=self._text(table, "manifest"),
            lenient=self._flag(table, "lenient"),
            scalars=self._scalars(table),
            idempotent_mutations=self._list(table, "idempotent_mutations"),
            retryable_codes=self._list(table, "retryable_codes"),
            places=self._places(table),
        )

    def _places(self, table: _Table) -> dict[_Keys, Place]:
        scalars = table.get(_SCALARS)
        keys: list[_Keys] = [("idempotent_mutations",)]
        keys += [(_SCALARS, name) for name in scalars] if isinstance(scalars, dict) else []
        return {key: _place_of_key(self.text, self.path, (*TABLE, *key)) for key in keys}

    def _list(self, table: _Table, key: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self._refuse(f"`{key}` must be a list of strings.", (*TABLE, key))
        return ()

    def _text(self, table: _Table, key: str) -> str | None:
        value = table.get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        self._refuse(f"`{key}` must be a path, written as a string.", (*TABLE, key))
        return None

    def _flag(self, table: _Table, key: str) -> bool:
        value = table.get(key, False)
        if isinstance(value, bool):
            return value
        self._refuse(f"`{key}` must be `true` or `false`.", (*TABLE, key))
        return False

    def _scalars(self, table: _Table) -> dict[str, ScalarTarget]:
        value = table.get(_SCALARS, {})
        if not isinstance(value, dict):
            self._refuse("`scalars` must be a table with one table a scalar.", (*TABLE, _SCALARS))
            return {}
        return {name: self._scalar(name, item) for name, item in value.items()}

    def _scalar(self, name: str, value: object) -> ScalarTarget:
        keys = (*TABLE, _SCALARS, name)
        if not isinstance(value, dict):
            self._refuse(f"`scalars.{name}` must be a table.", keys)
            return ScalarTarget(None, None)
        for key in value:
            if key not in _LANGUAGES:
                self._unknown(key, _LANGUAGES, keys)
        python, typescript = (self._target(value, language, keys) for language in _LANGUAGES)
        return ScalarTarget(python, typescript)

    def _target(self, table: _Table, language: str, keys: _Keys) -> str | None:
        value = table.get(language)
        if value is None:
            return None
        pattern, form = _SCALAR_FORMS[language]
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        self._refuse(f"`{language}` of a scalar must be {form}.", (*keys, language))
        return None

    def _unknown(self, key: str, known: tuple[str, ...], table: _Keys) -> None:
        where = ".".join(table)
        self._refuse(f"`[{where}]` has no key `{key}`.", (*table, key), did_you_mean(key, known))

    def _refuse(self, message: str, keys: _Keys, suggestion: str | None = None) -> None:
        place = _place_of_key(self.text, self.path, keys)
        self.diagnostics.append(Diagnostic(message, place, suggestion))


def _syntax(text: str, path: str, reason: str) -> Diagnostic:
    found = re.search(r"\(at line (\d+), column (\d+)\)", reason)
    if found:
        place = place_of_line(path, text, int(found[1]), int(found[2]))
    else:
        lines = text.splitlines() or [""]
        place = place_of_line(path, text, len(lines), len(lines[-1]) + 1)
    return Diagnostic("This file is not TOML.", place)


def _place_of_key(text: str, path: str, keys: _Keys) -> Place:
    """Where a key stands. tomllib keeps no positions, so the headers are read once more."""
    header: _Keys = ()
    best: Place | None = None
    offset = 0
    for line in text.splitlines(keepends=True):
        opened = re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", line)
        if opened:
            header = _split_key(opened[1])
            if keys[: len(header)] == header or header[: len(keys)] == keys:
                start = offset + opened.start(1)
                if header[: len(keys)] == keys:
                    start += opened[1].rfind(keys[-1]) if header == keys else 0
                    return place_at(path, text, start, offset + opened.end(1))
                best = place_at(path, text, start, offset + opened.end(1))
        assigned = re.match(r"\s*([A-Za-z0-9_.\"' -]+?)\s*=", line)
        if assigned and (*header, *_split_key(assigned[1]))[: len(keys)] == keys:
            start = offset + assigned.start(1)
            return place_at(path, text, start, offset + assigned.end(1))
        offset += len(line)
    return best or Place(path)


def _split_key(written: str) -> _Keys:
    return tuple(part.strip().strip("\"'") for part in written.split("."))
