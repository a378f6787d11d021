"""Descriptions from a schema, made into the lines of a comment of any language."""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache
from typing import TYPE_CHECKING

from .source_file import columns

if TYPE_CHECKING:
    from collections.abc import Iterator

# Code, tables and link targets mean something else when they are broken.
_FIXED = re.compile(r" {4}|\s*\||\s*\[[^\]]*\]:")
_LIST_ITEM = re.compile(r"(?:[-*+]|\d+[.)]) ")
# Spaces that no reader could tell from others.
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
# What some language or formatter takes for the end of a line.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


@lru_cache(maxsize=4096)  # Both clients say the same.
def prose_lines(text: str, width: int) -> tuple[str, ...]:
    """The lines of a description, the long ones wrapped to `width` where that is harmless."""
    if len(text) <= width and text.isascii() and text.isprintable():
        return (text.strip(),)  # What nearly all of them are.
    plain = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text.expandtabs(4)))
    given = plain.strip("\n ").split("\n")
    lines = [given[0].strip()]
    if len(given) > 1:
        lines += textwrap.dedent("\n".join(given[1:])).split("\n")
    return tuple(line for long in lines for line in _fitted(long.rstrip(), width))


def wrapped(text: str, width: int, indent: str = "", hang: str = "") -> Iterator[str]:
    """The text in lines of at most `width` columns, the first behind `indent`, others `hang`.

    A word that is wider than a line has one to itself.
    """
    width_of = len if text.isascii() else columns
    line: list[str] = []
    used = columns(indent)
    for word in text.split():
        wide = width_of(word)
        if line and used + 1 + wide > width:
            yield indent + " ".join(line)
            line, indent, used = [], hang, columns(hang)
        used += wide + bool(line)
        line.append(word)
    yield indent + " ".join(line)


def paragraphs(*parts: str | None) -> str | None:
    """The parts that there are, with a blank line between them."""
    return "\n\n".join(part for part in parts if part) or None


def _fitted(line: str, width: int) -> Iterator[str]:
    if columns(line) <= width or _FIXED.match(line):
        yield line
        return
    text = line.lstrip()
    indent = line[: len(line) - len(text)]
    item = _LIST_ITEM.match(text)
    yield from wrapped(text, width, indent, indent + " " * (item.end() if item else 0))
