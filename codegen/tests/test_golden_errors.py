"""Each folder of `golden_errors/` is a mistake, `expected.txt` what a user is told of it.

`pytest codegen/tests/test_golden_errors.py --update` rewrites the expectations and fails, so
that somebody looks at them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from intelgraph_codegen.errors import CodegenError, render
from intelgraph_codegen.load import load

CASES = sorted(path for path in (Path(__file__).parent / "golden_errors").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_is_told_exactly_so(case: Path, update: bool) -> None:  # noqa: FBT001
    expected = case / "expected.txt"

    told = tell(case, lenient=False)

    if update and (not expected.exists() or told != expected.read_text(encoding="utf-8")):
        expected.write_text(told, encoding="utf-8", newline="\n")
        pytest.fail("The expectation was written anew; look at it.")
    assert told == expected.read_text(encoding="utf-8")


def test_there_are_cases() -> None:
    assert len(CASES) >= 40


def tell(case: Path, *, lenient: bool) -> str:
    schema = "schema" if (case / "schema").is_dir() else "schema.graphql"
    documents = "operations" if (case / "operations").is_dir() else "operations.graphql"
    with pytest.raises(CodegenError) as caught:
        load([schema], [documents], root=case, lenient=lenient)
    return render(caught.value.diagnostics) + "\n"
