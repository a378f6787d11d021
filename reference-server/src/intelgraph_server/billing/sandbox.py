"""A payment provider of our own that speaks as Stripe's test mode does; no money, no network.

It answers what the official SDK sends for checkouts, refunds and events, in Stripe's shapes, and
refuses what it does not know, so that a wrong request shows. It has a database of its own, as the
provider has: what it did stays done when a transaction of this server is undone.
"""

from __future__ import annotations

import json
import re
import secrets
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from sqlalchemy import JSON, Column, MetaData, Table, and_, insert, select, text, update

from intelgraph_server.database.columns import TEXT
from intelgraph_server.database.engine import Database, parse_url

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from sqlalchemy import Connection

    from intelgraph_server.auth import Clock

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
_PARAMETERS: Final = {
    "POST /v1/checkout/sessions": r"mode|success_url|cancel_url|client_reference_id"
    r"|(payment_intent_data\[)?metadata\]?\[\w+\]|line_items\[0\]\[quantity\]"
    r"|line_items\[0\]\[price_data\]\[(currency|unit_amount|product_data\]\[name)\]",
    "GET /v1/checkout/sessions": r"limit|starting_after|created\[(gte|lt)\]",
    "GET /v1/checkout/sessions/{id}": "",
    "POST /v1/checkout/sessions/{id}/expire": "",
    "POST /v1/refunds": r"payment_intent|metadata\[\w+\]",
    "GET /v1/events": r"limit|starting_after|created\[(gte|lt)\]|delivery_success|types\[\d+\]",
}


class SandboxError(Exception):
    """A refusal in Stripe's shape."""

    def __init__(self, status: int, message: str, **more: str) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"error": {"type": "invalid_request_error", "message": message, **more}}


