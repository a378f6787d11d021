"""What changed between two dumps of a public API: what breaks a caller, and what is to be told.

Types are compared as text, so a new type has to be told and is judged by a person; a name that is
gone, a lost argument or a new one that everybody has to give is judged here.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from distributions.api_typescript import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Interfaces of TypeScript whose values a caller makes, so that a new member may not be required.
GIVEN = re.compile(r"(Options|Variables|Input|Filter)$")
BASES = re.compile(r"(?:extends|implements) ([^{]+?)(?= implements|$)|^(?:@.+ )?class\((.*)\)$")


@dataclass(frozen=True, slots=True)
class Change:
    """One name of the API as it was and as it is; None where there is none."""

    name: str
    before: str | None
    after: str | None

    @property
    def parent(self) -> str:
        """The name of the class or module that the name belongs to."""
        return self.name[: len(self.name) - len(self.last) - 1]

    @property
    def last(self) -> str:
        """The part of the name that a reader would look for."""
        return last_of(self.name)


def last_of(name: str) -> str:
    return re.split(r"[.#/ ]", name)[-1]


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """The names that differ, in order; what came with a new class comes with it."""
    names = sorted(before.keys() | after.keys())
    found = [Change(name, before.get(name), after.get(name)) for name in names]
    differing = [change for change in found if change.before != change.after]
    added = {change.name for change in differing if change.before is None}
    return [change for change in differing if change.parent not in added]


def broken_by(change: Change) -> str | None:
    """Why code that was written against the name may no longer work; None when it does."""
    if change.after is None:
        return "is gone"
    if change.before is None:
        is_required = re.match(r"(readonly )?\w+(\(|:)", change.after)
        is_given = GIVEN.search(change.parent) and "#" in change.name
        return "has to be given by every caller" if is_given and is_required else None
    if kind_of(change.before) != kind_of(change.after):
        return f"was {kind_of(change.before)!r} and is {kind_of(change.after)!r}"
    lost = bases_of(change.before) - bases_of(change.after)
    if lost:
        return f"no longer extends {', '.join(sorted(lost))}"
    if GIVEN.search(change.parent) and "?:" in change.before and "?:" not in change.after:
        return "has to be given by every caller"
    return lost_argument(arguments_of(change.before), arguments_of(change.after))


def kind_of(text: str) -> str:
    """The words before an API's own: `async def`, `@property def`, `class`, `interface`."""
    plain_text = re.sub(r"^@(deprecated|dataclass)(\(.*?\))? ", "", text)
    words = re.match(r"(?:@\S+ )*(?:async def|def|class|interface|type|function)\b", plain_text)
    return words[0] if words else "value"


def bases_of(text: str) -> set[str]:
    # What is left out of a base is written anew, or is a member that is gone.
    whole = re.sub(r"Omit<(\w+), [^>]*>", r"\1", text)
    groups = [part for found in BASES.findall(whole) for part in found if part]
    return {base.strip() for group in groups for base in split(group, ",")} - {""}


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: where it stands (None: by name alone), and whether it may be left out."""

    place: int | None
    is_optional: bool


def arguments_of(text: str) -> dict[str, Argument]:
    """The arguments of a callable, of its first overload; of nothing else any."""
    first = next(split(text.replace(" & ", "\0"), "\0"))
    if python := re.match(r"(?:@.+? )*(?:async )?def(?=\()", first):
        return dict(arguments_of_python(f"def f{first[python.end() :]}"))
    is_callable = "class" not in kind_of(text)
    return dict(arguments_of_typescript(first.removeprefix("@deprecated "))) if is_callable else {}


def arguments_of_python(text: str) -> Iterator[tuple[str, Argument]]:
    function = ast.parse(f"{text}: ...").body[0]
    if not isinstance(function, ast.FunctionDef):
        raise TypeError(f"Not a function: {text}")
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    required = len(positional) - len(given.defaults)
    for place, named in enumerate(positional):
        yield named.arg, Argument(place, place >= required)
    for named, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        yield named.arg, Argument(None, default is not None)
    for rest in (given.vararg, given.kwarg):
        if rest:
            yield f"*{rest.arg}", Argument(None, is_optional=True)


def arguments_of_typescript(text: str) -> Iterator[tuple[str, Argument]]:
    called = re.match(r"(?:(?:function|static|get) )?[\w$]+\??(?:<[^(]*>)?(?=\()", text)
    inside = balanced(text[called.end() :])[1:-1] if called else ""
    for place, part in enumerate(split(inside, ",")):
        # A caller gives these by their place, so that they may get other names.
        if name := re.match(r"\s*(\.\.\.)?(?:\w+|\{.*?\})(\?)?", part):
            yield str(place), Argument(place, bool(name[1] or name[2]))


def balanced(text: str) -> str:
    depth = 0
    for place, character in enumerate(text):
        depth += (character in "({[") - (character in ")}]")
        if not depth:
            return text[: place + 1]
    return text


def lost_argument(before: dict[str, Argument], after: dict[str, Argument]) -> str | None:
    for name, was in before.items():
        now = after.get(name)
        if now is None:
            return f"has lost its argument {name}"
        if was.place is not None and now.place != was.place:
            return f"no longer has its argument {name} at the same place"
        if was.is_optional and not now.is_optional:
            return f"has to be given its argument {name}"
    new = [name for name in after.keys() - before.keys() if not after[name].is_optional]
    return f"has to be given its new argument {new[0]}" if new else None


def is_retired(change: Change) -> bool:
    """Whether the name was deprecated before it changed, so that a major version may take it."""
    return bool(re.match(r"(@\S+ )*@deprecated\b", change.before or ""))


def is_told(change: Change, changelog: str) -> bool:
    """Whether the changelog has the name, or all of its arguments that differ, in backquotes."""
    quoted = "\n".join(re.findall(r"`([^`]+)`", changelog))
    words = {plain(word) for word in re.findall(r"[\w*-]+", quoted)}
    is_constructor = change.last in {"__init__", "constructor"}
    name = plain(last_of(change.parent) if is_constructor else change.last)
    if any(matches(name, word) for word in words):
        return True
    differing = differing_arguments(change)
    return bool(differing) and all(any(matches(n, word) for word in words) for n in differing)


def differing_arguments(change: Change) -> set[str]:
    before, after = (arguments_as_written(text or "") for text in (change.before, change.after))
    return {plain(re.split(r"\W", part.lstrip("*."))[0]) for part in before ^ after}


def arguments_as_written(text: str) -> set[str]:
    _, bracket, rest = text.partition("(")
    return {part.strip() for part in split(balanced(bracket + rest)[1:-1], ",")}


def plain(word: str) -> str:
    """A name as both languages have it: `op_id` and `opId` are one."""
    return re.sub(r"[^a-z0-9*]", "", word.lower())


def matches(name: str, word: str) -> bool:
    return bool(re.fullmatch(re.escape(word).replace(r"\*", ".+"), name))
