"""Uses are charged by the release that was bought; the books of a day are compared."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, insert, update

from intelgraph_server import jobs
from intelgraph_server.database.billing_tables import (
    LEDGER_ENTRIES,
    MARKETPLACE_ORDERS,
    RECONCILIATIONS,
    USAGE_EVENTS,
)
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    Shop = Any

USE = """mutation($input:RecordUsageInput!){recordUsage(input:$input){
  id pluginId quantity usedAt recordedAt}}"""
RECONCILIATIONS_OF = """{reconciliations(first:1){totalCount edges{node{day isBalanced
  lineItems{pluginId quantity unitPrice{value} amount{value}}
  drifts{kind subject expected{value} found{value}}}}}}"""
REFUND = "mutation($id:ID!){refundOrder(id:$id){status}}"
NEXT_DAY = timedelta(days=1)
SHIPS = "plg_ship_tracker"


def use(**more: object) -> dict[str, object]:
    return {
        "id": "use_1",
        "pluginId": SHIPS,
        "quantity": 3,
        "usedAt": "2026-04-14T23:00:00Z",
    } | more


async def found(shop: Shop, tenant: str = "acme") -> Any:
    """What the reconciliation of the shop's day finds."""
    await shop.work(after=NEXT_DAY)
    reply = await shop.ask(RECONCILIATIONS_OF, tenant=tenant)
    return reply["data"]["reconciliations"]["edges"][0]["node"]


async def test_a_use_is_charged_by_the_unit_price_of_the_release_that_was_bought(
    shop: Shop,
) -> None:
    await shop.offer("1.0.0", "10.00", unitPriceUSD="0.0125")
    await shop.bought("plg_radar")
    await shop.offer("2.0.0", "10.00", unitPriceUSD="9.00")

    await shop.ask(USE, input=use(pluginId="plg_radar", quantity=3))

    day = await found(shop)
    assert day["day"] == "2026-04-15T00:00:00Z"
    assert day["isBalanced"]
    assert day["lineItems"] == [
        {
            "pluginId": "plg_radar",
            "quantity": 3,
            "unitPrice": {"value": "0.0125"},
            "amount": {"value": "0.0375"},
        }
    ]


async def test_the_same_use_again_is_charged_once(shop: Shop) -> None:
    await shop.bought()
    first = await shop.ask(USE, input=use())

    again = await shop.ask(USE, input=use())

    assert first == again
    assert await shop.code(USE, input=use(quantity=4)) == "CONFLICT"
    assert [row["subject"] for row in shop.rows(LEDGER_ENTRIES)].count("use_1") == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"quantity": 0}, "BAD_USER_INPUT"),
        ({"quantity": 1_000_001}, "BAD_USER_INPUT"),
        ({"id": "a b"}, "BAD_USER_INPUT"),
        ({"usedAt": "2026-04-15T00:00:01Z"}, "BAD_USER_INPUT"),
        ({"pluginId": "plg_passive_dns"}, "CONFLICT"),
    ],
    ids=str,
)
async def test_what_is_no_use_of_something_bought_is_refused(
    shop: Shop, wrong: dict[str, object], code: str
) -> None:
    await shop.bought(tenant="initech")

    assert await shop.code(USE, input=use(**wrong), tenant="initech") == code


async def test_a_plugin_that_only_another_tenant_bought_cannot_be_used(shop: Shop) -> None:
    await shop.bought(tenant="globex")

    assert await shop.code(USE, input=use(), tenant="initech") == "CONFLICT"


async def test_a_plugin_that_was_paid_back_can_no_longer_be_used(shop: Shop) -> None:
    order_id = await shop.bought(tenant="initech")
    await shop.ask(REFUND, id=order_id, tenant="initech")

    assert await shop.code(USE, input=use(), tenant="initech") == "CONFLICT"


async def test_books_that_agree_are_balanced(shop: Shop) -> None:
    await shop.ask(REFUND, id=await shop.bought())
    await shop.bought()
    await shop.order()
    await shop.ask(USE, input=use())

    day = await found(shop)

    assert (day["isBalanced"], day["drifts"]) == (True, [])


async def test_the_seeded_day_is_what_the_reconciliation_finds(shop: Shop) -> None:
    seeded = {row["tenant_id"]: row for row in shop.rows(RECONCILIATIONS)}
    with shop.demo.server.database.writing() as connection:
        connection.execute(delete(RECONCILIATIONS))

    await shop.work()

    assert {row["tenant_id"]: row for row in shop.rows(RECONCILIATIONS)} == seeded


