"""The server's metrics by the specification's names, in Prometheus' text format."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


class Metrics:
    """One registry for each server, so that two servers of one process count apart."""

    def __init__(self) -> None:
        self.registry: Final = CollectorRegistry()
        self.payments: Final = Counter(
            "intelgraph_billing_payments",
            "Checkouts that ended, by outcome: paid, void, refunded or failed.",
            ["outcome"],
            registry=self.registry,
        )
        self.webhook_latency: Final = Histogram(
            "intelgraph_webhook_latency_seconds",
            "How long a payment webhook took, by outcome: applied, duplicate, ignored or refused.",
            ["outcome"],
            registry=self.registry,
        )
        self.sdk_retries: Final = Counter(
            "intelgraph_sdk_retries",
            "Retries that clients told of, by operation.",
            ["op_id"],
            registry=self.registry,
        )
        self.anomaly_alerts: Final = Counter(
            "intelgraph_anomaly_alerts",
            "Alerts that were raised, by signal and by what became of them: routed or suppressed.",
            ["kind", "outcome"],
            registry=self.registry,
        )
        self.residency_compliance: Final = Gauge(
            "intelgraph_residency_compliance_ratio",
            "Compliant exports as a share of all exports, in which unknown ones are not compliant.",
            ["tenant"],
            registry=self.registry,
        )
        self.a11y_violations: Final = Gauge(
            "intelgraph_a11y_violations",
            "Accessibility violations on the key pages, as the last audit found them.",
            registry=self.registry,
        )
        self.requests: Final = Histogram(
            "intelgraph_request_duration_seconds",
            "How long GraphQL requests took, by outcome: ok or failed.",
            ["outcome"],
            registry=self.registry,
        )

    def text(self) -> bytes:
        return generate_latest(self.registry)
