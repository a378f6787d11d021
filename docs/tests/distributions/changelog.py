"""Whether the changelog of the version that is being made tells of every change of the API."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from distributions import api
from distributions.api_changes import changes, is_told
from repository import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from distributions.api_changes import Change


def since_the_last_release(today: Mapping[str, Mapping[str, str]]) -> list[Change]:
    """What changed since the last release, in all packages."""
    released = api.released()
    return [change for dump in today for change in changes(released[dump], today[dump])]


def untold(differing: list[Change]) -> list[str]:
    """The names that have to be in the changelog and are not."""
    return [c.name for c in differing if is_to_be_told(c) and not is_told(c, section(c))]


def unreleased() -> str:
    """The changelog's top entry, from its version on."""
    return text("CHANGELOG.md").partition("\n## ")[2].partition("\n## ")[0]


def section(change: Change) -> str:
    """Where the change is told: what is new under Added, what is gone under Removed."""
    titles = {change.before is None: "Added", change.after is None: "Removed"}
    if True not in titles:
        return unreleased()
    return unreleased().partition(f"\n### {titles[True]}\n")[2].partition("\n### ")[0]


def is_to_be_told(change: Change) -> bool:
    """Types follow from the operations that use them, so of generated code these are told."""
    is_method = re.search(r"(#|\.)Client\.\w+$", change.name)
    return change.before is not None or not api.is_generated(change.name) or bool(is_method)


def is_major() -> bool:
    """Whether the version that is being made may take away what was deprecated."""
    last = api.WHEEL.name.split("-")[1]
    return int(unreleased().partition(".")[0]) > int(last.partition(".")[0])