async def test_a_payment_that_nobody_told_of_is_drift_and_the_replay_catches_it_up(
    shop: Shop,
) -> None:
    order_id, url = await shop.order()
    await shop.pay(url, deliver="false")
    assert await shop.status(order_id) == "CREATED"

    day = await found(shop)

    assert day["drifts"] == [
        {
            "kind": "payment",
            "subject": order_id,
            "expected": {"value": "199.00"},
            "found": {"value": "0"},
        }
    ]
    assert await shop.status(order_id) == "PAID"


async def test_a_second_replay_has_no_second_effect(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "intelgraph_server.billing.books")
    order_id, url = await shop.order()
    await shop.pay(url, deliver="false")

    for _ in range(2):
        with shop.demo.server.database.writing() as connection:
            jobs.enqueue(connection, "billing.replay", run_at=DEFAULT_CLOCK)
        await shop.work()

    replayed = [m.rsplit(" ", 1)[1] for m in caplog.messages if m.startswith("replayed")]
    assert {*replayed[:1]} == {"applied"}
    assert {*replayed[1:]} == {"duplicate"}
    payments = [r for r in shop.rows(LEDGER_ENTRIES) if r["subject"] == order_id]
    assert len(payments) == 1
    assert await shop.status(order_id) == "PAID"


async def test_a_payment_that_the_provider_knows_nothing_of_is_drift(shop: Shop) -> None:
    order_id, _ = await shop.order()
    await shop.tell(shop.event(order_id))

    day = await found(shop)

    assert [(d["kind"], d["subject"]) for d in day["drifts"]] == [("payment", order_id)]


async def test_an_order_whose_booking_is_missing_is_drift(shop: Shop) -> None:
    order_id = await shop.bought()
    with shop.demo.server.database.writing() as connection:
        connection.execute(delete(LEDGER_ENTRIES).where(LEDGER_ENTRIES.c.subject == order_id))

    day = await found(shop)

    assert day["drifts"] == [
        {
            "kind": "order",
            "subject": order_id,
            "expected": {"value": "199.00"},
            "found": {"value": "0"},
        }
    ]


async def test_a_booking_without_an_order_is_drift(shop: Shop) -> None:
    values = {"tenant_id": "acme", "kind": "payment", "subject": "0" * 32, "plugin_id": SHIPS}
    values |= {"debit": "cash", "credit": "sales"}
    amounts = {"amount_usd": Decimal("5.00"), "booked_at": DEFAULT_CLOCK}
    with shop.demo.server.database.writing() as connection:
        connection.execute(insert(LEDGER_ENTRIES).values(values | amounts))

    day = await found(shop)

    assert [(d["kind"], d["found"]["value"]) for d in day["drifts"]] == [("order", "5.00")]


async def test_a_use_that_was_not_booked_and_one_that_changed_are_drift(shop: Shop) -> None:
    await shop.bought()
    await shop.ask(USE, input=use())
    with shop.demo.server.database.writing() as connection:
        connection.execute(update(USAGE_EVENTS).values(quantity=5))

    day = await found(shop)

    assert day["drifts"] == [
        {
            "kind": "usage",
            "subject": SHIPS,
            "expected": {"value": "0.025"},
            "found": {"value": "0.015"},
        }
    ]


async def test_the_drift_of_one_tenant_is_no_matter_of_another(shop: Shop) -> None:
    _, url = await shop.order()
    await shop.pay(url, deliver="false")
    await shop.bought(tenant="globex")

    assert not (await found(shop))["isBalanced"]
    assert (await found(shop, tenant="globex"))["isBalanced"]


async def test_what_was_found_of_a_day_first_stays(shop: Shop) -> None:
    _, url = await shop.order()
    await shop.pay(url, deliver="false")
    before = await found(shop)
    with shop.demo.server.database.writing() as connection:
        payload = {"day": "2026-04-15"}
        jobs.enqueue(connection, "billing.reconcile", run_at=DEFAULT_CLOCK, payload=payload)

    assert await found(shop) == before


async def test_every_order_of_the_demonstration_has_its_booking(shop: Shop) -> None:
    orders = {row["order_id"]: row["price_usd"] for row in shop.rows(MARKETPLACE_ORDERS)}

    booked = {
        row["subject"]: row["amount_usd"]
        for row in shop.rows(LEDGER_ENTRIES)
        if row["kind"] == "payment"
    }

    assert booked == orders
    assert len(orders) == 15
