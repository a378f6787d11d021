"""Docstrings and string literals as `ruff format` would leave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph_codegen.prose import prose_lines

if TYPE_CHECKING:
    from intelgraph_codegen.source_file import SourceFile

QUOTES = '"""'


def write_doc(file: SourceFile, text: str | None) -> None:
    """Write a docstring for the statement above, or for the block that begins here."""
    if text is None or not text.strip():
        return
    # Wrapped before it is escaped, or an escape could be torn.
    given = prose_lines(text, file.room - len(QUOTES))
    if len(given) == 1:
        given = prose_lines(text, file.room - 2 * len(QUOTES))
    first, *rest = [_escaped(line) for line in given]
    first = QUOTES + (f"\\{first}" if first.startswith('"') else first)
    if rest:
        file.lines([first, *rest, QUOTES])
    else:
        file.line(_closable(first) + QUOTES)


def string(text: str) -> str:
    """A string literal with the quotes that need fewer escapes, double ones when equal."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    inner = "".join(
        f"\\{character}" if character == quote else _plain(character) for character in text
    )
    return f"{quote}{inner}{quote}"


def _escaped(line: str) -> str:
    return "".join(map(_plain, line)).replace(QUOTES, r"\"\"\"")


def _closable(line: str) -> str:
    return f'{line[:-1]}\\"' if line.endswith('"') and not line.endswith('\\"') else line


def _plain(character: str) -> str:
    if character.isprintable() and character != "\\":
        return character
    return character.encode("unicode_escape").decode()
