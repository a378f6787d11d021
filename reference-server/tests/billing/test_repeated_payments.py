"""Requests that are sent again, and how often the payment provider is asked for what they want."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import stripe

from intelgraph_server import kept_answers
from intelgraph_server.auth import Principal
from intelgraph_server.database.billing_tables import LEDGER_ENTRIES, MARKETPLACE_ORDERS
from intelgraph_server.engine.execute import Engine, Reply, Request
from intelgraph_server.engine.persisted import PersistedDocuments
from intelgraph_server.payments.provider import Payments, in_process
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    Shop = Any

ADA = Principal("ada", "acme", frozenset({"billing.write", "billing.read"}))
CHECKOUT = 'mutation{createCheckout(pluginId:"plg_ship_tracker")}'
# The second field fails, which undoes the first one: the provider has opened its page by then.
LOST = 'mutation{a:createCheckout(pluginId:"plg_ship_tracker") b:createCheckout(pluginId:"plg_no")}'


class Counted(stripe.HTTPClient):
    """The way to the sandbox, which remembers what was asked."""

    name = "counted"

    def __init__(self, inner: stripe.HTTPClient) -> None:
        super().__init__()
        self._inner = inner
        self.asked: list[str] = []
        self.answered: list[str] = []

    def request(self, method: str, url: str, *more: Any, **named: Any) -> Any:
        self.asked.append(f"{method.upper()} {url.removeprefix(stripe.DEFAULT_API_BASE)}")
        answer = self._inner.request(method, url, *more, **named)
        self.answered.append(json.loads(answer[0]).get("id", ""))
        return answer

    def close(self) -> None:
        """Nothing is held open here."""


@dataclass
class Till:
    """A shop's own engine, and what it asks of the provider."""

    engine: Engine
    http: Counted

    def ask(self, query: str, *keys: str) -> Reply:
        return self.engine.reply(Request(query, principal=ADA, idempotency_keys=keys))

    def writes(self) -> list[str]:
        """What was asked of the provider since, but for mere questions."""
        asked, self.http.asked[:] = [*self.http.asked], []
        return [request for request in asked if request.startswith("POST")]


@pytest.fixture
def till(shop: Shop) -> Till:
    server = shop.demo.server
    http = Counted(in_process(server.services.payments.sandbox))
    payments = Payments(shop.settings, lambda: DEFAULT_CLOCK, http)
    engine = Engine(
        server.schema,
        PersistedDocuments({}, allow_list=False),
        server.database,
        clock=lambda: DEFAULT_CLOCK,
        services=replace(server.services, payments=payments),
    )
    return Till(engine, http)


async def test_a_repeated_checkout_does_not_ask_the_provider_again(shop: Shop, till: Till) -> None:
    before = len(shop.rows(MARKETPLACE_ORDERS))

    first = till.ask(CHECKOUT, "key-1")
    again = till.ask(CHECKOUT, "key-1")

    assert again.body == first.body
    assert till.writes() == ["POST /v1/checkout/sessions"]
    assert len(shop.rows(MARKETPLACE_ORDERS)) == before + 1


async def test_a_checkout_that_was_undone_opens_the_same_page_when_it_is_repeated(
    shop: Shop, till: Till
) -> None:
    before = len(shop.rows(MARKETPLACE_ORDERS))

    for keys in [("key-1",), ("key-1",), ("key-2",), ()]:
        assert till.ask(LOST, *keys).body["errors"]

    first, again, *others = till.http.answered
    assert first == again
    assert len({first, *others}) == 3
    assert len(shop.rows(MARKETPLACE_ORDERS)) == before


async def test_a_checkout_is_not_repeated_at_another_price(shop: Shop, till: Till) -> None:
    await shop.offer(price="1.00")
    lost = LOST.replace("plg_ship_tracker", "plg_radar")
    till.ask(lost, "key-1")

    await shop.offer(version="2.0.0", price="2.00")
    reply = till.ask(lost, "key-1")

    assert reply.body["errors"][0]["extensions"] == {"code": "CONFLICT"}
    assert "new key" in reply.body["errors"][0]["message"]


async def test_a_key_that_is_used_anew_after_its_day_orders_anew(shop: Shop, till: Till) -> None:
    first = till.ask(CHECKOUT, "key-1")
    with shop.demo.server.database.writing() as connection:
        kept_answers.forget(connection, DEFAULT_CLOCK + timedelta(days=1))

    anew = till.ask(CHECKOUT, "key-1")

    assert anew.body["data"]["createCheckout"] != first.body["data"]["createCheckout"]
    assert len(till.writes()) == 2


@pytest.mark.parametrize("keys", [(), ("key-2",)])
async def test_an_order_is_paid_back_once_with_a_key_and_without(
    shop: Shop, till: Till, keys: tuple[str, ...]
) -> None:
    order_id = await shop.bought()
    refund = f'mutation{{refundOrder(id:"{order_id}"){{status}}}}'

    replies = [till.ask(refund, *keys) for _ in range(3)]

    assert {reply.body["data"]["refundOrder"]["status"] for reply in replies} == {"REFUNDED"}
    assert till.writes() == ["POST /v1/refunds"]
    assert [row["kind"] for row in shop.rows(LEDGER_ENTRIES) if row["subject"] == order_id] == [
        "payment",
        "refund",
    ]


@pytest.mark.parametrize("keys", [(), ("key-2",)])
async def test_an_order_is_given_up_once_with_a_key_and_without(
    shop: Shop, till: Till, keys: tuple[str, ...]
) -> None:
    order_id, _ = await shop.order()
    void = f'mutation{{voidOrder(id:"{order_id}"){{status}}}}'

    replies = [till.ask(void, *keys) for _ in range(3)]

    assert {reply.body["data"]["voidOrder"]["status"] for reply in replies} == {"VOID"}
    assert len(till.writes()) == 1
