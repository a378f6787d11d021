"""What is wrong with an input and where: one `Diagnostic` each, gathered into one `CodegenError`.

Every message is written here in the house, none is passed on from a library, so that it
reads the same whichever version of graphql-core is installed.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .findings import Code

_LINE_END = re.compile(r"\r\n|\n|\r")

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """A span of one line of a text file, or the file as a whole when `line` is 0.

    Lines and columns count from 1; a column counts code points, a tab being one.
    """

    path: str
    line: int = 0
    column: int = 0
    source_line: str = ""
    width: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about an input."""

    message: str
    place: Place | None = None
    suggestion: str | None = None
    severity: Severity = "error"
    code: Code | None = None
    """What sort of finding it is; all that this package makes have one."""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        kind = "warning: " if self.severity == "warning" else ""
        hint = f" {self.suggestion}" if self.suggestion else ""
        code = f" [{self.code}]" if self.code else ""
        head, line_end, more = f"{where}{kind}{self.message}{hint}".partition("\n")
        return f"{head}{code}{line_end}{more}" + _frame(self.place)


class CodegenError(Exception):
    """All that is wrong with the inputs of one run."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = tuple(diagnostics)

    def __str__(self) -> str:
        return render(self.diagnostics)


class UsageError(CodegenError):
    """The command line or the configuration cannot be followed."""


class UnreachableError(CodegenError):
    """A server that should tell its schema did not."""


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether there is more among them than warnings."""
    return any(item.severity == "error" for item in diagnostics)


def raise_errors(diagnostics: Sequence[Diagnostic]) -> None:
    """Raise `CodegenError` with all of them if one is an error."""
    if has_errors(diagnostics):
        raise CodegenError(diagnostics)


def fail(message: str, place: Place | None = None, *, code: Code) -> CodegenError:
    """A `CodegenError` of a single finding, to raise."""
    return CodegenError((Diagnostic(message, place, code=code),))


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """The findings one after the other, without a line end after the last."""
    return "\n".join(map(str, diagnostics))


def place_at(path: str, text: str, start: int, end: int | None = None) -> Place:
    """The place of `text[start:end]`; a span over several lines ends with its first line."""
    starts = _line_starts(text)
    line = bisect_right(starts, start)
    line_start = starts[line - 1]
    found = _LINE_END.search(text, start)
    line_end = found.start() if found else len(text)
    span_end = line_end if end is None else min(end, line_end)
    source_line = text[line_start:line_end]
    return Place(path, line, start - line_start + 1, source_line, max(span_end - start, 1))


@lru_cache(maxsize=16)
def _line_starts(text: str) -> list[int]:
    # Once for each file: findings may be thousands, and files megabytes.
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def place_of_line(path: str, text: str, line: int, column: int = 1, width: int = 1) -> Place:
    """The place at a line and column of `text`, of which another reader told only the numbers."""
    lines = _LINE_END.split(text)
    source_line = lines[line - 1] if line <= len(lines) else ""
    return Place(path, line, column, source_line, width)


def did_you_mean(name: str, known: Iterable[str], sigil: str = "") -> str | None:
    """`Did you mean …?` with at most three of the known names, or None when none is near."""
    names = {item.casefold(): item for item in known}
    near = get_close_matches(name.casefold(), names, n=3, cutoff=0.6)
    return one_of([sigil + names[key] for key in near])


def one_of(names: Sequence[str]) -> str | None:
    """`Did you mean a, b or c?`, or None when there is nothing to name."""
    if not names:
        return None
    quoted = [f"`{name}`" for name in names]
    listed = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
    return f"Did you mean {listed}?"


def _frame(place: Place | None) -> str:
    if place is None or not place.line:
        return ""
    # A caret stands under its character only if what precedes it is as wide as in the
    # source line: tabs stay tabs, a wide character takes two cells, a mark none.
    before = "".join(map(_blank, place.source_line[: place.column - 1]))
    span = place.source_line[place.column - 1 : place.column - 1 + place.width]
    carets = "^" * max(sum(cells(character) for character in span), 1)
    number = str(place.line)
    source = f"  {number} | {place.source_line}".rstrip()
    return f"\n{source}\n  {' ' * len(number)} | {before}{carets}"


def _blank(character: str) -> str:
    return "\t" if character == "\t" else " " * cells(character)


def cells(character: str) -> int:
    """How many cells of a terminal a character takes."""
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
