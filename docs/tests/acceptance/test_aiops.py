"""AIOps: measurements pushed through the client until an incident opens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import story
from reference_server import CLOCK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

START = datetime(2026, 4, 14, 22, tzinfo=UTC)


def test_alerts_are_debounced(tmp_path: Path, proved: Callable[[str], None]) -> None:
    with story.kept_server(tmp_path, clock=CLOCK) as server, story.client_of(server) as client:
        client.set_anomaly_enrollment(is_enrolled=True)
        at = story.push(client, START, story.calm(story.LEARNT))
        at = story.push(client, at, story.calm(1, API_P95=2000.0))
        at = story.push(client, at, story.calm(20))
        blip = client.list_alerts().total_count
        story.push(client, at, story.calm(12, API_P95=2000.0))
        sustained = client.list_alerts()
        incidents = client.list_incidents().total_count

    assert blip == 0
    assert sustained.total_count == 1
    # One signal alone opens no incident, so its alert is kept back.
    assert sustained.edges[0].node.is_suppressed
    assert incidents == 0
    proved("one measurement of 17 times the usual raised nothing; two minutes of it one alert")


def test_alerts_are_routed_to_incident_templates_with_context(
    tmp_path: Path, proved: Callable[[str], None]
) -> None:
    with story.kept_server(tmp_path, clock=CLOCK) as server, story.client_of(server) as client:
        client.set_anomaly_enrollment(is_enrolled=True)
        at = story.push(client, START, story.calm(story.LEARNT))
        story.push(client, at, story.calm(12, API_P95=2000.0, ERROR_RATE=0.4))
        (edge,) = client.list_incidents().edges
        incident = edge.node
        seen = client.acknowledge_incident(id=incident.id, note="On it.")

    alert = incident.alerts[0]
    assert incident.status == "OPEN"
    assert incident.template
    assert incident.runbook
    assert {alert.kind for alert in incident.alerts} == {"API_P95", "ERROR_RATE"}
    assert alert.lower <= alert.expected <= alert.upper < alert.observed
    assert alert.since <= alert.raised_at
    assert alert.detectors
    assert (seen.status, seen.note) == ("ACKNOWLEDGED", "On it.")
    proved(
        f"`{incident.template}` since {incident.since:%H:%M:%S}: {alert.kind} {alert.observed:g},"
        f" expected {alert.expected:.3g} within {alert.lower:.3g} to {alert.upper:.3g};"
        f" {incident.runbook}; acknowledged by {seen.acknowledged_by}"
    )
