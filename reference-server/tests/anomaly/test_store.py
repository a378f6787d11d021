"""Statements that one tenant's rows alone may answer, even where ids are the same."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from intelgraph_server.anomaly import store
from intelgraph_server.anomaly.model import Alert, Incident
from intelgraph_server.generated.enums import IncidentStatus, SignalKind
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    from intelgraph_server.testing import Demo

INCIDENT = Incident(
    id="inc_same",
    template="api-slow",
    status=IncidentStatus.OPEN,
    since=DEFAULT_CLOCK,
    opened_at=DEFAULT_CLOCK,
)


def alert(observed: float) -> Alert:
    return Alert(
        id="alr_same",
        kind=SignalKind.API_P95,
        since=DEFAULT_CLOCK,
        raised_at=DEFAULT_CLOCK,
        observed=observed,
        expected=1,
        lower=0,
        upper=2,
        detectors=["ewma"],
    )


def test_alerts_and_incidents_of_the_same_ids_stay_apart(demo: Demo) -> None:
    with demo.server.database.writing() as connection:
        for tenant, observed in (("acme", 10.0), ("globex", 20.0)):
            store.INCIDENTS.add(connection, tenant, INCIDENT)
            store.ALERTS.add(connection, tenant, alert(observed))

        store.ALERTS.change(connection, "acme", {"incident_id": "inc_same"}, id="alr_same")
        by_id = {t: store.ALERTS.all(connection, t) for t in ("acme", "globex")}
        joined = {
            t: store.ONSETS.by(connection, t, "incident_id", ["inc_same"])
            for t in ("acme", "globex")
        }

    assert {t: [a.observed for a in found] for t, found in by_id.items()} == {
        "acme": [10],
        "globex": [20],
    }
    assert [a.observed for a in joined["acme"]["inc_same"]] == [10]
    assert joined["globex"]["inc_same"] == []


def test_an_alert_that_is_there_is_not_written_again(demo: Demo) -> None:
    with demo.server.database.writing() as connection:
        store.ALERTS.add(connection, "acme", alert(10))
        store.ALERTS.add(connection, "acme", alert(99))

        found = store.ALERTS.all(connection, "acme")

    assert [a.observed for a in found] == [10]


def test_the_evidence_of_a_tenant_is_its_incidents_with_their_alerts(demo: Demo) -> None:
    acknowledged = {
        "status": IncidentStatus.ACKNOWLEDGED,
        "acknowledged_by": "demo",
        "acknowledged_at": DEFAULT_CLOCK,
        "note": "I am on it.",
    }
    with demo.server.database.writing() as connection:
        for tenant, observed in (("acme", 10.0), ("globex", 20.0)):
            store.INCIDENTS.add(connection, tenant, INCIDENT)
            store.ALERTS.add(connection, tenant, alert(observed))
            store.ALERTS.change(connection, tenant, {"incident_id": "inc_same"}, id="alr_same")
        store.ALERTS.add(connection, "acme", replace(alert(30), id="alr_suppressed"))
        store.INCIDENTS.change(connection, "acme", acknowledged, id="inc_same")

        files = {t: store.evidence(connection, t) for t in ("acme", "globex", "initech")}

    assert json.loads(files["acme"]["incidents.json"]) == [
        {
            "id": "inc_same",
            "template": "api-slow",
            "status": "ACKNOWLEDGED",
            "since": "2026-04-15T00:00:00Z",
            "opened_at": "2026-04-15T00:00:00Z",
            "acknowledged_by": "demo",
            "acknowledged_at": "2026-04-15T00:00:00Z",
            "note": "I am on it.",
            "alerts": [
                {
                    "id": "alr_same",
                    "kind": "API_P95",
                    "since": "2026-04-15T00:00:00Z",
                    "raised_at": "2026-04-15T00:00:00Z",
                    "observed": 10.0,
                    "expected": 1,
                    "lower": 0,
                    "upper": 2,
                    "detectors": ["ewma"],
                    "incident_id": "inc_same",
                }
            ],
        }
    ]
    (theirs,) = json.loads(files["globex"]["incidents.json"])
    assert theirs["acknowledged_by"] is None
    assert [a["observed"] for a in theirs["alerts"]] == [20]
    assert files["initech"] == {}
