from __future__ import annotations

from pathlib import Path

from intelgraph_codegen.findings import CODES, FINDINGS, PAGE, help_of, page

ROOT = Path(__file__).parents[2]


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
    source = ROOT / "codegen" / "src" / "intelgraph_codegen"
    files = [path for path in source.rglob("*.py") if path.name != "findings.py"]
    text = "".join(path.read_text("utf-8") for path in files)

    assert [code for code in CODES if f'"{code}"' not in text] == []