class Sandbox:
    """The provider's state; its database is opened when it is first asked."""

    def __init__(self, database_url: str, key: str, base_url: str, clock: Clock) -> None:
        self._url = _own_url(database_url)
        self._key = key
        self._base_url = base_url.rstrip("/") + MOUNT
        self._clock = clock
        self._opening = Lock()
        self._database: Database | None = None

    def close(self) -> None:
        if self._database is not None:
            self._database.close()

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], body: str
    ) -> tuple[int, Json]:
        """Answers one request of the API; the target is a path with its query."""
        path, _, query = target.partition("?")
        given = dict(parse_qsl(query or body, keep_blank_values=True))
        named = {name.lower(): value for name, value in headers.items()}
        try:
            if named.get("authorization") != f"Bearer {self._key}":
                return 401, SandboxError(401, "Invalid API Key provided.").body
            with self._writing() as connection:
                once = named.get("idempotency-key") if method == "POST" else None
                return 200, self._do_once(connection, method, path, given, once)
        except SandboxError as error:
            return error.status, error.body
        except ValueError:
            return 400, SandboxError(400, "Invalid integer.").body

    def session(self, session_id: str) -> Json | None:
        with self._writing() as connection:
            found = _find(connection, session_id)
        return found if found and found["object"] == "checkout.session" else None

    def pay(self, session_id: str, *, is_lost: bool = False) -> None:
        """Pays an open session as its page does; what tells of it may be lost on purpose."""
        with self._writing() as connection:
            session = _find(connection, session_id)
            now = self._clock().timestamp()
            if session is None or session["status"] != "open" or session["expires_at"] <= now:
                return
            paid = {"status": "complete", "payment_status": "paid"}
            paid["payment_intent"] = session_id.replace("cs_", "pi_", 1)
            told = "checkout.session.completed"
            self._change(connection, session | paid, told, is_lost=is_lost)

    def undelivered(self) -> list[str]:
        """The bodies of the events that wait to be sent."""
        with self._writing() as connection:
            events = _list(connection, "event")
        return [json.dumps(e) for e in events if e["pending_webhooks"] and not e["lost"]]

    def delivered(self, event_id: str) -> None:
        with self._writing() as connection:
            _put(
                connection, "event", event_id, _get(connection, event_id) | {"pending_webhooks": 0}
            )

    def _do_once(
        self, connection: Connection, method: str, path: str, given: Json, once: str | None
    ) -> Json:
        if once is None:
            return self._do(connection, method, path, given)
        request = {"path": path, "parameters": given}
        known = _find(connection, f"idempotency:{once}")
        if known is None:
            known = {"request": request, "reply": self._do(connection, method, path, given)}
            _put(connection, "idempotency", f"idempotency:{once}", known)
        if known["request"] != request:
            raise SandboxError(
                400, "The key was used with other parameters.", type="idempotency_error"
            )
        return dict(known["reply"])

    def _do(self, connection: Connection, method: str, path: str, given: Mapping[str, str]) -> Json:
        route = re.sub(r"/cs_\w+", "/{id}", path)
        if f"{method} {route}" not in _PARAMETERS:
            raise SandboxError(404, f"Unrecognized request URL ({method}: {path}).")
        for name in given:
            if not re.fullmatch(_PARAMETERS[f"{method} {route}"], name):
                raise SandboxError(
                    400, f"Received unknown parameter: {name}", code="parameter_unknown", param=name
                )
        if method == "GET" and "{id}" not in route:
            return _listed(connection, path, given)
        if route == "/v1/checkout/sessions":
            return self._create(connection, given)
        if route == "/v1/refunds":
            return self._refund(connection, given)
        session = _get(connection, path.split("/")[4])
        if route.endswith("/expire"):
            if session["status"] != "open":
                raise SandboxError(400, "Only sessions with a status of open can be expired.")
            session |= {"status": "expired"}
            self._change(connection, session, "checkout.session.expired")
        return session

    def _create(self, connection: Connection, given: Mapping[str, str]) -> Json:
        item = "line_items[0][price_data]"
        try:
            amount = int(given[f"{item}[unit_amount]"]) * int(given["line_items[0][quantity]"])
            right = given["mode"] == "payment" and given[f"{item}[currency]"] == "usd"
        except (KeyError, ValueError):
            right, amount = False, 0
        if not right or not 0 <= amount < 10**8 or not given.get("success_url"):
            raise SandboxError(
                400, "A session is a payment in usd, with an item and a success_url."
            )
        session_id = f"cs_test_{secrets.token_hex(16)}"
        now = int(self._clock().timestamp())
        session: Json = {"id": session_id, "object": "checkout.session", "livemode": False}
        session |= {"mode": "payment", "status": "open", "payment_status": "unpaid"}
        session |= {"amount_total": amount, "currency": "usd", "payment_intent": None}
        session |= {"client_reference_id": given.get("client_reference_id")}
        session |= {"metadata": _metadata(given), "success_url": given["success_url"]}
        session |= {"url": f"{self._base_url}/pay/{session_id}", "created": now}
        session |= {"name": given.get(f"{item}[product_data][name]"), "expires_at": now + LIFETIME}
        _put(connection, "checkout.session", session_id, session)
        return session

    def _refund(self, connection: Connection, given: Mapping[str, str]) -> Json:
        intent = given.get("payment_intent", "")
        session = _find(connection, intent.replace("pi_", "cs_", 1))
        if session is None or session["payment_intent"] != intent:
            raise SandboxError(404, f"No such payment_intent: '{intent}'", code="resource_missing")
        refund_id = intent.replace("pi_", "re_", 1)
        if _find(connection, refund_id):
            raise SandboxError(400, "It has been refunded already.", code="charge_already_refunded")
        charge: Json = {"id": intent.replace("pi_", "ch_", 1), "object": "charge"}
        charge |= {"amount": session["amount_total"], "amount_refunded": session["amount_total"]}
        charge |= {"currency": "usd", "payment_intent": intent, "refunded": True}
        charge |= {
            "livemode": False,
            "metadata": session["metadata"],
            "created": session["created"],
        }
        self._change(connection, charge, "charge.refunded")
        refund: Json = {"id": refund_id, "object": "refund", "status": "succeeded"}
        refund |= {"amount": session["amount_total"], "currency": "usd", "payment_intent": intent}
        refund |= {"charge": charge["id"], "metadata": _metadata(given)}
        _put(connection, "refund", refund_id, refund)
        return refund

    def _change(
        self, connection: Connection, changed: Json, told: str, *, is_lost: bool = False
    ) -> None:
        """Keeps an object as it now is, and the event that tells of it."""
        _put(connection, changed["object"], changed["id"], changed)
        event: Json = {"id": f"evt_{secrets.token_hex(12)}", "object": "event", "type": told}
        event |= {"livemode": False, "created": int(self._clock().timestamp())}
        event |= {"pending_webhooks": 1, "data": {"object": changed}, "lost": is_lost}
        _put(connection, "event", event["id"], event)

    @contextmanager
    def _writing(self) -> Generator[Connection]:
        with self._opening:
            if self._database is None:
                self._database = Database(self._url)
                with self._locked(self._database) as connection:
                    SANDBOX.create(connection, checkfirst=True)
        with self._locked(self._database) as connection:
            yield connection

    @contextmanager
    def _locked(self, database: Database) -> Generator[Connection]:
        # One writer at a time on PostgreSQL too, so that nothing here can be done twice.
        with database.writing() as connection:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection


