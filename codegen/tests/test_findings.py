from __future__ import annotations

import ast
from pathlib import Path

from intelgraph_codegen.errors import Diagnostic
from intelgraph_codegen.findings import CODES, FINDINGS, PAGE, help_of, page
from intelgraph_codegen.reports import as_github, as_json

ROOT = Path(__file__).parents[2]
SOURCES = {
    str(path): path.read_text("utf-8")
    for path in (ROOT / "codegen" / "src" / "intelgraph_codegen").rglob("*.py")
    if path.name != "findings.py"
}


def test_every_code_is_explained_and_nothing_else_is() -> None:
    assert tuple(FINDINGS) == CODES
    assert len(set(CODES)) == len(CODES)


def test_the_page_of_the_documentation_says_what_the_codes_mean() -> None:
    # Is this red, write the page anew: `python -m intelgraph_codegen.findings`.
    assert (ROOT / PAGE).read_text("utf-8") == page()


def test_the_help_of_a_code_is_a_section_of_the_page() -> None:
    sections = {f"## {help_of(code).partition('#')[2]}" for code in CODES}

    assert sections <= set(page().splitlines())


def test_every_code_is_found_by_something_in_the_source() -> None:
    text = "".join(SOURCES.values())

    assert [code for code in CODES if f'"{code}"' not in text] == []


def test_nothing_is_found_without_a_code() -> None:
    calls = [
        (name, node.lineno, {keyword.arg for keyword in node.keywords})
        for name, text in SOURCES.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Diagnostic"
    ]

    # `None` stands for a mapping: the cache gives a finding back as it was.
    assert len(calls) > 60
    assert [call[:2] for call in calls if not call[2] & {"code", None}] == []


def test_a_finding_of_others_has_none() -> None:
    found = Diagnostic("Mine.")

    assert str(found) == "Mine."
    assert '"code"' not in as_json([found])
    assert as_github([found]) == "::error::Mine."
