"""What the payment provider tells is believed when it is signed, once, and in any order."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from intelgraph_server.database.billing_tables import LEDGER_ENTRIES, PAYMENT_INBOX
from intelgraph_server.database.tables import JOBS
from intelgraph_server.seed import DEFAULT_CLOCK
from intelgraph_server.testing import demo_server

if TYPE_CHECKING:
    Shop = Any


def booked(shop: Shop, order_id: str) -> list[str]:
    return sorted(row["kind"] for row in shop.rows(LEDGER_ENTRIES) if row["subject"] == order_id)


def invoice_jobs(shop: Shop) -> int:
    return sum(row["kind"] == "billing.invoice" for row in shop.rows(JOBS))


async def test_a_signed_event_moves_the_order_and_is_kept_with_its_job_at_once(shop: Shop) -> None:
    order_id, _ = await shop.order()

    reply = await shop.tell(shop.event(order_id))

    assert (reply.status_code, reply.json()) == (200, {"outcome": "applied"})
    assert await shop.status(order_id) == "PAID"
    assert [row["event_id"] for row in shop.rows(PAYMENT_INBOX)] == ["evt_1"]
    assert invoice_jobs(shop) == 1
    assert booked(shop, order_id) == ["payment"]


async def test_the_same_event_again_has_no_second_effect(shop: Shop) -> None:
    order_id, _ = await shop.order()
    await shop.tell(shop.event(order_id))

    reply = await shop.tell(shop.event(order_id))

    assert (reply.status_code, reply.json()) == (200, {"outcome": "duplicate"})
    assert booked(shop, order_id) == ["payment"]
    assert invoice_jobs(shop) == 1


async def test_a_second_event_of_the_same_payment_has_no_second_effect(shop: Shop) -> None:
    order_id, _ = await shop.order()
    await shop.tell(shop.event(order_id))

    reply = await shop.tell(shop.event(order_id, id="evt_2"))

    assert reply.json() == {"outcome": "ignored"}
    assert booked(shop, order_id) == ["payment"]


async def test_an_event_that_another_secret_signed_is_refused(shop: Shop) -> None:
    order_id, _ = await shop.order()

    reply = await shop.tell(shop.event(order_id), secret="whsec_another")

    assert reply.status_code == 400
    assert await shop.status(order_id) == "CREATED"


async def test_an_event_without_a_signature_is_refused(shop: Shop) -> None:
    order_id, _ = await shop.order()

    reply = await shop.http.post("/stripe/webhook", content=shop.event(order_id))

    assert reply.status_code == 400
    assert await shop.status(order_id) == "CREATED"


async def test_the_signature_is_over_the_bytes_and_not_over_what_they_mean(shop: Shop) -> None:
    order_id, _ = await shop.order()
    body = shop.event(order_id)
    header = shop.demo.server.services.payments.sandbox.sign(body.encode())
    same_meaning = json.dumps(json.loads(body), indent=1)

    replies = [
        await shop.http.post(
            "/stripe/webhook", content=content, headers={"Stripe-Signature": header}
        )
        for content in (same_meaning, body + " ", "\xff", body)
    ]

    assert [reply.status_code for reply in replies] == [400, 400, 400, 200]


@pytest.mark.parametrize(("seconds", "status"), [(-301, 400), (-300, 200), (300, 200), (301, 400)])
async def test_a_signature_holds_for_five_minutes_of_the_servers_clock(
    shop: Shop, seconds: int, status: int
) -> None:
    order_id, _ = await shop.order()

    reply = await shop.tell(shop.event(order_id), at=DEFAULT_CLOCK + timedelta(seconds=seconds))

    assert reply.status_code == status


async def test_while_a_secret_is_changed_both_are_believed_and_no_third(shop: Shop) -> None:
    settings = replace(
        shop.settings, stripe_key="sk_test_x", stripe_webhook_secret="whsec_new,whsec_old"
    )
    order_id, _ = await shop.order()

    with demo_server(settings) as demo:
        read = demo.server.services.payments.read_event
        body = shop.event(order_id).encode()
        headers = [
            (await shop.tell(body, secret=secret)).request.headers["stripe-signature"]
            for secret in ("whsec_new", "whsec_old", "whsec_third")
        ]

        assert read(body, headers[0], DEFAULT_CLOCK) == read(body, headers[1], DEFAULT_CLOCK)
        with pytest.raises(Exception, match="does not fit"):
            read(body, headers[2], DEFAULT_CLOCK)


@pytest.mark.parametrize("livemode", [True, None, "false"])
async def test_an_event_of_the_live_mode_is_refused(shop: Shop, livemode: object) -> None:
    order_id, _ = await shop.order()

    reply = await shop.tell(shop.event(order_id, livemode=livemode))

    assert reply.status_code == 400
    assert await shop.status(order_id) == "CREATED"


async def test_a_body_that_is_too_large_is_refused(shop: Shop) -> None:
    reply = await shop.tell("x" * 262_145)
    of_sandbox = await shop.http.post("/_sandbox/stripe/v1/refunds", content="x" * 262_145)

    assert [reply.status_code, of_sandbox.status_code] == [413, 413]


@pytest.mark.parametrize(
    "metadata", [{}, {"order_id": "another shop's"}, {"order_id": "0" * 32}, None]
)
async def test_an_event_of_somebody_elses_sale_is_ignored(shop: Shop, metadata: object) -> None:
    reply = await shop.tell(shop.event("", about={"metadata": metadata}))

    assert (reply.status_code, reply.json()) == (200, {"outcome": "ignored"})
    assert shop.rows(PAYMENT_INBOX) == []


async def test_an_event_of_a_type_that_nobody_asked_for_is_ignored(shop: Shop) -> None:
    order_id, _ = await shop.order()

    reply = await shop.tell(shop.event(order_id, "charge.updated"))

    assert (reply.status_code, reply.json()) == (200, {"outcome": "ignored"})


async def test_a_checkout_that_completed_without_its_payment_pays_nothing(shop: Shop) -> None:
    order_id, _ = await shop.order()

    await shop.tell(shop.event(order_id, about={"payment_status": "unpaid"}))

    assert await shop.status(order_id) == "CREATED"


@pytest.mark.parametrize("other", [{"amount_total": 19899}, {"currency": "eur"}], ids=str)
async def test_a_payment_of_another_amount_or_currency_pays_nothing(
    shop: Shop, other: dict[str, object]
) -> None:
    order_id, _ = await shop.order()

    reply = await shop.tell(shop.event(order_id, about=other))

    assert reply.json() == {"outcome": "ignored"}
    assert await shop.status(order_id) == "CREATED"


async def test_a_part_that_was_paid_back_does_not_refund_the_order(shop: Shop) -> None:
    order_id = await shop.bought()
    part = {"refunded": False, "amount_refunded": 100}

    await shop.tell(shop.event(order_id, "charge.refunded", about=part))

    assert await shop.status(order_id) == "PAID"


async def test_a_refund_that_is_told_before_its_payment_books_both(shop: Shop) -> None:
    order_id, _ = await shop.order()

    first = await shop.tell(shop.event(order_id, "charge.refunded"))
    second = await shop.tell(shop.event(order_id, id="evt_2"))

    assert [first.json()["outcome"], second.json()["outcome"]] == ["applied", "ignored"]
    assert await shop.status(order_id) == "REFUNDED"
    assert booked(shop, order_id) == ["payment", "refund"]


async def test_an_expired_session_voids_the_order_and_not_one_that_is_paid(shop: Shop) -> None:
    left, _ = await shop.order()
    paid = await shop.bought()

    for number, order_id in enumerate((left, paid)):
        await shop.tell(shop.event(order_id, "checkout.session.expired", id=f"evt_x{number}"))

    assert [await shop.status(left), await shop.status(paid)] == ["VOID", "PAID"]


async def test_the_latency_of_a_webhook_is_measured_by_its_outcome(shop: Shop) -> None:
    order_id, _ = await shop.order()
    await shop.tell(shop.event(order_id))
    await shop.tell(shop.event(order_id))
    await shop.tell(shop.event(order_id), secret="whsec_another")

    text = shop.demo.server.services.metrics.text().decode()

    for outcome in ("applied", "duplicate", "refused"):
        assert f'intelgraph_webhook_latency_seconds_count{{outcome="{outcome}"}} 1.0' in text
    assert 'intelgraph_billing_payments_total{outcome="paid"} 1.0' in text
