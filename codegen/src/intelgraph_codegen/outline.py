"""Reads type definitions quickly: what is defined, of which type, and where it stands.

A schema of a megabyte is mostly descriptions and fields that a project never asks for, and
parsing all of them takes longer than everything else together. An outline knows the names, types
and spans of all there is, so that only what the documents reach has to be parsed. Where a text is
not surely GraphQL there is no outline, and somebody has to read it slowly.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from .errors import place_at
from .sdl_patterns import (
    CONTROLS,
    DEPRECATED,
    DIRECTIVE,
    FIELD,
    GAP,
    INPUT,
    MARK,
    NAMED,
    OPAQUE,
    PLACES,
    ROOT,
    SCHEMA,
    UNION,
    VALUE,
)

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator

    from .errors import Place
    from .files import TextFile

LOCATIONS = {
    "type": ("OBJECT", "FIELD_DEFINITION"),
    "interface": ("INTERFACE", "FIELD_DEFINITION"),
    "input": ("INPUT_OBJECT", "INPUT_FIELD_DEFINITION"),
    "enum": ("ENUM", "ENUM_VALUE"),
    "scalar": ("SCALAR", ""),
    "union": ("UNION", ""),
}
"""Where a directive of a type, and of its members, stands."""


class Member(NamedTuple):
    """A field, an argument, an input field or an enum value."""

    name: str
    type: str
    """As it is written; empty for an enum value."""
    arguments: tuple[Member, ...]
    default: str | None
    directives: str
    start: int
    """Of its description."""
    at: int
    """Of its name."""
    end: int

    @property
    def is_required(self) -> bool:
        """Whether an argument or input field has to be given."""
        return self.type.endswith("!") and self.default is None

    @property
    def is_deprecated(self) -> bool:
        return DEPRECATED.search(self.directives) is not None


class Text(NamedTuple):
    """A file without its comments, and with numbers for its strings."""

    short: str
    file: TextFile

    def place(self, start: int, end: int) -> Place:
        """The place in the file of a span that begins and ends outside of strings."""
        return place_at(self.file.path, self.file.text, self._origin(start), self._origin(end))

    def _origin(self, position: int) -> int:
        starts, shifts = _shifts(self.file.text)
        return position + shifts[bisect_left(starts, position)]


class Part(NamedTuple):
    """A definition of a type, or an extension of one."""

    kind: str
    name: str
    is_extension: bool
    names: tuple[str, ...]
    """The interfaces that are implemented, or the members of a union."""
    directives: str
    members: tuple[Member, ...]
    text: Text
    """What the spans belong to."""
    start: int
    body: int
    """Where the members begin."""
    end: int


@dataclass(slots=True)
class Outline:
    """The definitions of all files, in order."""

    parts: list[Part] = field(default_factory=list[Part])
    roots: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Which type stands for which operation, where `schema` says so."""
    directives: list[Member] = field(default_factory=list[Member])
    """The directives that are defined, with their arguments."""
    whole: list[str] = field(default_factory=list[str])
    """The texts of `schema` and of the directives."""
    uses: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """The directives of each place, as they are written, with the place's kind."""
    strings: list[str] = field(default_factory=list[str])
    """The strings, by the numbers that stand for them in texts."""

    def restored(self, text: str) -> str:
        """A piece of an outline's text with its strings in it."""
        pieces = text.split(MARK)
        pieces[1::2] = [self.strings[int(number)] for number in pieces[1::2]]
        return "".join(pieces)


def read_outline(files: Iterable[TextFile]) -> Outline | None:
    """The outline of the files of a schema, or None where it cannot be had."""
    outline = Outline()
    try:
        for file in files:
            if CONTROLS.search(file.text):
                return None
            short = OPAQUE.sub(_store(outline.strings), file.text)
            _Reader(Text(short, file), outline).read()
    except _UnclearError:
        return None
    return outline


def named(type_: str) -> str:
    """The name at the bottom of a type as it is written."""
    return type_.strip("[]!")


class _UnclearError(Exception):
    pass


@lru_cache(maxsize=16)
def _shifts(text: str) -> tuple[list[int], list[int]]:
    """Where strings and comments stood, and how much longer the text was up to each of them."""
    starts: list[int] = []
    shifts = [0]
    for found in OPAQUE.finditer(text):
        starts.append(found.start() - shifts[-1])
        left = 0 if found[0].startswith("#") else len(_marked(0))
        shifts.append(shifts[-1] + len(found[0]) - left)
    return starts, shifts


