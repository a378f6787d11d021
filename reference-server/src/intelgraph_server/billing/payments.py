"""The payment provider behind its official SDK: Stripe's test mode, or the sandbox of this server.

This is the only module that knows the SDK. Both providers are asked by the same code; they differ
in the key and in the way that requests travel. Live keys and live events are refused: ADR-043.
"""

from __future__ import annotations

import hmac
import json
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast

from intelgraph_server.settings import OperatorError

from .model import Checkout, Money, OrderStatus, PaymentEvent
from .rules import CENT, WEBHOOK_TOLERANCE
from .sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from stripe import HTTPClient, StripeClient

    from intelgraph_server.auth import Clock
    from intelgraph_server.settings import Settings

    from .model import Order

VERSION: Final = "2026-10-28.endive"  # Of Stripe's API, whatever the SDK's own is.
TIMEOUT: Final = 10  # Seconds.
# What the server listens to, and the state of an order that each leads to.
TARGETS: Final = {
    "checkout.session.completed": OrderStatus.PAID,
    "checkout.session.async_payment_succeeded": OrderStatus.PAID,
    "checkout.session.expired": OrderStatus.VOID,
    "charge.refunded": OrderStatus.REFUNDED,
}


class PaymentSettingsError(OperatorError):
    """The settings name a provider that may not be used; the message never holds a key."""


class PaymentRefusedError(Exception):
    """The provider understood and will not do it; the message says why, for the caller."""


class ProviderAwayError(ConnectionError):
    """The provider does not answer; what was asked may be asked again."""


class BadSignatureError(Exception):
    """The event did not come from the provider, or came too late."""


