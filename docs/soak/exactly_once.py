"""The line of lost replies: with keys each change takes effect once, without them some do twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lost_replies import KEYLESS, changes

if TYPE_CHECKING:
    from pathlib import Path

MANY = 10_000
CONTROL = 1_000
KILLS = 5


def lost_replies(folder: Path) -> dict[str, Any]:
    """Half of the replies are lost on the way, and the server is killed now and then."""
    seen = changes(folder, MANY, kills=KILLS)
    assert seen["replies lost"] > MANY / 2
    assert seen["different answers"] == seen["effects"] == seen["payment pages"] == MANY
    assert seen["duplicate effects"] == seen["calls without an answer"] == 0
    without = changes(folder, CONTROL, operation=KEYLESS)
    assert without["duplicate effects"] > CONTROL / 4
    told = ("changes", "replies lost", "kills", "duplicate effects")
    return {name: seen[name] for name in told} | {
        f"duplicates of {CONTROL:,} changes without keys": without["duplicate effects"]
    }
