"""The server's metrics by the specification's names, in Prometheus' text format.

Where the values of a label are known, every series stands at 0 from the start: an alert on one
that does not exist would never fire.
"""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Final, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from intelgraph_server.generated.persisted_documents import PERSISTED_DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

M = TypeVar("M", Counter, Gauge, Histogram)
LOG: Final = logging.getLogger(__name__)
NAMESPACE: Final = "intelgraph"
# Calls whose operation is none of ours are counted under one name, however they are called.
OTHER: Final = "other"


class Metrics:
    """One registry for each server, so that two servers of one process count apart."""

    def __init__(self, a11y_report: Path | None = None) -> None:
        self.registry: Final = CollectorRegistry()
        count, measure = partial(self._at_zero, Counter), partial(self._at_zero, Histogram)
        self.payments: Final = count(
            "billing_payments", "Checkouts that ended", outcome="paid void refunded failed"
        )
        self.webhook_latency: Final = measure(
            "webhook_latency_seconds",
            "How long a payment webhook took",
            outcome="applied duplicate ignored refused",
        )
        self.sdk_retries: Final = count(
            "sdk_retries",
            "Retries that clients told of",
            op_id=" ".join((*PERSISTED_DOCUMENTS, OTHER)),
        )
        self.anomaly_alerts: Final = count(
            "anomaly_alerts",
            "Alerts that were raised, and what became of them",
            kind="INGEST_LAG API_P95 ERROR_RATE",
            outcome="routed suppressed",
        )
        self.requests: Final = measure(
            "request_duration_seconds", "How long GraphQL requests took", outcome="ok failed"
        )
        self.residency_compliance: Final = self._at_zero(
            Gauge,
            "residency_compliance_ratio",
            "Compliant exports as a share of all exports, in which unknown ones are not compliant",
            tenant="",  # None is known from the start.
        )
        self.registry.register(A11yReport(a11y_report))

    def text(self) -> bytes:
        return generate_latest(self.registry)

    def _at_zero(self, kind: type[M], name: str, meaning: str, /, **labels: str) -> M:
        metric = kind(name, f"{meaning}.", labels, NAMESPACE, registry=self.registry)
        for values in product(*map(str.split, labels.values())):
            metric.labels(*values)
        return metric


class A11yReport(Collector):
    """What the last accessibility audit found, read anew by each scrape; no report, no sample."""

    def __init__(self, path: Path | None) -> None:
        self._path: Final = path

    def collect(self) -> Iterator[GaugeMetricFamily]:
        meaning = "Accessibility violations on the key pages, as the last audit found them."
        yield GaugeMetricFamily("intelgraph_a11y_violations", meaning, self._violations())

    def _violations(self) -> int | None:
        if self._path is None or not self._path.exists():
            return None
        with suppress(OSError, ValueError, LookupError, TypeError):
            violations = json.loads(self._path.read_bytes())["violations"]
            if type(violations) is int and violations >= 0:
                return violations
        LOG.warning("the accessibility report has no number of violations")
        return None
