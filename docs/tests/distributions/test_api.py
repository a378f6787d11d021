"""The public API of the packages is written down, and changes only as `stability.md` allows."""

from __future__ import annotations

import re

import pytest
from distributions import api
from distributions.api_changes import Change, broken_by, changes, is_retired, is_told
from repository import text

DUMPS = ("python", "python_generated", "typescript", "typescript_generated", "codegen")


@pytest.fixture(scope="module")
def today() -> dict[str, dict[str, str]]:
    return api.dumps()


@pytest.fixture(scope="module")
def differing(today: dict[str, dict[str, str]]) -> list[Change]:
    """What changed since the last release, in all packages."""
    released = api.released()
    return [change for dump in DUMPS for change in changes(released[dump], today[dump])]


def unreleased() -> str:
    """The changelog of the version that is being made."""
    return text("CHANGELOG.md").partition("\n## ")[2].partition("\n## ")[0]


def section(change: Change) -> str:
    """Where the change is told: what is new under Added, what is gone under Removed."""
    titles = {change.before is None: "Added", change.after is None: "Removed"}
    entries = unreleased()
    if True in titles:
        entries = entries.partition(f"\n### {titles[True]}\n")[2].partition("\n### ")[0]
    return entries


def to_be_told(change: Change) -> bool:
    """Types follow from the operations that use them, so of generated code these are told."""
    is_method = re.search(r"(#|\.)Client\.\w+$", change.name)
    return change.before is not None or not api.is_generated(change.name) or bool(is_method)


@pytest.mark.parametrize("dump", DUMPS)
def test_the_dump_says_what_the_code_says(dump: str, today: dict[str, dict[str, str]]) -> None:
    written = api.read(api.FOLDER / f"{dump}.txt")

    differing = [f"{c.name}: {c.before} -> {c.after}" for c in changes(written, today[dump])]

    assert differing == [], "read these; if they are meant, run nox -s api and commit docs/api"
    assert api.rendered(today[dump]) == text(f"docs/api/{dump}.txt")


def test_nothing_of_the_last_release_is_gone_or_needs_other_arguments(
    differing: list[Change],
) -> None:
    is_major = not re.search(r"^## 1\.", text("CHANGELOG.md"), re.MULTILINE)
    kept = [c for c in differing if not (is_major and is_retired(c))]

    broken = [f"{c.name} {reason}" for c in kept if (reason := broken_by(c))]

    told = "\n".join(["A major version may do this, to what was deprecated before:", *broken])
    assert broken == [], told


def test_every_change_since_the_last_release_is_named_in_the_changelog(
    differing: list[Change],
) -> None:
    untold = [c.name for c in differing if to_be_told(c) and not is_told(c, section(c))]

    told = "\n".join(["Name in backquotes under CHANGELOG.md's unreleased version:", *untold])
    assert untold == [], told


def test_the_last_release_and_today_are_compared_name_by_name(
    today: dict[str, dict[str, str]],
) -> None:
    released = api.released()

    for dump in DUMPS:
        assert len(released[dump].keys() & today[dump].keys()) > 40, dump
    assert today["python"]["intelgraph.IntelGraph.__init__"].startswith("def(\n    self,\n    *,")
    assert today["typescript"]["@intelgraph/sdk/runtime#CallFinished.opId"]
    assert "Client.get_entity" in "".join(released["python_generated"])
