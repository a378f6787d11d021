from __future__ import annotations

import json

import pytest

from intelgraph_codegen.typescript.layout import typescript_file
from intelgraph_codegen.typescript.text import string, write_doc


def test_a_short_comment_is_one_line() -> None:
    assert doc("What it is.") == ["/** What it is. */"]


def test_a_comment_is_one_line_as_long_as_its_marks_fit() -> None:
    assert len(doc("x" * 93)) == 1
    assert doc("x" * 94) == ["/**", f" * {'x' * 94}", " */"]


def test_the_end_of_a_comment_is_escaped() -> None:
    assert doc("a */ b") == ["/** a *\\/ b */"]


def test_an_at_sign_is_a_tag_only_where_it_is_meant() -> None:
    assert doc("@internal thing\nmail@home") == [
        "/**",
        " * \\@internal thing",
        " * mail@home",
        " */",
    ]


def test_a_deprecation_is_a_tag_with_its_reason_on_one_line() -> None:
    assert doc("What.", deprecated="Use\n  that.") == [
        "/**",
        " * What.",
        " *",
        " * @deprecated Use that.",
        " */",
    ]
    assert doc(None, deprecated="") == ["/** @deprecated */"]


def test_what_cannot_be_seen_is_spelled_out() -> None:
    assert doc("a\u202eb\u200bc") == ["/** a\\u202eb\\u200bc */"]


def test_nothing_is_written_for_an_empty_description() -> None:
    assert doc(None) == doc(" \n ") == []


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("plain", '"plain"'),
        ('say "hi"', "'say \"hi\"'"),
        ('it\'s "so"', "'it\\'s \"so\"'"),
        ("it's 'so' \"too\"", '"it\'s \'so\' \\"too\\""'),
        ("back\\slash\nline", '"back\\\\slash\\nline"'),
        ("line\u2028separator", '"line\\u2028separator"'),
        ("漢字 🙂", '"漢字 🙂"'),
    ],
)
def test_a_literal_has_the_quotes_that_need_fewer_escapes(text: str, literal: str) -> None:
    assert string(text) == literal


def test_a_literal_in_double_quotes_is_json() -> None:
    assert json.loads(string("a\0b\t'c' \\")) == "a\0b\t'c' \\"


def doc(text: str | None, *, deprecated: str | None = None) -> list[str]:
    file = typescript_file("module.ts", "zoo.graphql")
    write_doc(file, text, deprecated=deprecated)
    return file.text().splitlines()[2:]
