"""Remembers the last run of each project, so that a run with nothing to do ends at once.

What is remembered holds as long as nothing that a run depends on has changed: the texts of its
inputs, its settings, this generator's own code, and graphql-core. And it says nothing of the
outputs but how they stood, so that a file that was touched since is looked at anew. Nothing is
lost with it: a cache that is absent, unreadable or of another version means a full run.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import asdict, astuple, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import Diagnostic, Place
from .files import read_files
from .outputs import LIST_NAME, hash_of_path, present_files, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .config import Settings

FOLDER_VARIABLE = "INTELGRAPH_CODEGEN_CACHE"
"""Where runs are remembered; empty for nowhere."""

_FORMAT = "intelgraph-codegen-run/1"
_MOST_PROJECTS = 64


@dataclass(frozen=True, slots=True)
class Run:
    """What a run that left nothing to do had found."""

    operations: int
    fragments: int
    files: int
    warnings: tuple[Diagnostic, ...]


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where runs are remembered: as the environment says, or where the system keeps caches."""
    if FOLDER_VARIABLE in environment:
        given = environment[FOLDER_VARIABLE]
        return Path(given) if given else None
    if sys.platform == "win32":
        base = environment.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = environment.get("XDG_CACHE_HOME") or "~/.cache"
    try:
        return Path(base).expanduser() / "intelgraph-codegen"
    except RuntimeError:  # There is no home.
        return None


@dataclass(frozen=True, slots=True)
class Cache:
    """The runs that a folder remembers, the last one of each project."""

    folder: Path

    def recall(self, settings: Settings, inputs: str) -> Run | None:
        """What the last run found, if a run now would find the same and change nothing."""
        try:
            entry: Any = json.loads(self._file(settings).read_bytes())
            if (entry["format"], entry["inputs"]) != (_FORMAT, inputs):
                return None
            return _run(entry["run"]) if entry["outputs"] == _outputs(settings) else None
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return None

    def remember(self, settings: Settings, inputs: str, run: Run) -> None:
        """Keep a run after which every output stands as it should; of the inputs before it."""
        try:
            # Warnings quote the schema, which is nobody else's business on a shared machine.
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            entry = {"format": _FORMAT, "inputs": inputs, "run": asdict(run)}
            text = json.dumps(entry | {"outputs": _outputs(settings)})
            replace_file(self._file(settings), text)
            self._forget_the_oldest()
        except (OSError, ValueError):
            return  # A folder that cannot be written to remembers nothing.

    def _file(self, settings: Settings) -> Path:
        project = [str(settings.root.resolve()), *settings.folders, settings.manifest]
        return self.folder / f"{_digest(project)}.json"

    def _forget_the_oldest(self) -> None:
        files = sorted(self.folder.glob("*.json"), key=lambda path: -path.stat().st_mtime)
        for file in files[_MOST_PROJECTS:]:
            file.unlink(missing_ok=True)


def digest_of_inputs(settings: Settings) -> str:
    """A digest of all that decides what a run writes and says."""
    found: list[Diagnostic] = []
    sdl = read_files(settings.schema, root=settings.root, purpose="", diagnostics=found)
    documents = read_files(settings.documents, root=settings.root, purpose="", diagnostics=found)
    texts = [[(file.path, file.label, file.text) for file in files] for files in (sdl, documents)]
    known = [
        *(settings.schema, settings.documents, settings.lenient),
        *(settings.python, settings.typescript, settings.server, settings.manifest),
        *(settings.idempotent_mutations, settings.keyed_mutations, settings.retryable_codes),
        [(name, *astuple(target)) for name, target in settings.scalars.items()],
    ]
    return _digest([texts, [item.message for item in found], known, sys.version, *_code()])


def _code() -> Iterator[str]:
    """Digests of this generator and of the library that it reads GraphQL with."""
    yield _digest([hash_of_path(path) for path in sorted(Path(__file__).parent.rglob("*.py"))])
    library = find_spec("graphql")
    origin = Path(library.origin if library and library.origin else "")
    yield hash_of_path(origin.with_name("version.py"))


def _outputs(settings: Settings) -> dict[str, object]:
    """How every file stands that a run writes or looks at."""
    found: dict[str, object] = {}
    for path in settings.folders:
        folder = settings.root / path
        found[path] = dict(present_files(folder)) | {LIST_NAME: hash_of_path(folder / LIST_NAME)}
    if settings.manifest is not None:
        found[settings.manifest] = hash_of_path(settings.root / settings.manifest)
    return found


def _run(entry: dict[str, Any]) -> Run:
    warnings = entry.pop("warnings")
    return Run(**entry, warnings=tuple(map(_diagnostic, warnings)))


def _diagnostic(entry: dict[str, Any]) -> Diagnostic:
    place = entry.pop("place")
    return Diagnostic(**entry, place=place and Place(**place))


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
