"""What a run would change, as a unified diff that `patch -p0` carries out."""

from __future__ import annotations

import re
from difflib import unified_diff
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_NOTHING = "/dev/null"


def diff(wanted: Mapping[str, str | None], root: Path) -> str:
    """The diff from the files below `root` to their wanted texts; None is a file to remove."""
    parts = (_part(path, _old(root / path), text) for path, text in wanted.items())
    return "".join(line for part in parts for line in part)


def _old(file: Path) -> str | None:
    # Line ends as they are: the diff is of what stands there.
    return file.read_bytes().decode("utf-8", "replace") if file.is_file() else None


def _part(path: str, old: str | None, new: str | None) -> Iterator[str]:
    names = (_NOTHING if old is None else path, _NOTHING if new is None else path)
    for line in unified_diff(_lines(old), _lines(new), *names):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str | None) -> list[str]:
    # Not by `splitlines`, to which more than a line end ends a line.
    return re.findall(r"[^\n]*\n|[^\n]+", text or "")
