"""Writes a run's files, and never touches what it did not write.

Each output folder holds a list of its own files with their sha256. What stands in the
folder without being listed, or differs from its listed hash, belongs to somebody: it is an
error and stays as it is. Files are replaced whole, so that nobody ever reads half of one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from .errors import Diagnostic, Place
from .untyped import strings, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LIST_NAME = ".intelgraph-codegen.json"

_FORMAT = "intelgraph-codegen-files/1"
_TEMPORARY = ".intelgraph-codegen-new-"
LEFT_OVERS = f"{_TEMPORARY}*"
"""Matches the files that a killed run may have left."""
_COMPILED = re.compile(r"(\.d\.ts|\.js)(\.map)?$")
_IGNORED = frozenset({"__pycache__", ".DS_Store", "Thumbs.db"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What writing a folder would do."""

    folder: Path
    shown: str
    writes: Mapping[str, str]
    """The text of each file that is missing or differs, by its path in the folder."""
    removes: tuple[str, ...]
    """Files of an earlier run that this one no longer has."""
    unchanged: int
    files: int
    """How many files the folder holds then, the list aside."""
    transition: str
    """The list that stands while files are being replaced: it knows old and new ones."""

    @property
    def differing(self) -> tuple[str, ...]:
        """The paths that a check complains of, in order."""
        return tuple(dict(self.wanted))

    @property
    def wanted(self) -> tuple[tuple[str, str | None], ...]:
        """The same with what should stand there, None for nothing."""
        names = sorted((*self.writes, *self.removes))
        return tuple((f"{self.shown}/{name}", self.writes.get(name)) for name in names)


def plan_folder(
    folder: Path, shown: str, files: Mapping[str, str], diagnostics: list[Diagnostic]
) -> Plan:
    """Compare a folder with the files it should hold.

    What stands there and is not the generator's is added to `diagnostics`.
    """
    if folder.exists() and not folder.is_dir():
        diagnostics.append(
            Diagnostic("This is not a folder to write into.", Place(shown), code="foreign-file")
        )
        return Plan(folder, shown, {}, (), 0, 0, "")
    wanted = {name: _hash(text.encode()) for name, text in files.items()}
    listed = _read_list(folder / LIST_NAME, f"{shown}/{LIST_NAME}", diagnostics)
    own = {*wanted, *(listed or {})}
    present = dict(present_files(folder))
    diagnostics.extend(_strangers(shown, present, wanted, listed))
    final = _render_list({name: (digest,) for name, digest in wanted.items()})
    complete = {**files, LIST_NAME: final}
    writes = {
        name: text
        for name, text in complete.items()
        if _hash_of(folder, name, present) != _hash(text.encode())
    }
    return Plan(
        folder=folder,
        shown=shown,
        writes=writes,
        removes=tuple(
            sorted(name for name in present if name not in wanted and not _is_compiled(name, own))
        ),
        unchanged=sum(name not in writes for name in files),
        files=len(files),
        transition=_render_list(_merged(listed or {}, wanted)),
    )


def write_folder(plan: Plan) -> None:
    """Carry a plan out.

    The list comes first with old and new hashes and last with the new ones alone, so that
    a run that is killed at any point leaves only files which the next run knows as its own.
    """
    sweep(plan.folder.rglob(LEFT_OVERS))
    if not plan.differing:
        return
    replace_file(plan.folder / LIST_NAME, plan.transition)
    for parent in dict.fromkeys((plan.folder / name).parent for name in plan.writes):
        parent.mkdir(parents=True, exist_ok=True)
    for name, text in plan.writes.items():
        if name != LIST_NAME:
            _replace(plan.folder / name, text)
    for name in plan.removes:
        (plan.folder / name).unlink(missing_ok=True)
        _remove_empty_folders(plan.folder, PurePosixPath(name))
    final = plan.writes.get(LIST_NAME)
    if final is not None:
        replace_file(plan.folder / LIST_NAME, final)


