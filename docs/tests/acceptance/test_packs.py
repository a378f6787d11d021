"""The list of the packs and the list of limits are exact."""

from __future__ import annotations

import ast
import re

from acceptance_packs import HERE, LIMITS, PACKS


def functions() -> set[str]:
    return {
        node.name
        for path in HERE.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_sentence_has_one_check_and_every_check_one_sentence() -> None:
    named = [entry["check"] for sentences in PACKS.values() for entry in sentences]
    proving = {
        name
        for path in HERE.glob("test_*.py")
        for name in re.findall(
            r"^def (test_\w+)\([^)]*\bproved\b", path.read_text("utf-8"), re.MULTILINE
        )
    }

    assert len(named) == len(set(named))
    assert set(named) == proving


def test_every_limit_has_a_probe_that_fails_once_it_is_gone() -> None:
    probes = {entry["probe"] for entries in LIMITS.values() for entry in entries}

    assert set(LIMITS) == {"thin", "missing"}
    assert probes <= functions()
