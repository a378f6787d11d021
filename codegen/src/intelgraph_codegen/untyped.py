"""Narrows what a JSON or TOML reader returns to types that can be worked with."""

from __future__ import annotations

from typing import cast


def table(value: object) -> dict[str, object] | None:
    """The value as an object with its keys, or None when it is something else."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def items_of(value: object) -> list[object] | None:
    """The value as a list of anything, or None when it is something else."""
    return cast("list[object]", value) if isinstance(value, list) else None


def strings(value: object) -> tuple[str, ...] | None:
    """The value as a list of strings, or None when it is something else."""
    items = items_of(value)
    if items is None:
        return None
    texts = [item for item in items if isinstance(item, str)]
    return tuple(texts) if len(texts) == len(items) else None
