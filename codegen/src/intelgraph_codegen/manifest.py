"""The manifest of persisted documents: which document each opId stands for, for ever.

An entry is a draft until `publish` marks it with a release. A draft follows its operation;
a published entry never changes and never goes, because clients in the field send its id,
and a changed operation becomes the next version. A release may retire one: it stays in the
manifest, and servers no longer accept it. The digest over all published entries turns a
change of one, by hand or by a merge, into an error.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .errors import CodegenError, Diagnostic, Place, fail, place_at, place_of_line
from .identity import document_id, op_id
from .untyped import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .ir import OperationKind

FORMAT = "intelgraph-persisted-documents/1"

_OP_ID = re.compile(r"(?P<base>[_A-Za-z]\w*):v(?P<version>[1-9]\d*)", re.ASCII)
_KEYS = ("name", "kind", "documentId", "published", "document")
_KINDS: Mapping[str, OperationKind] = {
    "query": "query",
    "mutation": "mutation",
    "subscription": "subscription",
}


@dataclass(frozen=True, slots=True)
class Document:
    """An operation as its file has it now."""

    name: str
    kind: OperationKind
    text: str


@dataclass(frozen=True, slots=True)
class Retirement:
    """Since which release servers refuse an entry, and why."""

    release: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of one operation."""

    name: str
    version: int
    kind: OperationKind
    document_id: str
    document: str
    published: str | None = None
    """The release that published it; None for a draft."""
    retired: Retirement | None = None

    @property
    def op_id(self) -> str:
        return op_id(self.name, self.version)


@dataclass(frozen=True, slots=True)
class Manifest:
    """All versions of all operations, ordered by name and version."""

    entries: tuple[Entry, ...] = ()

    def updated(self, documents: Iterable[Document]) -> Manifest:
        """The manifest after the operations have become `documents`."""
        kept = [entry for entry in self.entries if entry.published]
        newest = _newest(kept)
        for document in documents:
            entry = newest.get(op_id(document.name, 0))
            identity = document_id(document.text)
            if entry is None or entry.document_id != identity:
                version = entry.version + 1 if entry else 1
                kept.append(Entry(document.name, version, document.kind, identity, document.text))
        return Manifest(_ordered(kept))

    def published(self, release: str) -> Manifest:
        """The manifest with every draft published by `release`."""
        return Manifest(
            tuple(
                entry if entry.published else replace(entry, published=release)
                for entry in self.entries
            )
        )

    def op_ids(self, names: Iterable[str]) -> dict[str, str]:
        """The opId of the newest version of each named operation."""
        newest = _newest(self.entries)
        return {name: newest[op_id(name, 0)].op_id for name in names}

    @property
    def drafts(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if not entry.published)

    @property
    def retired(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.retired)


