"""Where things stand in a JSON text, which Python's reader does not keep.

Texts are looked through once more for each message, so that reading them costs nothing extra.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypeAlias

from .errors import CodegenError, Diagnostic, Place, place_at, place_of_line

if TYPE_CHECKING:
    from collections.abc import Iterator

Keys: TypeAlias = "tuple[str | int, ...]"
"""The way to a value from the outside in: names of objects, numbers of lists from 0."""

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


def read_json(text: str, path: str, what: str) -> object:
    """The value that a text holds; raises `CodegenError` with the place where it is no JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = place_of_line(path, text, error.lineno, error.colno)
        raise CodegenError(
            [Diagnostic(f"{what} is not JSON.", place, code="invalid-json")]
        ) from None
    except RecursionError:
        raise CodegenError(
            [Diagnostic(f"{what} nests too deeply.", Place(path), code="nested-too-deeply")]
        ) from None


def place_of_keys(text: str, path: str, keys: Keys) -> Place:
    """The place of a key or of an item of a list, or of the nearest thing around it."""
    best: tuple[int, int, int] | None = None
    for found, start, end in _spans(text):
        depth = len(found)
        if found == keys[:depth] and (best is None or depth >= best[0]):
            best = (depth, start, end)
    return place_at(path, text, best[1], best[2]) if best else Place(path)


def _spans(text: str) -> Iterator[tuple[Keys, int, int]]:
    """Every key of an object and item of a list, with its span."""
    way: list[str | int] = []
    wants_key: list[bool] = []
    is_start = False
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "}]":
            del way[-1:], wants_key[-1:]
            is_start = False
            continue
        if wants_key and wants_key[-1] and mark.startswith('"'):
            way[-1] = json.loads(mark)
            wants_key[-1] = False
            yield (*way,), *token.span()
        elif is_start:
            yield (*way,), *token.span()
        is_start = False
        if mark in "{[":
            way.append("" if mark == "{" else 0)
            wants_key.append(mark == "{")
            is_start = mark == "["
        elif mark == "," and way:
            last = way[-1]
            wants_key[-1] = is_key = isinstance(last, str)
            way[-1] = last if isinstance(last, str) else last + 1
            is_start = not is_key
