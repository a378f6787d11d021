"""Mistakes are told alike with the graphql-core of this environment, which is the older one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import graphql
import pytest
from test_golden_errors import CASES, tell

if TYPE_CHECKING:
    from pathlib import Path


def test_this_is_the_older_library() -> None:
    assert graphql.version_info[:2] == (3, 2)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_is_told_exactly_so(case: Path) -> None:
    assert tell(case, lenient=False) == (case / "expected.txt").read_text("utf-8")
