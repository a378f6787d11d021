"""The payment provider behind its official SDK: Stripe's test mode, or the sandbox of this server.

This is the only module that knows the SDK. Both providers are asked by the same code; they differ
in the key and in the way that requests travel. Live keys and live events are refused: ADR-043.
"""

from __future__ import annotations

import hmac
import json
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from intelgraph_server.engine.errors import conflict
from intelgraph_server.sandbox.provider import Sandbox
from intelgraph_server.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from datetime import datetime

    from stripe import HTTPClient, StripeClient

    from intelgraph_server.auth import Clock
    from intelgraph_server.settings import Settings

VERSION: Final = "2026-10-28.endive"  # Of Stripe's API, whatever the SDK's own is.
TIMEOUT: Final = 10  # Seconds.
TOLERANCE: Final = 300  # Seconds between an event's signature and now.
CENT: Final = Decimal("0.01")
# What the server listens to, and the state of an order that each leads to.
TARGETS: Final = {
    "checkout.session.completed": "paid",
    "checkout.session.async_payment_succeeded": "paid",
    "checkout.session.expired": "void",
    "charge.refunded": "refunded",
}
UNKNOWN: Final = "The payment provider does not know this order."
CHANGED: Final = "The order's terms have changed since it was first asked for; ask with a new key."
REFUSED: Final = "The payment provider refuses this, as the order stands there."


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """What the provider tells of an order; `amount` is what was paid or paid back."""

    id: str
    type: str
    order_id: str
    target: str
    amount: Decimal
    currency: str


class PaymentSettingsError(OperatorError):
    """The settings name a provider that may not be used; the message never holds a key."""


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

    def open_checkout(
        self, order_id: str, tenant_id: str, cents: int, product: str
    ) -> tuple[str, str]:
        """A session in which the order is paid, and its page; of the buyer it knows a token."""
        metadata = {"order_id": order_id, "customer": self.customer(tenant_id)}
        price = {"currency": "usd", "unit_amount": cents, "product_data": {"name": product}}
        parameters = {
            "mode": "payment",
            "client_reference_id": order_id,
            "metadata": metadata,
            "payment_intent_data": {"metadata": metadata},
            "line_items": [{"quantity": 1, "price_data": price}],
            "success_url": f"{self._public_url}/?order={order_id}",
        }
        once = {"idempotency_key": f"checkout-{order_id}"}
        with self._asking() as api:
            session = api.checkout.sessions.create(parameters, once)
        return session.id, session.url

    def expire(self, session: str, _order_id: str) -> bool:
        """Closes the page of an order; gives whether it is closed, as `refund` does."""
        with self._asking() as api:
            api.checkout.sessions.expire(session)
        return True

    def refund(self, session: str, order_id: str) -> bool:
        """Has all of an order paid back; gives whether it is, or the provider will tell later."""
        once = {"idempotency_key": f"refund-{order_id}"}
        with self._asking() as api:
            intent = api.checkout.sessions.retrieve(session).payment_intent
            if intent is None:
                raise conflict("Nothing was paid for the order, so nothing is paid back.")
            refund = api.refunds.create({"payment_intent": intent}, once)
        if refund.status not in {"succeeded", "pending"}:
            raise conflict("The provider could not pay the order back.")
        return bool(refund.status == "succeeded")

    def paid(self, begin: datetime, end: datetime) -> Mapping[str, dict[str, Decimal]]:
        """What was paid in the sessions that this server opened in the time, by customer."""
        created = {"gte": int(begin.timestamp()), "lt": int(end.timestamp())}
        found: dict[str, dict[str, Decimal]] = defaultdict(dict)
        with self._asking() as api:
            listed = api.checkout.sessions.list({"created": created, "limit": 100})
            sessions = _whole(listed)
        for session in sessions:
            metadata: dict[str, str] = session.get("metadata") or {}
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
        if abs(now.timestamp() - sent_at) > TOLERANCE:
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
        except stripe.IdempotencyError as error:
            raise conflict(CHANGED) from error
        except stripe.InvalidRequestError as error:
            raise conflict(UNKNOWN if error.code == "resource_missing" else REFUSED) from error

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
    metadata: dict[str, str] = told.get("metadata") or {}
    order_id = metadata.get("order_id")
    if target is None or order_id is None:
        return None
    # A checkout may complete before its payment does, and a part may be paid back.
    if target == "paid" and told.get("payment_status") == "unpaid":
        return None
    if target == "refunded" and told.get("refunded") is not True:
        return None
    amount = _dollars(told.get("amount_total", told.get("amount_refunded")))
    currency = told.get("currency") or ""
    return PaymentEvent(event["id"], event["type"], order_id, target, amount, currency)


def _dollars(cents: int | None) -> Decimal:
    return (Decimal(cents or 0) * CENT).quantize(CENT)


def _hmac(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), sha256).hexdigest()
