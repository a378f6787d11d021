"""Which payment providers may be used, and what the SDK and the sandbox say to each other."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import pytest
import stripe

from intelgraph_server.auth import Principal
from intelgraph_server.billing.resolvers import resolve_create_checkout
from intelgraph_server.database.engine import is_unavailable
from intelgraph_server.engine.context import Context
from intelgraph_server.engine.errors import DomainError
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.payments.provider import Payments, PaymentSettingsError, in_process
from intelgraph_server.seed import DEFAULT_CLOCK

if TYPE_CHECKING:
    from intelgraph_server.settings import Settings

    Shop = Any


def clock() -> Any:
    return DEFAULT_CLOCK


@pytest.mark.parametrize("key", ["sk_live_51abc", "rk_live_51abc", "pk_test_51abc", "51abc"])
def test_a_key_that_is_not_of_the_test_mode_is_refused_and_not_repeated(
    settings: Settings, key: str
) -> None:
    wrong = replace(settings, stripe_key=key, stripe_webhook_secret="whsec_x")

    with pytest.raises(PaymentSettingsError, match="test mode") as caught:
        Payments(wrong, clock)

    assert "51abc" not in str(caught.value)


def test_a_key_without_the_secret_of_its_webhook_is_refused(settings: Settings) -> None:
    with pytest.raises(PaymentSettingsError, match="secret"):
        Payments(replace(settings, stripe_key="sk_test_51abc"), clock)


def test_with_a_key_of_the_test_mode_there_is_no_sandbox(settings: Settings) -> None:
    given = replace(settings, stripe_key="sk_test_51abc", stripe_webhook_secret="whsec_x")

    assert Payments(given, clock).sandbox is None
    assert Payments(settings, clock).sandbox is not None


def test_the_keys_of_two_sandboxes_differ(settings: Settings) -> None:
    one = Payments(settings, clock)
    other = Payments(replace(settings, signing_key="another key that is long enough"), clock)

    assert one._key.startswith("sk_test_sandbox_")
    assert one._key != other._key
    assert one._secrets != other._secrets


def test_the_server_starts_without_loading_the_sdk() -> None:
    code = "import intelgraph_server.app, sys; print([m for m in sys.modules if m in %r])"
    slow = ("stripe", "cyclonedx", "typst", "pyhanko")

    loaded = subprocess.run(
        [sys.executable, "-c", code % (slow,)], check=True, capture_output=True, text=True
    )

    assert loaded.stdout.strip() == "[]"


def client(shop: Shop, key: str | None = None) -> stripe.StripeClient:
    """The official SDK, as a stranger would use it, on the sandbox."""
    payments = shop.demo.server.services.payments
    return stripe.StripeClient(key or payments._key, http_client=in_process(payments.sandbox))


class Answering(stripe.HTTPClient):
    """The network in between: the provider's one answer, or none where it is away."""

    name = "answering"

    def __init__(self, status: int | None, body: str = "") -> None:
        super().__init__()
        self._status, self._body = status, body

    def request(self, *_: Any, **__: Any) -> Any:
        if self._status is None:
            raise stripe.APIConnectionError("away")
        return self._body, self._status, {}

    def close(self) -> None:
        """Nothing is held open here."""


def session_of(**more: Any) -> Any:
    price = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "<b>Lens</b>"}}
    return {
        "mode": "payment",
        "line_items": [{"quantity": 2, "price_data": price}],
        "success_url": "http://test/done",
    } | more


async def test_the_sdk_opens_expires_and_lists_sessions(shop: Shop) -> None:
    sessions = client(shop).v1.checkout.sessions

    opened = [sessions.create(session_of()) for _ in range(3)]
    sessions.expire(opened[0].id)

    assert opened[1].amount_total == 1000
    assert opened[1].livemode is False
    assert sessions.retrieve(opened[0].id).status == "expired"
    listed = sessions.list({"limit": 2})
    assert listed.has_more
    assert {one.id for one in listed.auto_paging_iter()} == {one.id for one in opened}
    with pytest.raises(stripe.InvalidRequestError):
        sessions.expire(opened[0].id)


async def test_the_sandbox_refuses_what_it_does_not_know_in_stripes_shape(shop: Shop) -> None:
    sessions = client(shop).v1.checkout.sessions

    with pytest.raises(stripe.InvalidRequestError) as unknown:
        sessions.create(session_of(customer_email="ada@example.com"))
    with pytest.raises(stripe.InvalidRequestError) as missing:
        sessions.retrieve("cs_test_none")
    with pytest.raises(stripe.InvalidRequestError) as wrong:
        sessions.create(session_of(mode="subscription"))
    with pytest.raises(stripe.InvalidRequestError) as elsewhere:
        client(shop).v1.customers.create({"email": "ada@example.com"})

    assert (unknown.value.code, unknown.value.param) == ("parameter_unknown", "customer_email")
    assert missing.value.code == "resource_missing"
    assert wrong.value.http_status == 400
    assert elsewhere.value.http_status == 404


