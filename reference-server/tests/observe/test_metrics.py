"""What a scrape shows before anything happened, and what it leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from intelgraph_server.generated.persisted_documents import PERSISTED_DOCUMENTS
from intelgraph_server.observe.metrics import Metrics

if TYPE_CHECKING:
    from pathlib import Path


def samples(metrics: Metrics, name: str) -> dict[tuple[str, ...], float]:
    """The samples of one name, by the values of their labels."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        tuple(sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
        if sample.name == name
    }


@pytest.mark.parametrize(
    ("name", "series"),
    [
        ("intelgraph_billing_payments_total", 4),
        ("intelgraph_webhook_latency_seconds_count", 4),
        ("intelgraph_sdk_retries_total", len(PERSISTED_DOCUMENTS) + 1),
        ("intelgraph_anomaly_alerts_total", 6),
        ("intelgraph_request_duration_seconds_count", 2),
    ],
)
def test_every_series_that_can_be_known_stands_at_zero_from_the_start(
    name: str, series: int
) -> None:
    found = samples(Metrics(), name)

    assert (len(found), set(found.values())) == (series, {0.0})


def test_two_servers_of_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()

    one.payments.labels("paid").inc()

    assert samples(one, "intelgraph_billing_payments_total")["paid",] == 1
    assert samples(other, "intelgraph_billing_payments_total")["paid",] == 0


def test_the_violations_are_those_of_the_report_as_it_is_now(tmp_path: Path) -> None:
    report = tmp_path / "a11y.json"
    metrics = Metrics(report)
    found = []

    for written in ('{"violations": 3, "pages": []}', '{"violations": 0}'):
        report.write_text(written, "utf-8")
        found.append(samples(metrics, "intelgraph_a11y_violations"))

    assert found == [{(): 3.0}, {(): 0.0}]


def test_no_report_is_no_sample_and_not_zero(tmp_path: Path) -> None:
    assert samples(Metrics(None), "intelgraph_a11y_violations") == {}
    assert samples(Metrics(tmp_path / "absent.json"), "intelgraph_a11y_violations") == {}


@pytest.mark.parametrize(
    "written",
    ["", "[]", "{}", '{"violations": -1}', '{"violations": true}', '{"violations": "3"}', "\xff"],
)
def test_a_report_that_says_no_number_is_no_sample_and_is_logged(
    written: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    report = tmp_path / "a11y.json"
    report.write_bytes(written.encode("latin-1"))
    metrics = Metrics(report)
    caplog.clear()

    assert samples(metrics, "intelgraph_a11y_violations") == {}
    assert caplog.messages == ["the accessibility report has no number of violations"]
