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
    return f"{quote}{_visible(text).replace(quote, chr(92) + quote)}{quote}"


def _escaped(line: str) -> str:
    return _visible(line).replace(QUOTES, r"\"\"\"")


def _closable(line: str) -> str:
    return f'{line[:-1]}\\"' if line.endswith('"') and not line.endswith('\\"') else line


def _visible(text: str) -> str:
    """The text with backslashes, and what cannot be seen, as escapes."""
    if text.isprintable():
        return text.replace("\\", r"\\")
    return "".join(
        character
        if character.isprintable() and character != "\\"
        else character.encode("unicode_escape").decode()
        for character in text
    )
