"""Reads the configuration, every mistake with its line.

It stands in `[tool.intelgraph-codegen]` of a pyproject.toml, in an intelgraph-codegen.toml of
its own, or under `"intelgraph-codegen"` of a package.json. `config.schema.json` says the same
for editors.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TypeAlias

from .errors import (
    CodegenError,
    Diagnostic,
    Place,
    UsageError,
    did_you_mean,
    place_at,
    place_of_line,
)
from .json_places import place_of_keys, read_json
from .targets import ScalarTarget
from .untyped import strings, table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .findings import Code

OWN_FILE = "intelgraph-codegen.toml"
TABLE = ("tool", "intelgraph-codegen")
JSON_KEY = "intelgraph-codegen"

_Table: TypeAlias = "dict[str, object]"
_Keys: TypeAlias = tuple[str, ...]

_LISTS = ("schema", "documents", "idempotent_mutations", "keyed_mutations", "retryable_codes")
_TEXTS = ("python", "typescript", "server", "manifest")
_FLAGS = ("lenient",)
_SCALARS = "scalars"
_SCALAR_KEYS = ("python", "typescript", "parse", "serialize")
_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)+")
_SCALAR_FORMS = {
    "python": (_DOTTED, "a dotted path such as `decimal.Decimal`"),
    "parse": (_DOTTED, "the dotted path of a function"),
    "serialize": (_DOTTED, "the dotted path of a function"),
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
    scalars: Mapping[str, ScalarTarget] = field(default_factory=dict[str, ScalarTarget])
    idempotent_mutations: tuple[str, ...] = ()
    retryable_codes: tuple[str, ...] = ()
    root: Path = field(default_factory=Path)
    places: Mapping[_Keys, Place] = field(default_factory=dict[_Keys, Place], repr=False)
    """Where the configuration names each scalar and mutation, for messages about them."""
    keyed_mutations: tuple[str, ...] = ()

    @property
    def folders(self) -> tuple[str, ...]:
        """The output folders."""
        named = (self.python, self.typescript, self.server)
        return tuple(path for path in named if path is not None)


def read_config(text: str, path: str) -> Settings | None:
    """The settings that a file holds, or None when it has none for us; its name says its form.

    Raises `UsageError` with everything that is wrong with it.
    """
    if path.endswith(".json"):
        return _read_json(text, path)
    try:
        found: _Table | None = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError([_syntax(text, path, str(error))]) from None
    prefix = () if PurePath(path).name == OWN_FILE else TABLE
    return _settings(found, prefix, partial(_place_of_key, text, path))


def _read_json(text: str, path: str) -> Settings | None:
    if f'"{JSON_KEY}"' not in text:
        return None
    try:
        found = read_json(text, path, "This file")
    except CodegenError as error:
        raise UsageError(error.diagnostics) from None
    return _settings(found, (JSON_KEY,), partial(place_of_keys, text, path))


def _settings(found: object, prefix: _Keys, locate: Callable[[_Keys], Place]) -> Settings | None:
    for key in prefix:
        keys = table(found) or {}
        if key not in keys:
            return None
        found = keys[key]
    reader = _Reader(prefix, locate)
    settings = reader.settings(found)
    if reader.diagnostics:
        raise UsageError(reader.diagnostics)
    return settings


@dataclass(slots=True)
class _Reader:
    prefix: _Keys
    locate: Callable[[_Keys], Place]
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])

    def settings(self, value: object) -> Settings:
        keys = table(value)
        if keys is None:
            self._refuse(f"`{'.'.join(self.prefix)}` must be a table.", ())
            return Settings()
        known = (*_LISTS, *_TEXTS, *_FLAGS, _SCALARS)
        for key in keys:
            if key not in known:
                self._unknown(key, known, ())
        return Settings(
            schema=self._list(keys, "schema"),
            documents=self._list(keys, "documents"),
            python=self._text(keys, "python"),
            typescript=self._text(keys, "typescript"),
            server=self._text(keys, "server"),
            manifest=self._text(keys, "manifest"),
            lenient=self._flag(keys, "lenient"),
            scalars=self._scalars(keys),
            idempotent_mutations=self._list(keys, "idempotent_mutations"),
            keyed_mutations=self._list(keys, "keyed_mutations"),
            retryable_codes=self._list(keys, "retryable_codes"),
            places=self._places(keys),
        )

    def _places(self, keys: _Table) -> dict[_Keys, Place]:
        names: list[_Keys] = [("idempotent_mutations",), ("keyed_mutations",)]
        names += [(_SCALARS, name) for name in table(keys.get(_SCALARS)) or {}]
        return {name: self.locate((*self.prefix, *name)) for name in names}

    def _list(self, keys: _Table, key: str) -> tuple[str, ...]:
        found = strings(keys.get(key, []))
        if found is None:
            self._refuse(f"`{key}` must be a list of strings.", (key,))
        return found or ()

    def _text(self, keys: _Table, key: str) -> str | None:
        if key not in keys:
            return None
        value = keys[key]
        if isinstance(value, str) and value:
            return value
        self._refuse(f"`{key}` must be a path, written as a string.", (key,))
        return None

    def _flag(self, keys: _Table, key: str) -> bool:
        value = keys.get(key, False)
        if isinstance(value, bool):
            return value
        self._refuse(f"`{key}` must be `true` or `false`.", (key,))
        return False

    def _scalars(self, keys: _Table) -> dict[str, ScalarTarget]:
        scalars = table(keys.get(_SCALARS, {}))
        if scalars is None:
            self._refuse("`scalars` must be a table with one table a scalar.", (_SCALARS,))
        return {name: self._scalar(name, item) for name, item in (scalars or {}).items()}

    def _scalar(self, name: str, value: object) -> ScalarTarget:
        where = (_SCALARS, name)
        keys = table(value)
        if keys is None:
            self._refuse(f"`scalars.{name}` must be a table.", where)
            return ScalarTarget(None, None)
        for key in keys:
            if key not in _SCALAR_KEYS:
                self._unknown(key, _SCALAR_KEYS, where)
        functions = {"parse", "serialize"} & keys.keys()
        if functions and not {"python", "parse", "serialize"} <= keys.keys():
            message = f"`scalars.{name}` needs `python`, `parse` and `serialize` together."
            self._refuse(message, (*where, min(functions)))
        return ScalarTarget(**{key: self._target(keys, key, where) for key in _SCALAR_KEYS})

    def _target(self, keys: _Table, key: str, where: _Keys) -> str | None:
        if key not in keys:
            return None
        value = keys[key]
        pattern, form = _SCALAR_FORMS[key]
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        self._refuse(f"`{key}` of a scalar must be {form}.", (*where, key))
        return None

    def _unknown(self, key: str, known: tuple[str, ...], where: _Keys) -> None:
        header = ".".join((*self.prefix, *where))
        message = f"`[{header}]` has no key `{key}`." if header else f"There is no key `{key}`."
        self._refuse(message, (*where, key), did_you_mean(key, known), code="unknown-setting")

    def _refuse(
        self,
        message: str,
        keys: _Keys,
        suggestion: str | None = None,
        code: Code = "wrong-setting",
    ) -> None:
        place = self.locate((*self.prefix, *keys))
        self.diagnostics.append(Diagnostic(message, place, suggestion, code=code))


def _syntax(text: str, path: str, reason: str) -> Diagnostic:
    found = re.search(r"\(at line (\d+), column (\d+)\)", reason)
    if found:
        place = place_of_line(path, text, int(found[1]), int(found[2]))
    else:
        lines = text.splitlines() or [""]
        place = place_of_line(path, text, len(lines), len(lines[-1]) + 1)
    return Diagnostic("This file is not TOML.", place, code="invalid-toml")


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
        if assigned:
            found = (*header, *_split_key(assigned[1]))
            place = place_at(path, text, offset + assigned.start(1), offset + assigned.end(1))
            if found[: len(keys)] == keys:
                return place
            if keys[: len(found)] == found:
                # The key stands inside this one's own table, on the same line.
                best = place
        offset += len(line)
    return best or Place(path)


def _split_key(written: str) -> _Keys:
    return tuple(part.strip().strip("\"'") for part in written.split("."))
