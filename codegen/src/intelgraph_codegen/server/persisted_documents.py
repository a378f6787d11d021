"""Every document that clients may send by its id, the versions of old clients included.

Those that a release has retired stand apart, for a server to say what became of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .text import STEP, module, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intelgraph_codegen.manifest import Entry, Manifest

_HEAD = '''
from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class PersistedDocument(NamedTuple):
    """A document that a client may send by its id alone."""

    document_id: str
    document: str


class RetiredDocument(NamedTuple):
    """What became of a document that no client may send any more."""

    op_id: str
    release: str
    reason: str


PERSISTED_DOCUMENTS: Mapping[str, PersistedDocument] = MappingProxyType('''


_RETIRED = "RETIRED_DOCUMENTS: Mapping[str, RetiredDocument] = MappingProxyType("


def emit_persisted_documents(manifest: Manifest) -> str:
    """The module that maps each opId to its document, and each retired id to what became of it."""
    head = _HEAD.split("\n")
    live = [entry for entry in manifest.entries if not entry.retired]
    lines = [
        *head[:-1],
        *_mapping(head[-1], [line for entry in live for line in _entry(entry)]),
        *_mapping(_RETIRED, [line for entry in manifest.retired for line in _retired(entry)]),
        '"""By the id of the document."""',
    ]
    return module("the manifest of persisted documents", lines)


def _mapping(head: str, entries: list[str]) -> list[str]:
    if not entries:
        return [f"{head}{{}})"]
    return [head, f"{STEP}{{", *(STEP * 2 + line for line in entries), f"{STEP}}}", ")"]


def _entry(entry: Entry) -> Iterator[str]:
    yield f"{string(entry.op_id)}: PersistedDocument("
    yield f"{STEP}{string(entry.document_id)},"
    yield f"{STEP}{string(entry.document)},"
    yield "),"


def _retired(entry: Entry) -> Iterator[str]:
    if entry.retired:
        yield f"{string(entry.document_id)}: RetiredDocument("
        yield f"{STEP}{string(entry.op_id)},"
        yield f"{STEP}{string(entry.retired.release)},"
        yield f"{STEP}{string(entry.retired.reason)},"
        yield "),"
