"""The page of figures and its pictures show what `docs/bench_results.json` holds, and no more."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1]
sys.path.insert(0, str(DOCS / "bench"))

import cut  # noqa: E402 - from the folder of the benchmarks.
import page  # noqa: E402
import plot  # noqa: E402

RESULTS = json.loads((DOCS / "bench_results.json").read_text("utf-8"))


def test_the_page_is_printed_from_the_results() -> None:
    assert (DOCS / "benchmarks.md").read_text("utf-8") == page.render(RESULTS)


@pytest.mark.parametrize("name", page.PLOTS)
def test_a_picture_is_drawn_from_the_results(name: str) -> None:
    grown = RESULTS["growth"][name]
    axes = (page.PLOTS[name], "CPU seconds")

    drawn = plot.log_log(grown["sizes"], grown["cpuSeconds"], axes)

    assert (DOCS / page.picture(name)).read_text("utf-8") == drawn


def test_points_stand_where_their_logarithms_are() -> None:
    drawn = plot.log_log([1, 10, 100], {"a": [1.0, 10.0, 100.0]}, ("sizes", "seconds"))

    points = [tuple(map(float, each)) for each in re.findall(r'cx="(.*?)" cy="(.*?)"', drawn)]
    assert points == [(plot.LEFT, 312.0), (268.0, 164.0), (472.0, plot.TOP)]


def test_cut_documents_keep_the_fragments_that_are_reached_and_no_other() -> None:
    documents = (
        "query A{a{...F}} query B{b} fragment F on T{g{...G}} fragment G on T{c} fragment H on T{d}"
    )

    kept = cut.first_operations(documents, 1)

    assert re.findall(r"^(?:query|fragment) (\w+)", kept, re.MULTILINE) == ["A", "F", "G"]


def test_a_multiplied_schema_has_its_types_under_other_names() -> None:
    schema = "type Query {\n  a: T\n}\n\ntype T {\n  b: T\n}\n"

    assert cut.multiplied(schema, 14) == schema + "\n" + schema.replace("Query", "Query1").replace(
        "T {", "T1 {"
    ).replace(": T", ": T1")
