"""Objectives into Prometheus' rules, as the text of `reference-server/monitoring/alerts.yml`.

`python -m intelgraph_server.observe.alert_rules` prints them. Recording rules carry the names of
the specification's metrics; every threshold comes from `objectives.json`.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from .objectives import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .objectives import Objectives

HEADER: Final = """\
# Printed from observe/objectives.json by `python -m intelgraph_server.observe.alert_rules`.
groups:
"""
# How many times faster than allowed the error budget goes, in a long and in a short window.
BURNS: Final = {"Fast": (14.4, "1h", "5m", "page"), "Slow": (6, "6h", "30m", "ticket")}


class Alert(NamedTuple):
    """A condition that a person must know of once it has held for so long."""

    name: str
    condition: str
    lasting: str
    severity: str
    summary: str


def render(declared: Objectives) -> str:
    """The rules file of these objectives."""
    lines = ["  - name: intelgraph-recorded", "    rules:"]
    for name, expression in _recorded(declared):
        lines += [f"      - record: {name}", f"        expr: {_quoted(expression)}"]
    lines += ["  - name: intelgraph-alerts", "    rules:"]
    for alert in _alerts(declared):
        lines += [
            f"      - alert: {alert.name}",
            f"        expr: {_quoted(alert.condition)}",
            f"        for: {alert.lasting}",
            f"        labels: {{ severity: {alert.severity} }}",
            f"        annotations: {{ summary: {_quoted(alert.summary)} }}",
        ]
    return HEADER + "\n".join(lines) + "\n"


def _recorded(declared: Objectives) -> Iterator[tuple[str, str]]:
    ended = 'increase(intelgraph_billing_payments_total{outcome=~"paid|failed"}[1d])'
    paid = 'increase(intelgraph_billing_payments_total{outcome="paid"}[1d])'
    # Neither a customer who changed their mind nor a later refund is a failure of billing.
    yield "intelgraph:billing_success:ratio", f"sum({paid}) / sum({ended})"
    latency = "rate(intelgraph_webhook_latency_seconds_bucket[5m])"
    yield (
        "intelgraph:webhook_latency_seconds:p95",
        f"histogram_quantile(0.95, sum by (le) ({latency}))",
    )
    refused = 'increase(intelgraph_webhook_latency_seconds_count{outcome="refused"}[30m])'
    every = "increase(intelgraph_webhook_latency_seconds_count[30m])"
    yield "intelgraph:webhook_failures:ratio", f"sum({refused}) / sum({every})"
    retries = "increase(intelgraph_sdk_retries_total[1d])"
    yield "intelgraph:sdk_retries:per_day", f"sum by (op_id) ({retries})"
    for period, window in (("per_day", "1d"), ("per_hour", "1h")):
        raised = f"increase(intelgraph_anomaly_alerts_total[{window}])"
        yield f"intelgraph:anomaly_alerts:{period}", f"sum({raised})"
    compliance = "min by (tenant) (intelgraph_residency_compliance_ratio)"
    yield "intelgraph:residency_compliance:percent", f"100 * {compliance}"
    yield "intelgraph:a11y_violations:max", "max(intelgraph_a11y_violations)"
    seconds = float(declared.objectives["slo"]["latencyMs"] / 1000)
    for window in (w for _, long, short, _ in BURNS.values() for w in (long, short)):
        good = f'{{outcome="ok",le="{seconds}"}}[{window}]'
        good = f"sum(rate(intelgraph_request_duration_seconds_bucket{good}))"
        every = f"sum(rate(intelgraph_request_duration_seconds_count[{window}]))"
        yield f"intelgraph:bad_requests:ratio_{window}", f"1 - {good} / {every}"


def _alerts(declared: Objectives) -> Iterator[Alert]:
    limits = declared.alerts
    yield Alert(
        "IntelgraphWebhookFailures",
        f"intelgraph:webhook_failures:ratio > {limits['webhookFailureRatio']}",
        "5m",
        "page",
        "Payment webhooks are refused; orders may stay unpaid. See reconcile and replay.",
    )
    yield Alert(
        "IntelgraphAnomalyStorm",
        f"intelgraph:anomaly_alerts:per_hour > {limits['anomalyAlertsPerHour']}",
        "0m",
        "ticket",
        "More anomaly alerts in an hour than people can read. Consider muting them.",
    )
    yield Alert(
        "IntelgraphResidencyNonCompliance",
        f"intelgraph:residency_compliance:percent < {limits['residencyComplianceRatio'] * 100:g}",
        "5m",
        "page",
        "Too small a share of the tenant's exports is known to be compliant.",
    )
    yield Alert(
        "IntelgraphA11yRegression",
        f"intelgraph:a11y_violations:max > {limits['a11yViolations']}",
        "0m",
        "ticket",
        "The last audit of the key pages found more violations than are allowed.",
    )
    allowed = 1 - declared.objectives["slo"]["target"]
    for name, (factor, long, short, severity) in BURNS.items():
        burning = (
            f"intelgraph:bad_requests:ratio_{w} > {factor * allowed:.6g}" for w in (long, short)
        )
        yield Alert(
            f"IntelgraphErrorBudgetBurn{name}",
            " and ".join(burning),
            "2m",
            severity,
            f"The error budget goes {factor:g} times as fast as it may.",
        )


def _quoted(text: str) -> str:
    # A string of JSON is one of YAML.
    return json.dumps(text)


if __name__ == "__main__":
    sys.stdout.write(render(load()))
