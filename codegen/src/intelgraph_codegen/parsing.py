"""Parses GraphQL with graphql-core's parser and one regular expression in the place of its lexer.

The library's lexer looks at each character in turn, which is most of what reading a large file
takes. What the expression does not know is left to that lexer, and what then is no GraphQL at
all is parsed once more by the library alone, so that it tells of it as ever.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphql import (
    GraphQLSyntaxError,
    Lexer,
    Source,
    SourceLocation,
    Token,
    TokenKind,
    parse,
)
from graphql.language.block_string import dedent_block_string_lines
from graphql.language.parser import Parser

from .errors import Diagnostic, Place
from .syntax import empty_selections, syntax_diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import DefinitionNode, DocumentNode

    from .files import TextFile

_NOTHING = re.compile(r"(?:[\s,\ufeff]|#[^\n\r]*)*\Z")

_TOKEN = re.compile(
    r"(?:[ \t\n\r,\ufeff]++|\#[^\n\r]*+)*+"
    r"(?:([_A-Za-z]\w*+)|([!$&():=@\[\]{|}]|\.\.\.)|(-?(?:0|[1-9]\d*+)(?![\w.]))"
    r'|"""((?:[^"\\]++|"(?!"")|\\(?!"""))*+)"""|"(?!"")([^"\\\n\r]*+)"|(\Z))',
    re.ASCII,
)
_LINE_END = re.compile(r"\r\n|[\n\r]")
_MARKS = {
    kind.value: kind
    for kind in TokenKind
    if kind not in (TokenKind.SOF, TokenKind.EOF) and not kind.value.isalpha()
}


def parse_files(
    files: Iterable[TextFile], diagnostics: list[Diagnostic]
) -> tuple[DefinitionNode, ...]:
    """The definitions of all files in order; adds what is no GraphQL."""
    return tuple(node for file in files for node in _parse(file, diagnostics))


def parse_source(source: Source, *, no_location: bool = False) -> DocumentNode:
    """The document of a text; raises `GraphQLSyntaxError` or `RecursionError` as `parse` does."""
    try:
        return _Parser(source, no_location=no_location).parse_document()
    except (GraphQLSyntaxError, RecursionError):
        return parse(source, no_location=no_location)


class _Source(Source):
    """A text whose lines graphql-core need not count for every error that it makes.

    It would read megabytes from their beginning for each, and nobody looks: what is told of a
    finding's place is `places.place_of`.
    """

    def get_location(self, position: int) -> SourceLocation:
        """Some place."""
        del position
        return self.location_offset


def _parse(file: TextFile, diagnostics: list[Diagnostic]) -> tuple[DefinitionNode, ...]:
    if _NOTHING.match(file.text):
        return ()
    try:
        document = parse_source(_Source(file.text, file.path))
    except GraphQLSyntaxError as error:
        start = next(iter(error.positions or ()), 0)
        diagnostics.append(syntax_diagnostic(error.message, file, start))
    except RecursionError:
        diagnostics.append(
            Diagnostic(
                "This file nests too deeply to be read.", Place(file.path), code="nested-too-deeply"
            )
        )
    else:
        diagnostics.extend(empty_selections(document, file))
        return tuple(document.definitions)
    return ()


class _Lexer(Lexer):
    """Its tokens know no line and no column, which only the library's own messages would show."""

    def read_next_token(self, start: int) -> Token:
        found = _TOKEN.match(self.source.body, start)
        index = found.lastindex if found else None
        if found is None or index is None:
            return super().read_next_token(start)
        first, end = found.span(index)
        value = found[index]
        match index:
            case 2:
                return Token(_MARKS[value], first, end, 0, 0)
            case 4:
                text = "\n".join(dedent_block_string_lines(_LINE_END.split(value)))
                return Token(TokenKind.BLOCK_STRING, first - 3, end + 3, 0, 0, text)
            case 5:
                return Token(TokenKind.STRING, first - 1, end + 1, 0, 0, value)
            case 6:
                return Token(TokenKind.EOF, first, end, 0, 0)
            case _:
                kind = TokenKind.NAME if index == 1 else TokenKind.INT
                return Token(kind, first, end, 0, 0, value)


class _Parser(Parser):
    def __init__(self, source: Source, *, no_location: bool) -> None:
        super().__init__(source, no_location=no_location)
        self._lexer = _Lexer(source)
