"""Regular expressions for type definitions, which together accept only what is valid GraphQL.

They refuse what is valid but rare: literals that nest deeply, lists of lists of lists. They read
text whose strings and comments are gone (see `outline`): of a string there is only its number.
Every repetition is possessive, so that no text makes them slow.
"""

from __future__ import annotations

import re


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


MARK = "\x01"
"""Stands before and behind the number of a string; no character of GraphQL."""

# What may stand between any two tokens; it is everywhere below, so its name is the shortest.
_ = r"[\s,]*+"
_STRING = rf"{MARK}\d++{MARK}"
_NAME = r"[_A-Za-z]\w*+"
_NUMBER = r"-?(?:0|[1-9]\d*+)(?:\.\d++)?+(?:[eE][+-]?\d++)?+(?![\w.])"
_TYPE = rf"(?>{_NAME}!?+|\[{_NAME}!?+\]!?+|\[\[{_NAME}!?+\]!?+\]!?+)"
_ATOM = rf"(?>{_STRING}|{_NUMBER}|{_NAME})"
_LIST = rf"\[{_}(?:{_ATOM}{_})*+\]"
_OBJECT = rf"\{{{_}(?:{_NAME}{_}:{_}(?>{_ATOM}|{_LIST}){_})*+\}}"
_LITERAL = rf"(?>{_ATOM}|{_LIST}|{_OBJECT})"
_DIRECTIVES = rf"(?:@{_NAME}{_}(?:\({_}(?:{_NAME}{_}:{_}{_LITERAL}{_})++\){_})?+)*+"
_DESCRIPTION = rf"(?:{_STRING}{_})?+"
_NAMES = rf"(?:{{0}}{_})?+{_NAME}{_}(?:{{0}}{_}{_NAME}{_})*+"


def _input(group: str) -> str:
    """An argument or input field: name, type, default and directives as groups, or not."""
    return (
        rf"{_DESCRIPTION}{group}{_NAME}){_}:{_}{group}{_TYPE}){_}"
        rf"(?:={_}{group}{_LITERAL}){_})?+{group}{_DIRECTIVES})"
    )


_ARGUMENTS = rf"\({_}((?:{_input('(?:')})++)\){_}"

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Characters that no GraphQL has."""

OPAQUE = re.compile(
    r'"""[^"\\]*+(?:(?:\\"""|"(?!"")|\\)[^"\\]*+)*+"""'
    r'|"(?!"")(?:[^"\\\n\r]|\\["\\/bfnrt]|\\u(?![dD])[0-9A-Fa-f]{4})*+"'
    r"|\#[^\n\r]*+"
)
"""A string or a comment."""

DEPRECATED = re.compile(r"@deprecated\b")
SIMPLY_DEPRECATED = _compiled(rf"@deprecated{_}(?:\({_}reason{_}:{_}{_STRING}{_}\){_})?")
"""The directive alone, and right wherever one member can have it."""

GAP = _compiled(_)

INPUT = _compiled(_input("("))
"""An argument or a field of an input, and what follows up to the next."""

FIELD = _compiled(rf"{_DESCRIPTION}({_NAME}){_}(?:{_ARGUMENTS})?+:{_}({_TYPE}){_}({_DIRECTIVES})")
"""A field of an object or interface: name, arguments, type, directives."""

VALUE = _compiled(rf"{_DESCRIPTION}({_NAME}){_}({_DIRECTIVES})")
"""A value of an enum: name, directives."""

ROOT = _compiled(rf"(query|mutation|subscription)\b{_}:{_}({_NAME}){_}")
"""A line of `schema { … }`."""

NAMED = _compiled(
    rf"(?:extend\b{_}()|{_DESCRIPTION})(type|interface|input|enum|scalar)\b{_}({_NAME}){_}"
    rf"(?:implements\b{_}({_NAMES.format('&')}))?+({_DIRECTIVES})(\{{{_})?+"
)
"""The head of a type: whether it extends, kind, name, interfaces, directives, a brace."""

UNION = _compiled(
    rf"(?:extend\b{_}()|{_DESCRIPTION})(union)\b{_}({_NAME}){_}({_DIRECTIVES})"
    rf"(?:={_}({_NAMES.format('[|]')}))?+"
)
"""A union: whether it extends, kind, name, directives, members."""

SCHEMA = _compiled(rf"{_DESCRIPTION}schema\b{_}({_DIRECTIVES})\{{{_}")

DIRECTIVE = _compiled(
    rf"{_DESCRIPTION}directive\b{_}@{_}({_NAME}){_}(?:{_ARGUMENTS})?+"
    rf"(?:repeatable\b{_})?+on\b{_}({_NAMES.format('[|]')})"
)
"""A directive's definition: name, arguments, places."""

PLACES = frozenset(
    {
        *("QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD"),
        *("INLINE_FRAGMENT", "VARIABLE_DEFINITION", "SCHEMA", "SCALAR", "OBJECT", "INTERFACE"),
        *("FIELD_DEFINITION", "ARGUMENT_DEFINITION", "UNION", "ENUM", "ENUM_VALUE"),
        *("INPUT_OBJECT", "INPUT_FIELD_DEFINITION"),
    }
)
"""Where a directive can be for."""
