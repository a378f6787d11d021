"""Every sentence a person reads, in English and Spanish, shared by pages, PDFs and e-mails.

The `.ftl` files of a locale, one for each part of the product, make one set of messages. They
use the functions of `formats.py` and none of Fluent's own, whose results differ between Python
and browsers. What cannot be said in full is an error, never a key shown to a person.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NoReturn

from .formats import Formats

if TYPE_CHECKING:
    from collections.abc import Callable

LOCALES: Final = ("en", "es")
FUNCTIONS: Final = ("money", "pct", "num", "date", "datetime")


class TextError(LookupError):
    """A text, or something that it tells, is not there."""


class Texts:
    """The messages of one locale, and the ways it writes amounts and dates."""

    def __init__(self, locale: str, *, isolating: bool) -> None:
        from fluent.runtime import FluentBundle, FluentResource  # noqa: PLC0415

        self.locale: Final = locale
        self.formats: Final = Formats(locale)
        functions: dict[str, Any] = {"NUMBER": _refuse}
        for name in FUNCTIONS:
            functions[name.upper()] = _unwrapped(getattr(self.formats, name))
        self._bundle: Final = FluentBundle([locale], functions, use_isolating=isolating)
        for part in sorted(files(__name__).joinpath(locale).iterdir(), key=str):
            self._bundle.add_resource(FluentResource(part.read_text("utf-8")))

    def say(self, message_id: str, **arguments: object) -> str:
        """The message with its arguments; raises TextError when either is missing."""
        if not self._bundle.has_message(message_id):
            raise TextError(f"there is no text {message_id!r} in {self.locale!r}")
        message = self._bundle.get_message(message_id)
        if message.value is None:
            raise TextError(f"the text {message_id!r} has attributes alone")
        shown = {name: _wrapped(value) for name, value in arguments.items()}
        said, errors = self._bundle.format_pattern(message.value, shown)
        if errors:
            raise TextError(f"{message_id!r} in {self.locale!r}: {errors[0]}") from errors[0]
        return str(said)


@cache
def texts(locale: str, *, isolating: bool = False) -> Texts:
    """The texts of `en` or `es`; raises ValueError for any other locale.

    Isolating puts marks around what is filled in, so that text of the other direction does not
    disturb its surroundings: right on a page, wrong in a PDF or the subject of an e-mail.
    """
    if locale not in LOCALES:
        raise ValueError(f"there are no texts in {locale!r}; there are in {', '.join(LOCALES)}")
    return Texts(locale, isolating=isolating)


def _wrapped(value: object) -> object:
    """Text and counts as they are; the rest is shown by one of our functions or not at all."""
    from fluent.runtime.types import FluentType  # noqa: PLC0415

    class Exact(FluentType):
        def __init__(self, value: object) -> None:
            self.value = value

        def format(self, locale: Any) -> NoReturn:  # noqa: ARG002 - As Fluent calls it.
            raise ValueError(f"{self.value!r} is to be shown by MONEY, PCT, NUM, DATE or DATETIME")

    return Exact(value) if isinstance(value, bool | float | Decimal | date) else value


def _unwrapped(write: Callable[..., str]) -> Callable[..., str]:
    def written(value: object, *given: Any, **options: Any) -> str:
        return write(getattr(value, "value", value), *given, **options)

    return written


def _refuse(*_: object, **__: object) -> NoReturn:
    raise ValueError("NUMBER is Fluent's own; use NUM, PCT or MONEY")
