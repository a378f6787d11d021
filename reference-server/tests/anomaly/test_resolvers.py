"""What the API answers of signals, alerts and incidents, and what it takes in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph_server.anomaly import model
from intelgraph_server.outbox import events_after
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from intelgraph_server.testing import Demo

    Ask = Callable[..., Awaitable[Any]]
    Measure = Callable[..., datetime]

SIGNALS = "{ signals { kind value measuredAt expected lower upper state } }"
ALERTS = """
query ($first: Int! = 100, $after: String) {
  alerts(first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node {
      id kind since raisedAt observed expected lower upper detectors isSuppressed
    } }
  }
}
"""
INCIDENTS = """
query ($status: IncidentStatus) {
  incidents(status: $status, first: 100) {
    totalCount
    edges { node {
      id template title status since openedAt runbook acknowledgedBy acknowledgedAt note
      alerts { id kind isSuppressed }
    } }
  }
}
"""
ENROL = """
mutation ($on: Boolean!) { setAnomalyEnrollment(isEnrolled: $on) { isEnrolled changedAt } }
"""
PUSH = """
mutation ($input: PushMeasurementInput!) {
  pushMeasurement(input: $input) { kind value measuredAt state }
}
"""
ACKNOWLEDGE = """
mutation ($id: ID!, $note: String) {
  acknowledgeIncident(id: $id, note: $note) { id status acknowledgedBy acknowledgedAt note }
}
"""
SWITCH = """
mutation ($on: Boolean!) {
  setSwitch(input: {name: ANOMALY_ALERTS, isOn: $on, reason: "maintenance"}) { isOn }
}
"""
TRAIL = "{ auditTrail(first: 100) { edges { node { actor action subject reason } } } }"
NOON = "2026-04-14T12:00:00Z"
# Long enough to learn from, then long enough to raise an alert.
LEARNT, RAISED = "g" * 70, "g" * 70 + "b" * 5


def code(reply: Any) -> str:
    return str(reply["errors"][0]["extensions"]["code"])


def nodes(reply: Any, field: str) -> list[Any]:
    return [edge["node"] for edge in reply["data"][field]["edges"]]


def a_push(**changed: object) -> dict[str, object]:
    return {"kind": "API_P95", "value": 180.5, "measuredAt": NOON} | changed


def events(demo: Demo, tenant: str = "acme") -> list[Any]:
    with demo.server.database.reading() as connection:
        found = events_after(connection, tenant, "incidentChanged", 0)
    return [dict(event.payload) for event in found]


async def actions(ask: Ask) -> list[str]:
    return [entry["action"] for entry in nodes(await ask(TRAIL), "auditTrail")]


async def test_an_enrolled_tenant_has_three_signals_and_the_others_have_none(ask: Ask) -> None:
    acme = (await ask(SIGNALS))["data"]["signals"]
    others = [(await ask(SIGNALS, tenant=name))["data"] for name in ("globex", "initech", "nobody")]

    assert [signal["kind"] for signal in acme] == ["INGEST_LAG", "API_P95", "ERROR_RATE"]
    assert {signal["state"] for signal in acme} == {"NO_DATA"}
    assert {signal["value"] for signal in acme} == {None}
    assert others == [{"signals": []}] * 3


async def test_a_pushed_value_stands_as_it_was_sent(ask: Ask) -> None:
    reply = await ask(PUSH, input=a_push(measuredAt="2026-04-15T01:58:00+02:00"))

    assert reply["data"]["pushMeasurement"] == {
        "kind": "API_P95",
        "value": 180.5,
        "measuredAt": "2026-04-14T23:58:00Z",
        "state": "LEARNING",
    }


@pytest.mark.parametrize("at", [NOON, "2026-04-14T11:59:59Z"])
async def test_a_value_that_is_not_newer_changes_nothing(at: str, ask: Ask) -> None:
    first = await ask(PUSH, input=a_push())

    again = await ask(PUSH, input=a_push(measuredAt=at, value=9.0))

    assert again == first


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": -0.1},
        {"value": 1e13},
        {"kind": "ERROR_RATE", "value": 1.1},
        {"measuredAt": "2026-04-15T00:00:00.000001Z"},
    ],
)
async def test_a_value_that_cannot_be_is_refused(wrong: dict[str, object], ask: Ask) -> None:
    reply = await ask(PUSH, input=a_push(**wrong))

    assert code(reply) == "BAD_USER_INPUT"
    assert (await ask(SIGNALS))["data"]["signals"][1]["value"] is None


async def test_the_edges_of_what_can_be_are_taken(ask: Ask) -> None:
    now = "2026-04-15T00:00:00Z"

    zero = await ask(PUSH, input=a_push(value=0.0, measuredAt=now))
    one = await ask(PUSH, input=a_push(kind="ERROR_RATE", value=1.0, measuredAt=now))

    assert zero["data"]["pushMeasurement"]["value"] == 0
    assert one["data"]["pushMeasurement"]["value"] == 1


@pytest.mark.parametrize("tenant", ["globex", "initech", "nobody"])
async def test_a_tenant_that_is_not_enrolled_cannot_be_measured(tenant: str, ask: Ask) -> None:
    assert code(await ask(PUSH, tenant=tenant, input=a_push())) == "CONFLICT"

    await ask(ENROL, tenant=tenant, on=True)

    signals = (await ask(SIGNALS, tenant=tenant))["data"]["signals"]
    assert {signal["value"] for signal in signals} <= {None}


async def test_a_token_without_the_permission_is_refused(ask: Ask) -> None:
    for query, variables in (
        (SIGNALS, {}),
        (ALERTS, {}),
        (INCIDENTS, {}),
        (ENROL, {"on": False}),
        (PUSH, {"input": a_push()}),
        (ACKNOWLEDGE, {"id": "inc_1"}),
    ):
        assert code(await ask(query, tenant="acme-ungranted", **variables)) == "FORBIDDEN"


async def test_enrolling_is_recorded_once_and_withdrawing_keeps_what_was_found(
    ask: Ask, measure: Measure
) -> None:
    first = await ask(ENROL, tenant="globex", on=True)
    again = await ask(ENROL, tenant="globex", on=True)
    measure("INGEST_LAG", RAISED, tenant="globex")

    withdrawn = await ask(ENROL, tenant="globex", on=False)

    assert first == again
    assert first["data"]["setAnomalyEnrollment"] == {
        "isEnrolled": True,
        "changedAt": "2026-04-15T00:00:00Z",
    }
    assert withdrawn["data"]["setAnomalyEnrollment"]["isEnrolled"] is False
    assert (await ask(SIGNALS, tenant="globex"))["data"]["signals"] == []
    assert code(await ask(PUSH, tenant="globex", input=a_push())) == "CONFLICT"
    assert (await ask(ALERTS, tenant="globex"))["data"]["alerts"]["totalCount"] == 1
    trail = nodes(await ask(TRAIL, tenant="globex"), "auditTrail")
    assert [entry["action"] for entry in trail] == ["anomaly.withdraw", "anomaly.enrol"]


async def test_a_tenant_that_is_not_the_servers_cannot_enrol(ask: Ask) -> None:
    assert code(await ask(ENROL, tenant="nobody", on=True)) == "FORBIDDEN"


async def test_one_signal_alone_raises_a_suppressed_alert_and_opens_nothing(
    ask: Ask, demo: Demo, measure: Measure
) -> None:
    measure("INGEST_LAG API_P95 ERROR_RATE", LEARNT)

    measure("INGEST_LAG", "b" * 40, begin=DEFAULT_CLOCK - timedelta(minutes=40))

    alerts = nodes(await ask(ALERTS), "alerts")
    assert [(alert["kind"], alert["isSuppressed"]) for alert in alerts] == [("INGEST_LAG", True)]
    assert (await ask(INCIDENTS))["data"]["incidents"]["totalCount"] == 0
    assert events(demo) == []
    metrics = demo.server.services.metrics.text().decode()
    line = 'intelgraph_anomaly_alerts_total{kind="INGEST_LAG",outcome="suppressed"} 1.0'
    assert line in metrics


async def test_two_signals_at_a_time_open_an_incident_that_says_what_to_do(
    ask: Ask, demo: Demo, measure: Measure
) -> None:
    last = measure("INGEST_LAG API_P95", RAISED)

    incidents = nodes(await ask(INCIDENTS), "incidents")
    alerts = nodes(await ask(ALERTS), "alerts")

    since = (last - timedelta(minutes=4)).isoformat().replace("+00:00", "Z")
    assert len(incidents) == 1
    assert incidents[0] | {"id": "", "alerts": []} == {
        "id": "",
        "template": "ingest-degraded",
        "title": "Ingestion lags and slows the API down",
        "status": "OPEN",
        "since": since,
        "openedAt": "2026-04-15T00:00:00Z",
        "runbook": f"{model.RUNBOOKS}#ingest-degraded",
        "acknowledgedBy": None,
        "acknowledgedAt": None,
        "note": None,
        "alerts": [],
    }
    assert {alert["id"] for alert in incidents[0]["alerts"]} == {alert["id"] for alert in alerts}
    assert {alert["kind"] for alert in alerts} == {"INGEST_LAG", "API_P95"}
    for alert in alerts:
        assert alert["isSuppressed"] is False
        assert alert["detectors"] == ["ewma"]
        assert alert["lower"] < alert["expected"] < alert["upper"] < alert["observed"]
        assert alert["since"] == since
    assert events(demo) == [{"id": incidents[0]["id"]}]


async def test_signals_that_are_bad_at_other_times_do_not_agree(ask: Ask, measure: Measure) -> None:
    measure("INGEST_LAG", RAISED + "g" * 5)

    measure("API_P95", "g" * 5 + RAISED)

    # The lag's last bad value was more than two minutes before the fifth of the other.
    assert (await ask(ALERTS))["data"]["alerts"]["totalCount"] == 2
    assert (await ask(INCIDENTS))["data"]["incidents"]["totalCount"] == 0


async def test_a_third_signal_joins_the_incident_and_tells_it(
    ask: Ask, demo: Demo, measure: Measure
) -> None:
    measure("INGEST_LAG API_P95", RAISED + "bb")

    measure("ERROR_RATE", RAISED)

    incidents = nodes(await ask(INCIDENTS), "incidents")
    assert [i["template"] for i in incidents] == ["ingest-degraded"]
    assert len(incidents[0]["alerts"]) == 3
    assert events(demo) == [{"id": incidents[0]["id"]}] * 2


async def test_a_relapse_joins_what_is_open_and_opens_anew_after_it_was_acknowledged(
    ask: Ask, measure: Measure
) -> None:
    relapse = "g" * 12 + "b" * 5
    measure("API_P95 ERROR_RATE", RAISED + relapse)
    before = nodes(await ask(INCIDENTS), "incidents")
    await ask(ACKNOWLEDGE, id=before[0]["id"])

    measure("API_P95 ERROR_RATE", RAISED + relapse + relapse)

    after = nodes(await ask(INCIDENTS), "incidents")
    assert [len(incident["alerts"]) for incident in before] == [4]
    assert sorted(len(incident["alerts"]) for incident in after) == [2, 4]
    assert {incident["template"] for incident in after} == {"api-slow"}


async def test_a_muted_alert_is_kept_and_opens_nothing_until_the_mute_ends(
    ask: Ask, demo: Demo, measure: Measure
) -> None:
    await ask(SWITCH, on=False)
    measure("INGEST_LAG API_P95", RAISED)
    muted = nodes(await ask(ALERTS), "alerts")
    incidents = await ask(INCIDENTS)
    told = events(demo)

    await ask(SWITCH, on=True)
    measure("INGEST_LAG API_P95", RAISED + "b")

    assert [alert["isSuppressed"] for alert in muted] == [True, True]
    assert incidents["data"]["incidents"]["totalCount"] == 0
    assert told == []
    assert [len(i["alerts"]) for i in nodes(await ask(INCIDENTS), "incidents")] == [2]
    assert {alert["isSuppressed"] for alert in nodes(await ask(ALERTS), "alerts")} == {False}


async def test_detection_goes_on_while_alerts_are_muted(ask: Ask, measure: Measure) -> None:
    await ask(SWITCH, on=False)

    measure("API_P95", RAISED, begin=DEFAULT_CLOCK - timedelta(minutes=74))

    signal = (await ask(SIGNALS))["data"]["signals"][1]
    assert signal["state"] == "ANOMALOUS"
    assert signal["lower"] < signal["expected"] < signal["upper"] < signal["value"]


async def test_a_machine_cannot_acknowledge(ask: Ask, demo: Demo, measure: Measure) -> None:
    measure("INGEST_LAG API_P95", RAISED)
    incident = nodes(await ask(INCIDENTS), "incidents")[0]

    reply = await ask(ACKNOWLEDGE, tenant="acme-machine", id=incident["id"])

    assert code(reply) == "FORBIDDEN"
    assert nodes(await ask(INCIDENTS), "incidents")[0] == incident
    assert await actions(ask) == []
    assert len(events(demo)) == 1


async def test_a_person_acknowledges_once_and_asking_again_answers_what_stands(
    ask: Ask, demo: Demo, measure: Measure
) -> None:
    measure("INGEST_LAG API_P95", RAISED)
    incident_id = nodes(await ask(INCIDENTS), "incidents")[0]["id"]

    first = await ask(ACKNOWLEDGE, id=incident_id, note="I am on it.")
    again = await ask(ACKNOWLEDGE, id=incident_id, note="So am I.")

    assert first == again
    assert first["data"]["acknowledgeIncident"] == {
        "id": incident_id,
        "status": "ACKNOWLEDGED",
        "acknowledgedBy": "demo",
        "acknowledgedAt": "2026-04-15T00:00:00Z",
        "note": "I am on it.",
    }
    assert nodes(await ask(TRAIL), "auditTrail") == [
        {
            "actor": "demo",
            "action": "incident.acknowledge",
            "subject": incident_id,
            "reason": "I am on it.",
        }
    ]
    assert events(demo) == [{"id": incident_id}] * 2
    assert nodes(await ask(INCIDENTS, status="OPEN"), "incidents") == []
    assert len(nodes(await ask(INCIDENTS, status="ACKNOWLEDGED"), "incidents")) == 1


async def test_a_note_has_up_to_500_characters(ask: Ask, measure: Measure) -> None:
    measure("INGEST_LAG API_P95", RAISED)
    incident_id = nodes(await ask(INCIDENTS), "incidents")[0]["id"]

    long = await ask(ACKNOWLEDGE, id=incident_id, note="é" * 501)
    fits = await ask(ACKNOWLEDGE, id=incident_id, note="é" * 500)

    assert code(long) == "BAD_USER_INPUT"
    assert fits["data"]["acknowledgeIncident"]["status"] == "ACKNOWLEDGED"


async def test_nobody_sees_or_acknowledges_what_is_another_tenants(
    ask: Ask, demo: Demo, measure: Measure
) -> None:
    await ask(ENROL, tenant="globex", on=True)
    for tenant in ("acme", "globex"):
        measure("INGEST_LAG API_P95", RAISED, tenant=tenant)
    seen = {t: nodes(await ask(INCIDENTS, tenant=t), "incidents") for t in ("acme", "globex")}
    alerts = {t: nodes(await ask(ALERTS, tenant=t), "alerts") for t in ("acme", "globex")}

    reply = await ask(ACKNOWLEDGE, tenant="globex", id=seen["acme"][0]["id"])

    assert code(reply) == "BAD_USER_INPUT"
    assert [len(seen["acme"]), len(seen["globex"])] == [1, 1]
    assert seen["acme"][0]["id"] != seen["globex"][0]["id"]
    assert {a["id"] for a in alerts["acme"]}.isdisjoint({a["id"] for a in alerts["globex"]})
    assert nodes(await ask(INCIDENTS), "incidents")[0]["status"] == "OPEN"
    assert events(demo, "globex") == [{"id": seen["globex"][0]["id"]}]
    assert (await ask(INCIDENTS, tenant="initech"))["data"]["incidents"]["totalCount"] == 0


async def test_two_tenants_signals_do_not_agree_with_each_other(ask: Ask, measure: Measure) -> None:
    await ask(ENROL, tenant="globex", on=True)

    measure("INGEST_LAG", RAISED)
    measure("API_P95", RAISED, tenant="globex")

    for tenant in ("acme", "globex"):
        reply = await ask(INCIDENTS, tenant=tenant)
        assert reply["data"]["incidents"]["totalCount"] == 0


async def test_more_alerts_than_the_hourly_budget_become_one_summary_incident(
    ask: Ask, measure: Measure
) -> None:
    flapping = LEARNT + ("b" * 5 + "g" * 12) * 23

    measure("INGEST_LAG", flapping)

    incidents = nodes(await ask(INCIDENTS), "incidents")
    alerts = nodes(await ask(ALERTS), "alerts")
    assert [incident["template"] for incident in incidents] == ["alert-storm"]
    assert len(alerts) == 23
    # The budget is 20: those beyond it are in the summary.
    assert len(incidents[0]["alerts"]) == 3
    assert sum(alert["isSuppressed"] for alert in alerts) == 20


async def test_a_storm_that_was_acknowledged_within_the_hour_is_not_opened_anew(
    ask: Ask, measure: Measure
) -> None:
    flapping = "b" * 5 + "g" * 12
    measure("INGEST_LAG", LEARNT + flapping * 21)
    (storm,) = nodes(await ask(INCIDENTS), "incidents")
    await ask(ACKNOWLEDGE, id=storm["id"])

    measure("INGEST_LAG", LEARNT + flapping * 22)

    (incident,) = nodes(await ask(INCIDENTS), "incidents")
    assert (incident["id"], len(incident["alerts"])) == (storm["id"], 2)


async def test_the_storm_of_one_tenant_is_not_anothers(ask: Ask, measure: Measure) -> None:
    await ask(ENROL, tenant="globex", on=True)
    measure("INGEST_LAG", LEARNT + ("b" * 5 + "g" * 12) * 21)

    measure("INGEST_LAG", RAISED, tenant="globex")

    alerts = nodes(await ask(ALERTS, tenant="globex"), "alerts")
    assert [alert["isSuppressed"] for alert in alerts] == [True]


async def test_pages_of_alerts_follow_each_other_and_the_newest_is_first(
    ask: Ask, measure: Measure
) -> None:
    measure("INGEST_LAG", RAISED + ("g" * 12 + "b" * 5) * 2)
    whole = nodes(await ask(ALERTS), "alerts")

    paged: list[Any] = []
    after, has_more = None, True
    while has_more:
        page = (await ask(ALERTS, first=1, after=after))["data"]["alerts"]
        paged += [edge["node"] for edge in page["edges"]]
        after, has_more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert len(whole) == 3
    assert paged == whole
