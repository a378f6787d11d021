"""The service's objectives and budgets, declared once in `objectives.json`, and checked.

Trust tiles, alert rules and the limiter of each tenant all read this file, so that no two of
them can disagree about what was promised. `fault` tells of any JSON what is wrong and where, and
never quotes what was sent.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from intelgraph_server.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = Path(__file__).with_name("objectives.json")


class ObjectivesError(OperatorError):
    """The file is not what it should be; the message says where and how."""


@dataclass(frozen=True, slots=True)
class Objectives:
    """What was declared, by the file's own names."""

    objectives: Mapping[str, Mapping[str, float]]
    budgets: Mapping[str, int]
    alerts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Number:
    """A number within finite bounds, both of which belong to them."""

    least: float
    most: float
    is_whole: bool = False
    may_be_null: bool = False

    def fits(self, value: object) -> bool:
        if value is None:
            return self.may_be_null
        # To Python, true is a number.
        if isinstance(value, bool) or not isinstance(value, int if self.is_whole else int | float):
            return False
        return self.least <= value <= self.most

    def __str__(self) -> str:
        null, whole = "null or " * self.may_be_null, "whole " * self.is_whole
        return f"{null}a {whole}number from {self.least} to {self.most}"


@dataclass(frozen=True, slots=True)
class Text:
    """Null, or text that is not empty."""

    most: int

    def fits(self, value: object) -> bool:
        return value is None or (isinstance(value, str) and 0 < len(value) <= self.most)

    def __str__(self) -> str:
        return f"null or text of up to {self.most} characters"


Shape: TypeAlias = "Number | Text | Mapping[str, Shape]"

_SHARE: Final = Number(0, 1)
_COUNT: Final = Number(1, 10**12, is_whole=True)
_FLOOR: Final = {"target": _SHARE, "atRiskBelow": _SHARE, "windowDays": _COUNT}
_BUDGETS: Final = ("requestsPerMinute", "checkoutsPerMinute", "evidenceBytesPerDay")
_SHAPE: Final[Shape] = {
    "objectives": {
        "slo": {**_FLOOR, "latencyMs": _COUNT},
        "uptime": _FLOOR,
        "error_rate": {"target": _SHARE, "atRiskAbove": _SHARE, "windowDays": _COUNT},
    },
    "budgets": dict.fromkeys(_BUDGETS, _COUNT),
    "alerts": {
        "webhookFailureRatio": _SHARE,
        "anomalyAlertsPerHour": Number(0, 10**6),
        "residencyComplianceRatio": _SHARE,
        "a11yViolations": Number(0, 10**6, is_whole=True),
    },
}


def load(path: Path | None = None) -> Objectives:
    """Raises ObjectivesError when the file cannot be read or is not what it should be."""
    file = path or FILE
    try:
        declared = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ObjectivesError(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ObjectivesError(f"{file} is not JSON in UTF-8: {error}") from None
    if found := fault(declared, _SHAPE):
        raise ObjectivesError(f"{file}: {found}")
    return Objectives(**declared)


def fault(value: object, shape: Shape, place: str = "") -> str | None:
    """What is wrong first, with its place; None when nothing is."""
    if isinstance(shape, Number | Text):
        return None if shape.fits(value) else f"{place} is not {shape}"
    if not isinstance(value, dict):
        return f"{place or 'it'} is not an object"
    members, prefix = cast("dict[str, object]", value), f"{place}." if place else ""
    if members.keys() != shape.keys():
        return f"{place or 'it'} does not have the members {', '.join(shape)} and no others"
    faults = (fault(members[name], inner, prefix + name) for name, inner in shape.items())
    return next(filter(None, faults), None)
