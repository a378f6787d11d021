"""The house's words for what graphql-core's rules find, the same for every version of it.

A rule's message is only looked at for the names in it. `{first}` in the house's words is
the place of the other definition or use, which graphql-core tells as a node.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .findings import Code


@dataclass(frozen=True, slots=True)
class Wording:
    """How one sort of finding is told."""

    pattern: re.Pattern[str]
    words: str
    suggests: str = ""
    """Among which names a similar one is looked for."""
    node: int = -1
    """Which of the error's nodes is to blame."""
    is_warning: bool = False
    code: Code = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Worded:
    """A finding in the house's words."""

    wording: Wording
    names: dict[str, str]

    def message(self, first: str, path: str = "") -> str:
        """The words with the names in them and the places that only nodes tell."""
        return self.wording.words.format(first=first, path=path, **self.names)


def reword(message: str, wordings: tuple[Wording, ...]) -> Worded | None:
    """The house's words for a message of graphql-core, or None where there are none."""
    for wording in wordings:
        found = wording.pattern.match(message)
        if found:
            names = {key: value or "" for key, value in found.groupdict().items()}
            return Worded(wording, names)
    return None


def wording(
    pattern: str,
    words: str,
    *,
    code: Code,
    suggests: str = "",
    node: int = -1,
    is_warning: bool = False,
) -> Wording:
    """A row of the tables: graphql-core's message, and the words that take its place."""
    return Wording(re.compile(pattern), words, suggests, node, is_warning, code=code)


NAME = r"(?P<name>\w+)"
TYPE = r"(?P<type>[\w\[\]!]+)"

UNUSED_FRAGMENT = "No operation uses the fragment `{name}`."

SHARED_WORDINGS = (
    wording(
        rf"Unknown type '{NAME}'",
        "There is no type `{name}`.",
        code="unknown-type",
        suggests="type",
    ),
    wording(
        rf"Unknown directive '@{NAME}'",
        "There is no directive `@{name}`.",
        code="unknown-directive",
        suggests="directive",
    ),
    wording(
        rf"Directive '@{NAME}' may not be used on (?P<place>[\w ]+)",
        "The directive `@{name}` is not for this place ({place}).",
        code="misplaced-directive",
    ),
    wording(
        rf"Unknown argument '{NAME}' on directive '@(?P<of>\w+)'",
        "The directive `@{of}` has no argument `{name}`.",
        code="unknown-argument",
        suggests="directive argument",
    ),
    wording(
        rf"There can be only one argument named '{NAME}'",
        "The argument `{name}` is given twice; the first is at {first}.",
        code="given-twice",
    ),
    wording(
        rf"There can be only one input field named '{NAME}'",
        "The input field `{name}` is given twice; the first is at {first}.",
        code="given-twice",
    ),
    wording(
        rf"The directive '@{NAME}' can only be used once",
        "The directive `@{name}` is given twice; the first is at {first}.",
        code="given-twice",
    ),
    wording(
        rf"(?:Directive '@(?P<of>\w+)' argument '{NAME}'"
        r"|Argument '@(?P<of2>\w+)\((?P<name2>\w+):\)')"
        rf" of type '{TYPE}' is required",
        "The directive `@{of}{of2}` needs the argument `{name}{name2}` of type `{type}`.",
        code="missing-argument",
    ),
)

DOCUMENT_WORDINGS = (
    *SHARED_WORDINGS,
    wording(
        rf"Cannot query field '{NAME}' on type '{TYPE}'",
        "The type `{type}` has no field `{name}`.",
        code="unknown-field",
        suggests="field",
    ),
    wording(
        rf"Unknown argument '{NAME}' on field '(?P<of>\w+\.\w+)'",
        "The field `{of}` has no argument `{name}`.",
        code="unknown-argument",
        suggests="argument",
    ),
    wording(
        rf"Unknown fragment '{NAME}'",
        "There is no fragment `{name}`.",
        code="unknown-fragment",
        suggests="fragment",
    ),
    wording(
        r"The '?(?P<name>\w+)'? definition is not executable",
        "A type definition does not belong among the operations.",
        code="misplaced-definition",
    ),
    wording(
        rf"There can be only one operation named '{NAME}'",
        "The operation `{name}` is defined twice; the first is at {first}.",
        code="defined-twice",
    ),
    wording(
        rf"There can be only one fragment named '{NAME}'",
        "The fragment `{name}` is defined twice; the first is at {first}.",
        code="defined-twice",
    ),
    wording(
        rf"There can be only one variable named '\${NAME}'",
        "The variable `${name}` is defined twice; the first is at {first}.",
        code="defined-twice",
    ),
    wording(
        rf"Field '{NAME}' must not have a selection since type '{TYPE}'",
        "The field `{name}` is of type `{type}`, which has no fields to select.",
        code="wrong-selection",
    ),
    wording(
        rf"Field '{NAME}' of type '{TYPE}' must have a selection",
        "The field `{name}` is of type `{type}`, of which fields must be selected.",
        code="wrong-selection",
        suggests="selection",
    ),
    wording(
        rf"Fragment (?:'\w+' )?cannot condition on non composite type '{TYPE}'",
        "A fragment cannot be on `{type}`, which has no fields.",
        code="wrong-fragment-type",
    ),
    wording(
        rf"Variable '\${NAME}' cannot be non-input type '{TYPE}'",
        "The variable `${name}` cannot be of type `{type}`, which is not for input.",
        code="wrong-variable-type",
    ),
    wording(
        r"Fragment (?:'\w+' )?cannot be spread here as objects of type "
        r"'(?P<type>\w+)' can never be of type '(?P<name>\w+)'",
        "This selects nothing: no `{type}` is a `{name}`.",
        code="impossible-fragment",
    ),
    wording(
        rf"Cannot spread fragment '{NAME}' within itself",
        "The fragment `{name}` contains itself.",
        code="fragment-cycle",
        node=0,
    ),
    wording(
        rf"Variable '\${NAME}' is not defined by operation '(?P<of>\w+)'",
        "The operation `{of}` has no variable `${name}`.",
        code="unknown-variable",
        suggests="variable",
        node=0,
    ),
    wording(
        rf"Variable '\${NAME}' is never used in operation '(?P<of>\w+)'",
        "The operation `{of}` never uses its variable `${name}`.",
        code="unused-variable",
    ),
    wording(
        rf"(?:Field '\w+' argument '{NAME}'|Argument '[\w.]+\((?P<name2>\w+):\)')"
        rf" of type '{TYPE}' is required",
        "This field needs the argument `{name}{name2}` of type `{type}`.",
        code="missing-argument",
    ),
    wording(
        rf"Variable '\${NAME}' of type '{TYPE}' used in position expecting type "
        r"'(?P<of>[\w\[\]!]+)'",
        "The variable `${name}` is of type `{type}`, but `{of}` is needed here.",
        code="wrong-variable-type",
    ),
    wording(
        rf"Variable '\${NAME}' is not defined\.",
        "This operation has no variable `${name}`.",
        code="unknown-variable",
        suggests="variable",
        node=0,
    ),
    wording(
        rf"Variable '\${NAME}' is never used\.",
        "This operation never uses its variable `${name}`.",
        code="unused-variable",
    ),
    # The check of literals tells this in all versions.
    wording(
        r"Variable '\$\w+' is of type '[^']+' but must be non-nullable", "", code="invalid-schema"
    ),
    wording(
        rf"Fragment '{NAME}' is never used",
        UNUSED_FRAGMENT,
        code="unused-fragment",
        is_warning=True,
    ),
)