def render_manifest(manifest: Manifest) -> str:
    """The text of the manifest's file."""
    content = {
        "format": FORMAT,
        "published": _digest(manifest.entries),
        "operations": {
            entry.op_id: {
                "name": entry.name,
                "kind": entry.kind,
                "documentId": entry.document_id,
                "published": entry.published,
                **_retirement(entry),
                "document": entry.document,
            }
            for entry in manifest.entries
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def read_manifest(text: str, path: str) -> Manifest:
    """The manifest that `text` holds; `path` is only for messages.

    Raises `CodegenError` for all entries that cannot stand, each at its line.
    """
    return _Reader(text, path).manifest()


def _damaged(message: str, place: Place) -> CodegenError:
    return fail(message, place, code="damaged-manifest")


@dataclass(slots=True)
class _Reader:
    text: str
    path: str
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])

    def manifest(self) -> Manifest:
        content = self._content()
        operations = table(content.get("operations"))
        if operations is None:
            raise _damaged("The manifest has no `operations`.", self._at('"operations"'))
        read = (self._entry(key, value) for key, value in operations.items())
        entries = tuple(entry for entry in read if entry)
        if self.diagnostics:
            raise CodegenError(self.diagnostics)
        if content.get("published") != _digest(entries):
            raise _damaged(
                "Published entries of the manifest were changed or removed. A published "
                "document is what clients in the field send: restore this file from version "
                "control, and change the operation instead, which makes a new version.",
                self._at('"published"'),
            )
        return Manifest(_ordered(entries))

    def _content(self) -> Mapping[str, object]:
        try:
            content = table(json.loads(self.text))
        except json.JSONDecodeError as error:
            place = place_of_line(self.path, self.text, error.lineno, error.colno)
            raise _damaged(
                "The manifest is not JSON; restore it from version control.", place
            ) from None
        except RecursionError:
            raise _damaged("The manifest nests too deeply.", Place(self.path)) from None
        if content is None or content.get("format") != FORMAT:
            raise _damaged(f"The manifest's `format` is not `{FORMAT}`.", self._at('"format"'))
        return content

    def _entry(self, key: str, value: object) -> Entry | None:
        found = _OP_ID.fullmatch(key)
        if not found:
            self._refuse(key, f"`{key}` is no opId; one reads `getEntity:v1`.")
            return None
        entry = _entry_of(table(value) or {}, int(found["version"]))
        if entry is None:
            listed = ", ".join(f"`{name}`" for name in _KEYS)
            self._refuse(key, f"The entry `{key}` is not an object of {listed}.")
            return None
        if entry.op_id != key:
            self._refuse(key, f"The entry `{key}` has the name of `{entry.op_id}`.")
        elif entry.document_id != document_id(entry.document):
            self._refuse(key, f"The `documentId` of `{key}` is not that of its document's bytes.")
        return entry

    def _refuse(self, key: str, message: str) -> None:
        self.diagnostics.append(
            Diagnostic(message, self._at(json.dumps(key) + ":"), code="damaged-manifest")
        )

    def _at(self, token: str) -> Place:
        start = self.text.find(token)
        if start < 0:
            return Place(self.path)
        return place_at(self.path, self.text, start, start + len(token.rstrip(":")))


def _entry_of(value: Mapping[str, object], version: int) -> Entry | None:
    """The entry that an object of the file is, or None where it has another form."""
    retired = _retired_of(value["retired"]) if "retired" in value else None
    if "retired" in value and (retired is None or value.get("published") is None):
        return None
    value = {key: item for key, item in value.items() if key != "retired"}
    texts = {key: text for key, text in value.items() if isinstance(text, str)}
    published = texts.pop("published", None)
    kind = _KINDS.get(texts.get("kind", ""))
    if sorted(value) != sorted(_KEYS) or len(texts) < len(_KEYS) - 1 or kind is None:
        return None
    if published is None and value["published"] is not None:
        return None
    return Entry(
        texts["name"],
        version,
        kind,
        texts["documentId"],
        texts["document"],
        published,
        retired,
    )


def _retired_of(value: object) -> Retirement | None:
    texts = table(value) or {}
    release, reason = texts.get("release"), texts.get("reason")
    if len(texts) == 2 and isinstance(release, str) and isinstance(reason, str):  # noqa: PLR2004
        return Retirement(release, reason)
    return None


def _retirement(entry: Entry) -> dict[str, object]:
    """The member that only a retired entry has, so that older manifests stay as they are."""
    if entry.retired is None:
        return {}
    return {"retired": {"release": entry.retired.release, "reason": entry.retired.reason}}


def _newest(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The highest version of each operation, by the opId that its version 0 would have."""
    newest: dict[str, Entry] = {}
    for entry in entries:
        key = op_id(entry.name, 0)
        if key not in newest or newest[key].version < entry.version:
            newest[key] = entry
    return newest


def _ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.name, entry.version)))


def _digest(entries: Iterable[Entry]) -> str | None:
    """What every published entry says, as one hash; None where nothing is published."""
    published = [
        [
            *(entry.op_id, entry.name, entry.kind, entry.document_id, entry.published),
            *_retirement(entry).values(),
        ]
        for entry in _ordered(entries)
        if entry.published
    ]
    if not published:
        return None
    text = json.dumps(published, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
