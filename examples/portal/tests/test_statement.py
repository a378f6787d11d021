"""The accessibility statement: complete, and every test it rests on exists."""

from __future__ import annotations

import re

from portal_pages import PORTAL, ROOT

STATEMENT = (ROOT / "docs" / "accessibility.md").read_text("utf-8")
ROWS = re.findall(r"^\| ([\d.]+) .+? \| (A{1,2}) \| (.+?) \| (.+) \|$", STATEMENT, re.MULTILINE)
# From the specification: how many criteria each guideline of WCAG 2.2 has at levels A and AA.
PER_GUIDELINE = {
    "1.1": 1, "1.2": 5, "1.3": 5, "1.4": 9, "2.1": 3, "2.2": 2, "2.3": 1, "2.4": 8, "2.5": 6,
    "3.1": 2, "3.2": 5, "3.3": 6, "4.1": 2,
}  # fmt: skip


def test_every_criterion_of_levels_a_and_aa_has_its_row() -> None:
    numbers = [number for number, *_ in ROWS]
    guidelines = [number.rpartition(".")[0] for number in numbers]

    assert len(set(numbers)) == len(numbers) == 55
    assert {name: guidelines.count(name) for name in PER_GUIDELINE} == PER_GUIDELINE
    assert {found for _, _, found, _ in ROWS} <= {"met", "partly met", "not applicable"}


def test_every_test_that_the_statement_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", STATEMENT))
    sources = "\n".join(path.read_text("utf-8") for path in PORTAL.glob("tests/test_*.py"))

    assert len(named) > 15
    assert named - set(re.findall(r"def (test_\w+)", sources)) == set()
