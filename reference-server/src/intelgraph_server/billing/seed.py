"""The marketplace of the demonstration, the orders behind its invoices, and yesterday's books.

No provider knows these orders: they can be read, and their invoices fetched, but not paid back.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

from intelgraph_server.documents import sbom
from intelgraph_server.documents.bundle import packed

from . import store
from .books import Day
from .model import Order, OrderStatus, PluginRelease

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

OWNER: Final = "acme"
VERSION: Final = "1.0.0"
DAY: Final = timedelta(days=1)


def plugin_id(name: str) -> str:
    return "plg_" + name.lower().replace(" ", "_")


def seed_marketplace(
    connection: Connection, plugins: Iterable[Mapping[str, Any]], clock: datetime
) -> None:
    """One published release of each plugin."""
    for number, plugin in enumerate(plugins, start=1):
        at, known_as = clock - 20 * number * DAY, plugin_id(plugin["name"])
        artifact = _wheel(known_as)
        release = PluginRelease(
            **{name: plugin[name] for name in ("name", "summary", "publisher", "kind")},
            plugin_id=known_as,
            version=VERSION,
            tenant_id=OWNER,
            price_usd=Decimal(plugin["price"]),
            # What only writes files costs nothing to use.
            unit_price_usd=None if plugin["kind"] == "EXPORT" else Decimal("0.005"),
            artifact_sha256=sha256(artifact).hexdigest(),
            contents=sbom.contents(artifact),
            registered_at=at,
        )
        store.claim(connection, release)
        store.add_release(connection, release)
        store.publish(connection, release, at)


def seed_books(connection: Connection, tenant_id: str, clock: datetime) -> None:
    """An order for each of the tenant's invoices that is for a plugin; yesterday it was used."""
    charged: list[str] = []
    for invoice in store.INVOICES.all(connection, tenant_id):
        release = invoice.plugin_id and store.release(connection, invoice.plugin_id)
        if not release:
            continue
        order = Order(
            order_id=str(uuid5(NAMESPACE_URL, invoice.uri)),
            tenant_id=tenant_id,
            plugin_id=release.plugin_id,
            plugin_version=release.version,
            price_usd=invoice.amount_usd,
            invoice_uri=invoice.uri,
            created_at=invoice.created_at - DAY,
        )
        store.ORDERS.add(connection, tenant_id, order)
        store.move(connection, order, OrderStatus.PAID, invoice.created_at)
        charged += [order.plugin_id] if release.unit_price_usd else []
    if charged:
        day = clock.replace(hour=0, minute=0, second=0, microsecond=0) - DAY
        at = day + timedelta(hours=9)
        used = {"id": "use_0001", "plugin_id": charged[0], "quantity": 1250, "used_at": at}
        store.record_use(connection, tenant_id, used, at)
        Day(connection, tenant_id, day).reconcile({}, clock)


def _wheel(plugin_id: str) -> bytes:
    """A small artefact, made here."""
    text = f"Metadata-Version: 2.4\nName: {plugin_id}\nVersion: {VERSION}\n"
    metadata = f"{text}Requires-Dist: httpx>=0.28,<1\n".encode()
    info = f"{plugin_id}-{VERSION}.dist-info/METADATA"
    return packed({info: metadata, f"{plugin_id}/__init__.py": b""})
