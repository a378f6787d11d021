"""How reports are asked for, listed and downloaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from intelgraph_server.residency_audit import rules
from intelgraph_server.seed import DEFAULT_CLOCK
from intelgraph_server.testing import demo_server

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conftest import House

    from intelgraph_server.settings import Settings
    from intelgraph_server.testing import Demo

    Ask = Callable[..., Awaitable[Any]]

SCHEDULE = """
mutation ($input: ScheduleResidencyReportsInput!) {
  scheduleResidencyReports(input: $input) { cadence nextRunAt locale email webhookUrl }
}
"""
SCHEDULED = "{ residencySchedule { cadence nextRunAt locale email webhookUrl } }"
SECRET = "{ residencySchedule { webhookUrl webhookSecret } }"
REPORTS = """
query ($first: Int! = 20, $after: String) {
  residencyReports(first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node {
      id quarter locale isCompliant createdAt uri
      summary { noExports unknown compliant violations compliantShare }
      deliveries { channel recipient attempts deliveredAt receipt }
    } }
  }
}
"""
DOWNLOAD = "mutation ($id: ID!) { downloadResidencyReport(id: $id) }"
HOOK = "https://acme.example/hook"


def code(reply: Any) -> str:
    return str(reply["errors"][0]["extensions"]["code"])


async def test_without_a_time_the_first_report_is_due_with_the_next_quarter(ask: Ask) -> None:
    made = await ask(SCHEDULE, input={"email": "admin@acme.example"})

    assert made["data"]["scheduleResidencyReports"] == {
        "cadence": "quarterly",
        "nextRunAt": "2026-07-01T00:00:00Z",
        "locale": "en",
        "email": "admin@acme.example",
        "webhookUrl": None,
    }
    read = await ask(SCHEDULED)
    assert read["data"]["residencySchedule"] == made["data"]["scheduleResidencyReports"]


async def test_a_time_that_has_passed_makes_the_report_of_the_last_quarter_at_once(
    ask: Ask, house: House
) -> None:
    made = await ask(SCHEDULE, input={"firstRunAt": "2020-01-01T00:00:00Z"})

    assert made["data"]["scheduleResidencyReports"]["nextRunAt"] == "2026-04-15T00:00:00Z"
    assert await house.works() == 1
    reports = (await ask(REPORTS))["data"]["residencyReports"]
    assert [edge["node"]["quarter"] for edge in reports["edges"]] == ["2026-Q1"]
    assert (await ask(SCHEDULED))["data"]["residencySchedule"]["nextRunAt"] == (
        "2026-07-01T00:00:00Z"
    )


async def test_asking_for_the_same_again_changes_nothing(ask: Ask, house: House) -> None:
    first = await ask(SCHEDULE, input={"locale": "es", "webhookUrl": HOOK})
    again = await ask(SCHEDULE, input={"locale": "es", "webhookUrl": HOOK})
    trail = await ask("{ auditTrail { edges { node { actor action subject } } } }")

    assert again == first
    assert house.pending() == 1
    assert [edge["node"] for edge in trail["data"]["auditTrail"]["edges"]] == [
        {"actor": "demo", "action": "residency.schedule", "subject": "revision 1"}
    ]


async def test_a_schedule_stands_in_place_of_the_one_before(ask: Ask, house: House) -> None:
    await ask(SCHEDULE, input={"email": "old@acme.example", "firstRunAt": "2026-04-16T00:00:00Z"})
    await ask(SCHEDULE, input={"email": "new@acme.example", "firstRunAt": "2026-04-16T00:00:00Z"})

    await house.works(days=1)

    assert [d.recipient for d in house.deliveries()] == ["new@acme.example"]
    assert house.pending() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"locale": "de"},
        {"locale": "EN"},
        {"email": ""},
        {"email": "admin"},
        {"email": "a@b.example\r\nBcc: c@d.example"},
        {"webhookUrl": ""},
        {"webhookUrl": "http://acme.example/hook"},
        {"webhookUrl": "https://me:secret@acme.example/"},
    ],
    ids=str,
)
async def test_what_cannot_be_delivered_to_is_refused(
    ask: Ask, house: House, change: dict[str, str]
) -> None:
    reply = await ask(SCHEDULE, input=change)

    assert code(reply) == "BAD_USER_INPUT"
    assert "secret" not in reply["errors"][0]["message"]
    assert (await ask(SCHEDULED))["data"]["residencySchedule"] is None
    assert house.pending() == 0


async def test_only_a_server_of_this_machine_posts_to_this_machine(
    ask: Ask, settings: Settings
) -> None:
    here = {"webhookUrl": "http://127.0.0.1:9/hook"}
    local = await ask(SCHEDULE, input=here)
    with demo_server(replace(settings, public_url="https://intelgraph.example")) as demo:
        transport = httpx.ASGITransport(demo.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            public = await http.post(
                "/graphql",
                json={"query": SCHEDULE, "variables": {"input": here}},
                headers={"Authorization": f"Bearer {demo.token('globex')}"},
            )

    assert "errors" not in local
    assert code(public.json()) == "BAD_USER_INPUT"


async def test_a_tenant_that_the_server_does_not_have_schedules_nothing(ask: Ask) -> None:
    assert code(await ask(SCHEDULE, tenant="nobody", input={})) == "FORBIDDEN"


async def test_the_secret_of_webhooks_is_told_to_those_who_may_schedule(
    ask: Ask, demo: Demo, http: httpx.AsyncClient, house: House
) -> None:
    await ask(SCHEDULE, input={"webhookUrl": HOOK})
    reader = demo.server.token("acme", ["residency.read"])

    told = await ask(SECRET)
    refused = await http.post(
        "/graphql", json={"query": SECRET}, headers={"Authorization": f"Bearer {reader}"}
    )

    key = house.services.settings.signing_key
    assert told["data"]["residencySchedule"]["webhookSecret"] == rules.webhook_secret(key, "acme")
    assert code(refused.json()) == "FORBIDDEN"
    assert refused.json()["data"]["residencySchedule"] == {
        "webhookUrl": HOOK,
        "webhookSecret": None,
    }


async def test_without_a_webhook_there_is_no_secret(ask: Ask) -> None:
    await ask(SCHEDULE, input={})

    assert (await ask(SECRET))["data"]["residencySchedule"]["webhookSecret"] is None


async def test_reports_are_listed_the_newest_first_with_their_deliveries(
    ask: Ask, house: House
) -> None:
    house.schedule(email="admin@acme.example")
    await house.works()
    house.schedule(locale="es", next_run_at=house.now + timedelta(hours=1))
    await house.works(hours=1)

    first = (await ask(REPORTS, first=1))["data"]["residencyReports"]
    after = first["pageInfo"]["endCursor"]
    second = (await ask(REPORTS, first=1, after=after))["data"]["residencyReports"]

    assert [first["edges"][0]["node"]["id"], second["edges"][0]["node"]["id"]] == [
        "2026-Q1-es",
        "2026-Q1-en",
    ]
    assert (first["totalCount"], second["pageInfo"]["hasNextPage"]) == (2, False)
    assert first["edges"][0]["node"]["deliveries"] == []
    assert second["edges"][0]["node"] == {
        "id": "2026-Q1-en",
        "quarter": "2026-Q1",
        "locale": "en",
        "isCompliant": False,
        "createdAt": "2026-04-15T00:00:00Z",
        "uri": "lake://acme/residency/2026-Q1-en.pdf",
        "summary": {
            "noExports": 2,
            "unknown": 0,
            "compliant": 2,
            "violations": 2,
            "compliantShare": 0.5,
        },
        "deliveries": [
            {
                "channel": "EMAIL",
                "recipient": "admin@acme.example",
                "attempts": 0,
                "deliveredAt": None,
                "receipt": None,
            }
        ],
    }


async def test_the_lists_of_two_tenants_share_nothing(ask: Ask, house: House) -> None:
    house.schedule(email="admin@acme.example")
    house.schedule("globex", locale="es")
    await house.works()

    acme = (await ask(REPORTS))["data"]["residencyReports"]["edges"]
    globex = (await ask(REPORTS, tenant="globex"))["data"]["residencyReports"]["edges"]

    assert [edge["node"]["id"] for edge in acme] == ["2026-Q1-en"]
    assert [edge["node"]["id"] for edge in globex] == ["2026-Q1-es"]
    assert globex[0]["node"]["deliveries"] == []
    assert (await ask(SCHEDULED, tenant="globex"))["data"]["residencySchedule"]["email"] is None
    assert code(await ask(DOWNLOAD, tenant="globex", id="2026-Q1-en")) == "BAD_USER_INPUT"


async def test_the_deliveries_of_a_report_are_of_its_tenant(ask: Ask, house: House) -> None:
    house.schedule(email="admin@acme.example")
    house.schedule("globex", email="admin@globex.example")
    await house.works()

    edges = (await ask(REPORTS, tenant="globex"))["data"]["residencyReports"]["edges"]

    recipients = [d["recipient"] for d in edges[0]["node"]["deliveries"]]
    assert recipients == ["admin@globex.example"]


async def test_a_link_to_a_report_works_without_a_token_until_it_expires(
    ask: Ask, house: House, http: httpx.AsyncClient, settings: Settings
) -> None:
    house.schedule()
    await house.works()

    link = (await ask(DOWNLOAD, id="2026-Q1-en"))["data"]["downloadResidencyReport"]
    path = link.removeprefix("http://localhost")
    reply = await http.get(path)
    with demo_server(replace(settings, clock=DEFAULT_CLOCK + timedelta(minutes=5))) as later:
        transport = httpx.ASGITransport(later.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            expired = await client.get(path)

    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/pdf")
    assert reply.content == house.pdf()
    assert expired.status_code == 403


async def test_there_is_no_link_to_a_report_that_was_not_made(ask: Ask) -> None:
    assert code(await ask(DOWNLOAD, id="2026-Q1-en")) == "BAD_USER_INPUT"
