"""What the sandbox knows, and how it answers as Stripe's test mode does; no money, no network.

It answers what the official SDK sends for checkouts, refunds and events, in Stripe's shapes, and
refuses what it does not know, so that a wrong request shows. It has a database of its own, as the
provider has: what it did stays done when a transaction of this server is undone.
"""

from __future__ import annotations

import hmac
import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from sqlalchemy import JSON, Column, MetaData, Table, func, insert, select, update
from sqlalchemy.schema import CreateTable

from intelgraph_server.database.columns import TEXT
from intelgraph_server.database.engine import Database, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from sqlalchemy import Connection

    from intelgraph_server.auth import Clock
    from intelgraph_server.settings import Settings

Json = dict[str, Any]
MOUNT: Final = "/_sandbox/stripe"
LIFETIME: Final = 86_400  # Seconds in which a session can be paid.
MOST_LISTED: Final = 100
# Any number, as long as it is the same in every process.
_LOCK: Final = 7_301_902_115

# Of its own: where Stripe is used, there is no such table.
SANDBOX: Final = Table(
    "sandbox_objects",
    MetaData(),
    Column("id", TEXT, primary_key=True),
    Column("kind", TEXT, nullable=False),
    Column("body", JSON, nullable=False),
)


class SandboxError(Exception):
    """A refusal in Stripe's shape."""

    def __init__(self, status: int, message: str, **more: str) -> None:
        error = {"type": "invalid_request_error", "message": message, **more}
        self.reply: tuple[int, Json] = status, {"error": error}


class Sandbox:
    """The provider; its keys are its own, as its database is."""

    def __init__(self, settings: Settings, clock: Clock, key: str, webhook_secret: str) -> None:
        self._database = Database(_own_url(settings.database_url))
        self._key = key
        self._secret = webhook_secret.encode()
        self._base_url = settings.public_url.rstrip("/") + MOUNT
        self._clock = clock

    def close(self) -> None:
        self._database.close()

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], body: str
    ) -> tuple[int, Json]:
        """Answers one request of the API; the target is a path with its query."""
        path, _, query = target.partition("?")
        given = dict(parse_qsl(query or body, keep_blank_values=True))
        named = {name.lower(): value for name, value in headers.items()}
        if named.get("authorization") != f"Bearer {self._key}":
            return SandboxError(401, "Invalid API Key provided.").reply
        try:
            with self.books() as books:
                once = named.get("idempotency-key") if method == "POST" else None
                return 200, books.answer(method, path, given, once)
        except SandboxError as error:
            return error.reply
        except ValueError:
            return SandboxError(400, "Invalid integer.").reply

    def sign(self, body: bytes) -> str:
        """The header with which an event is sent, as Stripe documents it."""
        sent_at = int(self._clock().timestamp())
        signature = hmac.new(self._secret, b"%d.%b" % (sent_at, body), sha256).hexdigest()
        return f"t={sent_at},v1={signature}"

    @contextmanager
    def books(self) -> Generator[Books]:
        """All that the provider knows, in one transaction."""
        with self._database.writing() as connection:
            if not self._database.is_sqlite:
                # One writer at a time here too, so that nothing can be done twice.
                connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            connection.execute(CreateTable(SANDBOX, if_not_exists=True))
            yield Books(connection, int(self._clock().timestamp()), self._base_url)


