"""Two golden comparisons that show every kind of change, in every form."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from intelgraph_codegen.changes.change import KINDS
from intelgraph_codegen.changes.told import FORMS, Comparison, as_text
from intelgraph_codegen.commands.diff import compare
from intelgraph_codegen.config import Settings

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(autouse=True)
def there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)


def of_schemas() -> Comparison:
    documents = ("operations.graphql",)
    return compare(Settings(("old.graphql",), documents), Settings(("new.graphql",), documents))


def of_projects() -> Comparison:
    old, new = (
        Settings((f"{name}/schema.graphql",), (f"{name}/operations.graphql",))
        for name in ("before", "after")
    )
    return compare(old, new)


@pytest.mark.parametrize(
    ("name", "form", "suffix"),
    [
        ("schemas", "text", "txt"),
        ("schemas", "json", "json"),
        ("schemas", "github", "github"),
        ("projects", "text", "txt"),
    ],
)
def test_a_comparison_reads_like_this(name: str, form: str, suffix: str, *, update: bool) -> None:
    told = FORMS[form](of_schemas() if name == "schemas" else of_projects())
    expected = GOLDEN / f"expected_{name}.{suffix}"
    if update:
        expected.write_text(told, "utf-8")
        pytest.fail("rewritten: read the diff")

    assert told == expected.read_text("utf-8")


def test_the_golden_comparisons_show_every_kind_of_change() -> None:
    shown = {change.kind for change in (*of_schemas().changes, *of_projects().changes)}

    assert set(KINDS) - shown == set()
    assert len(KINDS) > 60


def test_the_last_line_is_the_release_and_json_says_the_same() -> None:
    comparison = of_schemas()

    assert as_text(comparison).splitlines()[-1] == "Next release: major"
    assert json.loads(FORMS["json"](comparison))["bump"] == "major"
    assert os.linesep not in FORMS["github"](Comparison.of([], [], has_documents=False))
