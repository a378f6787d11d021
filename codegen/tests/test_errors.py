from __future__ import annotations

from functools import partial

import pytest

from intelgraph_codegen.errors import (
    CodegenError,
    Diagnostic,
    Place,
    did_you_mean,
    one_of,
    place_at,
    render,
)

found = partial(Diagnostic, code="unknown-field")


def test_a_finding_shows_its_line_and_points_at_the_column() -> None:
    place = place_at("a.graphql", "query A {\n  totl\n}\n", 12, 16)

    told = str(found("There is no such field.", place, "Did you mean `total`?"))

    assert told == (
        "a.graphql:2:3: There is no such field. Did you mean `total`? [unknown-field]\n"
        "  2 |   totl\n    |   ^^^^"
    )


def test_the_code_ends_the_first_line_of_a_message_of_several() -> None:
    assert str(found("Add this:\na = 1")) == "Add this: [unknown-field]\na = 1"


def test_a_warning_says_that_it_is_one() -> None:
    told = str(found("Unused.", Place("a"), severity="warning"))

    assert told == "a: warning: Unused. [unknown-field]"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(end: str) -> None:
    text = f"a{end}{end}bc{end}d"

    place = place_at("f", text, text.index("c"))

    assert (place.line, place.column, place.source_line) == (3, 2, "bc")


def test_columns_count_code_points_and_carets_stand_under_wide_ones() -> None:
    text = '\tx: "日本" totl'

    told = str(found("No.", place_at("f", text, text.index("totl"), len(text))))

    assert told.splitlines() == [
        "f:1:10: No. [unknown-field]",
        f"  1 | {text}",
        "    | \t          ^^^^",
    ]


def test_a_combining_mark_takes_no_cell() -> None:
    text = "e\u0301 x"

    assert str(found("No.", place_at("f", text, 3))).endswith("|   ^")


def test_a_span_over_lines_ends_with_the_first() -> None:
    assert place_at("f", "{\n}\n", 0, 3).width == 1


def test_a_place_at_the_end_of_a_text_is_still_a_place() -> None:
    place = place_at("f", "a\n", 2)

    assert (place.line, place.column, place.width) == (2, 1, 1)


def test_findings_are_told_together() -> None:
    error = CodegenError([found("One."), found("Two.", Place("b"))])

    told = "One. [unknown-field]\nb: Two. [unknown-field]"
    assert str(error) == render(error.diagnostics) == told


def test_only_near_names_are_suggested() -> None:
    assert did_you_mean("totl", ["total", "other"]) == "Did you mean `total`?"
    assert did_you_mean("TOTAL", ["total"]) == "Did you mean `total`?"
    assert did_you_mean("skp", ["skip"], "@") == "Did you mean `@skip`?"
    assert did_you_mean("x", ["total", "other"]) is None


def test_suggestions_read_like_a_sentence() -> None:
    assert one_of(["a", "b", "c"]) == "Did you mean `a`, `b` or `c`?"
    assert one_of([]) is None
