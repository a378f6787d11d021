"""The chaos lines: something is lost or away for a while, and nothing is lost for good."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import story
from reference_server import CLOCK

if TYPE_CHECKING:
    from pathlib import Path

NEXT_DAY = "2026-04-16T00:00:00Z"
AWAY = 5.0  # Seconds.


def dropped_webhook(folder: Path) -> dict[str, Any]:
    """Paid, but never told: the next day's replay brings it, once."""
    with story.kept_server(folder, clock=CLOCK) as server, story.client_of(server) as client:
        page = client.create_checkout(plugin_id=story.PLUGIN)
        order = story.open_order(client)
        story.pay(page, deliver=False)
        time.sleep(2)
        before = client.get_order(id=order.id)
        assert before is not None
        assert before.status == "CREATED"
    with story.kept_server(folder, clock=NEXT_DAY) as server, story.client_of(server) as client:
        paid = story.order_that_is(client, order.id, "PAID")
        story.until(lambda: getattr(client.get_order(id=order.id), "invoice", None))
        invoices = [i for i in client.invoices() if paid.price.value == i.amount.value]
    return {"before": before.status, "after": paid.status, "invoices": len(invoices)}


def lake_away(folder: Path) -> dict[str, Any]:
    """The order is paid while the lake is away, and gets its invoice once it is back."""
    with story.kept_server(folder) as server, story.client_of(server) as client:
        story.buy(client)
        lake, away = folder / "story.db.lake", folder / "away"
        lake.rename(away)
        lake.write_text("not a folder", "utf-8")
        page = client.create_checkout(plugin_id=story.PLUGIN)
        order = story.open_order(client)
        story.pay(page)
        story.order_that_is(client, order.id, "PAID")
        time.sleep(AWAY)
        during = client.get_order(id=order.id)
        assert during is not None
        assert during.invoice is None
        lake.unlink()
        away.rename(lake)
        back = time.monotonic()
        story.until(lambda: getattr(client.get_order(id=order.id), "invoice", None), within=120)
    return {"paid while away": True, "invoice seconds after": round(time.monotonic() - back, 1)}


def false_positive(folder: Path) -> dict[str, Any]:
    """One signal alone goes wild, for long: alerts, but nobody is woken."""
    start = datetime(2026, 4, 14, 22, tzinfo=UTC)
    with story.kept_server(folder, clock=CLOCK) as server, story.client_of(server) as client:
        client.set_anomaly_enrollment(is_enrolled=True)
        at = story.push(client, start, story.calm(story.LEARNT))
        story.push(client, at, story.calm(20, INGEST_LAG=900.0))
        alerts, incidents = client.list_alerts().total_count, client.list_incidents().total_count
        assert alerts >= 1
        assert incidents == 0
    return {"alerts": alerts, "incidents": incidents}
