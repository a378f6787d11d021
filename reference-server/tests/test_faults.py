from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from intelgraph_server.testing import demo_server

if TYPE_CHECKING:
    from intelgraph_server.settings import Settings

QUERY = {"query": "{__typename}"}


async def inject(http: httpx.AsyncClient, **fault: object) -> Any:
    reply = await http.post("/_faults", json=fault)
    assert reply.status_code == 200
    return reply.json()


async def statuses(http: httpx.AsyncClient, count: int) -> list[int]:
    return [(await http.post("/graphql", json=QUERY)).status_code for _ in range(count)]


async def test_the_next_requests_fail_and_no_more(http: httpx.AsyncClient) -> None:
    await inject(http, next=2, status=503)

    assert await statuses(http, 4) == [503, 503, 200, 200]


async def test_faults_follow_each_other(http: httpx.AsyncClient) -> None:
    await inject(http, status=429)
    await inject(http, next=2, status=502)

    assert await statuses(http, 4) == [429, 502, 502, 200]


async def test_what_is_left_can_be_read_and_forgotten(http: httpx.AsyncClient) -> None:
    await inject(http, next=3, status=503, retryAfter=1)
    await statuses(http, 1)

    left = (await http.get("/_faults")).json()
    forgotten = (await http.delete("/_faults")).json()

    assert left == {
        "faults": [
            {"next": 2, "status": 503, "retryAfter": 1, "delayMs": 0}
            | {"drop": False, "dropReply": False}
        ]
    }
    assert forgotten == {"faults": []}
    assert await statuses(http, 1) == [200]


@pytest.mark.parametrize(
    ("status", "code"), [(429, "RATE_LIMITED"), (503, "UNAVAILABLE"), (500, "INTERNAL")]
)
async def test_a_failure_of_the_server_speaks_graphql(
    status: int, code: str, http: httpx.AsyncClient
) -> None:
    await inject(http, status=status, retryAfter=1.5)

    reply = await http.post("/graphql", json=QUERY)

    assert reply.headers["retry-after"] == "1.5"
    assert reply.headers["x-request-id"]
    assert reply.json()["errors"][0]["extensions"] == {"code": code}


async def test_a_failure_of_a_gateway_speaks_html(http: httpx.AsyncClient) -> None:
    await inject(http, status=502)

    reply = await http.post("/graphql", json=QUERY)

    assert reply.status_code == 502
    assert reply.headers["content-type"].startswith("text/html")


async def test_a_delay_alone_only_delays(http: httpx.AsyncClient) -> None:
    await inject(http, delayMs=50)
    started = time.monotonic()

    assert await statuses(http, 1) == [200]
    assert time.monotonic() - started >= 0.05


async def test_only_graphql_fails(http: httpx.AsyncClient) -> None:
    await inject(http, status=503)

    assert (await http.get("/healthz")).status_code == 200


async def test_a_drop_without_a_socket_is_an_exception(http: httpx.AsyncClient) -> None:
    await inject(http, drop=True)

    with pytest.raises(ConnectionResetError):
        await http.post("/graphql", json=QUERY)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"next": 0}, "`next` of a fault cannot be 0."),
        ({"status": "503"}, "`status` of a fault cannot be '503'."),
        ({"status": True}, "`status` of a fault cannot be True."),
        ({"status": 99}, "`status` of a fault cannot be 99."),
        ({"drop": 1}, "`drop` of a fault cannot be 1."),
        ({"dropReply": "yes"}, "`dropReply` of a fault cannot be 'yes'."),
        ({"delay": 1}, "A fault has no `delay`."),
    ],
)
async def test_a_fault_that_makes_no_sense_is_refused(
    fault: dict[str, object], message: str, http: httpx.AsyncClient
) -> None:
    reply = await http.post("/_faults", json=fault)

    assert reply.status_code == 400
    assert reply.json()["errors"][0] == {"message": message, "extensions": {"code": "BAD_REQUEST"}}


async def test_a_web_page_cannot_inject_faults(http: httpx.AsyncClient) -> None:
    reply = await http.post("/_faults", content="{}", headers={"Content-Type": "text/plain"})

    assert reply.status_code == 415
    assert (await http.get("/_faults")).json() == {"faults": []}


async def test_without_the_switch_there_are_no_faults(settings: Settings) -> None:
    with demo_server(replace(settings, faults=False)) as demo:
        transport = httpx.ASGITransport(demo.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            reply = await http.post("/_faults", json={"status": 503})

            assert reply.status_code == 404
            assert await statuses(http, 1) == [200]
