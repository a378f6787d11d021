"""What the billing domain answers about the seeded tenants."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Ask = Callable[..., Awaitable[Any]]

INVOICES = "{ invoices { id amountUSD createdAt amount { value currency } plugin { id } } }"
HISTORY = """
query ($first: Int!, $after: String) {
  invoiceHistory(first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { id } }
  }
}
"""
PLUGINS = "{ plugins(first: 100) { totalCount edges { node { id name } } } }"


async def test_invoices_stand_newest_first(ask: Ask) -> None:
    instants = [one["createdAt"] for one in (await ask(INVOICES))["data"]["invoices"]]

    assert instants == sorted(instants, reverse=True)
    assert len(instants) == 14


async def test_the_exact_amount_agrees_with_the_rounded_one(ask: Ask) -> None:
    for invoice in (await ask(INVOICES))["data"]["invoices"]:
        assert invoice["amount"]["currency"] == "USD"
        assert float(Decimal(invoice["amount"]["value"])) == invoice["amountUSD"]


async def test_an_invoice_names_the_plugin_that_was_bought(ask: Ask) -> None:
    offered = {edge["node"]["id"] for edge in (await ask(PLUGINS))["data"]["plugins"]["edges"]}

    bought = [one["plugin"] for one in (await ask(INVOICES))["data"]["invoices"] if one["plugin"]]

    assert bought
    assert {plugin["id"] for plugin in bought} <= offered


async def test_pages_of_the_history_are_the_list_of_all_invoices(ask: Ask) -> None:
    whole = [one["id"] for one in (await ask(INVOICES))["data"]["invoices"]]
    paged: list[str] = []
    after, has_more = None, True

    while has_more:
        page = (await ask(HISTORY, first=5, after=after))["data"]["invoiceHistory"]
        assert page["totalCount"] == len(whole)
        paged += [edge["node"]["id"] for edge in page["edges"]]
        after, has_more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert paged == whole


async def test_a_tenant_that_is_enrolled_in_nothing_has_no_invoices(ask: Ask) -> None:
    assert (await ask(INVOICES, tenant="initech"))["data"] == {"invoices": []}


async def test_tenants_share_the_marketplace_and_no_invoice(ask: Ask) -> None:
    acme, globex = await ask(INVOICES), await ask(INVOICES, tenant="globex")

    assert await ask(PLUGINS) == await ask(PLUGINS, tenant="globex")
    ids = [{one["id"] for one in reply["data"]["invoices"]} for reply in (acme, globex)]
    assert all(ids)
    assert ids[0].isdisjoint(ids[1])


async def test_plugins_stand_in_alphabetical_order_whatever_their_case(ask: Ask) -> None:
    names = [edge["node"]["name"] for edge in (await ask(PLUGINS))["data"]["plugins"]["edges"]]

    assert names == sorted(names, key=str.casefold)
