"""What people see: short lines on standard error, in colours only where a terminal shows them.

Standard output is for data alone, so that a command can be piped into another.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import sys
from typing import TYPE_CHECKING, Final, TextIO

from .errors import cells

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .errors import Diagnostic

PROGRAM: Final = "intelgraph-codegen"

_ERASE: Final = "\r\x1b[K"
_CELLS: Final = "intelgraph-cells"
_BOLD, _RED, _YELLOW, _BLUE = "1", "1;31", "1;33", "1;34"


def prepare_streams() -> None:
    """Let standard output carry data as it is, and neither stream fail at a character."""
    codecs.register_error(_CELLS, _as_question_marks)
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream is sys.stdout and not stream.isatty():
            stream.reconfigure(encoding="utf-8", newline="\n")
        else:
            stream.reconfigure(errors=_CELLS)


def say(text: str) -> None:
    """Tell people one thing, a line or more."""
    _clear_progress()
    sys.stderr.write(f"{text}\n")


def tell(finding: Diagnostic) -> None:
    """Tell people of a finding, its severity and its carets coloured where that is wanted."""
    text = str(finding)
    say(_painted(text, finding.severity) if has_colours(sys.stderr) else text)


def put(text: str) -> None:
    """Write data to standard output, for as long as somebody reads it."""
    _clear_progress()
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Who reads has enough, which is no error; nothing more is written, not even at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def progress(text: str) -> None:
    """Show what is being waited for, on a terminal only; the next line takes its place."""
    if _is_lively(sys.stderr, os.environ):
        sys.stderr.write(f"{_ERASE}{text}")
        sys.stderr.flush()


def has_colours(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour: as NO_COLOR or FORCE_COLOR say, else on a terminal that is not dumb."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return environment["FORCE_COLOR"] != "0"
    return _is_lively(stream, environment)


def number(count: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _is_lively(stream: TextIO, environment: Mapping[str, str]) -> bool:
    return stream.isatty() and environment.get("TERM") != "dumb"


def _clear_progress() -> None:
    if _is_lively(sys.stderr, os.environ):
        sys.stderr.write(_ERASE)


def _painted(text: str, severity: str) -> str:
    colour = _RED if severity == "error" else _YELLOW
    head, *frame = text.split("\n")
    where = re.match(r"(?:[^\s:]+(?::\d+:\d+)?: )?(?:warning: )?", head)
    end = where.end() if where else 0
    lines = [f"{_paint(head[:end].rstrip(), _BOLD)}{' ' if end else ''}{head[end:]}"]
    if len(frame) > 1:
        lines += frame[:-1]
        carets = frame[-1].lstrip(" \t|")
        lines.append(f"{frame[-1].removesuffix(carets)}{_paint(carets, colour)}")
    return "\n".join(lines)


def _paint(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if text else ""


def _as_question_marks(error: UnicodeError) -> tuple[str, int]:
    # As wide as what it stands for, so that carets stay under what they point at.
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join("?" * cells(character) for character in missing), error.end
