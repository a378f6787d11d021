"""Objectives into Prometheus' rules, as the text of `reference-server/monitoring/alerts.yml`.

`python -m intelgraph_server.observe.alert_rules` prints them. The rules stand in
`alert_rules.yml`, with a name wherever the objectives have a figure.
"""

from __future__ import annotations

import sys
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final

from .objectives import load

if TYPE_CHECKING:
    from .objectives import Objectives

RULES: Final = Path(__file__).with_suffix(".yml")
# How many times faster than allowed the error budget may go before somebody is told.
BURNS: Final = {"fastBurn": 14.4, "slowBurn": 6}


def render(declared: Objectives) -> str:
    """The rules file of these objectives."""
    slo, compliance = declared.objectives["slo"], declared.alerts["residencyComplianceRatio"]
    return Template(RULES.read_text("utf-8")).substitute(
        declared.alerts,
        residencyCompliancePercent=f"{compliance * 100:g}",
        latencySeconds=float(slo["latencyMs"] / 1000),
        **{name: f"{times * (1 - slo['target']):.6g}" for name, times in BURNS.items()},
    )


if __name__ == "__main__":
    sys.stdout.write(render(load()))
