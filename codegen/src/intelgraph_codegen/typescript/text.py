"""JSDoc comments and string literals as `biome format` would leave them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from intelgraph_codegen.prose import prose_lines
from intelgraph_codegen.source_file import columns

if TYPE_CHECKING:
    from intelgraph_codegen.source_file import SourceFile


def write_doc(file: SourceFile, text: str | None, *, deprecated: str | None = None) -> None:
    """Write a JSDoc comment for what follows."""
    width = file.room - len(" * ")
    lines: list[str] = []
    if text is not None and text.strip():
        lines += [_escaped(line) for line in prose_lines(text, width)]
    if deprecated is not None:
        lines += [""] * bool(lines)
        reason = " ".join(deprecated.split())
        first, *rest = prose_lines(f"deprecated {reason}", width - 1)
        lines += [f"@{_escaped(first)}".rstrip(), *map(_escaped, rest)]
    if not lines:
        return
    if len(lines) == 1 and columns(f"/** {lines[0]} */") <= file.room:
        file.line(f"/** {lines[0]} */")
        return
    file.line("/**")
    file.lines(f" * {line}".rstrip() for line in lines)
    file.line(" */")


def string(text: str) -> str:
    """A string literal with the quotes that need fewer escapes, double ones when equal."""
    literal = json.dumps(text, ensure_ascii=False)
    # JSON leaves them be, older readers of JavaScript take them for line ends.
    literal = literal.replace("\u2028", r"\u2028").replace("\u2029", r"\u2029")
    if text.count('"') <= text.count("'"):
        return literal
    inner = literal[1:-1].replace(r"\"", '"').replace("'", r"\'")
    return f"'{inner}'"


def _escaped(line: str) -> str:
    closed = _visible(line).replace("*/", r"*\/")
    # At the start of a line it would be a tag.
    return f"\\{closed}" if closed.startswith("@") else closed


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
