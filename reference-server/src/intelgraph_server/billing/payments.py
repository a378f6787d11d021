"""The payment provider behind its official SDK: Stripe's test mode, or the sandbox of this server.

This is the only module that knows the SDK. Both providers are asked by the same code; they differ
in the key and in the way that requests travel. Live keys and live events are refused: ADR-043.
"""

from __future__ import annotations

import hmac
import json
from collections import defaultdict
from contextlib import contextmanager
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.engine.errors import DomainError
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.sandbox.provider import Sandbox

from .model import OrderStatus, PaymentEvent
from .rules import CENT, WEBHOOK_TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
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
UNKNOWN: Final = "The payment provider does not know this order."


class PaymentSettingsError(Exception):
    """The settings name a provider that may not be used; the message never holds a key."""


class PaymentRefusedError(DomainError):
    """The provider understood and will not do it; the message says why, for the caller."""

    def __init__(self, message: str) -> None:
        super().__init__(ErrorCode.CONFLICT, message)


class BadSignatureError(Exception):
    """The event did not come from the provider, or came too late."""


class Payments:
    """One provider; made at start, so that a wrong key is told then."""

    def __init__(self, settings: Settings, clock: Clock, http: HTTPClient | None = None) -> None:
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

        def derived(purpose: str, prefix: str = "") -> str:
            return prefix + _hmac(settings.signing_key, f"stripe {purpose}")

        self._customer_key = derived("customer")
        self._public_url = settings.public_url.rstrip("/")
        self._http = http
        self.sandbox: Sandbox | None = None
        if key is None:
            key, secret = derived("key", "sk_test_sandbox_"), derived("webhook", "whsec_")
            self.sandbox = Sandbox(settings, clock, key, secret)
        self._key = key
        # While a secret is changed there are two, with a comma between.
        self._secrets = (secret or "").split(",")

    def close(self) -> None:
        if self.sandbox is not None:
            self.sandbox.close()

    def customer(self, tenant_id: str) -> str:
        """What stands for a tenant at the provider: it tells nobody who that is."""
        return _hmac(self._customer_key, tenant_id)[:32]

    def open_checkout(self, order: Order, cents: int, product: str) -> tuple[str, str]:
        """A session in which the order is paid, and the address of its page.

        Of the buyer the provider knows nothing but a token.
        """
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
        with self._asking() as api:
            once = {"idempotency_key": f"checkout-{order.id}"}
            session = api.checkout.sessions.create(parameters, once)
        return session.id, session.url

    def expire(self, order: Order) -> bool:
        """Closes the order's page; gives whether it is closed, as `refund` does."""
        with self._asking() as api:
            api.checkout.sessions.expire(order.stripe_session)
        return True

    def refund(self, order: Order) -> bool:
        """Has all of the order paid back; gives whether it is, or the provider will tell later."""
        with self._asking() as api:
            intent = api.checkout.sessions.retrieve(order.stripe_session).payment_intent
            if intent is None:
                raise PaymentRefusedError(
                    "Nothing was paid for the order, so nothing is paid back."
                )
            once = {"idempotency_key": f"refund-{order.id}"}
            status = api.refunds.create({"payment_intent": intent}, once).status
        if status not in {"succeeded", "pending"}:
            raise PaymentRefusedError("The provider could not pay the order back.")
        return bool(status == "succeeded")

    def paid(self, begin: datetime, end: datetime) -> Mapping[str, dict[str, Decimal]]:
        """What was paid in the sessions that this server opened in the time, by customer."""
        created = {"gte": int(begin.timestamp()), "lt": int(end.timestamp())}
        found: dict[str, dict[str, Decimal]] = defaultdict(dict)
        with self._asking() as api:
            listed = api.checkout.sessions.list({"created": created, "limit": 100})
            sessions = _whole(listed)
        for session in sessions:
            metadata = session.get("metadata") or {}
            if "order_id" in metadata and session["payment_status"] == "paid":
                of_customer = found[metadata.get("customer", "")]
                of_customer[metadata["order_id"]] = _dollars(session["amount_total"])
        return found

    def undelivered(self) -> list[PaymentEvent]:
        """What the provider could not tell, oldest first; it remembers thirty days."""
        wanted = {"delivery_success": False, "types": list(TARGETS), "limit": 100}
        with self._asking() as api:
            events = [_event(told) for told in _whole(api.events.list(wanted))]
        return [event for event in reversed(events) if event is not None]

    def read_event(self, body: bytes, signature: str, now: datetime) -> PaymentEvent | None:
        """What the raw body of a webhook tells; None when it is no matter of ours.

        Raises BadSignatureError, also for what is older than the tolerance or of the live mode.
        """
        event = self._verified(body, signature)
        # The SDK would ask the time of day, which a fixed clock is not.
        sent_at = next(int(part[2:]) for part in signature.split(",") if part.startswith("t="))
        if abs(now.timestamp() - sent_at) > WEBHOOK_TOLERANCE.total_seconds():
            raise BadSignatureError("The signature is too old, or of the future.")
        if event.get("livemode") is not False:
            raise BadSignatureError("The event is not of the test mode.")
        return _event(event)

    def _verified(self, body: bytes, signature: str) -> dict[str, Any]:
        from stripe import SignatureVerificationError  # noqa: PLC0415

        for secret in self._secrets:
            try:
                return self._client.construct_event(body, signature, secret, 0).to_dict()
            except (SignatureVerificationError, ValueError):
                continue
        raise BadSignatureError("The signature does not fit the body.")

    @contextmanager
    def _asking(self) -> Generator[Any]:
        """The API; what it answers instead of doing as asked becomes an error of ours."""
        import stripe  # noqa: PLC0415

        try:
            yield self._client.v1
        except (stripe.APIConnectionError, stripe.RateLimitError) as error:
            raise ConnectionError("the payment provider does not answer") from error
        except stripe.InvalidRequestError as error:
            refusal = "The payment provider refuses this, as the order stands there."
            is_unknown = error.code == "resource_missing"
            raise PaymentRefusedError(UNKNOWN if is_unknown else refusal) from error

    @cached_property
    def _client(self) -> StripeClient:
        import stripe  # noqa: PLC0415

        http = self._http
        if http is None and self.sandbox is not None:
            http = in_process(self.sandbox)
        http = http or stripe.RequestsClient(timeout=TIMEOUT)
        return stripe.StripeClient(self._key, stripe_version=VERSION, http_client=http)


def in_process(sandbox: Sandbox) -> HTTPClient:
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


def _whole(listed: Any) -> list[dict[str, Any]]:
    """What the SDK lists, of all pages."""
    return [one.to_dict() for one in listed.auto_paging_iter()]


def _event(event: Mapping[str, Any]) -> PaymentEvent | None:
    told: dict[str, Any] = event["data"]["object"]
    target = TARGETS.get(event["type"])
    order_id = (told.get("metadata") or {}).get("order_id")
    if target is None or order_id is None:
        return None
    # A checkout may complete before its payment does, and a part may be paid back.
    if target is OrderStatus.PAID and told.get("payment_status") == "unpaid":
        return None
    if target is OrderStatus.REFUNDED and told.get("refunded") is not True:
        return None
    amount = _dollars(told.get("amount_total", told.get("amount_refunded")))
    return PaymentEvent(event["id"], event["type"], order_id, target, amount)


def _dollars(cents: int | None) -> Decimal:
    return (Decimal(cents or 0) * CENT).quantize(CENT)


def _hmac(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), sha256).hexdigest()