class Payments:
    """One provider; made at start, so that a wrong key is told then."""

    def __init__(self, settings: Settings, clock: Clock, api: str | None = None) -> None:
        key, secret = settings.stripe_key, settings.stripe_webhook_secret
        if key is not None and not key.startswith(("sk_test_", "rk_test_")):
            raise PaymentSettingsError(
                "the Stripe key is not one of the test mode; no real money may move here,"
                " so use a key that begins with sk_test_"
            )
        if key is not None and not secret:
            raise PaymentSettingsError(
                "a Stripe key needs the secret of its webhook, or no payment would be believed"
            )
        self._customer_key = _derived(settings.signing_key, "customer")
        self._public_url = settings.public_url.rstrip("/")
        self._clock = clock
        self._api = api
        self.sandbox: Final = None if key else self._new_sandbox(settings, clock)
        self._key = key or _derived(settings.signing_key, "key", "sk_test_sandbox_")
        # While a secret is changed there are two, with a comma between.
        derived = _derived(settings.signing_key, "webhook", "whsec_")
        self._secrets = secret.split(",") if key and secret else [derived]
        self._client: StripeClient | None = None

    @property
    def name(self) -> str:
        return "stripe" if self.sandbox is None else "sandbox"

    def close(self) -> None:
        if self.sandbox is not None:
            self.sandbox.close()

    def customer(self, tenant_id: str) -> str:
        """What stands for a tenant at the provider: it tells nobody who that is."""
        return hmac.new(self._customer_key.encode(), tenant_id.encode(), sha256).hexdigest()[:32]

    def open_checkout(self, order: Order, cents: int, product: str) -> Checkout:
        """A page on which the order is paid; of the buyer it knows nothing but a token."""
        metadata = {"order_id": order.id, "customer": self.customer(order.tenant_id)}
        price = {"currency": "usd", "unit_amount": cents, "product_data": {"name": product}}
        parameters = {
            "mode": "payment",
            "client_reference_id": order.id,
            "metadata": metadata,
            "payment_intent_data": {"metadata": metadata},
            "line_items": [{"quantity": 1, "price_data": price}],
            "success_url": f"{self._public_url}/?order={order.id}",
        }
        once = {"idempotency_key": f"checkout-{order.id}"}
        return _checkout(self._ask("checkout.sessions.create", parameters, once))

    def expire(self, session: str) -> None:
        self._ask("checkout.sessions.expire", session)

    def refund(self, order: Order) -> bool:
        """Has all of the order paid back; gives whether it is, or the provider will tell later."""
        paid = self._ask("checkout.sessions.retrieve", order.session)
        if paid.get("payment_intent") is None:
            raise PaymentRefusedError("Nothing was paid for the order, so nothing is paid back.")
        once = {"idempotency_key": f"refund-{order.id}"}
        parameters = {"payment_intent": paid["payment_intent"]}
        refund = self._ask("refunds.create", parameters, once)
        if refund["status"] not in {"succeeded", "pending"}:
            raise PaymentRefusedError("The provider could not pay the order back.")
        return bool(refund["status"] == "succeeded")

    def checkouts(self, day: datetime, end: datetime) -> list[Checkout]:
        """Every session that this server opened on the day."""
        created = {"gte": int(day.timestamp()), "lt": int(end.timestamp())}
        found = self._all("checkout.sessions.list", {"created": created})
        return [_checkout(one) for one in found if "order_id" in (one.get("metadata") or {})]

    def undelivered(self) -> list[PaymentEvent]:
        """What the provider could not tell, oldest first; it remembers thirty days."""
        wanted = {"delivery_success": False, "types": list(TARGETS)}
        events = [_event(one) for one in self._all("events.list", wanted)]
        return [event for event in reversed(events) if event is not None]

    def read_event(self, body: bytes, signature: str, now: datetime) -> PaymentEvent | None:
        """What the raw body of a webhook tells; None when it is no matter of ours.

        Raises BadSignatureError, also for what is older than the tolerance or of the live mode.
        """
        from stripe import SignatureVerificationError, WebhookSignature  # noqa: PLC0415

        for secret in self._secrets:
            try:
                cast("Any", WebhookSignature).verify_header(body, signature, secret)
                break
            except (SignatureVerificationError, ValueError):
                continue
        else:
            raise BadSignatureError("The signature does not fit the body.")
        # The SDK would ask the time of day, which a fixed clock is not.
        sent_at = next(int(part[2:]) for part in signature.split(",") if part.startswith("t="))
        if abs(now.timestamp() - sent_at) > WEBHOOK_TOLERANCE.total_seconds():
            raise BadSignatureError("The signature is too old, or of the future.")
        event: dict[str, Any] = json.loads(body)
        if event.get("livemode") is not False:
            raise BadSignatureError("The event is not of the test mode.")
        return _event(event)

    def sign(self, body: str) -> str:
        """The header with which the sandbox sends an event."""
        from stripe import WebhookSignature  # noqa: PLC0415

        sign: Any = cast("Any", WebhookSignature).generate_signature_header
        return str(sign(body, self._secrets[0], int(self._clock().timestamp())))

    def _new_sandbox(self, settings: Settings, clock: Clock) -> Sandbox:
        key = _derived(settings.signing_key, "key", "sk_test_sandbox_")
        return Sandbox(settings.database_url, key, settings.public_url, clock)

    def _all(self, method: str, parameters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        page = self._ask(method, {**parameters, "limit": 100})
        yield from page["data"]
        while page["has_more"]:
            last = page["data"][-1]["id"]
            page = self._ask(method, {**parameters, "limit": 100, "starting_after": last})
            yield from page["data"]

    def _ask(self, method: str, *arguments: Any) -> dict[str, Any]:
        import stripe  # noqa: PLC0415

        if self._client is None:
            self._client = stripe.StripeClient(
                self._key,
                stripe_version=VERSION,
                base_addresses={"api": self._api} if self._api else None,
                http_client=self._http(),
            )
        call: Any = self._client.v1
        for name in method.split("."):
            call = getattr(call, name)
        try:
            return cast("dict[str, Any]", call(*arguments).to_dict())
        except (stripe.APIConnectionError, stripe.RateLimitError) as error:
            raise ProviderAwayError("the payment provider does not answer") from error
        except stripe.InvalidRequestError as error:
            if error.code == "resource_missing":
                message = "The payment provider does not know this order."
            else:
                message = "The payment provider refuses this, as the order stands there."
            raise PaymentRefusedError(message) from error

    def _http(self) -> HTTPClient:
        import stripe  # noqa: PLC0415

        if self.sandbox is None:
            return stripe.RequestsClient(timeout=TIMEOUT)
        return _in_process(self.sandbox)


def _in_process(sandbox: Sandbox) -> HTTPClient:
    """The SDK's requests, handed over instead of sent: the server need not reach its own socket."""
    import stripe  # noqa: PLC0415

    class InProcess(stripe.HTTPClient):
        name = "sandbox"

        def request(  # type: ignore[override]  # The SDK's own differs by a private parameter.
            self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None, **_: Any
        ) -> tuple[str, int, Mapping[str, str]]:
            target = url.removeprefix(stripe.DEFAULT_API_BASE)
            status, body = sandbox.answer(method.upper(), target, headers, post_data or "")
            return json.dumps(body), status, {}

        def close(self) -> None:
            """Nothing is held open here."""

    return InProcess()


def _derived(signing_key: str, purpose: str, prefix: str = "") -> str:
    return prefix + hmac.new(signing_key.encode(), f"stripe {purpose}".encode(), sha256).hexdigest()


def _checkout(session: Mapping[str, Any]) -> Checkout:
    return Checkout(
        session["id"],
        session.get("url") or "",
        session["metadata"]["order_id"],
        session["metadata"].get("customer", ""),
        session["payment_status"] == "paid",
        _dollars(session.get("amount_total")),
    )


def _event(event: Mapping[str, Any]) -> PaymentEvent | None:
    told: dict[str, Any] = event["data"]["object"]
    target = TARGETS.get(event["type"])
    metadata: dict[str, Any] = told.get("metadata") or {}
    order_id = metadata.get("order_id")
    if target is None or order_id is None:
        return None
    # A checkout may complete before its payment does, and a part may be paid back.
    if target is OrderStatus.PAID and told.get("payment_status") == "unpaid":
        return None
    if target is OrderStatus.REFUNDED and told.get("refunded") is not True:
        return None
    amount = _dollars(told.get("amount_total", told.get("amount_refunded")))
    return PaymentEvent(event["id"], event["type"], order_id, target, amount)


def _dollars(cents: int | None) -> Money:
    return Money((Decimal(cents or 0) * CENT).quantize(CENT))
