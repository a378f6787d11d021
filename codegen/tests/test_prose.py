from __future__ import annotations

import pytest

from intelgraph_codegen.prose import paragraphs, prose_lines, wrapped


def test_a_short_description_is_one_line() -> None:
    assert [*prose_lines("  What it is.\n", 40)] == ["What it is."]


def test_a_long_line_is_wrapped_between_words() -> None:
    assert [*prose_lines("one two three four", 9)] == ["one two", "three", "four"]


def test_lines_that_fit_stay_as_the_author_set_them() -> None:
    assert [*prose_lines("one\ntwo\n\nthree", 40)] == ["one", "two", "", "three"]


def test_a_word_that_is_too_long_is_not_torn() -> None:
    assert [*prose_lines("a-very-long-word", 4)] == ["a-very-long-word"]


def test_an_item_of_a_list_hangs_by_its_mark() -> None:
    assert [*prose_lines("- one two\n- three four", 8)] == ["- one", "  two", "- three", "  four"]


@pytest.mark.parametrize(
    "line", ["    code code", "| a | b | c |", "[1]: https://example.com/some where"]
)
def test_code_and_tables_and_links_are_not_wrapped(line: str) -> None:
    assert [*prose_lines(f"x\n\n{line}\ny", 8)] == ["x", "", line, "y"]


def test_every_kind_of_line_end_is_one() -> None:
    assert [*prose_lines("a\r\nb\rc\x0bd\x85e\u2028f", 40)] == ["a", "b", "c", "d", "e", "f"]


def test_odd_spaces_become_plain_ones() -> None:
    assert [*prose_lines("a\u00a0b\u3000c\td", 40)] == ["a b c   d"]


def test_an_indentation_that_all_further_lines_share_goes() -> None:
    assert [*prose_lines("a\n    b\n      c", 40)] == ["a", "b", "  c"]


def test_wide_characters_count_twice() -> None:
    assert [*prose_lines("漢字漢 漢字漢", 13)] == ["漢字漢 漢字漢"]
    assert [*prose_lines("a漢字漢 漢字漢", 13)] == ["a漢字漢", "漢字漢"]


def test_a_hanging_line_begins_deeper() -> None:
    assert list(wrapped("one two three", 7, indent=" ", hang="  ")) == [" one", "  two", "  three"]


def test_paragraphs_leave_out_what_is_not_there() -> None:
    assert paragraphs("one", None, "", "two") == "one\n\ntwo"
    assert paragraphs(None, "") is None
