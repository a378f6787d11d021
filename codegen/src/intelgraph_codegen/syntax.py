"""The house's words for what makes a file no GraphQL at all.

graphql-core tells what it expected; what stands there instead is read from the text, so
that the words are the same for every version of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphql import Visitor, visit

from .errors import Diagnostic, did_you_mean, one_of, place_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import DocumentNode, SelectionSetNode

    from .files import TextFile
    from .findings import Code

_TOKEN = re.compile(
    r'(?P<string>""".*?"""|"(?:\\.|[^"\\\n\r])*")'
    r"|(?P<name>[_A-Za-z]\w*)|(?P<number>-?\d[\w.+-]*)|(?P<mark>\.\.\.|[!$&():=@\[\]{|}])",
    re.DOTALL | re.ASCII,
)
_EMPTY_BRACES = re.compile(r"\{(?:[\s,]|#[^\n\r]*)*\Z")
_MAYBE_EMPTY = re.compile(r"\{(?:[\s,]|#[^\n\r]*)*\}")
_EXPECTED = re.compile(r"Syntax Error: Expected (?P<what>.+?), found ")
_UNEXPECTED = re.compile(r"Syntax Error: Unexpected (?:Name|Int|Float|String|BlockString|<EOF>|')")
_KINDS = {"Name": "a name", "<EOF>": "the end of the file", "Int": "a number", "String": "a string"}
_DEFINITIONS = (
    "directive",
    "enum",
    "extend",
    "fragment",
    "input",
    "interface",
    "mutation",
    "query",
    "scalar",
    "schema",
    "subscription",
    "type",
    "union",
)

# What the lexer complains of, in the order in which it is looked for.
_WORDS = (
    ("single quote", "A string is written in double quotes."),
    ("Unterminated string", "This string is not closed."),
    ("escape sequence", "This escape sequence is not one of GraphQL's."),
    ("within String", "This character cannot stand in a string."),
    ("Invalid number", "This number is not written as GraphQL writes numbers."),
    ("constant value", "A variable cannot stand in a value that has to be constant."),
    ("Unexpected description", "A description cannot stand here."),
    ("reserved", "This name is reserved and cannot be a value of an enum."),
    ("too deeply", "This file nests too deeply to be read."),
)

NOTHING_IN_BRACES = "There is nothing between these braces."


def syntax_diagnostic(message: str, file: TextFile, start: int) -> Diagnostic:
    """A syntax error of graphql-core, which found it at `start` of the file."""
    token = _TOKEN.match(file.text, start)
    place = place_at(file.path, file.text, start, token.end() if token else start + 1)
    if file.text.startswith("}", start) and _EMPTY_BRACES.search(file.text[:start]):
        return Diagnostic(NOTHING_IN_BRACES, place, code="invalid-syntax")
    for part, words in _WORDS:
        if part in message:
            code: Code = "nested-too-deeply" if part == "too deeply" else "invalid-syntax"
            return Diagnostic(words, place, code=code)
    there = _there(file.text, start, token)
    expected = _EXPECTED.match(message)
    if expected:
        what = expected["what"].strip("'")
        words = f"Expected {_KINDS.get(what, f'`{what}`')} here, not {there}."
        return Diagnostic(words, place, code="invalid-syntax")
    if file.text.startswith(".", start) and not token:
        return Diagnostic(f"Unexpected {there}.", place, one_of(["..."]), code="invalid-syntax")
    is_definition = _UNEXPECTED.match(message) and token and token["name"]
    hint = did_you_mean(token[0], _DEFINITIONS) if is_definition and token else None
    return Diagnostic(f"Unexpected {there}.", place, hint, code="invalid-syntax")


def empty_selections(document: DocumentNode, file: TextFile) -> Iterator[Diagnostic]:
    """The first selection set with nothing in it, which only some versions let parse."""
    if not _MAYBE_EMPTY.search(file.text):
        return
    empty = _EmptySelections()
    visit(document, empty)
    for end in empty.ends[:1]:
        yield Diagnostic(
            NOTHING_IN_BRACES, place_at(file.path, file.text, end - 1, end), code="invalid-syntax"
        )


class _EmptySelections(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.ends: list[int] = []

    def enter_selection_set(self, node: SelectionSetNode, *_: object) -> None:
        if not node.selections and node.loc:
            self.ends.append(node.loc.end)


def _there(text: str, start: int, token: re.Match[str] | None) -> str:
    if not text[start:].strip():
        return "the end of the file"
    if token is None:
        character = text[start]
        shown = f"`{character}`" if character.isprintable() else "this"
        return f"{shown} (U+{ord(character):04X})"
    return "a string" if token["string"] else f"`{token[0]}`"