async def test_the_sandbox_refuses_another_key(shop: Shop) -> None:
    with pytest.raises(stripe.AuthenticationError):
        client(shop, "sk_test_another").v1.events.list()


async def test_an_idempotency_key_answers_the_same_and_only_the_same(shop: Shop) -> None:
    sessions = client(shop).v1.checkout.sessions
    once: Any = {"idempotency_key": "once"}

    first, second = (sessions.create(session_of(), once) for _ in range(2))

    assert first.id == second.id
    with pytest.raises(stripe.IdempotencyError):
        sessions.create(session_of(success_url="http://test/other"), once)


async def test_a_payment_is_paid_back_once(shop: Shop) -> None:
    api = client(shop).v1
    opened = api.checkout.sessions.create(session_of())
    await shop.pay(opened.url or "")
    intent = str(api.checkout.sessions.retrieve(opened.id).payment_intent)

    refund = api.refunds.create({"payment_intent": intent})

    assert (refund.status, refund.amount) == ("succeeded", 1000)
    with pytest.raises(stripe.InvalidRequestError) as again:
        api.refunds.create({"payment_intent": intent})
    assert again.value.code == "charge_already_refunded"
    with pytest.raises(stripe.InvalidRequestError):
        api.refunds.create({"payment_intent": "pi_test_none"})


async def test_what_is_done_over_http_is_told_to_the_webhook(shop: Shop) -> None:
    order_id, url = await shop.order()
    await shop.pay(url)
    payments = shop.demo.server.services.payments
    intent = url.rsplit("/", 1)[1].replace("cs_", "pi_", 1)

    reply = await shop.http.post(
        "/_sandbox/stripe/v1/refunds",
        data={"payment_intent": intent},
        headers={"Authorization": f"Bearer {payments._key}"},
    )

    assert reply.status_code == 200
    assert await shop.status(order_id) == "REFUNDED"
    latency = shop.demo.server.services.metrics.text().decode()
    assert 'intelgraph_webhook_latency_seconds_count{outcome="applied"} 2.0' in latency


async def test_only_what_was_lost_is_undelivered(shop: Shop) -> None:
    for form in ({}, {"deliver": "false"}):
        _, url = await shop.order()
        await shop.pay(url, **form)

    events = client(shop).v1.events
    lost = events.list({"delivery_success": False, "types": ["checkout.session.completed"]})

    assert len(lost.data) == 1
    assert len(events.list().data) == 2
    assert list(events.list({"delivery_success": False, "types": ["charge.refunded"]}).data) == []


async def test_the_page_says_that_it_is_a_sandbox_and_lets_no_markup_in(shop: Shop) -> None:
    opened = client(shop).v1.checkout.sessions.create(session_of())

    page = await shop.http.get(opened.url or "")
    await shop.pay(opened.url or "")
    paid = await shop.http.get(opened.url or "")

    assert "SANDBOX" in page.text
    assert "<b>Lens" not in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert 'role="status">Not paid yet' in page.text
    assert 'role="status">Paid' in paid.text
    assert (await shop.http.get("/_sandbox/stripe/pay/cs_test_none")).status_code == 404


async def test_the_provider_is_there_for_every_server_of_the_same_database(shop: Shop) -> None:
    _, url = await shop.order()

    other = Payments(shop.settings, clock)
    try:
        sandbox = other.sandbox
        assert sandbox is not None
        with sandbox.books() as books:
            assert books.find(url.rsplit("/", 1)[1]) is not None
    finally:
        other.close()


async def test_a_provider_that_is_away_is_told_as_unavailable(settings: Settings) -> None:
    given = replace(settings, stripe_key="sk_test_x", stripe_webhook_secret="whsec_x")
    payments = Payments(given, clock, Answering(None))

    with pytest.raises(ConnectionError) as caught:
        await anyio.to_thread.run_sync(payments.undelivered)

    assert is_unavailable(caught.value)


async def test_a_checkout_that_the_provider_refuses_is_told_as_refused(shop: Shop) -> None:
    refused = {"type": "invalid_request_error", "message": "not so", "code": "amount_too_small"}
    given = replace(shop.settings, stripe_key="sk_test_x", stripe_webhook_secret="whsec_x")
    payments = Payments(given, clock, Answering(400, json.dumps({"error": refused})))
    services = replace(shop.demo.server.services, payments=payments)
    principal = Principal("demo", "acme", frozenset())

    with shop.demo.server.database.writing() as connection:
        context = Context(principal, connection, DEFAULT_CLOCK, services)
        with pytest.raises(DomainError, match="payment provider refuses") as caught:
            resolve_create_checkout(None, context, "plg_ship_tracker")

    assert caught.value.code is ErrorCode.CONFLICT
    counted = services.metrics.text().decode()
    assert 'intelgraph_billing_payments_total{outcome="failed"} 1.0' in counted
