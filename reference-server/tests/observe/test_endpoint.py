"""What is scraped, and what is taken of the telemetry that clients send."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from intelgraph_server.generated.persisted_documents import PERSISTED_DOCUMENTS

if TYPE_CHECKING:
    import httpx

    from intelgraph_server.testing import Demo

EVENT: dict[str, Any] = {"opId": "getEntity:v1", "durationMs": 142, "status": 200, "retries": 1}


@pytest.fixture
async def machine(http: httpx.AsyncClient, demo: Demo) -> httpx.AsyncClient:
    """A client with a token."""
    http.headers["Authorization"] = f"Bearer {demo.token('acme-machine')}"
    return http


async def retries(http: httpx.AsyncClient) -> dict[str, float]:
    """The retries of each operation that was told of any."""
    text = (await http.get("/metrics")).text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    counted = families["intelgraph_sdk_retries"].samples
    assert len(counted) == len(PERSISTED_DOCUMENTS) + 1
    return {sample.labels["op_id"]: sample.value for sample in counted if sample.value}


def code(reply: httpx.Response) -> str:
    return str(reply.json()["errors"][0]["extensions"]["code"])


async def test_metrics_are_scraped_without_a_token_in_the_text_format(
    http: httpx.AsyncClient,
) -> None:
    reply = await http.get("/metrics")

    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/plain; version=")
    assert "# TYPE intelgraph_billing_payments_total counter" in reply.text


async def test_the_event_of_the_specification_is_counted_and_answered_with_nothing(
    machine: httpx.AsyncClient,
) -> None:
    reply = await machine.post("/telemetry", json=EVENT)

    assert (reply.status_code, reply.content) == (204, b"")
    assert await retries(machine) == {"getEntity:v1": 1}


async def test_a_list_of_events_is_counted_event_by_event(machine: httpx.AsyncClient) -> None:
    reply = await machine.post("/telemetry", json=[EVENT] * 99 + [EVENT | {"retries": 100}])

    assert reply.status_code == 204
    assert await retries(machine) == {"getEntity:v1": 199}


async def test_what_is_not_of_the_manifest_shares_one_name(machine: httpx.AsyncClient) -> None:
    told = [EVENT | {"opId": op_id} for op_id in (None, "mine:v1", "getEntity:v999", "x" * 200)]

    await machine.post("/telemetry", json=told)

    assert await retries(machine) == {"other": 4}


async def test_a_call_that_no_reply_reached_is_counted_too(machine: httpx.AsyncClient) -> None:
    reply = await machine.post("/telemetry", json=EVENT | {"status": None, "durationMs": 0.5})

    assert reply.status_code == 204
    assert await retries(machine) == {"getEntity:v1": 1}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            {"user": "ada"},
            "it does not have the members opId, durationMs, status, retries and no others",
        ),
        ({"retries": 101}, "retries is not a whole number from 0 to 100"),
        ({"retries": -1}, "retries is not a whole number from 0 to 100"),
        ({"retries": 1.0}, "retries is not a whole number from 0 to 100"),
        ({"retries": True}, "retries is not a whole number from 0 to 100"),
        ({"status": 99}, "status is not null or a whole number from 100 to 599"),
        ({"status": 600}, "status is not null or a whole number from 100 to 599"),
        ({"status": "200"}, "status is not null or a whole number from 100 to 599"),
        ({"durationMs": -1}, "durationMs is not a number from 0 to 1000000000"),
        ({"durationMs": None}, "durationMs is not a number from 0 to 1000000000"),
        ({"durationMs": False}, "durationMs is not a number from 0 to 1000000000"),
        ({"opId": ""}, "opId is not null or text of up to 200 characters"),
        ({"opId": "x" * 201}, "opId is not null or text of up to 200 characters"),
        ({"opId": 1}, "opId is not null or text of up to 200 characters"),
    ],
)
async def test_one_wrong_event_is_named_and_none_of_its_list_is_counted(
    machine: httpx.AsyncClient, change: dict[str, object], fault: str
) -> None:
    reply = await machine.post("/telemetry", json=[EVENT, EVENT | change])

    assert (reply.status_code, code(reply)) == (400, "BAD_USER_INPUT")
    assert reply.json()["errors"][0]["message"] == f"Event 1: {fault}."
    assert await retries(machine) == {}


@pytest.mark.parametrize("absent", EVENT)
async def test_an_event_without_one_of_its_members_is_refused(
    machine: httpx.AsyncClient, absent: str
) -> None:
    event = {name: value for name, value in EVENT.items() if name != absent}

    reply = await machine.post("/telemetry", json=event)

    assert (reply.status_code, code(reply)) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize("told", [[], [EVENT] * 101, "text", 1, [[EVENT]], [None]])
async def test_what_is_no_event_nor_a_short_list_of_them_is_refused(
    machine: httpx.AsyncClient, told: object
) -> None:
    reply = await machine.post("/telemetry", json=told)

    assert (reply.status_code, code(reply)) == (400, "BAD_USER_INPUT")
    assert await retries(machine) == {}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 50_000])
async def test_what_is_not_json_is_refused(machine: httpx.AsyncClient, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}

    reply = await machine.post("/telemetry", content=content, headers=headers)

    assert (reply.status_code, code(reply)) == (400, "BAD_REQUEST")


async def test_a_number_that_is_not_finite_is_refused(machine: httpx.AsyncClient) -> None:
    content = json.dumps(EVENT | {"durationMs": float("inf")})
    headers = {"Content-Type": "application/json"}

    reply = await machine.post("/telemetry", content=content, headers=headers)

    assert (reply.status_code, code(reply)) == (400, "BAD_USER_INPUT")


async def test_more_than_64_kibibytes_are_refused(machine: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    event = json.dumps(EVENT).encode()

    largest = await machine.post("/telemetry", content=event.ljust(65_536), headers=headers)
    larger = await machine.post("/telemetry", content=event.ljust(65_537), headers=headers)

    assert largest.status_code == 204
    assert (larger.status_code, code(larger)) == (413, "PAYLOAD_TOO_LARGE")


async def test_telemetry_without_a_token_of_ours_is_refused(http: httpx.AsyncClient) -> None:
    none = await http.post("/telemetry", json=EVENT)
    foreign = await http.post("/telemetry", json=EVENT, headers={"Authorization": "Bearer x"})

    for reply in (none, foreign):
        assert (reply.status_code, code(reply)) == (401, "UNAUTHENTICATED")
        assert reply.headers["www-authenticate"].startswith("Bearer")
    assert await retries(http) == {}


async def test_a_form_of_another_page_is_refused_by_its_media_type(
    machine: httpx.AsyncClient,
) -> None:
    headers = {"Content-Type": "text/plain"}

    reply = await machine.post("/telemetry", content=json.dumps(EVENT), headers=headers)

    assert (reply.status_code, code(reply)) == (415, "UNSUPPORTED_REQUEST")


async def test_telemetry_is_posted_and_metrics_are_got(http: httpx.AsyncClient) -> None:
    assert (await http.get("/telemetry")).status_code == 405
    assert (await http.post("/metrics")).status_code == 405
