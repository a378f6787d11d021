"""The service's objectives and budgets, declared once in `objectives.json`.

Trust tiles, alert rules and the limiter of each tenant all read this file, so that no two of
them can disagree about what was promised.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = Path(__file__).with_name("objectives.json")


@dataclass(frozen=True, slots=True)
class Objectives:
    """What was declared, by the file's own names."""

    objectives: Mapping[str, Mapping[str, float]]
    budgets: Mapping[str, int]
    alerts: Mapping[str, float]


def load(path: Path | None = None) -> Objectives:
    """Raises OSError, ValueError or TypeError when the file is not what it should be."""
    declared: dict[str, Any] = json.loads((path or FILE).read_text("utf-8"))
    return Objectives(**declared)
