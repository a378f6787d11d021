from __future__ import annotations

import ast

import pytest

from intelgraph_codegen.python.layout import python_file
from intelgraph_codegen.python.text import string, write_doc

HOSTILE = [
    "plain",
    '"quoted"',
    'ends with a "quote"',
    "ends with a backslash \\",
    'three """ quotes',
    '""""""',
    'it\'s "both"',
    "\\n is no line end",
    "nul \0, bell \a, escape \x1b",
    "zero\u200bwidth, right\u202eto left",
    "naïve café, 漢字, 🙂",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_literal_means_the_text(text: str) -> None:
    assert ast.literal_eval(string(text)) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_docstring_means_the_text(text: str) -> None:
    assert ast.literal_eval("\n".join(doc(text))) == text


def test_a_literal_has_the_quotes_that_need_fewer_escapes() -> None:
    assert string("plain") == '"plain"'
    assert string('say "hi"') == "'say \"hi\"'"
    assert string('it\'s "so"') == "'it\\'s \"so\"'"
    assert string("it's 'so' \"too\"") == '"it\'s \'so\' \\"too\\""'


def test_a_short_docstring_is_one_line() -> None:
    assert doc("What it is.") == ['"""What it is."""']


def test_a_docstring_is_one_line_as_long_as_its_quotes_fit() -> None:
    assert len(doc("x " * 46 + "xx")) == 1
    assert len(doc("x " * 46 + "xxx")) == 3


def test_a_long_docstring_ends_on_a_line_of_its_own() -> None:
    assert doc("word " * 25) == [
        f'"""{"word " * 19}'.strip(),
        "word word word word word word",
        '"""',
    ]


def test_a_word_that_no_line_can_hold_stays_on_one_line() -> None:
    assert doc("x" * 120) == [f'"""{"x" * 120}"""']


def test_nothing_is_written_for_an_empty_description() -> None:
    assert doc(None) == doc("") == doc(" \n ") == []


def doc(text: str | None) -> list[str]:
    file = python_file("module.py", "zoo.graphql")
    write_doc(file, text)
    return file.text().splitlines()[3:]