def _own_url(database_url: str) -> str:
    """A file beside SQLite's, which has one writer: the server that is asking here."""
    url = parse_url(database_url)
    if url.get_backend_name() == "sqlite":
        url = url.set(database=f"{url.database}.sandbox")
    return url.render_as_string(hide_password=False)


def _metadata(given: Mapping[str, str]) -> dict[str, str]:
    return {n[9:-1]: value for n, value in given.items() if n.startswith("metadata[")}


def _listed(connection: Connection, path: str, given: Mapping[str, str]) -> Json:
    """The newest first, as Stripe lists; a page begins behind `starting_after`."""
    kind = "event" if path.endswith("events") else "checkout.session"
    found = [o for o in _list(connection, kind) if _is_wanted(o, given)]
    found.sort(key=lambda o: (o["created"], o["id"]), reverse=True)
    ids = [o["id"] for o in found]
    begin = ids.index(given["starting_after"]) + 1 if given.get("starting_after") in ids else 0
    end = begin + min(int(given.get("limit", "10")), MOST_LISTED)
    return {"object": "list", "url": path, "has_more": len(found) > end, "data": found[begin:end]}


def _is_wanted(one: Json, given: Mapping[str, str]) -> bool:
    types = {value for name, value in given.items() if name.startswith("types[")}
    if types and one["type"] not in types:
        return False
    if given.get("delivery_success") == "false" and not one["pending_webhooks"]:
        return False
    since, until = given.get("created[gte]", "0"), given.get("created[lt]", "99999999999")
    return int(since) <= int(one["created"]) < int(until)


def _list(connection: Connection, kind: str) -> list[Json]:
    return list(connection.execute(select(SANDBOX.c.body).where(SANDBOX.c.kind == kind)).scalars())


def _find(connection: Connection, object_id: str) -> Json | None:
    query = select(SANDBOX.c.body).where(SANDBOX.c.id == object_id)
    return connection.execute(query).scalar_one_or_none()


def _get(connection: Connection, object_id: str) -> Json:
    found = _find(connection, object_id)
    if found is None:
        raise SandboxError(404, f"No such object: '{object_id}'", code="resource_missing")
    return found


def _put(connection: Connection, kind: str, object_id: str, body: Json) -> None:
    there = and_(SANDBOX.c.id == object_id)
    if connection.execute(update(SANDBOX).where(there).values(body=body)).rowcount == 0:
        values = {"id": object_id, "kind": kind, "body": body}
        connection.execute(insert(SANDBOX).values(values))
