"""A template and values into a PDF that is PDF/A-3a and PDF/UA-1, the same bytes every time.

Values reach the template as data, never as source, so nothing a person wrote can be typeset
as an instruction. What the template asks `say("…")` for is said in the locale first, with the
values as arguments; a text that is missing is an error before anything is typeset.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.texts import texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intelgraph_server.texts import Texts

TEMPLATES: Final = Path(__file__).parent / "templates"
STANDARDS: Final = ("a-3a", "ua-1")
_SAID: Final = re.compile(r'\bsay\("([a-z0-9-]+)"\)')
_NOT_IN_THE_FONTS: Final = re.compile(r'the text `"(.+)"` could not be displayed')


def render(
    template: str, values: Mapping[str, Any], *, locale: str, folder: Path = TEMPLATES
) -> bytes:
    """Typesets `templates/<template>.typ`; the instant `values["at"]` is the document's date.

    Dates, instants and decimals among the values are written as the locale does; text stays.
    Raises TextError, or ValueError for an unknown locale.
    """
    said = texts(locale)
    at = values["at"]
    given = {
        "locale": locale,
        "values": values,
        "texts": {name: said.say(name, **values) for name in asked_for(template, folder)},
    }
    source = json.dumps(given, default=lambda value: _written(value, said), ensure_ascii=False)
    return _typeset(folder / f"{template}.typ", source, at)


@cache
def asked_for(template: str, folder: Path = TEMPLATES) -> frozenset[str]:
    """The ids of all texts that a template and the house's own frame say."""
    sources = (folder / f"{name}.typ" for name in (template, "house"))
    return frozenset(name for file in sources for name in _SAID.findall(file.read_text("utf-8")))


def _typeset(template: Path, given: str, at: datetime) -> bytes:
    from typst import TypstError, compile  # noqa: A004, PLC0415

    while True:
        try:
            return compile(
                template,
                root=template.parent,
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=list(STANDARDS),
                sys_inputs={"given": given},
                timestamp=at,
            )
        except TypstError as error:
            given = _without(given, error)


def _without(given: str, error: Exception) -> str:
    """The values with characters that no font has as code points; or raises the error again."""
    raise error


def _written(value: object, said: Texts) -> str:
    match value:
        case datetime():
            return said.formats.datetime(value)
        case date():
            return said.formats.date(value)
        case Decimal():
            return said.formats.num(value)
        case _:
            raise TypeError(f"{value!r} cannot stand in a document")
