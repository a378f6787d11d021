"""Every root field, asked by every tenant: nobody sees what is another's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from graphql import build_schema

from intelgraph_server.generated.sdl import SDL
from intelgraph_server.seed import DEMO_TENANTS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

# The whole list of a tenant's own rows, so that one row too many shows.
EVERYTHING = {
    "entities": "{entities(first:100){totalCount edges{node{id name"
    " relations(first:5){totalCount edges{node{id target{id name}}}}}}}}",
    "invoices": "{invoices{id uri amountUSD}}",
    "invoiceHistory": "{invoiceHistory(first:100){totalCount edges{node{id uri}}}}",
    "orders": "{orders(first:100){totalCount edges{node{id pluginId invoice{id}}}}}",
    "reconciliations": "{reconciliations(first:100){totalCount edges{node{day lineItems{pluginId"
    " quantity amount{value}}}}}}",
    "trustTiles": "{trustTiles{kind status updatedAt}}",
    "trustItems": "{trustItems{id status updatedAt}}",
    "datasets": "{datasets(first:100){totalCount edges{node{id region}}}}",
    "signals": "{signals{kind value measuredAt state}}",
    "residencyAudit": "{residencyAudit(first:100){totalCount edges{node{datasetId region exportId"
    " destRegion exportedAt status}}}}",
}
# Nothing of these is seeded: tests of their domains make some of two tenants and compare.
MADE_IN_TESTS = {"residencyReports", "residencySchedule", "alerts", "incidents", "auditTrail"}
# One of acme's own rows, by an id that the others may guess.
BY_ID = {
    "entity": '{entity(id:"per_ada"){id name}}',
    "order": '{order(id:"de379687-525f-5b2f-9a21-b76947ea902b"){id pluginId}}',
}
# One thing that each tenant has.
OWN = {"trustPage": "{trustPage{slug}}"}
# The marketplace is one for all tenants, and public pages are for everybody.
SHARED = {"plugin", "plugins", "publicTrust", "switches"}
# Numbers, which differ from tenant to tenant.
COUNTS = {"residencySummary": "{residencySummary{noExports unknown compliant violations}}"}


def test_every_root_field_is_tried_here() -> None:
    query = build_schema(SDL).query_type

    assert query is not None
    tried = set(EVERYTHING) | set(BY_ID) | set(OWN) | SHARED | MADE_IN_TESTS | set(COUNTS)
    assert set(query.fields) == tried


@pytest.mark.parametrize("field", EVERYTHING)
async def test_lists_of_two_tenants_share_nothing(
    field: str, ask: Callable[..., Awaitable[Any]]
) -> None:
    seen = {}
    for tenant in DEMO_TENANTS:
        reply = await ask(EVERYTHING[field], tenant=tenant)
        assert "errors" not in reply
        seen[tenant] = rows(reply["data"][field])

    assert seen["acme"]
    assert seen["acme"].isdisjoint(seen["globex"])
    assert seen["acme"].isdisjoint(seen["initech"])
    assert seen["globex"].isdisjoint(seen["initech"])


@pytest.mark.parametrize("field", BY_ID)
async def test_another_tenants_id_answers_null(
    field: str, ask: Callable[..., Awaitable[Any]]
) -> None:
    own = await ask(BY_ID[field], tenant="acme")
    foreign = [await ask(BY_ID[field], tenant=name) for name in ("globex", "initech", "nobody")]

    assert own["data"][field] is not None
    assert foreign == [{"data": {field: None}}] * 3


async def test_a_page_is_the_own_tenants(ask: Callable[..., Awaitable[Any]]) -> None:
    slugs = {t: (await ask(OWN["trustPage"], tenant=t))["data"]["trustPage"] for t in DEMO_TENANTS}

    assert slugs == {tenant: {"slug": tenant} for tenant in DEMO_TENANTS}


async def test_a_count_is_of_the_own_tenant_only(ask: Callable[..., Awaitable[Any]]) -> None:
    query = "{invoiceHistory{totalCount} entities{totalCount} datasets{totalCount}}"

    counts = {t: (await ask(query, tenant=t))["data"] for t in (*DEMO_TENANTS, "nobody")}

    assert {t: c["invoiceHistory"]["totalCount"] for t, c in counts.items()} == {
        "acme": 14,
        "globex": 3,
        "initech": 0,
        "nobody": 0,
    }
    assert {t: c["entities"]["totalCount"] for t, c in counts.items()} == {
        "acme": 40,
        "globex": 40,
        "initech": 39,
        "nobody": 0,
    }
    assert {t: c["datasets"]["totalCount"] for t, c in counts.items()} == {
        "acme": 4,
        "globex": 2,
        "initech": 0,
        "nobody": 0,
    }


async def test_a_summary_counts_the_own_tenants_rows_only(
    ask: Callable[..., Awaitable[Any]],
) -> None:
    query = COUNTS["residencySummary"]

    sums = {
        tenant: list((await ask(query, tenant=tenant))["data"]["residencySummary"].values())
        for tenant in (*DEMO_TENANTS, "nobody")
    }

    assert sums == {
        "acme": [1, 2, 2, 2],
        "globex": [1, 0, 0, 1],
        "initech": [0, 0, 0, 0],
        "nobody": [0, 0, 0, 0],
    }


async def test_relations_lead_to_entities_of_the_own_tenant_only(
    ask: Callable[..., Awaitable[Any]],
) -> None:
    query = """{
      entity(id: "org_meridian") { name }
      entities(first: 100) { edges { node { relations { edges { node {
        target { id name }
      } } } } } }
    }"""

    for tenant, name in (("acme", "Meridian Freight"), ("globex", "Meridian Insurance")):
        data = (await ask(query, tenant=tenant))["data"]
        names = {t["name"] for t in targets(data) if t["id"] == "org_meridian"}
        assert data["entity"]["name"] == name
        assert names <= {name}


def rows(value: Any) -> set[str]:
    """Each object of a list as text, with all that it shows."""
    items = value["edges"] if isinstance(value, dict) else value
    return {json.dumps(item, sort_keys=True) for item in items}


def targets(data: Any) -> list[dict[str, str]]:
    return [
        relation["node"]["target"]
        for edge in data["entities"]["edges"]
        for relation in edge["node"]["relations"]["edges"]
    ]
