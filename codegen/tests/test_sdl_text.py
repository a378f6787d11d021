from __future__ import annotations

import pytest
from graphql import build_schema
from hypothesis import example, given, settings
from hypothesis import strategies as st

from intelgraph_codegen.sdl_text import description_lines, string_literal

CHARACTERS = st.one_of(st.sampled_from(' "\\\n\t\r#é漢😀\x7f\x00'), st.characters(codec="utf-8"))


@settings(max_examples=100)
@given(st.text(CHARACTERS))
@example('"')
@example('a"""')
@example("a\\")
@example(" a\n  b")
@example("a\n \nb")
@example("\na")
def test_any_text_comes_back_from_a_description_and_from_a_literal(text: str) -> None:
    described = "\n".join(description_lines(text, "  "))
    sdl = f"type Query {{\n{described}\n  a: Int @deprecated(reason: {string_literal(text)})\n}}"

    root = build_schema(sdl).query_type

    assert root is not None
    assert root.fields["a"].description == text
    assert root.fields["a"].deprecation_reason == text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (None, []),
        ("One.", ['  """One."""']),
        ("One.\n\nTwo.", ['  """', "  One.", "", "  Two.", '  """']),
        ('Quotes"', ['  """', '  Quotes"', '  """']),
        (" edge", ['  " edge"']),
        ("", ['  ""']),
    ],
)
def test_descriptions_read_like_this(text: str | None, lines: list[str]) -> None:
    assert list(description_lines(text, "  ")) == lines


def test_half_a_surrogate_pair_is_no_character() -> None:
    assert string_literal("a\ud83d") == '"a\ufffd"'
