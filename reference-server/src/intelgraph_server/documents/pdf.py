"""A template and values into a PDF that is PDF/A-3a and PDF/UA-1, the same bytes every time.

Values reach the template as data, never as source, so nothing a person wrote can be typeset
as an instruction. What the template asks `say("…")` for is said in the locale first, with the
values as arguments; a text that is missing is an error before anything is typeset. The fonts
are those that Typst carries, whatever the machine has; a character that is in none of them
stands in the document as its code point, such as `[U+6771]`, since PDF/A allows no blanks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import typst

from intelgraph_server.texts import texts
from intelgraph_server.texts.formats import Formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intelgraph_server.texts import Texts

TEMPLATES: Final = Path(__file__).parent / "templates"
STANDARDS: Final = ("a-3a", "ua-1")
_SAID: Final = re.compile(r'\bsay\("([a-z0-9-]+)"\)')
_NOT_IN_THE_FONTS: Final = re.compile(r'the text `"(?:\\u\{(\w+)\}|(.+))"` could not be displayed')
_WRITTEN: Final[Mapping[type, Callable[[Formats, object], str]]] = {
    datetime: Formats.datetime,
    date: Formats.date,
    Decimal: Formats.num,
}
_FAR: Final = 0x2E80  # From here on the fonts have next to nothing.


def render(
    template: str, values: Mapping[str, Any], *, locale: str, folder: Path = TEMPLATES
) -> bytes:
    """Typesets `<template>.typ` of the folder; the instant `values["at"]` is its date.

    Dates, instants and decimals among the values are written as the locale does; text stays.
    Raises TextError, and ValueError for an unknown locale.
    """
    said = texts(locale)
    asked = {name: said.say(name, **values) for name in _asked_for(template, folder)}
    given = {"locale": locale, "values": values, "texts": asked}
    missing: set[int] = set()
    while True:
        try:
            return typst.compile(
                folder / f"{template}.typ",
                root=folder,
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=list(STANDARDS),
                sys_inputs={"given": json.dumps(_shown(given, said, missing))},
                # A PDF tells whole seconds, and typst refuses anything finer.
                timestamp=values["at"].replace(microsecond=0),
            )
        except typst.TypstError as error:
            met = _not_in_the_fonts(error.message)
            if met <= missing:
                raise
            missing |= met


@cache
def _asked_for(template: str, folder: Path) -> frozenset[str]:
    """The ids of all texts that a template and the house's own frame say."""
    sources = (folder / f"{name}.typ" for name in (template, "house"))
    return frozenset(name for file in sources for name in _SAID.findall(file.read_text("utf-8")))


def _shown(value: object, said: Texts, missing: set[int]) -> Any:
    """The value as JSON can hold it and the document shows it."""
    if isinstance(value, str):
        return "".join(f"[U+{ord(c):04X}]" if _kind(c) in missing else c for c in value)
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        return {name: _shown(each, said, missing) for name, each in members.items()}
    if isinstance(value, list | tuple):
        return [_shown(each, said, missing) for each in cast("Sequence[Any]", value)]
    written = _WRITTEN.get(type(value))
    return value if written is None else written(said.formats, value)


def _kind(char: str) -> int:
    return min(ord(char), _FAR)


def _not_in_the_fonts(message: str) -> set[int]:
    found = _NOT_IN_THE_FONTS.search(message)
    code, text = found.groups() if found else (None, "")
    return {_kind(char) for char in (chr(int(code, 16)) if code else text)}
