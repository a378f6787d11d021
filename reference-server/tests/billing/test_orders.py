"""Orders from the checkout to the refund, for whom they are and for nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intelgraph_server.database.billing_tables import LEDGER_ENTRIES, MARKETPLACE_ORDERS
from intelgraph_server.database.tables import AUDIT_TRAIL

if TYPE_CHECKING:
    Shop = Any

CHECKOUT = "mutation($plugin:ID!){createCheckout(pluginId:$plugin)}"
REFUND = "mutation($id:ID!){refundOrder(id:$id){status}}"
VOID = "mutation($id:ID!){voidOrder(id:$id){status}}"
SWITCH = (
    """mutation($on:Boolean!){setSwitch(input:{name:CHECKOUT,isOn:$on,reason:"a test"}){isOn}}"""
)
PAGE = """query($after:String){orders(first:4,after:$after){
  totalCount pageInfo{endCursor hasNextPage} edges{node{id createdAt}}}}"""
ORDER = "query($id:ID!){order(id:$id){pluginVersion price{value currency} status invoice{id}}}"
PLUGIN = '{plugin(id:"plg_radar"){price{value}}}'


async def test_a_plugin_is_bought_on_the_page_that_the_checkout_answers(shop: Shop) -> None:
    order_id, url = await shop.order()
    assert url.startswith("http://test/_sandbox/stripe/pay/cs_test_")
    assert await shop.status(order_id) == "CREATED"

    assert await shop.pay(url) == 303

    reply = await shop.ask(ORDER, id=order_id)
    assert reply["data"]["order"] == {
        "pluginVersion": "1.0.0",
        "price": {"value": "199.00", "currency": "USD"},
        "status": "PAID",
        "invoice": None,
    }


async def test_the_provider_is_asked_for_the_exact_cents_and_told_of_no_person(shop: Shop) -> None:
    await shop.offer(price="0.29")

    order_id, url = await shop.order("plg_radar")

    payments = shop.demo.server.services.payments
    session = shop.session(url)
    assert session["amount_total"] == 29
    assert session["livemode"] is False
    assert session["metadata"] == {"order_id": order_id, "customer": payments.customer("acme")}
    assert "acme" not in str(session | {"success_url": ""}).lower()


async def test_the_token_of_a_tenant_is_its_own_and_the_same_every_time(shop: Shop) -> None:
    customer = shop.demo.server.services.payments.customer

    assert customer("acme") == customer("acme") != customer("globex")


async def test_an_order_keeps_its_price_after_another_release_is_published(shop: Shop) -> None:
    await shop.offer("1.0.0", "19.99")
    order_id, url = await shop.order("plg_radar")

    await shop.offer("1.1.0", "29.99")
    await shop.pay(url)

    order = (await shop.ask(ORDER, id=order_id))["data"]["order"]
    assert (order["pluginVersion"], order["price"]["value"]) == ("1.0.0", "19.99")
    assert order["status"] == "PAID"
    assert (await shop.ask(PLUGIN))["data"]["plugin"]["price"]["value"] == "29.99"
    newer, _ = await shop.order("plg_radar")
    assert (await shop.ask(ORDER, id=newer))["data"]["order"]["price"]["value"] == "29.99"


async def test_a_price_with_a_fraction_of_a_cent_cannot_be_paid(shop: Shop) -> None:
    assert await shop.code(CHECKOUT, plugin="plg_name_matching") == "CONFLICT"
    assert await shop.code(CHECKOUT, plugin="plg_none") == "BAD_USER_INPUT"


async def test_what_costs_nothing_is_ordered_the_same_way(shop: Shop) -> None:
    order_id = await shop.bought("plg_stix_export")

    assert await shop.status(order_id) == "PAID"


async def test_switched_off_nothing_new_is_sold_but_what_was_ordered_is_paid(shop: Shop) -> None:
    order_id, url = await shop.order()

    await shop.ask(SWITCH, on=False)

    assert await shop.code(CHECKOUT, plugin="plg_ship_tracker") == "SWITCHED_OFF"
    await shop.pay(url)
    assert await shop.status(order_id) == "PAID"
    await shop.ask(SWITCH, on=True)
    assert (await shop.order())[0] != order_id


async def test_a_refund_pays_back_and_takes_the_booking_back(shop: Shop) -> None:
    order_id = await shop.bought()

    reply = await shop.ask(REFUND, id=order_id)

    assert reply["data"]["refundOrder"]["status"] == "REFUNDED"
    entries = [row for row in shop.rows(LEDGER_ENTRIES) if row["subject"] == order_id]
    assert {(r["kind"], r["debit"], r["credit"], str(r["amount_usd"])) for r in entries} == {
        ("payment", "cash", "sales", "199.00"),
        ("refund", "sales", "cash", "199.00"),
    }
    assert "order.refunded" in {row["action"] for row in shop.rows(AUDIT_TRAIL)}


async def test_a_refund_again_answers_the_order_and_books_nothing(shop: Shop) -> None:
    order_id = await shop.bought()
    await shop.ask(REFUND, id=order_id)
    before = len(shop.rows(LEDGER_ENTRIES))

    again = await shop.ask(REFUND, id=order_id)
    await shop.work()

    assert again["data"]["refundOrder"]["status"] == "REFUNDED"
    assert len(shop.rows(LEDGER_ENTRIES)) == before


async def test_a_refund_of_an_unpaid_order_is_refused(shop: Shop) -> None:
    order_id, _ = await shop.order()

    assert await shop.code(REFUND, id=order_id) == "CONFLICT"
    assert await shop.status(order_id) == "CREATED"


async def test_a_refund_of_an_order_that_the_provider_does_not_know_is_refused(shop: Shop) -> None:
    seeded = next(row for row in shop.rows(MARKETPLACE_ORDERS) if row["tenant_id"] == "acme")

    assert await shop.code(REFUND, id=seeded["order_id"]) == "CONFLICT"
    assert await shop.status(seeded["order_id"]) == "PAID"


async def test_a_void_order_can_no_longer_be_paid(shop: Shop) -> None:
    order_id, url = await shop.order()

    reply = await shop.ask(VOID, id=order_id)
    await shop.pay(url)

    assert reply["data"]["voidOrder"]["status"] == "VOID"
    assert await shop.status(order_id) == "VOID"
    assert (await shop.ask(VOID, id=order_id))["data"]["voidOrder"]["status"] == "VOID"
    assert await shop.code(REFUND, id=order_id) == "CONFLICT"


async def test_a_void_of_a_paid_order_is_refused(shop: Shop) -> None:
    order_id = await shop.bought()

    reply = await shop.ask(VOID, id=order_id)

    assert reply["errors"][0]["extensions"]["code"] == "CONFLICT"
    assert reply["errors"][0]["message"] == "The order was paid; refund it instead."
    assert await shop.status(order_id) == "PAID"


async def test_a_void_of_an_order_that_was_paid_there_but_not_told_is_refused(shop: Shop) -> None:
    order_id, url = await shop.order()
    await shop.pay(url, deliver="false")

    assert await shop.code(VOID, id=order_id) == "CONFLICT"
    assert await shop.status(order_id) == "CREATED"


async def test_an_order_of_another_tenant_can_be_neither_read_nor_changed(shop: Shop) -> None:
    order_id = await shop.bought()
    left, _ = await shop.order()

    assert await shop.status(order_id, tenant="globex") is None
    assert await shop.code(REFUND, id=order_id, tenant="globex") == "BAD_USER_INPUT"
    assert await shop.code(VOID, id=left, tenant="globex") == "BAD_USER_INPUT"
    assert [await shop.status(order_id), await shop.status(left)] == ["PAID", "CREATED"]


async def test_what_is_no_id_of_an_order_is_no_order(shop: Shop) -> None:
    assert await shop.status("1") is None
    assert await shop.code(VOID, id="1") == "BAD_USER_INPUT"


async def test_a_token_of_an_unknown_tenant_buys_nothing(shop: Shop) -> None:
    code = await shop.code(CHECKOUT, plugin="plg_ship_tracker", tenant="nobody")

    assert code == "FORBIDDEN"


async def test_an_order_that_is_undone_here_is_a_payment_of_nobody(shop: Shop) -> None:
    before = len(shop.rows(MARKETPLACE_ORDERS))

    await shop.ask('mutation{createCheckout(pluginId:"plg_ship_tracker") voidOrder(id:"1"){id}}')

    assert len(shop.rows(MARKETPLACE_ORDERS)) == before


async def test_pages_of_orders_stand_newest_first_and_hold_each_once(shop: Shop) -> None:
    for _ in range(5):
        await shop.order()
    seen: list[Any] = []
    after, has_more = None, True

    while has_more:
        part = (await shop.ask(PAGE, after=after))["data"]["orders"]
        seen += [edge["node"] for edge in part["edges"]]
        after, has_more = part["pageInfo"]["endCursor"], part["pageInfo"]["hasNextPage"]

    assert len({one["id"] for one in seen}) == len(seen) == part["totalCount"] == 18
    assert [one["createdAt"] for one in seen] == sorted(
        (one["createdAt"] for one in seen), reverse=True
    )
