"""The load lines, bounded in count and time, over the loopback interface."""

from __future__ import annotations

import math
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import story

from intelgraph import IntelGraph
from intelgraph_server.anomaly import model
from intelgraph_server.anomaly.model import Signal
from intelgraph_server.generated.enums import SignalKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CHECKOUTS = 100
RATE, SECONDS = 50, 20
DAYS, STEP = 30, timedelta(seconds=10)
FAULT_EVERY = 60_480  # Steps: a week.
LEVELS = {SignalKind.INGEST_LAG: 5.0, SignalKind.API_P95: 120.0, SignalKind.ERROR_RATE: 0.002}


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


def burst_of_checkouts(folder: Path) -> dict[str, Any]:
    """A hundred at once; each is paid, and each has one invoice in the end."""
    with story.kept_server(folder) as server, story.client_of(server, timeout=60.0) as client:

        def checkout(_number: int) -> tuple[float, str]:
            begun = time.monotonic()
            page = client.create_checkout(plugin_id=story.PLUGIN)
            return time.monotonic() - begun, page

        begun = time.monotonic()
        with ThreadPoolExecutor(max_workers=CHECKOUTS) as pool:
            opened = list(pool.map(checkout, range(CHECKOUTS)))
        burst = time.monotonic() - begun
        with ThreadPoolExecutor(max_workers=8) as pool:
            list(pool.map(story.pay, {page for _, page in opened}))

        def all_invoiced() -> bool | None:
            orders = [edge.node for edge in client.list_orders(first=100).edges]
            done = [o for o in orders if o.status == "PAID" and o.invoice is not None]
            return True if len(done) == CHECKOUTS else None

        story.until(all_invoiced, within=300)
    times = [taken for taken, _ in opened]
    return {
        "orders": CHECKOUTS,
        "burst seconds": round(burst, 2),
        "checkout p50 s": round(statistics.median(times), 2),
        "checkout p95 s": round(percentile(times, 0.95), 2),
        "all invoiced after s": round(time.monotonic() - begun, 1),
    }


def portal_rate(folder: Path) -> dict[str, Any]:
    """Fifty readers a second for a while, each at its own moment, whatever the ones before do."""
    with story.kept_server(folder) as server:
        with story.client_of(server) as client:
            client.set_trust_page(is_public=True)
        anonymous = IntelGraph(url=server.url, api_key=None, max_retries=0)
        begun = time.monotonic() + 0.5

        def read(number: int) -> float:
            due = begun + number / RATE
            time.sleep(max(0.0, due - time.monotonic()))
            page = anonymous.public_trust(slug="acme")
            assert page is not None
            return time.monotonic() - due

        with anonymous, ThreadPoolExecutor(max_workers=32) as pool:
            times = list(pool.map(read, range(RATE * SECONDS)))
        taken = time.monotonic() - begun
    return {
        "requests": len(times),
        "per second": round(len(times) / taken, 1),
        "failures": 0,
        "p50 ms": round(statistics.median(times) * 1000),
        "p95 ms": round(percentile(times, 0.95) * 1000),
    }


def thirty_days(_folder: Path) -> dict[str, Any]:
    """A month of three signals every ten seconds, with a fault a week, judged in one process."""
    random = Random(1)  # noqa: S311 - a series, no secret.
    start = datetime(2026, 3, 1, tzinfo=UTC)
    signals = {kind: Signal(kind=kind) for kind in SignalKind}
    raised = 0
    begun = time.monotonic()
    for number in range(DAYS * 86_400 // int(STEP.total_seconds())):
        at = start + number * STEP
        day = math.sin(2 * math.pi * number / 8640)
        is_faulty = number % FAULT_EVERY in range(30_000, 30_060)
        for kind, signal in signals.items():
            level = LEVELS[kind] * (1 + 0.3 * day + 0.05 * random.gauss(0, 1))
            value = level * (8 if is_faulty else 1)
            if model.measure(signal, at, abs(value), model.TUNING[kind]) is not None:
                raised += 1
                # As whoever keeps the alert does; until it ends, the signal raises no other.
                signal.watch.alert_id = f"alert {raised}"
    taken = time.monotonic() - begun
    points = DAYS * 8640 * len(signals)
    return {
        "points": points,
        "points per second": round(points / taken),
        "faults": DAYS * 8640 // FAULT_EVERY,
        "alerts": raised,
    }
