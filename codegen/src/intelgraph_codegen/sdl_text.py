"""Strings as type definitions write them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_IN_BLOCKS = re.compile(r"[^\t\n\x20-\U0010ffff]|[\x7f-\x9f\ud800-\udfff]")


def string_literal(text: str) -> str:
    """A string between quotes, whatever it holds; what is no character becomes U+FFFD."""
    return json.dumps(_clean(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def description_lines(text: str | None, indent: str) -> Iterator[str]:
    """The lines of a description, none for an absent one."""
    if text is None:
        return
    if not _fits_a_block(text):
        yield indent + string_literal(text)
        return
    escaped = text.replace('"""', '\\"""')
    if "\n" not in text and not text.endswith(('"', "\\")):
        yield f'{indent}"""{escaped}"""'
        return
    yield f'{indent}"""'
    yield from (f"{indent}{line}" if line else "" for line in escaped.split("\n"))
    yield f'{indent}"""'


def _fits_a_block(text: str) -> bool:
    """Whether a block string can say exactly this: it drops outer empty lines and indentation."""
    lines = text.split("\n")
    if _NOT_IN_BLOCKS.search(text) or not lines[0].strip(" \t") or not lines[-1].strip(" \t"):
        return False
    # Lines of white space alone would lose it, and common indentation is taken off.
    if any(line and not line.strip(" \t") for line in lines):
        return False
    return any(line and line[0] not in " \t" for line in lines)


def _clean(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