def _store(strings: list[str]) -> Callable[[re.Match[str]], str]:
    def stored(found: re.Match[str]) -> str:
        text = found[0]
        if text[0] == "#":
            return ""
        strings.append(text)
        return _marked(len(strings) - 1)

    return stored


def _marked(number: int) -> str:
    return f"{MARK}{number:07}{MARK}"


class _Reader:
    def __init__(self, text: Text, outline: Outline) -> None:
        self._source = text
        self._text = text.short
        self._outline = outline

    def read(self) -> None:
        position = _end(GAP.match(self._text))
        while position < len(self._text):
            position = self._definition(position)

    def _definition(self, start: int) -> int:
        found = NAMED.match(self._text, start)
        if found:
            return self._type(found)
        if found := UNION.match(self._text, start):
            extends, kind, name, directives, members = found.groups()
            names = tuple(_listed(members, "|"))
            part = (kind, name, extends is not None, names, directives, ())
            return self._add(part, found, found.end())
        if found := SCHEMA.match(self._text, start):
            return self._schema(found)
        if found := DIRECTIVE.match(self._text, start):
            if not PLACES.issuperset(_listed(found[3], "|")):
                raise _UnclearError
            arguments = self._inputs(found[2], "ARGUMENT_DEFINITION")
            self._outline.directives.append(
                Member(found[1], "", arguments, None, "", start, found.start(1), found.end())
            )
            self._outline.whole.append(found[0])
            return found.end()
        raise _UnclearError

    def _type(self, found: re.Match[str]) -> int:
        extends, kind, name, interfaces, directives, brace = found.groups()
        members: tuple[Member, ...] = ()
        end = found.end()
        if brace:
            members = tuple(self._members(kind, end))
            end = members[-1].end if members else end
            if not members or not self._text.startswith("}", end):
                raise _UnclearError
            end = _end(GAP.match(self._text, end + 1))
        names = tuple(_listed(interfaces, "&"))
        part = (kind, name, extends is not None, names, directives, members)
        return self._add(part, found, end)

    def _add(
        self,
        part: tuple[str, str, bool, tuple[str, ...], str, tuple[Member, ...]],
        head: re.Match[str],
        end: int,
    ) -> int:
        kind, _, is_extension, names, directives, members = part
        if is_extension and not (names or directives or members):
            raise _UnclearError
        if directives:
            self._outline.uses.add((LOCATIONS[kind][0], directives))
        self._outline.parts.append(Part(*part, self._source, head.start(), head.end(), end))
        return end

    def _members(self, kind: str, position: int) -> Iterator[Member]:
        place = LOCATIONS[kind][1]
        if kind == "input":
            yield from self._inputs_from(self._text, position, place)
        elif kind == "enum":
            while found := VALUE.match(self._text, position):
                name, directives = found.groups()
                use = self._use(place, directives)
                position = found.end()
                yield Member(name, "", (), None, use, found.start(), found.start(1), position)
        elif kind != "scalar":
            while found := FIELD.match(self._text, position):
                name, written, type_, directives = found.groups()
                arguments = self._inputs(written, "ARGUMENT_DEFINITION") if written else ()
                use = self._use(place, directives) if directives else ""
                position = found.end()
                yield Member(
                    name, type_, arguments, None, use, found.start(), found.start(1), position
                )

    def _inputs(self, text: str | None, place: str) -> tuple[Member, ...]:
        return tuple(self._inputs_from(text, 0, place)) if text else ()

    def _inputs_from(self, text: str, position: int, place: str) -> Iterator[Member]:
        while found := INPUT.match(text, position):
            name, type_, default, directives = found.groups()
            use = self._use(place, directives) if directives else ""
            position = found.end()
            yield Member(name, type_, (), default, use, found.start(), found.start(1), position)

    def _use(self, place: str, directives: str) -> str:
        if directives:
            self._outline.uses.add((place, directives))
        return directives

    def _schema(self, found: re.Match[str]) -> int:
        if found[1]:
            self._outline.uses.add(("SCHEMA", found[1]))
        position = found.end()
        while root := ROOT.match(self._text, position):
            self._outline.roots.append((root[1], root[2]))
            position = root.end()
        if not self._text.startswith("}", position) or position == found.end():
            raise _UnclearError
        self._outline.whole.append(self._text[found.start() : position + 1])
        return _end(GAP.match(self._text, position + 1))


def _listed(written: str | None, mark: str) -> Iterator[str]:
    for name in (written or "").split(mark):
        if stripped := name.strip(" \t\n\r,"):
            yield stripped


def _end(found: re.Match[str] | None) -> int:
    return found.end() if found else 0
