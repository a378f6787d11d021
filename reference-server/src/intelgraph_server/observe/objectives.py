"""The service's objectives and budgets, declared once in `objectives.json`.

Trust tiles, alert rules and the limiter of each tenant all read this file, so that no two of
them can disagree about what was promised.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILE: Final = Path(__file__).with_name("objectives.json")


class ObjectivesError(ValueError):
    """The file is not what it should be; the message says where and how."""


@dataclass(frozen=True, slots=True)
class Objectives:
    """What was declared, by the file's own names."""

    objectives: Mapping[str, Mapping[str, float]]
    budgets: Mapping[str, int]
    alerts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Number:
    """What a number of the file must be."""

    described: str
    fits: Callable[[float], bool]


_SHARE: Final = _Number("a share from 0 to 1", lambda value: 0 <= value <= 1)
_POSITIVE: Final = _Number("a number above 0", lambda value: value > 0)
_COUNT: Final = _Number("a whole number of 0 or more", lambda value: value >= 0 and value % 1 == 0)
_ONE_UP: Final = _Number("a whole number of 1 or more", lambda value: value >= 1 and value % 1 == 0)
_FLOOR: Final = {"target": _SHARE, "atRiskBelow": _SHARE, "windowDays": _ONE_UP}
_CEILING: Final = {"target": _SHARE, "atRiskAbove": _SHARE, "windowDays": _ONE_UP}
_SHAPE: Final[Mapping[str, Any]] = {
    "objectives": {
        "slo": {**_FLOOR, "latencyMs": _POSITIVE},
        "uptime": _FLOOR,
        "error_rate": _CEILING,
    },
    "budgets": {
        "requestsPerMinute": _ONE_UP,
        "checkoutsPerMinute": _ONE_UP,
        "evidenceBytesPerDay": _ONE_UP,
    },
    "alerts": {
        "webhookFailureRatio": _SHARE,
        "anomalyAlertsPerHour": _COUNT,
        "residencyComplianceRatio": _SHARE,
        "a11yViolations": _COUNT,
    },
}


def load(path: Path | None = None) -> Objectives:
    """Raises ObjectivesError when the file cannot be read or is not what it should be."""
    file = path or FILE
    try:
        declared = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ObjectivesError(f"{file} cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ObjectivesError(f"{file} is not JSON at {where}") from None
    except (ValueError, RecursionError):
        raise ObjectivesError(f"{file} is not JSON in UTF-8") from None
    fault = _fault("", declared, _SHAPE)
    if fault is not None:
        raise ObjectivesError(f"{file}: {fault}")
    return Objectives(**declared)


def _fault(place: str, value: object, wanted: Mapping[str, Any] | _Number) -> str | None:
    """What is wrong first, with its place; None when nothing is."""
    if isinstance(wanted, _Number):
        # A bool is an int to Python, and JSON as Python reads it has infinities.
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"{place} is not a number"
        fits = math.isfinite(value) and wanted.fits(value)
        return None if fits else f"{place} is not {wanted.described}"
    if not isinstance(value, dict):
        return f"{place or 'the whole'} is not an object"
    members, prefix = cast("dict[str, object]", value), f"{place}." if place else ""
    for name in members.keys() - wanted.keys():
        return f"{prefix}{name} is not known"
    for name in wanted.keys() - members.keys():
        return f"{prefix}{name} is missing"
    faults = (_fault(prefix + name, members[name], wanted[name]) for name in wanted)
    return next((fault for fault in faults if fault is not None), None)
