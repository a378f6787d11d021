"""Switches and the audit trail as the API has them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph_server import controls
from intelgraph_server.controls import AuditEntry
from intelgraph_server.generated.enums import SwitchName
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    from intelgraph_server.database.engine import Database
    from intelgraph_server.settings import Settings
    from intelgraph_server.testing import Demo

    Ask = Callable[..., Awaitable[Any]]

SWITCHES = "{ switches { name isOn changedBy changedAt reason } }"
SET = """
mutation ($name: SwitchName! = CHECKOUT, $isOn: Boolean!, $reason: String! = "test") {
  setSwitch(input: {name: $name, isOn: $isOn, reason: $reason}) {
    name isOn changedBy changedAt reason
  }
}
"""
TRAIL = """
query ($first: Int! = 100, $after: String) {
  auditTrail(first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { node { id at actor action subject reason } }
  }
}
"""
NAMES = ["CHECKOUT", "TRUST_PORTAL_WRITES", "ANOMALY_ALERTS", "RESIDENCY_SCHEDULER"]


@pytest.fixture
def settings(filled: Database, settings: Settings) -> Settings:
    """A seeded database for one test alone, because these tests write."""
    url = filled.engine.url.render_as_string(hide_password=False)
    return replace(settings, database_url=url)


async def entries(ask: Ask, tenant: str = "acme") -> list[dict[str, Any]]:
    """The newest entries first, without what seeding left behind."""
    edges = (await ask(TRAIL, tenant=tenant))["data"]["auditTrail"]["edges"]
    return [edge["node"] for edge in edges if edge["node"]["action"].startswith("switch.")]


def code(reply: Any) -> str:
    return str(reply["errors"][0]["extensions"]["code"])


async def test_every_part_works_until_somebody_switches_it_off(ask: Ask) -> None:
    nobody = {"isOn": True, "changedBy": None, "changedAt": None, "reason": None}

    found = (await ask(SWITCHES))["data"]["switches"]

    assert found == [{"name": name, **nobody} for name in NAMES]


@pytest.mark.parametrize("name", NAMES)
async def test_each_part_is_switched_off_and_on_again_with_who_when_and_why(
    ask: Ask, name: str
) -> None:
    off = (await ask(SET, name=name, isOn=False, reason=" overload "))["data"]["setSwitch"]
    while_off = (await ask(SWITCHES))["data"]["switches"]
    on = (await ask(SET, name=name, isOn=True, reason="calm"))["data"]["setSwitch"]

    who_and_when = {"name": name, "changedBy": "demo", "changedAt": "2026-04-15T00:00:00Z"}
    assert off == who_and_when | {"isOn": False, "reason": "overload"}
    assert on == who_and_when | {"isOn": True, "reason": "calm"}
    assert off in while_off
    assert [switch["name"] for switch in while_off if not switch["isOn"]] == [name]


async def test_what_is_switched_off_for_one_tenant_is_off_for_all(ask: Ask, demo: Demo) -> None:
    await ask(SET, isOn=False)

    (checkout, *_) = (await ask(SWITCHES, tenant="globex"))["data"]["switches"]

    assert checkout["isOn"] is False
    with demo.server.database.reading() as connection:
        assert controls.is_on(connection, SwitchName.CHECKOUT) is False


async def test_each_change_is_kept_in_the_trail_that_every_tenant_reads(ask: Ask) -> None:
    await ask(SET, isOn=False, reason="overload")
    await ask(SET, isOn=True, reason="calm")

    on, off = await entries(ask)

    shared = {"actor": "demo", "at": "2026-04-15T00:00:00Z", "subject": "CHECKOUT"}
    assert off == shared | {"id": off["id"], "action": "switch.off", "reason": "overload"}
    assert on == shared | {"id": on["id"], "action": "switch.on", "reason": "calm"}
    assert await entries(ask, tenant="globex") == [on, off]


async def test_switching_the_same_way_again_changes_nothing_and_is_no_entry(ask: Ask) -> None:
    untouched = (await ask(SET, isOn=True, reason="first"))["data"]["setSwitch"]
    first = await ask(SET, isOn=False, reason="first")
    again = await ask(SET, isOn=False, reason="second")

    assert untouched["changedBy"] is None
    assert again == first
    assert [entry["reason"] for entry in await entries(ask)] == ["first"]


@pytest.mark.parametrize("reason", ["", " \t\n", "x" * 201, "\u0000"])
async def test_without_a_reason_of_fitting_length_nothing_is_switched(
    ask: Ask, reason: str
) -> None:
    reply = await ask(SET, isOn=False, reason=reason)

    assert code(reply) == "BAD_USER_INPUT"
    assert (await ask(SWITCHES))["data"]["switches"][0]["isOn"] is True
    assert await entries(ask) == []


async def test_a_reason_may_have_two_hundred_characters(ask: Ask) -> None:
    reply = await ask(SET, isOn=False, reason=" " + "ñ" * 200 + " ")

    assert reply["data"]["setSwitch"]["reason"] == "ñ" * 200


@pytest.mark.parametrize("query", [SWITCHES, TRAIL, SET])
async def test_who_was_not_granted_it_neither_reads_nor_switches(ask: Ask, query: str) -> None:
    reply = await ask(query, tenant="acme-ungranted", isOn=False)

    assert code(reply) == "FORBIDDEN"
    assert (await ask(SWITCHES))["data"]["switches"][0]["isOn"] is True


async def test_reading_is_granted_apart_from_switching(http: httpx.AsyncClient, demo: Demo) -> None:
    token = demo.server.token("acme", ["platform.read"])
    headers = {"Authorization": f"Bearer {token}"}

    read = await http.post("/graphql", json={"query": SWITCHES}, headers=headers)
    body = {"query": SET, "variables": {"isOn": False}}
    switched = await http.post("/graphql", json=body, headers=headers)

    assert "errors" not in read.json()
    assert code(switched.json()) == "FORBIDDEN"


async def test_a_part_that_is_not_there_is_refused(ask: Ask) -> None:
    assert code(await ask(SET, name="EVERYTHING", isOn=False)) == "BAD_USER_INPUT"


async def test_the_trail_is_read_page_by_page(ask: Ask) -> None:
    for number in range(5):
        await ask(SET, isOn=bool(number % 2), reason=str(number))
    whole = (await ask(TRAIL))["data"]["auditTrail"]
    paged: list[Any] = []
    after, has_more = None, True

    while has_more:
        page = (await ask(TRAIL, first=2, after=after))["data"]["auditTrail"]
        assert page["totalCount"] == whole["totalCount"]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        paged += page["edges"]
        after, has_more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert paged == whole["edges"]
    assert [edge["node"]["reason"] for edge in paged[:5]] == ["4", "3", "2", "1", "0"]


async def test_a_tenant_sees_its_own_entries_and_not_those_of_others(ask: Ask, demo: Demo) -> None:
    with demo.server.database.writing() as connection:
        for tenant_id in ("acme", "globex"):
            entry = AuditEntry(
                tenant_id=tenant_id,
                at=DEFAULT_CLOCK,
                actor="ada",
                action="switch.seen",
                subject=tenant_id,
            )
            controls.record(connection, entry)

    assert [entry["subject"] for entry in await entries(ask)] == ["acme"]
    assert [entry["subject"] for entry in await entries(ask, tenant="globex")] == ["globex"]


@pytest.mark.parametrize("page", [{"first": 0}, {"first": 101}, {"after": "x"}, {"after": ""}])
async def test_a_page_that_cannot_be_is_refused(ask: Ask, page: dict[str, Any]) -> None:
    assert code(await ask(TRAIL, **page)) == "BAD_USER_INPUT"
