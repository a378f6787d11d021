"""The public API of the packages is written down, and changes only as `stability.md` allows."""

from __future__ import annotations

import pytest
from distributions import api, changelog
from distributions.api_changes import Change, broken_by, changes, is_retired
from repository import text

DUMPS = ("python", "python_generated", "typescript", "typescript_generated", "codegen")


@pytest.fixture(scope="module")
def today() -> dict[str, dict[str, str]]:
    return api.dumps()


@pytest.fixture(scope="module")
def differing(today: dict[str, dict[str, str]]) -> list[Change]:
    return changelog.since_the_last_release(today)


@pytest.mark.parametrize("dump", DUMPS)
def test_the_dump_says_what_the_code_says(dump: str, today: dict[str, dict[str, str]]) -> None:
    written = api.read(api.FOLDER / f"{dump}.txt")

    differing = [f"{c.name}: {c.before} -> {c.after}" for c in changes(written, today[dump])]

    assert differing == [], "read these; if they are meant, run nox -s api and commit docs/api"
    assert api.rendered(today[dump]) == text(f"docs/api/{dump}.txt")


def test_nothing_of_the_last_release_is_gone_or_needs_other_arguments(
    differing: list[Change],
) -> None:
    kept = [c for c in differing if not (changelog.is_major() and is_retired(c))]

    broken = [f"{c.name} {reason}" for c in kept if (reason := broken_by(c))]

    told = "\n".join(["A major version may do this, to what was deprecated before:", *broken])
    assert broken == [], told


def test_every_change_since_the_last_release_is_named_in_the_changelog(
    differing: list[Change],
) -> None:
    untold = changelog.untold(differing)

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
