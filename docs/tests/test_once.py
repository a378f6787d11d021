"""The Python client, a link that loses half of the replies, and a server that is killed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lost_replies import KEYLESS, changes

from intelgraph import RetryPolicy

if TYPE_CHECKING:
    from pathlib import Path


def test_every_change_takes_effect_once_whatever_is_lost(tmp_path: Path) -> None:
    seen = changes(tmp_path, 150, kills=1)

    assert seen["replies lost"] > 75
    assert seen["different answers"] == seen["effects"] == seen["payment pages"] == 150
    assert seen["duplicate effects"] == seen["calls without an answer"] == 0


def test_without_keys_the_same_link_makes_changes_take_effect_twice(tmp_path: Path) -> None:
    seen = changes(tmp_path, 40, operation=KEYLESS)

    assert seen["duplicate effects"] > 10


def test_without_retries_the_same_link_leaves_calls_without_an_answer(tmp_path: Path) -> None:
    seen = changes(tmp_path, 40, operation=KEYLESS, policy=RetryPolicy(max_attempts=1))

    assert seen["duplicate effects"] == 0
    assert seen["calls without an answer"] > 10
