"""Takes published documents out of use: deliberately, by a release, and for a reason.

Entries stay in the manifest, so that it still tells what each id once meant; only servers stop
accepting them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .errors import Diagnostic, UsageError, did_you_mean
from .manifest import Manifest, Retirement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .manifest import Entry


@dataclass(frozen=True, slots=True)
class Retired:
    """An entry that was retired, and the newest version that clients may send instead."""

    op_id: str
    stands_in: str | None


def retire(
    manifest: Manifest, op_ids: Sequence[str], retirement: Retirement
) -> tuple[Manifest, tuple[Retired, ...]]:
    """The manifest after the release; raises `UsageError` with all that cannot be retired."""
    problems = [
        problem for op_id in op_ids for problem in _problems(manifest, op_id, retirement.release)
    ]
    if problems:
        raise UsageError(problems)
    after = Manifest(
        tuple(
            replace(entry, retired=retirement) if entry.op_id in op_ids else entry
            for entry in manifest.entries
        )
    )
    return after, tuple(Retired(op_id, _stand_in(after, op_id)) for op_id in dict.fromkeys(op_ids))


def revived(manifest: Manifest, documents: Mapping[str, str]) -> dict[str, Entry]:
    """The operations, by name, whose text is that of a retired entry of theirs."""
    retired = {(entry.name, entry.document): entry for entry in manifest.retired}
    return {
        name: retired[name, text] for name, text in documents.items() if (name, text) in retired
    }


def _problems(manifest: Manifest, op_id: str, release: str) -> Iterator[Diagnostic]:
    known = {entry.op_id: entry for entry in manifest.entries}
    entry = known.get(op_id)
    if entry is None:
        hint = did_you_mean(op_id, known)
        yield Diagnostic(
            f"The manifest has no document `{op_id}`.", None, hint, code="unknown-document"
        )
    elif entry.published is None:
        yield Diagnostic(
            f"`{op_id}` is a draft, which no client sends yet: remove or change its operation.",
            code="unretirable-document",
        )
    elif entry.retired is not None:
        yield Diagnostic(
            f"`{op_id}` was retired with {entry.retired.release} already.",
            code="unretirable-document",
        )
    elif _number(release) < _number(entry.published):
        yield Diagnostic(
            f"`{op_id}` was published with {entry.published}, after {release}.",
            code="unretirable-document",
        )


def _stand_in(manifest: Manifest, op_id: str) -> str | None:
    name, _, version = op_id.rpartition(":v")
    newer = [
        entry
        for entry in manifest.entries
        if entry.op_id.startswith(f"{name}:v")
        and entry.version > int(version)
        and entry.retired is None
    ]
    return max(newer, key=lambda entry: entry.version).op_id if newer else None


def _number(release: str) -> tuple[int, ...]:
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", release)
    return tuple(map(int, found.groups())) if found else ()