@dataclass(frozen=True, slots=True)
class Books:
    """The objects of the provider, in one transaction at one instant."""

    connection: Connection
    now: int
    base_url: str

    def answer(self, method: str, path: str, given: Json, once: str | None) -> Json:
        """The reply to a request; what came before with the same key is not done again."""
        key, request = f"idempotency:{once}", [path, given]
        known = self.find(key) if once else None
        if known is None:
            known = Json(id=key, object="idempotency", request=request)
            known["reply"] = self._act(method, path, given)
            if once:
                self.put(known)
        if known["request"] != request:
            message = "The key was used with other parameters."
            raise SandboxError(400, message, type="idempotency_error")
        reply: Json = known["reply"]
        return reply

    def _act(self, method: str, path: str, given: Json) -> Json:
        route = method + " " + re.sub(r"/cs_\w+", "/{id}", path)
        if route not in _ROUTES:
            raise SandboxError(404, f"Unrecognized request URL ({method}: {path}).")
        parameters, act = _ROUTES[route]
        for name in given:
            if not re.fullmatch(parameters, name):
                message = f"Received unknown parameter: {name}"
                raise SandboxError(400, message, code="parameter_unknown", param=name)
        return act(self, path, given)

    def create(self, _path: str, given: Json) -> Json:
        item = "line_items[0][price_data]"
        wanted = {"mode": "payment", f"{item}[currency]": "usd"}
        units, quantity = given.get(f"{item}[unit_amount]"), given.get("line_items[0][quantity]")
        amount = int(units or "") * int(quantity or "")
        right = wanted.items() <= given.items() and given.get("success_url")
        if not right or not 0 <= amount < 10**8:
            message = "A session is a payment in usd, with an item and a success_url."
            raise SandboxError(400, message)
        session_id = f"cs_test_{secrets.token_hex(16)}"
        session: Json = {"id": session_id, "object": "checkout.session", "livemode": False}
        session |= {"mode": "payment", "status": "open", "payment_status": "unpaid"}
        session |= {"amount_total": amount, "currency": "usd", "payment_intent": None}
        session |= {"client_reference_id": given.get("client_reference_id")}
        session |= {"metadata": _metadata(given), "success_url": given["success_url"]}
        session |= {"url": f"{self.base_url}/pay/{session_id}", "created": self.now}
        session |= {"name": given.get(f"{item}[product_data][name]")}
        return self.put(session | {"expires_at": self.now + LIFETIME})

    def retrieve(self, path: str, _given: Json) -> Json:
        session = self.find(path.split("/")[4])
        if session is None:
            raise SandboxError(404, f"No such object: '{path}'", code="resource_missing")
        return session

    def expire(self, path: str, given: Json) -> Json:
        session = self.retrieve(path, given)
        if session["status"] != "open":
            raise SandboxError(400, "Only sessions with a status of open can be expired.")
        return self.change(session | {"status": "expired"}, "checkout.session.expired")

    def pay(self, session_id: str, *, is_lost: bool) -> None:
        """Pays an open session as its page does; what tells of it may be lost on purpose."""
        session = self.find(session_id)
        if session and session["status"] == "open" and session["expires_at"] > self.now:
            session |= {"status": "complete", "payment_status": "paid"}
            session |= {"payment_intent": session_id.replace("cs_", "pi_", 1)}
            self.change(session, "checkout.session.completed", is_lost=is_lost)

    def refund(self, _path: str, given: Json) -> Json:
        intent = given.get("payment_intent", "")
        session = self.find(intent.replace("pi_", "cs_", 1))
        if session is None or session["payment_intent"] != intent:
            raise SandboxError(404, f"No such payment_intent: '{intent}'", code="resource_missing")
        refund_id = intent.replace("pi_", "re_", 1)
        if self.find(refund_id):
            raise SandboxError(400, "It has been refunded already.", code="charge_already_refunded")
        amount, charge_id = session["amount_total"], intent.replace("pi_", "ch_", 1)
        charge: Json = {"id": charge_id, "object": "charge", "livemode": False, "refunded": True}
        charge |= {"amount": amount, "amount_refunded": amount, "currency": "usd"}
        charge |= {name: session[name] for name in ("payment_intent", "metadata", "created")}
        self.change(charge, "charge.refunded")
        refund: Json = {"id": refund_id, "object": "refund", "status": "succeeded"}
        refund |= {"amount": amount, "currency": "usd", "payment_intent": intent}
        return self.put(refund | {"charge": charge_id, "metadata": _metadata(given)})

    def listed(self, path: str, given: Json) -> Json:
        """The newest first, as Stripe lists; a page begins behind `starting_after`."""
        found = self.all("event" if path.endswith("events") else "checkout.session")
        since, until = int(given.get("created[gte]", 0)), int(given.get("created[lt]", 10**11))
        found = [one for one in found if since <= one["created"] < until]
        if types := {given[name] for name in given if name.startswith("types[")}:
            found = [one for one in found if one["type"] in types]
        if given.get("delivery_success") == "false":
            found = [one for one in found if one["pending_webhooks"]]
        found.sort(key=lambda one: (one["created"], one["id"]), reverse=True)
        ids = [one["id"] for one in found]
        begin = ids.index(given["starting_after"]) + 1 if given.get("starting_after") in ids else 0
        end = begin + min(int(given.get("limit", "10")), MOST_LISTED)
        part = {"has_more": len(found) > end, "data": found[begin:end]}
        return {"object": "list", "url": path} | part

    def change(self, changed: Json, told: str, *, is_lost: bool = False) -> Json:
        """Keeps an object as it now is, and the event that tells of it."""
        event: Json = {"id": f"evt_{secrets.token_hex(12)}", "object": "event", "type": told}
        event |= {"livemode": False, "created": self.now, "pending_webhooks": 1}
        self.put(event | {"data": {"object": changed}, "lost": is_lost})
        return self.put(changed)

    def all(self, kind: str) -> list[Json]:
        query = select(SANDBOX.c.body).where(SANDBOX.c.kind == kind)
        return list(self.connection.execute(query).scalars())

    def find(self, object_id: str) -> Json | None:
        query = select(SANDBOX.c.body).where(SANDBOX.c.id == object_id)
        return self.connection.execute(query).scalar_one_or_none()

    def put(self, body: Json) -> Json:
        values = {"id": body["id"], "kind": body["object"], "body": body}
        there = update(SANDBOX).where(SANDBOX.c.id == body["id"]).values(values)
        if self.connection.execute(there).rowcount == 0:
            self.connection.execute(insert(SANDBOX).values(values))
        return body


_PAGE: Final = r"limit|starting_after|created\[(gte|lt)\]"
_SESSION: Final = (
    r"mode|success_url|cancel_url|client_reference_id|(payment_intent_data\[)?metadata\]?\[\w+\]"
    r"|line_items\[0\]\[(quantity|price_data\]\[(currency|unit_amount|product_data\]\[name))\]"
)
# What each route takes, and what it does.
_ROUTES: Final[Mapping[str, tuple[str, Callable[[Books, str, Json], Json]]]] = {
    "POST /v1/checkout/sessions": (_SESSION, Books.create),
    "GET /v1/checkout/sessions": (_PAGE, Books.listed),
    "GET /v1/checkout/sessions/{id}": ("", Books.retrieve),
    "POST /v1/checkout/sessions/{id}/expire": ("", Books.expire),
    "POST /v1/refunds": (r"payment_intent|metadata\[\w+\]", Books.refund),
    "GET /v1/events": (_PAGE + r"|delivery_success|types\[\d+\]", Books.listed),
}


def _own_url(database_url: str) -> str:
    """A file beside SQLite's, which has one writer: the server that is asking here."""
    url = parse_url(database_url)
    if url.get_backend_name() == "sqlite":
        url = url.set(database=f"{url.database}.sandbox")
    return url.render_as_string(hide_password=False)


def _metadata(given: Mapping[str, str]) -> dict[str, str]:
    return {n[9:-1]: value for n, value in given.items() if n.startswith("metadata[")}
