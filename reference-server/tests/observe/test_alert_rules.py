"""The rules for Prometheus: printed from the objectives, accepted, and true to a scrape."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from intelgraph_server.observe.alert_rules import render
from intelgraph_server.observe.metrics import Metrics
from intelgraph_server.observe.objectives import load

if TYPE_CHECKING:
    from prometheus_client.samples import Sample

MONITORING = Path(__file__).parents[2] / "monitoring"
RULES = (MONITORING / "alerts.yml").read_text("utf-8")
CASES = (MONITORING / "alerts_test.yml").read_text("utf-8")
REQUIRE_VARIABLE = "INTELGRAPH_REQUIRE_PROMTOOL"
# The specification's metrics, and the rules that give exactly these quantities.
QUANTITIES = {
    "billing success rate": "intelgraph:billing_success:ratio",
    "webhook latency": "intelgraph:webhook_latency_seconds:p95",
    "SDK retry counts": "intelgraph:sdk_retries:per_day",
    "anomaly alerts/day": "intelgraph:anomaly_alerts:per_day",
    "residency compliance %": "intelgraph:residency_compliance:percent",
    "A11y violations": "intelgraph:a11y_violations:max",
}


def expressions() -> list[str]:
    return re.findall(r"^ +expr: '(.+)'$", RULES, re.MULTILINE)


def recorded() -> set[str]:
    return set(re.findall(r"^ +- record: (\S+)$", RULES, re.MULTILINE))


def alerts() -> set[str]:
    return set(re.findall(r"^ +- alert: (\S+)$", RULES, re.MULTILINE))


def test_the_rules_that_are_kept_are_those_of_the_objectives() -> None:
    assert render(load()) == RULES


def test_the_command_prints_the_rules() -> None:
    command = (sys.executable, "-m", "intelgraph_server.observe.alert_rules")

    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == RULES


def test_a_threshold_that_is_declared_anew_is_printed_anew() -> None:
    declared = load()
    stricter = replace(
        declared,
        objectives={**declared.objectives, "slo": {"target": 0.9, "latencyMs": 250}},
        alerts={
            "webhookFailureRatio": 0.25,
            "anomalyAlertsPerHour": 7,
            "residencyComplianceRatio": 0.999,
            "a11yViolations": 4,
        },
    )

    printed = render(stricter)

    assert "webhook_failures:ratio > 0.25" in printed
    assert "anomaly_alerts:per_hour > 7" in printed
    assert "residency_compliance:percent < 99.9" in printed
    assert "a11y_violations:max > 4" in printed
    assert "bad_requests:ratio_1h > 1.44 and intelgraph:bad_requests:ratio_5m > 1.44" in printed
    assert 'le="0.25"' in printed


def test_every_quantity_of_the_specification_is_recorded() -> None:
    assert set(QUANTITIES.values()) <= recorded()


def scraped(report: Path) -> list[Sample]:
    """The samples of a server whose domains have told all that they tell."""
    report.write_text('{"violations": 0}', "utf-8")
    metrics = Metrics(report)
    metrics.residency_compliance.labels("acme").set(1)
    families = text_string_to_metric_families(metrics.text().decode())
    return [sample for family in families for sample in family.samples]


def test_every_series_that_a_rule_names_is_scraped_or_recorded(tmp_path: Path) -> None:
    samples = scraped(tmp_path / "a11y.json")
    named: set[str] = set()

    for expression in expressions():
        for name, selector in re.findall(r"\b(intelgraph[_:][\w:]+)(?:\{(.*?)\})?", expression):
            named.add(name)
            wanted = re.findall(r'(\w+)=~?"(.*?)"', selector)
            fits = [
                sample
                for sample in samples
                if sample.name == name
                and all(re.fullmatch(value, sample.labels[label]) for label, value in wanted)
            ]
            assert fits or name in recorded(), f"{name}{{{selector}}} of {expression}"

    assert len(named - recorded()) == 9


def test_every_alert_has_a_case_that_fires_and_one_that_is_quiet() -> None:
    cases = re.findall(r"alertname: (\S+)\n +exp_alerts:(.*)$", CASES, re.MULTILINE)
    fires = {name for name, expected in cases if not expected}
    is_quiet = {name for name, expected in cases if expected.strip() == "[]"}

    assert fires == is_quiet == alerts()
    assert len(alerts()) == 6


def promtool(*arguments: str) -> str:
    program = shutil.which("promtool")
    if program is None and os.environ.get(REQUIRE_VARIABLE) == "1":
        pytest.fail(f"{REQUIRE_VARIABLE} is 1, but there is no promtool")
    if program is None:
        pytest.skip("promtool: not run (it is part of Debian's package prometheus)")
    done = subprocess.run(
        [program, *arguments], check=False, capture_output=True, text=True, cwd=MONITORING
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prometheus_accepts_the_rules() -> None:
    assert f"{len(recorded()) + len(alerts())} rules found" in promtool(
        "check", "rules", "alerts.yml"
    )


def test_every_alert_fires_when_it_should_and_only_then() -> None:
    assert "SUCCESS" in promtool("test", "rules", "alerts_test.yml")


def test_a_case_that_is_wrong_fails_its_rules(tmp_path: Path) -> None:
    shutil.copy(MONITORING / "alerts.yml", tmp_path)
    wrong = CASES.replace("exp_alerts: []", "exp_alerts: [{ exp_labels: { severity: page } }]", 1)
    (tmp_path / "wrong.yml").write_text(wrong, "utf-8")

    with pytest.raises(AssertionError, match="FAILED"):
        promtool("test", "rules", str(tmp_path / "wrong.yml"))
