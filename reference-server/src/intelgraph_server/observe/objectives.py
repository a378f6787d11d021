"""The service's objectives and budgets, declared once in `objectives.json`.

Trust tiles, alert rules and the limiter of each tenant all read this file, so that no two of
them can disagree about what was promised.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intelgraph_server.settings import OperatorError

from .shapes import Number, fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .shapes import Shape

FILE: Final = Path(__file__).with_name("objectives.json")


class ObjectivesError(OperatorError):
    """The file is not what it should be; the message says where and how."""


@dataclass(frozen=True, slots=True)
class Objectives:
    """What was declared, by the file's own names."""

    objectives: Mapping[str, Mapping[str, float]]
    budgets: Mapping[str, int]
    alerts: Mapping[str, float]


_SHARE: Final = Number(0, 1)
_COUNT: Final = Number(1, 10**12, is_whole=True)
_FLOOR: Final = {"target": _SHARE, "atRiskBelow": _SHARE, "windowDays": _COUNT}
_SHAPE: Final[Shape] = {
    "objectives": {
        "slo": {**_FLOOR, "latencyMs": _COUNT},
        "uptime": _FLOOR,
        "error_rate": {"target": _SHARE, "atRiskAbove": _SHARE, "windowDays": _COUNT},
    },
    "budgets": dict.fromkeys(
        ("requestsPerMinute", "checkoutsPerMinute", "evidenceBytesPerDay"), _COUNT
    ),
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
