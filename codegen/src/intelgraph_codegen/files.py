"""Finds and reads the GraphQL files of a run.

It knows nothing of GraphQL; it is apart so that what is wrong with a file's bytes is told
before anybody looks at their meaning.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from .errors import CodegenError, Diagnostic, Place, place_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUFFIXES = (".graphql", ".graphqls", ".gql")
TYPE_DEFINITIONS = "type definitions"
"""The purpose for which a JSON file may be read: it is an answer to an introspection query."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """One file's text without byte order mark, its line ends as they are.

    `path` is how messages name the file: as it was given. `label` is how generated
    headers name it: the same, but never absolute and never above the starting folder, so
    that a run prints the same on every machine.
    """

    path: str
    label: str
    text: str


def read_files(
    paths: Iterable[str], *, root: Path, purpose: str, diagnostics: list[Diagnostic]
) -> tuple[TextFile, ...]:
    """The files among `paths` and below its folders, each once, in a stable order.

    Relative paths start at `root`. What cannot be read is added to `diagnostics`.
    """
    seen: set[Path] = set()
    files: list[TextFile] = []
    for path in paths:
        for shown, label in _find(path, root=root, purpose=purpose, diagnostics=diagnostics):
            real = (root / shown).resolve()
            if real in seen:
                continue
            seen.add(real)
            text = _read(root / shown, shown, diagnostics)
            if text is not None and purpose == TYPE_DEFINITIONS and shown.endswith(".json"):
                text = _told(text, shown, diagnostics)
            if text is not None:
                files.append(TextFile(shown, label, text))
    return tuple(files)


def read_text(path: Path, shown: str) -> str:
    """The text of one file that has to be there; raises `CodegenError` when it cannot be read."""
    diagnostics: list[Diagnostic] = []
    text = _read(path, shown, diagnostics)
    if text is None:
        raise CodegenError(diagnostics)
    return text


def _find(
    path: str, *, root: Path, purpose: str, diagnostics: list[Diagnostic]
) -> Iterator[tuple[str, str]]:
    shown = PurePath(path).as_posix()
    label = _label(PurePath(path))
    start = root / path
    if start.is_file():
        yield shown, label
    elif not start.is_dir():
        diagnostics.append(
            Diagnostic(
                f"There is no such file or folder to read {purpose} from.",
                Place(shown),
                code="missing-input",
            )
        )
    elif found := sorted(_walk(start)):
        for inner in found:
            yield (PurePath(shown) / inner).as_posix(), (PurePath(label) / inner).as_posix()
    else:
        diagnostics.append(
            Diagnostic(
                f"This folder has no {purpose}: no file in it ends in {' or '.join(SUFFIXES)}.",
                Place(shown),
                code="missing-input",
            )
        )


def _walk(folder: Path) -> Iterator[str]:
    for parent, _, names in os.walk(folder):
        for name in names:
            if name.endswith(SUFFIXES):
                yield (Path(parent) / name).relative_to(folder).as_posix()


def _label(path: PurePath) -> str:
    parts = path.parts
    if path.is_absolute():
        parts = parts[-1:]
    while parts and parts[0] == "..":
        parts = parts[1:]
    return PurePath(*parts).as_posix() if parts else ""


def _read(path: Path, shown: str, diagnostics: list[Diagnostic]) -> str | None:
    try:
        raw = path.read_bytes()
    except PermissionError:
        diagnostics.append(
            Diagnostic(
                "This file cannot be read: permission is denied.",
                Place(shown),
                code="unreadable-file",
            )
        )
        return None
    except OSError:
        diagnostics.append(
            Diagnostic("This file cannot be read.", Place(shown), code="unreadable-file")
        )
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        diagnostics.append(_not_utf8(shown, raw, error))
        return None


def _told(text: str, shown: str, diagnostics: list[Diagnostic]) -> str | None:
    from .introspection import sdl_of_text  # noqa: PLC0415 - Few schemas are given as JSON.

    try:
        return sdl_of_text(text, shown)
    except CodegenError as error:
        diagnostics.extend(error.diagnostics)
        return None


def _not_utf8(shown: str, raw: bytes, error: UnicodeDecodeError) -> Diagnostic:
    # The codec counts from behind a byte order mark, the message from the file's first byte.
    skipped = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    offset = error.start + skipped
    before = raw[skipped:offset].decode("utf-8")
    text = before + raw[offset:].decode("utf-8", "replace")
    return Diagnostic(
        f"This file is not UTF-8: byte 0x{raw[offset]:02X} at offset {offset}.",
        place_at(shown, text, len(before), len(before) + 1),
        code="unreadable-file",
    )
