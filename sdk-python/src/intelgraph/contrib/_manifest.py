"""The manifest of persisted documents, in the one format of this repository.

What a release has published stays as it is; the rest follows the operations at hand.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, TypedDict, cast

from intelgraph._errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "intelgraph-persisted-documents/1"


class Entry(TypedDict):
    """One version of one operation."""

    name: str
    kind: str
    documentId: str
    published: str | None
    document: str


class _Content(TypedDict):
    format: str
    published: str | None
    operations: dict[str, Entry]


def document_id_of(document: str) -> str:
    """`sha256:<hex>` of the bytes that are sent."""
    return f"sha256:{hashlib.sha256(document.encode()).hexdigest()}"


def op_ids_of(path: Path) -> dict[str, str]:
    """The opId of each document id in the manifest of a file, which must exist."""
    if not path.exists():
        raise ConfigurationError(
            f"There is no manifest {path.name}; write it with `intelgraph-codegen generate`, or "
            "name another file."
        )
    entries = _read(path)["operations"].items()
    return {entry["documentId"]: op_id for op_id, entry in entries}


class Manifest:
    """The manifest of a file that need not exist yet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        content = _read(path)
        # Over what is published, which nothing here changes.
        self._digest = content["published"]
        entries = content["operations"].items()
        self._entries = {op_id: entry for op_id, entry in entries if entry["published"]}

    def add(self, name: str, kind: str, document: str) -> tuple[str, str]:
        """The opId and the document id of an operation as it is now."""
        document_id = document_id_of(document)
        base = f"{name[:1].lower()}{name[1:]}"
        own = [op_id for op_id in self._entries if op_id.rpartition(":v")[0] == base]
        version = max(map(_version, own), default=0)
        if own and self._entries[f"{base}:v{version}"]["documentId"] == document_id:
            return f"{base}:v{version}", document_id
        op_id = f"{base}:v{version + 1}"
        self._entries[op_id] = Entry(
            name=name, kind=kind, documentId=document_id, published=None, document=document
        )
        return op_id, document_id

    def write(self) -> None:
        """Write the file, unless it says all of this already."""
        ordered = sorted(self._entries.items(), key=_place)
        content = _Content(format=FORMAT, published=self._digest, operations=dict(ordered))
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        if not self._path.exists() or self._path.read_text("utf-8") != text:
            self._path.write_text(text, "utf-8")


def _read(path: Path) -> _Content:
    if not path.exists():
        return _Content(format=FORMAT, published=None, operations={})
    try:
        content = json.loads(path.read_text("utf-8"))
    except ValueError:
        content = None
    if not isinstance(content, dict) or cast("_Content", content).get("format") != FORMAT:
        raise ConfigurationError(
            f"{path.name} is no manifest of persisted documents (`format` is not {FORMAT}); "
            "restore it from version control, or name another file."
        )
    return cast("_Content", content)


def _place(item: tuple[str, Entry]) -> tuple[str, int]:
    return item[1]["name"], _version(item[0])


def _version(op_id: str) -> int:
    return int(op_id.rpartition(":v")[2])
