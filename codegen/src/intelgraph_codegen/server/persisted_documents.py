"""Every document that clients may send by its id, the versions of old clients included."""

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


PERSISTED_DOCUMENTS: Mapping[str, PersistedDocument] = MappingProxyType('''


def emit_persisted_documents(manifest: Manifest) -> str:
    """The module that maps each opId to its document."""
    head = _HEAD.split("\n")
    if not manifest.entries:
        head[-1] += "{})"
        return module("the manifest of persisted documents", head)
    entries = (line for entry in manifest.entries for line in _entry(entry))
    lines = [*head, f"{STEP}{{", *(STEP * 2 + line for line in entries), f"{STEP}}}", ")"]
    return module("the manifest of persisted documents", lines)


def _entry(entry: Entry) -> Iterator[str]:
    yield f"{string(entry.op_id)}: PersistedDocument("
    yield f"{STEP}{string(entry.document_id)},"
    yield f"{STEP}{string(entry.document)},"
    yield "),"