def replace_file(path: Path, text: str) -> None:
    """Write a file in one step: whoever opens it reads all of the old or all of the new text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, text)


def _replace(path: Path, text: str) -> None:
    # Not as long as the name itself may be, as disks allow 255 bytes.
    temporary = path.with_name(f"{_TEMPORARY}{os.getpid()}-{_hash(path.name.encode())[-8:]}")
    try:
        temporary.write_bytes(text.encode())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def sweep(left_overs: Iterable[Path]) -> None:
    """Remove what killed runs left half-written; a run that goes on keeps what is its own."""
    for path in left_overs:
        process = re.match(r"\d+", path.name.removeprefix(_TEMPORARY))
        if process and not _is_running(int(process[0])):
            path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    if sys.platform == "win32":
        return True  # Asking would end the process there.
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def has_text(path: Path, text: str) -> bool:
    """Whether a file already says exactly this; line ends of a Windows checkout do not count."""
    return path.is_file() and _hash(path.read_bytes()) == _hash(text.encode())


def _strangers(
    shown: str,
    present: Mapping[str, str],
    wanted: Mapping[str, str],
    listed: Mapping[str, tuple[str, ...]] | None,
) -> Iterator[Diagnostic]:
    # A file that already says what this run would write is nobody's loss, listed or not.
    own = {*wanted, *(listed or {})}
    foreign = {
        name: found
        for name, found in present.items()
        if found != wanted.get(name) and not _is_compiled(name, own)
    }
    if listed is None and foreign:
        yield Diagnostic(
            f"This folder holds files that the generator did not write, `{min(foreign)}` for "
            "one; it writes into a folder of its own only.",
            Place(shown),
            code="foreign-file",
        )
        return
    for name, found in sorted(foreign.items()):
        known = (listed or {}).get(name)
        if known is None:
            yield Diagnostic(
                "The generator did not write this file, and its folder is for generated files "
                "only; move it elsewhere.",
                Place(f"{shown}/{name}"),
                code="foreign-file",
            )
        elif found not in known:
            yield Diagnostic(
                "This generated file was changed by hand; take the change to the schema or the "
                "operations, and delete the file to have it written again.",
                Place(f"{shown}/{name}"),
                code="changed-by-hand",
            )


def _is_compiled(name: str, own: set[str]) -> bool:
    """Whether a compiler made it of a file that is the generator's own, and put it beside that."""
    source = _COMPILED.sub(".ts", name)
    return source != name and source in own


def present_files(folder: Path) -> Iterator[tuple[str, str]]:
    """The files of a folder with their hashes; a linked folder counts as a file."""
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(name for name in folders if name not in _IGNORED)
        for name in sorted((*names, *links)):
            relative = (here / name).relative_to(folder).as_posix()
            if name.startswith(_TEMPORARY):
                continue
            if name not in _IGNORED and relative != LIST_NAME:
                yield relative, hash_of_path(here / name)


def _hash_of(folder: Path, name: str, present: Mapping[str, str]) -> str | None:
    if name in present:
        return present[name]
    return hash_of_path(folder / name) if (folder / name).is_file() else None


def hash_of_path(path: Path) -> str:
    """The hash of a file, whatever its line ends; empty where there is none."""
    return _hash(path.read_bytes()) if path.is_file() else ""


def _hash(content: bytes) -> str:
    lines = content.replace(b"\r\n", b"\n")
    return f"sha256:{hashlib.sha256(lines).hexdigest()}"


def _merged(
    old: Mapping[str, tuple[str, ...]], new: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    merged = dict(old)
    for name, digest in new.items():
        merged[name] = tuple(dict.fromkeys((*merged.get(name, ()), digest)))
    return merged


def _render_list(hashes: Mapping[str, tuple[str, ...]]) -> str:
    files = {
        name: found[0] if len(found) == 1 else list(found) for name, found in sorted(hashes.items())
    }
    return json.dumps({"format": _FORMAT, "files": files}, indent=2) + "\n"


def _read_list(
    path: Path, shown: str, diagnostics: list[Diagnostic]
) -> dict[str, tuple[str, ...]] | None:
    """The hashes that each listed file may have, or None where no list stands."""
    if not path.is_file():
        return None
    try:
        hashes = _hashes(json.loads(path.read_bytes()))
    except (ValueError, RecursionError):
        hashes = None
    if hashes is None:
        diagnostics.append(
            Diagnostic(
                "This list of generated files cannot be read; restore it, or delete the folder "
                "to have it written again.",
                Place(shown),
                code="damaged-file-list",
            )
        )
    return hashes or {}


def _hashes(content: object) -> dict[str, tuple[str, ...]] | None:
    listed = table(content)
    files = table(listed.get("files")) if listed and listed.get("format") == _FORMAT else None
    if files is None:
        return None
    return {
        name: (found,) if isinstance(found, str) else strings(found) or ()
        for name, found in files.items()
    }


def _remove_empty_folders(top: Path, name: PurePosixPath) -> None:
    for parent in name.parents:
        folder = top / parent
        if folder == top or any(folder.iterdir()):
            return
        folder.rmdir()
